/** Loads the script of Smile's widget, once for each address. */
import { element } from '../../element.ts';
import type { LaunchFailure } from './widget.ts';

/** The widget's constructor (Smile, Account Linking). */
export type Modal = new (options: Record<string, unknown>) => { open(): void };

declare global {
  interface Window {
    SmileLinkModal?: Modal;
  }
}

export interface Loaded {
  modal?: Modal;
  failure?: LaunchFailure;
}

/** After this time the person sees a message. The script may still load later. */
const TIMEOUT_MS = 20_000;

const scripts = new Map<string, Promise<Loaded>>();

/** Adds a script of Smile once. A failed attempt is removed, so that a retry can succeed. */
export function loadScript(src: string): Promise<Loaded> {
  const loading = scripts.get(src) ?? add(src);
  scripts.set(src, loading);
  const timeout = new Promise<Loaded>((done) => setTimeout(() => done({ failure: 'slow' }), TIMEOUT_MS));
  return Promise.race([loading, timeout]);
}

const add = (src: string) =>
  new Promise<Loaded>((done) => {
    const script = element('script', { src, async: true });
    // Both versions of the widget use the same name, each until the other loads.
    script.onload = () => done(window.SmileLinkModal ? { modal: window.SmileLinkModal } : failed('broken'));
    script.onerror = () => done(failed('blocked'));
    const failed = (failure: LaunchFailure): Loaded => {
      scripts.delete(src);
      script.remove();
      return { failure };
    };
    document.head.append(script);
  });
