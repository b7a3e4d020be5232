/** Edits in tests: the new text, with all that must hold for each edit checked. */
import { parse } from 'yaml';
import { expect } from 'vitest';
import { applySplices, edit, invertSplices, type EditChange, type Path } from '../../../src/form/edit/edit.ts';

/** The text after a change that is made. Undo must lead back, and the text must still be YAML. */
export function edited(text: string, path: Path, change: EditChange): string {
  const result = edit(text, path, change);
  if (!result.ok) throw new Error(`Refused: ${result.refusal.message}. ${result.refusal.remedy}`);
  expect(applySplices(text, result.splices)).toBe(result.text);
  expect(applySplices(result.text, invertSplices(text, result.splices))).toBe(text);
  parse(result.text);
  return result.text;
}

/** The message of a change that is refused. */
export function refusal(text: string, path: Path, change: EditChange): string {
  const result = edit(text, path, change);
  return result.ok ? `It was made: ${result.text}` : result.refusal.message;
}

/** The lines of `after` that `before` does not have, and the other way round, as `+` and `-` lines in order. */
export function changedLines(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const changed: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
    } else if (i < a.length && (j === b.length || common[i + 1]![j]! >= common[i]![j + 1]!)) changed.push(`-${a[i++]}`);
    else changed.push(`+${b[j++]}`);
  }
  return changed;
}
