/** The part that runs widgets, in the page or in a frame over it, and keeps what they say. */
import { runFramed } from './framed.ts';
import { runWidget, type Launch, type Tell, type Why } from './widget.ts';
export { hears } from './hears.ts';
export { loadScript } from './load-script.ts';

/** Runs a widget in the page, or in a frame with the page at the address `frame` and this `title`. See `runFramed`. */
export const run = (
  frame: string | false | undefined,
  title: string,
  launch: Launch,
  tell: Tell,
  trouble: (why: Why) => void,
): Promise<() => void> => (frame ? runFramed(frame, title, launch, tell, trouble) : runWidget(launch, tell, trouble));
