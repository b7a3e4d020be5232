/**
 * The one text of a form, which *Outline*, *Text* and *Map* show and change. No DOM here.
 *
 * For a view:
 * - `text` is the text as it is now, with LF at each line end. `outline` and `data` follow it: at once after a change of a
 *   view, and after a short pause while a person types. Read them in a component, and it renders again when they change.
 * - `change(path, change)` and `changeAll(changes)` make the smallest replacement, and return false if it was refused.
 *   `refusal` then has the sentences. `select` opens another part, by its path after the change.
 * - `type(path, change)` makes changes while a person types, outside of the page's thread. Consecutive keys are one step
 *   of undo. `finishTyping()` makes the waiting change at once.
 * - `selection` is the path of the open part, in all views. A view sets it, and follows it.
 * - `undo()` and `redo()` are one stack for all views. Nothing else writes: opening and switching views change no byte.
 * - `faults` is the one list of errors. If `isFixable`, `fix(fault)` fixes one.
 * - `written` has the lines of the last change that a view made, so that the text can show them.
 */
import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { EditorFault, EditorStart } from '../../contract/editor.ts';
import { applySplices, editAll, type EditChange, type Path, type Refusal, type Splice, type Value } from '../../form/edit/edit.ts'; // prettier-ignore
import { fixFor, mayFix } from '../../form/edit/fix.ts';
import type { Lines, Outline } from '../../form/edit/outline.ts';
import { readingOf } from '../../form/edit/reading.ts';
import { spliceBetween } from '../../form/edit/splice.ts';
import { createAutosave, SAVING, type DeviceText, type SaveState, type SendDraft } from './autosave.ts';
import type { TextThread } from './text-thread.ts';
import { record, stepBack, stepForward, type History, type HistoryStep } from './history.ts';
import { pauseAfter } from './pause.ts';
import { createTyping, type TypedChange } from './typing.ts';

/** A change of the text, for a view with a copy of it. `by` is the argument of `replaceText`. */
export interface ModelChange {
  splices: readonly Splice[];
  text: string;
  by: 'view' | 'undo' | object;
}

/** An error, and whether `fix` can fix it. */
export type ShownFault = EditorFault & { isFixable: boolean };

export interface EditorModel {
  /** See `EditorStart`. */
  translations: ReadonlyMap<string, readonly string[]>;
  text: ReadonlySignal<string>;
  outline: ReadonlySignal<Outline>;
  /** The form as data, as far as it can be read. Undefined where nothing can be read. */
  data: ReadonlySignal<Value | undefined>;
  selection: Signal<Path | undefined>;
  faults: ReadonlySignal<readonly ShownFault[]>;
  /** The reason why the last change of a view was refused. A view may set it to undefined. */
  refusal: Signal<Refusal | undefined>;
  saved: ReadonlySignal<SaveState>;
  /** Whether a field has words that change the text once the person leaves it. The field sets it. */
  isInField: Signal<boolean>;
  /** The changes that undo can take back. */
  steps(): readonly HistoryStep[];
  canUndo: ReadonlySignal<boolean>;
  canRedo: ReadonlySignal<boolean>;
  written: ReadonlySignal<readonly Lines[]>;
  /** Makes one change. @param select the part that is open afterwards @returns false if it was refused */
  change(path: Path, change: EditChange, select?: Path): boolean;
  /**
   * Makes several changes as one, each with paths in the text after the change before it. It makes all of them, or
   * none.
   */
  changeAll(changes: readonly (readonly [Path, EditChange])[], select?: Path): boolean;
  /** Replaces parts of the text while a person types. @param by the view, which has its own changes already */
  replaceText(splices: readonly Splice[], by: object): void;
  /** Makes one change soon, while a person types. */
  type(path: Path, change: TypedChange): void;
  /** Makes the typed changes at once, and reads the text, so that `data` has it. */
  finishTyping(): void;
  /** Fixes an error with an exact remedy. @returns false if the text has changed too much meanwhile */
  fix(fault: EditorFault): boolean;
  undo(): void;
  redo(): void;
  /** Calls `listener` after each change of the text. @returns ends it */
  onChange(listener: (change: ModelChange) => void): () => void;
  /** Saves now, before the page goes to another one. @returns whether everything is stored */
  saveNow(): Promise<boolean>;
  /** Keeps the text on the device, where it is not saved. */
  keep(): void;
  isUnsaved(): boolean;
  /** The revision that is stored. */
  revision(): number;
  /**
   * Ends a conflict: with this text, which then replaces the other one, or with the other one. Undo restores this text.
   */
  resolve(keeps: 'mine' | 'other'): void;
  /** Takes a text that the device has kept. @param base the revision that it was made from */
  takeText(text: string, base: number): void;
  stop(): void;
}

