/** What is kept on the person's device, so that a closed tab, a dead phone or a lost network loses nothing. */
import type { PageEvent, SubmittedForm } from '../contract/api.ts';
import type { Answers } from '../form/runtime/condition.ts';
import type { PageData } from '../contract/page.ts';
import { toMemory, toStore } from './sensitive.ts';

export interface PendingSave {
  /** Idempotency key: a late retry of this save never undoes a newer one. */
  key: string;
  screen: string;
  answers: Answers;
}

export interface DeviceAccount {
  /** In Smile's words. */
  status: string;
  /** Smile's id of the provider. */
  provider: string;
  /** The provider's name, once our server has told it. */
  name?: string;
  /** Which of the screen's widgets it was linked in, from 0. */
  widget: number;
  /** Why, with the status `ERROR`: one of Smile's error codes. */
  error?: string;
  /** Whether Smile has told our server so. */
  confirmed?: boolean;
}

/** Without an ending, the form was submitted elsewhere. */
export type SentForm = Pick<SubmittedForm, 'reference'> & Partial<Omit<SubmittedForm, 'reference'>>;

export interface DeviceState {
  version: string;
  /** Idempotency key of the start, made before the first try, and the language of that. */
  start: string;
  language?: string;
  id?: string;
  token?: string;
  params: Record<string, string>;
  answers: Answers;
  /** What stands in the controls of screens that were not left since, by screen. */
  typed: Record<string, Answers>;
  /** Screens that were left. */
  passed: string[];
  /** Saves and events that the server has not acknowledged yet, oldest first. */
  saves: PendingSave[];
  events: PageEvent[];
  /** What is known of accounts, by screen and by their ids: the last word on each, of the widget or of our server. */
  accounts: Record<string, Record<string, DeviceAccount>>;
  /** Whether a widget has documents, by screen and place: `connect/0`. */
  uploads?: Record<string, boolean>;
  ended?: SentForm | undefined;
  /** The person has said that the device is not theirs: everything stays in this page's memory. */
  away?: true;
  /** Sensitive answers are on the server, and not here yet. */
  incomplete?: boolean;
  /** The version that the server took no start on any more, for which this page was loaded again. */
  reloaded?: string;
}

/** A random UUID, also where a page is not secure and the browser's own function is missing: a phone on the local network. */
export function uuid(): string {
  const random = crypto.getRandomValues(new Uint8Array(36));
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit, at: number) =>
    (+digit ^ ((random[at] as number) & (15 >> (+digit / 4)))).toString(16),
  );
}

/** A browser may refuse storage (private mode, a webview); then this page's memory is all there is. */
export function openDevice(data: PageData, params: Record<string, string>) {
  const name = `flipsite:${data.slug}`;
  const fresh: DeviceState = {
    version: data.version,
    start: uuid(),
    params,
    answers: {},
    typed: {},
    passed: [],
    saves: [],
    events: [],
    accounts: {},
  };
  let kept = fresh;
  const read = () => {
    if (!device.lasting) return;
    try {
      // A tab that is done with the form has its own last word, and stores nothing more on the device.
      const last = sessionStorage.getItem(name);
      const text = last ?? localStorage.getItem(name);
      // Where a submission was stored and is gone, another tab is done with the form.
      device.lasting = !last && !(kept.id && !text);
      if (!text) return;
      const stored = { ...fresh, ...(JSON.parse(text) as DeviceState) };
      kept = { ...stored, ...toMemory(data, stored, kept) };
      // Before anything is sent, the address that the page was opened with counts.
      if (!kept.id) Object.assign(kept.params, params);
    } catch {
      // What cannot be read is as good as nothing kept.
    }
  };
  const device = {
    name,
    /** Whether what is kept outlives this page. */
    lasting: true,
    get state() {
      return kept;
    },
    /** Another tab of the same form may have kept something meanwhile; what is made of that is made by a function. */
    update(change: Partial<DeviceState> | ((kept: DeviceState) => Partial<DeviceState>)) {
      read();
      kept = { ...kept, ...(typeof change === 'function' ? change(kept) : change) };
      try {
        if (device.lasting) localStorage.setItem(name, JSON.stringify({ ...kept, ...toStore(data, kept) }));
      } catch {
        // A full or closed storage: the server still has every save it acknowledged.
        device.lasting = false;
      }
    },
  };
  read();
  // Another tab of the same form goes on with the same submission.
  addEventListener('storage', (event) => event.key === name && read());
  return device;
}

export type Device = ReturnType<typeof openDevice>;
