/**
 * Runs Smile's widget in a sandboxed frame, as Smile recommends: its styles stay separate, and its script sees no
 * answers.
 */
import { element } from '../../element.ts';
import type { FromFrame } from '../../frame.ts';
import type { WidgetLaunch, ReportCallback, LaunchFailure } from './widget.ts';

/** How long the frame may be silent, in ms: the script's timeout plus a little for the frame. */
const TIMEOUT_MS = 25_000;

/**
 * Opens the widget in a frame over the page, which is shown once the widget is open.
 * @param address of the frame's page
 * @param title names the frame for screen readers
 * @returns a function that removes the frame, and tells whether it covered the page
 * @throws the `LaunchFailure`
 */
export function runFramed(
  address: string,
  title: string,
  launch: WidgetLaunch,
  report: ReportCallback,
  onFailure: (failure: LaunchFailure) => void,
): Promise<() => boolean> {
  const frame = element('iframe', { src: address, title, className: 'smile', hidden: true, tabIndex: -1 });
  // Without `allow-same-origin` it has an opaque origin: no storage, no cookies, no access to the page.
  frame.setAttribute('sandbox', 'allow-scripts allow-popups allow-forms');
  const { port1: port, port2 } = new MessageChannel();
  const remove = () => {
    const wasShown = frame.isConnected;
    port.close();
    frame.remove();
    document.documentElement.classList.remove('covered');
    return wasShown;
  };
  return new Promise((done, failed) => {
    const fail = (failure: LaunchFailure) => {
      remove();
      failed(failure);
    };
    const timer = setTimeout(() => fail('slow'), TIMEOUT_MS);
    port.onmessage = ({ data }: MessageEvent<FromFrame>) => {
      clearTimeout(timer);
      if ('opened' in data) {
        frame.hidden = false;
        document.documentElement.classList.add('covered');
        frame.focus();
        done(remove);
      } else if ('name' in data) {
        // After the widget's own handler has finished.
        if (data.name === 'onClose') setTimeout(remove);
        report(data.name, data.detail);
      } else if (frame.hidden) fail(data.failure);
      else {
        // An empty frame must not cover the page.
        if (data.failure === 'silent') remove();
        onFailure(data.failure);
      }
    };
    // An opaque origin cannot be a target. The port goes only to this frame's document.
    frame.onload = () => frame.contentWindow?.postMessage(launch, '*', [port2]);
    document.body.append(frame);
  });
}
