/**
 * Changes while a person types in a panel. Each takes long in a long form, so another thread makes them. No DOM here.
 */
import { batch, signal } from '@preact/signals';
import { edit, type EditChange, type Path, type Refusal, type Splice } from '../../form/edit/edit.ts';
import { splicesFromTo } from '../../form/edit/splice.ts';
import type { TypedEdit, TextThread } from './text-thread.ts';

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
  editOnThread: TextThread['edit'] | undefined;
}

/** The typing in one input. */
interface Begun {
  input: string;
  /** The text before it, and its replacements up to the last key. */
  text: string;
  splices: readonly Splice[];
  /** The text after the last key. */
  last: string;
}

export function createTyping({ read, apply, refuse, editOnThread }: TypingServices): Typing {
  const waiting = signal<Typed | undefined>(undefined);
  let isBusy = false;
  let begun: Begun | undefined;

  /** Each key starts from the same text, so that a space at the end of a word does not leave quotes behind. */
  function begin(typed: Typed): Begun {
    const [now, input] = [read(), inputOf(typed)];
    if (begun?.input !== input || begun.last !== now) begun = { input, text: now, splices: [], last: now };
    return begun;
  }

  function take(from: Begun, edited: TypedEdit): void {
    if (!edited.ok) return refuse(edited.refusal);
    apply(splicesFromTo(from.text, from.splices, edited.splices), from.input);
    from.splices = edited.splices;
    from.last = read();
  }

  function finish(): void {
    if (!waiting.value) return;
    const { path, change } = waiting.value;
    const from = begin(waiting.value);
    batch(() => {
      waiting.value = undefined;
      take(from, edit(from.text, path, change));
    });
  }

  async function work(): Promise<void> {
    if (isBusy || !editOnThread) return;
    isBusy = true;
    try {
      while (waiting.value) {
        const making = waiting.value;
        const from = begin(making);
        const edited = await editOnThread(from.text, making.path, making.change);
        // Meanwhile, another change of the text, or of this input, may have been made at once.
        if (!isSameInput(waiting.value, making) || read() !== from.last) continue;
        if (!edited) finish();
        else
          batch(() => {
            take(from, edited);
            if (waiting.value === making) waiting.value = undefined;
          });
      }
    } finally {
      isBusy = false;
    }
  }

  return {
    type(path, change) {
      const next = { path, change };
      if (!isSameInput(waiting.value, next)) finish();
      waiting.value = next;
      if (editOnThread) void work();
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
