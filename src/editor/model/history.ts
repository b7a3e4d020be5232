/** One stack of changes for all views of a text. Undo restores the exact text. Pure. */
import { invertSplices, type Path, type Splice } from '../../form/edit/edit.ts';
import { splicesFromTo } from '../../form/edit/splice.ts';

/** A change: the splices that make it, and those that undo it. */
export interface HistoryStep {
  forward: Splice[];
  back: Splice[];
  /** The open part before and after the change. */
  selection: { before: Path | undefined; after: Path | undefined };
  /** Whether keys typed after it belong to the same change. */
  isTyping: boolean;
  /** The panel input for the typed text. Without an input, keys belong together if they are adjacent. */
  input?: string | undefined;
  /** The time of its last addition, in ms. */
  at: number;
}

export interface History {
  done: readonly HistoryStep[];
  undone: readonly HistoryStep[];
}

/** A person wants to undo minutes of work, not a day. */
const MAX_STEPS = 1_000;

/** A pause in typing that ends a change, in ms. */
const PAUSE_MS = 700;

/**
 * Adds a change to the stack. Keys that follow each other at one place become one change.
 * @param before the text before the change
 */
export function record(history: History, before: string, step: Omit<HistoryStep, 'back'>): History {
  const last = history.done.at(-1);
  const joined = last && joins(last, step) ? join(last, before, step) : undefined;
  const added = joined ?? { ...step, back: invertSplices(before, step.forward) };
  return { done: [...(joined ? history.done.slice(0, -1) : history.done.slice(1 - MAX_STEPS)), added], undone: [] };
}

function joins(last: HistoryStep, next: Omit<HistoryStep, 'back'>): boolean {
  const [typed, more] = [last.back[0], next.forward[0]];
  if (!last.isTyping || !next.isTyping || next.at - last.at > PAUSE_MS || last.input !== next.input) return false;
  if (next.input !== undefined) return true;
  if (last.back.length !== 1 || next.forward.length !== 1 || !typed || !more) return false;
  // A new line ends a change, so that undo goes back by lines.
  return !more.insert.includes('\n') && more.to >= typed.from && more.from <= typed.to;
}

function join(last: HistoryStep, before: string, next: Omit<HistoryStep, 'back'>): HistoryStep {
  const forward = splicesFromTo(before, last.back, next.forward);
  const back = splicesFromTo(before, next.forward, last.back);
  return { ...next, forward, back, selection: { before: last.selection.before, after: next.selection.after } };
}

/** Undoes the last change. Undefined if there is none. */
export function stepBack({ done, undone }: History): { step: HistoryStep; history: History } | undefined {
  const step = done.at(-1);
  // Keys after an undo begin a new change.
  return step && { step, history: { done: done.slice(0, -1), undone: [...undone, { ...step, isTyping: false }] } };
}

/** Makes the change again that was undone last. Undefined if there is none. */
export function stepForward({ done, undone }: History): { step: HistoryStep; history: History } | undefined {
  const step = undone.at(-1);
  return step && { step, history: { done: [...done, step], undone: undone.slice(0, -1) } };
}
