import { startFlow, type Flow } from './flow.ts';
import type { Options } from './options.ts';

/** The widget's constructor, as pages know it: `new SmileLinkModal({ userToken, … }).open()`. */
export class SmileLinkModal {
  /** The address of this script, set once while it runs. */
  static scriptUrl = '';

  #options: Options;
  #widgetId = randomId();
  #flow: Flow | undefined;

  constructor(options: Options) {
    if (!options?.userToken) throw new TypeError('SmileLinkModal needs the option userToken.');
    this.#options = { ...options };
  }

  /** Shows the widget, also after it was closed. Does nothing while it is open. */
  open(): void {
    this.#flow ??= startFlow(this.#options, this.#widgetId, SmileLinkModal.scriptUrl, () => {
      this.#flow = undefined;
    });
  }

  /** Closes the widget like its Close button. Not part of Smile's SDK. */
  close(): void {
    this.#flow?.dismiss();
  }
}

/** `crypto.randomUUID` is missing on pages without https, such as a phone in the same network. */
function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
