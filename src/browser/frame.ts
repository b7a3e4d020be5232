/** The script of the page that a widget has to itself: a sandboxed frame, which sees nothing of the form around it. */
import { runWidget, type Launch, type Why } from './parts/widget.ts';

/** What the frame tells the page through the port that it was given. */
export type FromFrame = { opened: true } | { trouble: Why } | { name: string; said: Record<string, unknown> };

addEventListener('message', ({ source, data, ports: [port] }: MessageEvent<Launch>) => {
  if (source !== parent || !port) return;
  const tell = (message: FromFrame) => port.postMessage(message);
  runWidget(data, (name, said) => tell({ name, said }), (trouble) => tell({ trouble })).then(
    () => tell({ opened: true }),
    (trouble: Why) => tell({ trouble }),
  ); // prettier-ignore
});
