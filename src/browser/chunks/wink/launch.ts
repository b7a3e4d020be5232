/** The chunk that runs widgets, in the page or in a frame, and stores their callbacks. */
import { runFramed } from './framed-widget.ts';
import { runWidget, type WidgetLaunch, type ReportCallback, type LaunchFailure } from './widget.ts';
export { applyCallback } from './apply-callback.ts';
export { loadScript } from './load-script.ts';

/** Runs a widget in the page, or in a frame with the page `frame` and this `title`. See `runFramed`. */
export const run = (
  frame: string | false | undefined,
  title: string,
  launch: WidgetLaunch,
  report: ReportCallback,
  onFailure: (why: LaunchFailure) => void,
): Promise<() => boolean> =>
  frame ? runFramed(frame, title, launch, report, onFailure) : runWidget(launch, report, onFailure);
