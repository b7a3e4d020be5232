/** Changes a form in its text by the smallest replacements. All other lines keep their comments, spaces and quotes. */
import { planAdd } from './add.ts';
import { anchorsIn, sharedPart } from './anchors.ts';
import { commentsIn } from './comments.ts';
import { stepsOfDifference, type SmallChange } from './difference.ts';
import { blocksOf } from './lines.ts';
import { planMove } from './move.ts';
import { entriesOf, isCollectionNode, isFlow, readForEdit, stepsTo, unusual, type Readable } from './nodes.ts';
import type { Approach } from './plan.ts';
import { planRemove } from './remove.ts';
import { renamedData, renamings, type Renaming } from './rename.ts';
import { planRename, planSet } from './set.ts';
import { applySplices, spliceBetween, tidySplices, type Splice } from './splice.ts';
import { changedData, isSameValue, EditRefused, valueIn, withValue, type EditChange, type Path, type Refusal, type Value } from './value.ts'; // prettier-ignore

export type { EditChange, Path, Refusal, Value } from './value.ts';
export { applySplices, invertSplices, type Splice } from './splice.ts';

/** A changed text, or why it was not changed. */
export type Edit = { ok: true; text: string; splices: Splice[] } | { ok: false; refusal: Refusal };

/**
 * Makes one change in the text of a form.
 * @param text the YAML as its author wrote it
 * @param path the part that changes: `['screens', 0, 'title']`
 * @returns the new text, and the replacements in `text` that lead to it. An edit that would lose something is refused
 * with a reason and the way out
 */
export const edit = (text: string, path: Path, change: EditChange): Edit => editAll(text, [[path, change]]);

