/** The script inside a widget's sandboxed frame, which has no access to the form around it. */
import { runWidget, type WidgetLaunch, type LaunchFailure } from './chunks/wink/widget.ts';

/** The messages of the frame to the page, through the port. */
export type FromFrame =
  | { opened: true }
  | { failure: LaunchFailure }
  | { name: string; detail: Record<string, unknown> };

addEventListener('message', ({ source, data, ports: [port] }: MessageEvent<WidgetLaunch>) => {
  if (source !== parent || !port) return;
  const post = (message: FromFrame) => port.postMessage(message);
  runWidget(data, (name, detail) => post({ name, detail }), (failure) => post({ failure })).then(
    () => post({ opened: true }),
    (failure: LaunchFailure) => post({ failure }),
  ); // prettier-ignore
});
