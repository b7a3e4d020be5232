/** The state on the person's device, so that a closed tab, a dead phone or a lost network loses nothing. */
import type { PageEvent, SubmittedForm } from '../contract/api.ts';
import type { Answers } from '../form/runtime/condition.ts';
import type { PageData } from '../contract/page.ts';
import { toMemory, toStore } from './sensitive.ts';

export interface PendingSave {
  /** Idempotency key: a late retry of this save never overwrites a newer one. */
  key: string;
  screen: string;
  answers: Answers;
}

export interface DeviceAccount {
  /** A status of Smile. */
  status: string;
  /** Smile's id of the provider. */
  provider: string;
  /** The provider's name, once the server has sent it. */
  name?: string;
  /** The index of the widget on its screen, from 0. */
  widget: number;
  /** With the status `ERROR`: one of Smile's error codes. */
  error?: string;
  /** Whether Smile confirmed it to the server. */
  confirmed?: boolean;
  /** Whether Flipsite disconnects it, or has done so, after reading its data. */
  revoked?: boolean;
}

/** Without an ending, the form was submitted elsewhere. */
export type SentForm = Pick<SubmittedForm, 'reference'> & Partial<Omit<SubmittedForm, 'reference'>>;

export interface DeviceState {
  version: string;
  /**
   * Idempotency key of the start, from when the person enters something or the page asks the server for a submission.
   * A tab never takes over a state with another one, except as it loads.
   */
  start?: string | undefined;
  /** The language of the start, set before the first attempt. */
  language?: string;
  /** When the page was opened that first tried to start, in ms since 1970. */
  openedAt?: number | undefined;
  id?: string;
  token?: string;
  /**
   * The values of the address by which the person came: for params and fields, `utm_*`, and `link`, the campaign link.
   * Until something is entered, they are those of this page's address, and the campaign link of an earlier visit. From
   * then on they stay, whatever address or version follows, and the link to finish later has them. On a screen, entered
   * answers replace them. Sensitive ones are only in the address. Neither the device nor the link to finish later has
   * them. After sending, the address has those that people don't see, for the next person.
   */
  params: Record<string, string>;
  answers: Answers;
  /** The values in the controls of screens that were not left yet, by screen. */
  typed: Record<string, Answers>;
  /** Ids of screens that were left. */
  passed: string[];
  /** The keys of the saves of each screen, oldest first. The answers of some may be in the memory of another tab. */
  left?: Record<string, string[]>;
  /** Saves and events that the server has not acknowledged, oldest first. */
  saves: PendingSave[];
  events: PageEvent[];
  /** Accounts by screen and id, each as the widget or the server last reported it. */
  accounts: Record<string, Record<string, DeviceAccount>>;
  /** Whether a widget has documents, by screen and index: `connect/0`. */
  uploads?: Record<string, boolean>;
  ended?: SentForm | undefined;
  /** The person said that the device is not theirs: everything stays in this page's memory. */
  away?: true;
  /**
   * The revision of the answers that this device has sent or read. With another one on the server, the page shows the answers
   * before it sends them. Undefined for a draft from before there were revisions.
   */
  revision?: number | undefined;
  /** Sensitive answers are on the server, and not loaded yet: after a reload, or since another tab saved. */
  incomplete?: boolean;
  /** The campaign link by which the person came back, once the server knows it. */
  followed?: string;
  /** The page was reloaded once for each of these: a version that the server no longer accepts, and the chunks of a page of which one is gone. */
  reloaded?: string;
}

/**
 * A random UUID. `crypto.randomUUID` is missing on pages without https, such as a phone in the local network. Each browser
 * makes one for the address of an object (File API, "generate a new blob URL").
 */
export const uuid = (): string => URL.createObjectURL(new Blob()).slice(-36);

/** Opens the state. Without storage (private mode, a webview) the state lives in this page's memory. */
export function openDevice(data: PageData) {
  const params = Object.fromEntries([...new URLSearchParams(location.search)].filter(([name]) => name.match(data.params))); // prettier-ignore
  // The answers of a preview are not those of the form.
  const name = `flipsite:${data.chunks.preview ? 'preview:' : ''}${data.slug}`;
  const fresh: DeviceState = {
    version: data.version,
    params,
    answers: {},
    typed: {},
    passed: [],
    saves: [],
    events: [],
    accounts: {},
  };
  let current = fresh;
  /** @param isFirst this page loads: it continues the draft that is on the device */
  const read = (isFirst?: boolean) => {
    // While nothing is entered here, another person can still finish.
    if (!(device.lasting ?? !current.start)) return;
    try {
      // A tab keeps its own state when it has finished the form, or has the submission of another person than the device.
      const tabState = sessionStorage.getItem(name);
      // Null where nothing is stored.
      const stored = { ...fresh, ...(JSON.parse((tabState ?? localStorage.getItem(name)) as string) as DeviceState | null) }; // prettier-ignore
      // Otherwise another person has begun in a tab since this page loaded, or a tab has finished or cleared the form.
      device.lasting = (!tabState && (isFirst || current.start === stored.start)) || (stored.start ? undefined : false);
      // If nothing is entered here yet, the values of another tab's link are not those of this one.
      if (isFirst || (device.lasting && current.start)) {
        current = { ...stored, ...toMemory(data, stored, current, params) };
        // Until something is entered, another person may have come by the address before.
        const { link } = current.params;
        if (!current.start) current.params = { ...(link && { link }), ...params };
      }
    } catch {
      // Unreadable state counts as none.
    }
  };
  const device = {
    name,
    /** Whether the state is on the device. Undefined: only this tab keeps it, once something is entered. False: nothing does. */
    lasting: true as boolean | undefined,
    get state() {
      return current;
    },
    /** Reads first, since another tab of the form may have changed the state. Pass a function to build on it. */
    update(change: Partial<DeviceState> | ((current: DeviceState) => Partial<DeviceState>)) {
      read();
      current = { ...current, ...(typeof change === 'function' ? change(current) : change) };
      if (Object.keys(current.typed)[0] && !current.start) current.start = uuid();
      try {
        if (device.lasting ?? current.start) (device.lasting ? localStorage : sessionStorage).setItem(name, JSON.stringify({ ...current, ...toStore(data, current) })); // prettier-ignore
      } catch {
        // The storage is full or closed. The server still has every acknowledged save.
        device.lasting = undefined;
      }
    },
  };
  read(true);
  // Another tab of the form continues the same submission.
  addEventListener('storage', () => read());
  return device;
}

export type Device = ReturnType<typeof openDevice>;