/** Makes several changes, each with paths in the text after the change before it. It makes all of them, or none. */
export function editAll(text: string, changes: readonly (readonly [Path, EditChange])[]): Edit {
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  const begin = text.slice(mark);
  try {
    let now = begin;
    let splices: Splice[] = [];
    for (const [path, change] of changes) {
      const step = editOnce(now, path, change);
      // Replacements that follow each other become one, from the first difference to the last.
      splices = now === begin ? step.splices : spliceBetween(begin, step.text);
      now = step.text;
    }
    const shifted = splices.map(({ from, to, insert }) => ({ from: from + mark, to: to + mark, insert }));
    return { ok: true, text: text.slice(0, mark) + now, splices: shifted };
  } catch (error) {
    if (error instanceof EditRefused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

interface Edited {
  text: string;
  splices: Splice[];
}

/** The goal of an edit: the data, and the comments that may go with the removed parts. */
interface Goal {
  data: Value;
  /** The lines in the old text where comments may be lost. */
  own: { from: number; to: number };
}

function editOnce(text: string, path: Path, change: EditChange): Edited {
  const readable = readForEdit(text);
  if (change.do === 'rename') {
    const changes = renamings(readable.data, path, change.to);
    return attempted(
      readable,
      { data: renamedData(readable.data, changes), own: { from: 0, to: 0 } },
      path,
      (approach) => rename(readable, changes, approach),
    );
  }
  const data = changedData(readable.data, path, change);
  const goal = { data, own: ownSpan(readable, path, change) };
  return attempted(readable, goal, path, (approach) => planOf(readable, path, change, data, approach));
}

const rename = (readable: Readable, changes: Renaming[], approach: Approach): Edited =>
  spliced(readable.text, planRename(readable, changes, approach));

function spliced(text: string, planned: Splice[]): Edited {
  const splices = tidySplices(text, planned);
  return { text: applySplices(text, splices), splices };
}

const APPROACHES: Approach[] = [{ wordByWord: true }, { wordByWord: false }];

/** The first attempt that reaches the goal. The last attempt writes the list or map around the change again. */
function attempted(readable: Readable, goal: Goal, path: Path, plan: (approach: Approach) => Edited): Edited {
  if (isSameValue(goal.data, readable.data)) return { text: readable.text, splices: [] };
  let refused: EditRefused | undefined;
  let losesComment = false;
  const tries = [
    ...APPROACHES.map((approach) => () => plan(approach)),
    ...[path.length - 1, path.length - 2]
      .filter((depth) => depth > 0)
      .map((depth) => () => rewritten(readable, path.slice(0, depth), goal.data)),
  ];
  for (const one of tries) {
    try {
      const edited = one();
      const outcome = outcomeOf(readable, goal, edited);
      if (outcome === 'as meant') return edited;
      losesComment ||= outcome === 'loses a comment';
    } catch (error) {
      if (!(error instanceof EditRefused)) throw error;
      refused ??= error;
    }
  }
  const lost = losesComment ? new EditRefused('this change would lose a comment', 'Make it in the text of the form.') : undefined; // prettier-ignore
  throw sharedPart(readable, path) ?? lost ?? refused ?? unusual();
}

/** Whether `edited` has the right data, and has kept each comment that does not belong to the removed parts. */
function outcomeOf(readable: Readable, { data, own }: Goal, edited: Edited): 'as meant' | 'wrong' | 'loses a comment' {
  let after: Readable;
  try {
    after = readForEdit(edited.text);
  } catch {
    return 'wrong';
  }
  if (!isSameValue(after.data, data)) return 'wrong';
  const { text } = readable;
  if (!edited.splices.some(({ from, to }) => text.slice(from, to).includes('#'))) return 'as meant';
  const left = commentsIn(edited.text).map((one) => one.text);
  const isKept = commentsIn(text).every(({ text: comment, at }) => {
    const index = left.indexOf(comment);
    if (index >= 0) left.splice(index, 1);
    return index >= 0 || (at >= own.from && at < own.to);
  });
  return isKept ? 'as meant' : 'loses a comment';
}

/** The lines that a change removes or replaces. */
function ownSpan(readable: Readable, path: Path, change: EditChange): { from: number; to: number } {
  if (change.do === 'add' || change.do === 'move' || valueIn(readable.data, path) === undefined)
    return { from: 0, to: 0 };
  const step = stepsTo(readable, path).at(-1);
  if (!step) return { from: 0, to: 0 };
  const { collection, entries, index, entry } = step;
  if (change.do !== 'remove') {
    const { node, header } = entry;
    if (!isCollectionNode(node)) return { from: 0, to: 0 };
    const blocks = isFlow(node) ? [] : blocksOf(readable.text, entriesOf(node), false);
    return { from: header, to: blocks.at(-1)?.to ?? entry.end };
  }
  if (isFlow(collection)) return { from: entries[index - 1]?.end ?? 0, to: entries[index + 1]?.start ?? collection.range?.[1] ?? entry.end }; // prettier-ignore
  return blocksOf(readable.text, entries, path.length === 1)[index] ?? { from: 0, to: 0 };
}

function planOf(
  readable: Readable,
  path: Path,
  change: Exclude<EditChange, { do: 'rename' }>,
  data: Value,
  approach: Approach,
): Edited {
  const { text } = readable;
  switch (change.do) {
    case 'remove':
      return spliced(text, planRemove(readable, path, approach));
    case 'move':
      return spliced(text, planMove(readable, path, change.to, approach));
    case 'add':
      // A value in the place of the list, such as `next: done`, becomes an entry of it.
      if (typeof valueIn(readable.data, path.slice(0, -1)) === 'string')
        return spliced(text, planSet(readable, path.slice(0, -1), valueIn(data, path.slice(0, -1)) ?? null, approach));
      return spliced(text, planAdd(readable, path, change.value, approach));
    case 'set':
    case 'translate': {
      const value = valueIn(data, path);
      return inSteps(readable, stepsOfDifference(valueIn(readable.data, path), value, path), approach);
    }
    default:
      return change satisfies never;
  }
}

/** Makes small changes: all at once where each only replaces a value, else one after the other. */
function inSteps(readable: Readable, steps: SmallChange[], approach: Approach): Edited {
  const { text } = readable;
  if (steps.every((step) => step.do === 'set'))
    return spliced(text, steps.flatMap(({ path, ...step }) => ('value' in step ? planSet(readable, path, step.value, approach) : []))); // prettier-ignore
  let now = readable;
  let last: Edited = { text, splices: [] };
  for (const step of steps) {
    last = spliced(now.text, step.do === 'remove' ? planRemove(now, step.path, approach) : step.do === 'add' ? planAdd(now, step.path, step.value, approach) : planSet(now, step.path, step.value, approach)); // prettier-ignore
    now = readForEdit(last.text);
  }
  return steps.length === 1 ? last : { text: last.text, splices: spliceBetween(text, last.text) };
}

/** Writes the list or map at `path` again. It is the last resort, where it has no comments that could be lost. */
function rewritten(readable: Readable, path: Path, data: Value): Edited {
  const value = valueIn(data, path);
  if (value === undefined) throw new EditRefused('this part is gone', 'Make the change in the text of the form.');
  const node = stepsTo(readable, path).at(-1)?.entry.node;
  if (node && anchorsIn(node).length) throw unusual();
  const others = withValue(readable.data, path, value);
  if (!isSameValue(others, data))
    throw new EditRefused('the change is in several places', 'Make it in the text of the form.');
  return spliced(readable.text, planSet(readable, path, value, { wordByWord: false }));
}
