/** What is kept on the person's device, so that a closed tab, a dead phone or a lost network loses nothing. */
import type { Answers } from '../form/condition.ts';

export interface Save {
  /** Idempotency key: a late retry of this save never undoes a newer one. */
  key: string;
  screen: string;
  answers: Answers;
}

export interface PageEvent {
  id: string;
  name: string;
  at: string;
  data: Record<string, unknown>;
}

export type Accounts = Record<string, { status: 'created' | 'connected' | 'failed'; error?: string }>;

export interface Ended {
  reference: string;
  ending: { id: string; title: string; text?: string; redirect?: string };
}

export interface Kept {
  version: string;
  /** Idempotency key of the start, made before the first try. */
  start: string;
  id?: string;
  token?: string;
  params: Record<string, string>;
  answers: Answers;
  /** Screens that were left. */
  passed: string[];
  /** Saves and events that the server has not acknowledged yet, oldest first. */
  saves: Save[];
  events: PageEvent[];
  /** What the widget has said of accounts, by screen: its last word on each. */
  accounts: Record<string, Accounts>;
  ended?: Ended;
}

/** A random UUID, also where a page is not secure and the browser's own function is missing: a phone on the local network. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** A browser may refuse storage (private mode, a webview); then this page's memory is all there is. */
export function openDevice(slug: string, version: string, params: Record<string, string>) {
  const name = `flipsite:${slug}`;
  const fresh = (): Kept => ({
    version,
    start: uuid(),
    params,
    answers: {},
    passed: [],
    saves: [],
    events: [],
    accounts: {},
  });
  let kept = fresh();
  try {
    const stored = localStorage.getItem(name);
    if (stored) kept = { ...kept, ...(JSON.parse(stored) as Kept) };
  } catch {
    // What cannot be read is as good as nothing kept.
  }
  const write = () => {
    try {
      localStorage.setItem(name, JSON.stringify(kept));
    } catch {
      // A full or closed storage: the server still has every save it acknowledged.
    }
  };
  return {
    get kept() {
      return kept;
    },
    keep(change: Partial<Kept>) {
      kept = { ...kept, ...change };
      write();
    },
    forget() {
      kept = fresh();
      try {
        localStorage.removeItem(name);
      } catch {
        // Nothing was stored.
      }
    },
  };
}

export type Device = ReturnType<typeof openDevice>;