export interface ModelStart {
  /** See `EditorStart`. */
  translations?: EditorStart['translations'];
  text: string;
  revision: number;
  savedAt: string | undefined;
  faults: readonly EditorFault[];
  /** The changes that undo can take back. They lead to `text`. */
  steps?: readonly HistoryStep[];
}

/** While a person types, the outline waits for a pause: the shortest one, and the longest one after slow keys. In ms. */
const [READ_PAUSE_MS, SLOW_MS] = [500, 800];

const NOT_FIXED: Refusal = {
  message: 'the text there is no longer as it was when it was checked',
  remedy: 'Change it in the text, as the error says.',
};

/** @param services the way to the server, the store of the device, and another thread, where there is one */
export function createModel(
  start: ModelStart,
  services: {
    send: SendDraft;
    device: DeviceText;
    thread?: TextThread;
    pauseMs?: number;
    keepMs?: number;
    retryMs?: number;
  },
): EditorModel {
  const text = signal(start.text);
  /** The state of the last reading, without the keys after it. */
  const reading = signal(readingOf(start.text));
  const history = signal<History>({ done: start.steps ?? [], undone: [] });
  const selection = signal<Path | undefined>();
  const faults = signal(shownFaults(start.faults));
  const refusal = signal<Refusal | undefined>();
  const written = signal<readonly Lines[]>([]);
  const listeners = new Set<(change: ModelChange) => void>();
  /** Waits for a pause to read the text again. */
  let pausing: ReturnType<typeof setTimeout> | undefined;
  let typedAt = 0;

  const autosave = createAutosave(() => text.value, start, {
    ...services,
    saved: (answer) => (faults.value = shownFaults(answer.faults)),
  });

  function readNow(): void {
    clearTimeout(pausing);
    pausing = undefined;
    reading.value = readingOf(text.value);
  }

  function readAfter(ms: number): void {
    clearTimeout(pausing);
    pausing = setTimeout(() => void readOnThread(), ms);
  }

  /** Reads the text on the other thread, so that no key waits for it. */
  async function readOnThread(): Promise<void> {
    const read = text.value;
    const found = await services.thread?.read(read);
    if (text.value !== read) return;
    // The person types again, and the frame of a key would wait for the outline.
    if (typing.isWaiting()) return readAfter(READ_PAUSE_MS);
    if (!found) return readNow();
    pausing = undefined;
    reading.value = found;
  }

  function apply(splices: readonly Splice[], by: ModelChange['by']): void {
    batch(() => {
      text.value = applySplices(text.value, splices);
      if (by === 'view' || by === 'undo') readNow();
      else {
        const now = Date.now();
        readAfter(pauseAfter(now - typedAt, READ_PAUSE_MS, SLOW_MS));
        typedAt = now;
      }
      refusal.value = undefined;
    });
    autosave.changed();
    for (const listener of listeners) listener({ splices, text: text.value, by });
  }

  function commit(splices: Splice[], by: 'view' | object, after = selection.value, input?: string): void {
    if (!splices.length) return;
    const step = {
      forward: splices,
      selection: { before: selection.value, after },
      isTyping: by !== 'view',
      input,
      at: Date.now(),
    };
    batch(() => {
      history.value = record(history.value, text.value, step);
      apply(splices, by);
      selection.value = after;
      if (by === 'view') written.value = linesOf(text.value, splices);
    });
  }

  function applyStep(
    found: ReturnType<typeof stepBack>,
    choose: (step: HistoryStep) => [Splice[], Path | undefined],
  ): void {
    if (!found) return;
    const [splices, open] = choose(found.step);
    batch(() => {
      history.value = found.history;
      apply(splices, 'undo');
      selection.value = open;
      written.value = linesOf(text.value, splices);
    });
  }

  const typing = createTyping({
    read: () => text.value,
    apply: (splices, input) => commit(splices, typing, undefined, input),
    refuse: (why) => (refusal.value = why),
    editOnThread: services.thread?.edit,
  });

  function changeAll(changes: readonly (readonly [Path, EditChange])[], select?: Path): boolean {
    typing.finish();
    const edited = editAll(text.value, changes);
    if (edited.ok) commit(edited.splices, 'view', select ?? selection.value);
    else refusal.value = edited.refusal;
    return edited.ok;
  }

  const replaceAll = (other: string): void => commit(spliceBetween(text.value, other), 'view');

  return {
    translations: new Map(start.translations),
    text,
    selection,
    faults,
    refusal,
    written,
    isInField: signal(false),
    saved: computed(() => (typing.isWaiting() && autosave.state.value.is === 'saved' ? SAVING : autosave.state.value)),
    outline: computed(() => reading.value.outline),
    data: computed(() => reading.value.data),
    steps: () => history.value.done,
    canUndo: computed(() => history.value.done.length > 0),
    canRedo: computed(() => history.value.undone.length > 0),
    change: (path, change, select) => changeAll([[path, change]], select),
    changeAll,
    replaceText: (splices, by) => commit([...splices], by),
    type: typing.type,
    finishTyping() {
      typing.finish();
      if (pausing !== undefined) readNow();
    },
    fix(fault) {
      typing.finish();
      const splices = fixFor(text.value, fault);
      if (splices) commit(splices, 'view');
      else refusal.value = NOT_FIXED;
      return splices !== undefined;
    },
    undo() {
      typing.finish();
      applyStep(stepBack(history.value), ({ back, selection }) => [back, selection.before]);
    },
    redo: () => applyStep(stepForward(history.value), ({ forward, selection }) => [forward, selection.after]),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async saveNow() {
      typing.finish();
      await autosave.saveNow();
      return !autosave.isUnsaved();
    },
    keep() {
      typing.finish();
      autosave.keep();
    },
    isUnsaved: () => typing.isWaiting() || autosave.isUnsaved(),
    revision: autosave.revision,
    resolve(keeps) {
      const state = autosave.state.value;
      if (state.is !== 'conflict') return;
      typing.finish();
      autosave.rebase(state.other.revision);
      if (keeps === 'other') replaceAll(state.other.text);
    },
    takeText(other, base) {
      replaceAll(other);
      autosave.rebase(base);
    },
    stop() {
      autosave.stop();
      clearTimeout(pausing);
    },
  };
}

const shownFaults = (faults: readonly EditorFault[]): ShownFault[] =>
  faults.map((fault) => ({ ...fault, isFixable: mayFix(fault) }));

/** The lines of `text` that `splices` have written, from 1. */
function linesOf(text: string, splices: readonly Splice[]): Lines[] {
  let shift = 0;
  return splices.map(({ from, to, insert }) => {
    const start = from + shift;
    shift += insert.length - (to - from);
    const first = text.slice(0, start).split('\n').length;
    const rows = insert.replace(/\n$/, '').split('\n').length;
    return { first, last: first + rows - 1 };
  });
}
