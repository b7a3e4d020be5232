/** Runs Smile's widget in a sandboxed frame, as Smile recommends: styles stay apart, and its script sees no answers. */
import { element } from '../element.ts';
import type { FromFrame } from '../frame.ts';
import type { WidgetLaunch, ReportCallback, LaunchFailure } from './widget.ts';

/** How long the frame may take to say anything, in ms: the script's own patience, and a little for the frame. */
const PATIENCE = 25_000;

/**
 * Opens the widget in a frame over the page. The frame is seen only once the widget is open in it.
 * @param address of the frame's page
 * @param title what the frame is, for whoever hears the page
 * @returns what takes the frame away
 * @throws Why it could not be opened
 */
export function runFramed(
  address: string,
  title: string,
  launch: WidgetLaunch,
  tell: ReportCallback,
  trouble: (why: LaunchFailure) => void,
): Promise<() => void> {
  const frame = element('iframe', { src: address, title, className: 'smile', hidden: true, tabIndex: -1 });
  // Without `allow-same-origin` it has an origin of its own: no storage, no cookies, nothing of the page around it.
  frame.setAttribute('sandbox', 'allow-scripts allow-popups allow-forms');
  const { port1: port, port2 } = new MessageChannel();
  const remove = () => {
    port.close();
    frame.remove();
    document.documentElement.classList.remove('covered');
  };
  return new Promise((done, failed) => {
    const fail = (why: LaunchFailure) => {
      remove();
      failed(why);
    };
    const late = setTimeout(() => fail('slow'), PATIENCE);
    port.onmessage = ({ data }: MessageEvent<FromFrame>) => {
      clearTimeout(late);
      if ('opened' in data) {
        frame.hidden = false;
        document.documentElement.classList.add('covered');
        frame.focus();
        done(remove);
      } else if ('name' in data) {
        // Not while the widget is still at it.
        if (data.name === 'onClose') setTimeout(remove);
        tell(data.name, data.said);
      } else if (frame.hidden) fail(data.trouble);
      else {
        // What shows nothing must not lie over the page.
        if (data.trouble === 'silent') remove();
        trouble(data.trouble);
      }
    };
    // An opaque origin has no name to send to; the port goes to this frame's document and to no other.
    frame.onload = () => frame.contentWindow?.postMessage(launch, '*', [port2]);
    document.body.append(frame);
  });
}
