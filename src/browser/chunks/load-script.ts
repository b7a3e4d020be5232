import { element } from '../element.ts';
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
  why?: LaunchFailure;
}

/** How long a script may take until the person is told, in ms. It may still come after that. */
const PATIENCE = 20_000;

const scripts = new Map<string, Promise<Loaded>>();

/** Adds a script of Smile's once. A failed try is forgotten, so that the next one may succeed. */
export function loadScript(src: string): Promise<Loaded> {
  const loading = scripts.get(src) ?? add(src);
  scripts.set(src, loading);
  const late = new Promise<Loaded>((done) => setTimeout(() => done({ why: 'slow' }), PATIENCE));
  return Promise.race([loading, late]);
}

const add = (src: string) =>
  new Promise<Loaded>((done) => {
    const script = element('script', { src, async: true });
    // Both versions of the widget go by the same name, and each is here only until the other is loaded.
    script.onload = () => done(window.SmileLinkModal ? { modal: window.SmileLinkModal } : failed('broken'));
    script.onerror = () => done(failed('blocked'));
    const failed = (why: LaunchFailure): Loaded => {
      scripts.delete(src);
      script.remove();
      return { why };
    };
    document.head.append(script);
  });
