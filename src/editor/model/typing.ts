/**
 * Changes while a person types in a panel. Each takes long in a long form, so another thread makes them. No DOM here.
 */
import { batch, signal } from '@preact/signals';
import { edit, type EditChange, type Path, type Refusal, type Splice } from '../../form/edit/edit.ts';
import { applySplices, spliceBetween } from '../../form/edit/splice.ts';
import type { EditBeside } from './reading.ts';

/** The changes that a person types key by key. A later one may replace an earlier one of the same input. */
export type TypedChange = Extract<EditChange, { do: 'set' | 'translate' }>;

export interface Typing {
  /** Makes a change soon. It replaces a waiting change of the same input. */
  type(path: Path, change: TypedChange): void;
  /** Makes the waiting change at once. */
  finish(): void;
  /** Whether a change waits. It is a signal for its reader. */
  isWaiting(): boolean;
}

interface TypingServices {
  read(): string;
  /** @param input names the input that the person types in */
  apply(splices: Splice[], input: string): void;
  refuse(refusal: Refusal): void;
  /** Undefined without another thread: then each change is made at once. */
  editBeside: EditBeside | undefined;
}

export function createTyping({ read, apply, refuse, editBeside }: TypingServices): Typing {
  const waiting = signal<Typed | undefined>(undefined);
  let isBusy = false;
  /** The text before the person began to type in `input`, and the text after the last key. */
  let begun: { input: string; text: string; last: string } | undefined;

  /** Each key starts from the same text, so that a space at the end of a word does not leave quotes behind. */
  function baseFor(typed: Typed): string {
    const [now, input] = [read(), inputOf(typed)];
    if (begun?.input !== input || begun.last !== now) begun = { input, text: now, last: now };
    return begun.text;
  }

  function take(base: string, edited: { ok: true; splices: Splice[] } | { ok: false; refusal: Refusal }): void {
    if (!edited.ok) return refuse(edited.refusal);
    const after = applySplices(base, edited.splices);
    if (begun) begun.last = after;
    apply(spliceBetween(read(), after), begun?.input ?? '');
  }

  function finish(): void {
    if (!waiting.value) return;
    const { path, change } = waiting.value;
    const base = baseFor(waiting.value);
    batch(() => {
      waiting.value = undefined;
      take(base, edit(base, path, change));
    });
  }

  async function work(): Promise<void> {
    if (isBusy || !editBeside) return;
    isBusy = true;
    while (waiting.value) {
      const making = waiting.value;
      const [base, now] = [baseFor(making), read()];
      const edited = await editBeside(base, making.path, making.change);
      // Meanwhile, another change of the text, or of this input, may have been made at once.
      if (!isSameInput(waiting.value, making) || read() !== now) continue;
      if (!edited) finish();
      else
        batch(() => {
          take(base, edited);
          if (waiting.value === making) waiting.value = undefined;
        });
    }
    isBusy = false;
  }

  return {
    type(path, change) {
      const next = { path, change };
      if (!isSameInput(waiting.value, next)) finish();
      waiting.value = next;
      if (editBeside) void work();
      else finish();
    },
    finish,
    isWaiting: () => waiting.value !== undefined,
  };
}

interface Typed {
  path: Path;
  change: TypedChange;
}

/** Names the input: the whole change without its text. Each language of a place has an input of its own. */
const inputOf = ({ path, change }: Typed): string =>
  JSON.stringify([path, change.do, change.do === 'translate' && change.language]);

const isSameInput = (one: Typed | undefined, other: Typed): boolean => !!one && inputOf(one) === inputOf(other);
