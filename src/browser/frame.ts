/** The script of the page that a widget has to itself: a sandboxed frame, which sees nothing of the form around it. */
import { runWidget, type WidgetLaunch, type LaunchFailure } from './chunks/widget.ts';

/** What the frame tells the page through the port that it was given. */
export type FromFrame = { opened: true } | { trouble: LaunchFailure } | { name: string; said: Record<string, unknown> };

addEventListener('message', ({ source, data, ports: [port] }: MessageEvent<WidgetLaunch>) => {
  if (source !== parent || !port) return;
  const tell = (message: FromFrame) => port.postMessage(message);
  runWidget(data, (name, said) => tell({ name, said }), (trouble) => tell({ trouble })).then(
    () => tell({ opened: true }),
    (trouble: LaunchFailure) => tell({ trouble }),
  ); // prettier-ignore
});
