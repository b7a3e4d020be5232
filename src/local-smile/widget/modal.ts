import { startFlow, type Flow } from './flow.ts';
import type { Options } from './options.ts';

/** The widget's constructor, as pages know it: `new SmileLinkModal({ userToken, … }).open()`. */
export class SmileLinkModal {
  /** Where this script came from; set once, while it runs. */
  static scriptUrl = '';

  #options: Options;
  #widgetId = randomId();
  #flow: Flow | undefined;

  constructor(options: Options) {
    if (!options?.userToken) throw new TypeError('SmileLinkModal needs the option userToken.');
    this.#options = { ...options };
  }

  /** Shows the widget. Does nothing while it is open; shows it again after it was closed. */
  open(): void {
    this.#flow ??= startFlow(this.#options, this.#widgetId, SmileLinkModal.scriptUrl, () => {
      this.#flow = undefined;
    });
  }

  /** Closes the widget as its Close button does. No part of Smile's SDK. */
  close(): void {
    this.#flow?.dismiss();
  }
}

/** `crypto.randomUUID` is missing on plain http, where a phone on the same network may be. */
function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
