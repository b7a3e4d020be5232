/** The part that runs widgets, in the page or in a frame over it, and keeps what they say. */
import { runFramed } from './framed-widget.ts';
import { runWidget, type WidgetLaunch, type ReportCallback, type LaunchFailure } from './widget.ts';
export { applyCallback } from './apply-callback.ts';
export { loadScript } from './load-script.ts';

/** Runs a widget in the page, or in a frame with the page at the address `frame` and this `title`. See `runFramed`. */
export const run = (
  frame: string | false | undefined,
  title: string,
  launch: WidgetLaunch,
  tell: ReportCallback,
  trouble: (why: LaunchFailure) => void,
): Promise<() => void> => (frame ? runFramed(frame, title, launch, tell, trouble) : runWidget(launch, tell, trouble));
