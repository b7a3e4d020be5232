/**
 * Saves a draft while it changes: one request at a time, with retries while the server is away. It never overwrites
 * another change.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { DraftToSave, OtherDraft, SavedDraft } from '../../contract/editor.ts';

/** The state of the text, for the person. */
export type SaveState =
  /** Everything is stored. `at`: the time of that, in ISO 8601. */
  | { is: 'saved'; at: string | undefined }
  | { is: 'saving' }
  /** Flipsite can't save now: the server or the network is away, or the member is signed out. It retries by itself. */
  | { is: 'away'; message: string }
  /** The server refuses the text. Only a change, or `saveNow`, tries again. */
  | { is: 'refused'; message: string }
  /** Another change was saved. The person chooses, and nothing is saved until then. */
  | { is: 'conflict'; other: OtherDraft };

/** One object, so that a save after a save is no change of the state. */
export const SAVING: SaveState = { is: 'saving' };

/** The server's answer to a text. */
export type SaveAnswer =
  | ({ is: 'saved' } & SavedDraft)
  | { is: 'conflict'; other: OtherDraft }
  | { is: 'refused'; message: string }
  | { is: 'away'; message: string };

/** Sends a text to the server. It never rejects. */
export type SendDraft = (draft: DraftToSave) => Promise<SaveAnswer>;

/** Keeps a text on the device. */
export interface DeviceText {
  keep(draft: DraftToSave): void;
  forget(): void;
}

export interface Autosave {
  state: ReadonlySignal<SaveState>;
  /** The revision that the next save is based on. */
  revision(): number;
  /** Whether the server has not confirmed the text yet. */
  isUnsaved(): boolean;
  /** Reports that the text has changed. It saves a first change at once, and later changes together after a moment. */
  changed(): void;
  /** Saves at once. @returns after the server has answered for the current text */
  saveNow(): Promise<void>;
  /** Keeps a text that is not saved on the device, at once: the page may go away. */
  keep(): void;
  /** Continues from another revision: after a conflict, or with a text that the device has kept. */
  rebase(base: number): void;
  /** Ends all waits. */
  stop(): void;
}

/** The time between two saves, in ms. The preview follows the draft, so it is short. */
const PAUSE_MS = 120;
/** A first change is saved once the browser has drawn it, which takes about a frame. In ms. */
const FRAME_MS = 20;
/** A text that the server has not confirmed for this long is kept on the device, where writing takes long. In ms. */
const KEEP_MS = 1_000;
const FIRST_RETRY_MS = 1_000;
/** A member waits for “Saved”, and a page asks only for itself, so it asks often. In ms. */
const LAST_RETRY_MS = 5_000;

/**
 * Saves the text of `read` after each change.
 * @param start the revision and the time of the stored draft
 * @param saved called with each answer of a successful save
 */
export function createAutosave(
  read: () => string,
  start: { text: string; revision: number; savedAt: string | undefined },
  {
    send,
    device,
    saved,
    pauseMs = PAUSE_MS,
    keepMs = KEEP_MS,
    retryMs = FIRST_RETRY_MS,
  }: {
    send: SendDraft;
    device: DeviceText;
    saved(answer: SavedDraft): void;
    pauseMs?: number;
    keepMs?: number;
    retryMs?: number;
  },
): Autosave {
  const state = signal<SaveState>({ is: 'saved', at: start.savedAt });
  let [stored, base] = [start.text, start.revision];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let keepTimer: ReturnType<typeof setTimeout> | undefined;
  let isKept = false;
  let inFlight: Promise<void> | undefined;
  /** When the last request began, in ms. */
  let sentAt = 0;
  let retries = 0;
  /** The first text since the last save without an answer. The server may have stored it. */
  let unanswered: string | undefined;
  let stopped = false;

  const isUnsaved = (): boolean => read() !== stored;

  function schedule(ms: number): void {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void (inFlight ?? save()), ms);
  }

  /** Saves a first change at once, and changes that follow it together. */
  function saveSoon(): void {
    if (!inFlight && timer === undefined)
      schedule(Math.min(pauseMs, Math.max(FRAME_MS, sentAt + pauseMs - Date.now())));
  }

  /** Sends the text, one request at a time. Changes meanwhile follow in the next one. */
  function save(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    sentAt = Date.now();
    inFlight = sendOnce().finally(() => {
      inFlight = undefined;
      if (isBehind()) saveSoon();
    });
    return inFlight;
  }

  const isBehind = (): boolean => state.value.is === 'saving' && isUnsaved();

  async function saveNow(): Promise<void> {
    const earlier = inFlight;
    await earlier;
    // A request that began before may have been refused for a reason that has gone, such as a sign-out.
    if (state.value.is !== 'conflict' && (!earlier || state.value.is === 'away')) await save();
    // A text that was in flight may be older than the current one.
    if (isBehind()) await saveNow();
  }

  async function sendOnce(): Promise<void> {
    const text = read();
    if (state.value.is !== 'away') state.value = SAVING;
    keepSoon();
    const answer = await send({ text, base });
    clearTimeout(keepTimer);
    keepTimer = undefined;
    if (answer.is !== 'saved') updateDevice();
    switch (answer.is) {
      case 'saved': {
        [stored, base, retries, unanswered] = [text, answer.revision, 0, undefined];
        saved(answer);
        if (isKept) updateDevice();
        state.value = isUnsaved() ? SAVING : { is: 'saved', at: answer.savedAt };
        return;
      }
      case 'away':
        state.value = answer;
        unanswered ??= text;
        return schedule(Math.min(retryMs * 2 ** retries++, LAST_RETRY_MS));
      case 'refused':
      case 'conflict':
        // No change of another window.
        if (answer.is === 'conflict' && answer.other.text === unanswered) {
          base = answer.other.revision;
          return schedule(0);
        }
        state.value = answer;
        return undefined;
      default:
        return answer satisfies never;
    }
  }

  /** Keeps a text that is not saved on the device, and forgets one that is. */
  function updateDevice(): void {
    if (isUnsaved()) device.keep({ text: read(), base });
    else if (isKept) device.forget();
    isKept = isUnsaved();
  }

  /** Keeps the text in a moment, with all that is typed until then, and again while the server does not answer. */
  function keepSoon(): void {
    keepTimer ??= setTimeout(() => {
      keepTimer = undefined;
      updateDevice();
      if (inFlight) keepSoon();
    }, keepMs);
  }

  return {
    state,
    isUnsaved,
    revision: () => base,
    changed() {
      const { is } = state.value;
      if (is === 'conflict' || is === 'away') return keepSoon();
      if (is !== 'saving' && isUnsaved()) state.value = SAVING;
      saveSoon();
    },
    saveNow,
    keep: updateDevice,
    rebase(revision) {
      base = revision;
      state.value = SAVING;
      saveSoon();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(keepTimer);
    },
  };
}
