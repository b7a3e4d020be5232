/** The lines that differ between two texts. */
import { diff } from '@codemirror/merge';

/** A line of one text or of both, or some lines of both that are left out. */
export type DifferenceRow = { is: 'same' | 'removed' | 'added'; text: string } | { is: 'skipped'; count: number };

/** Lines that are shown around a change. */
const AROUND = 2;

/** @returns the lines of `after` in their order, with those that only `before` has where they were */
export function differenceRows(before: string, after: string): DifferenceRow[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  // The library compares characters, so each line becomes one.
  const known = new Map<string, string>();
  const encode = (lines: string[]): string =>
    lines
      .map((line) => known.get(line) ?? (known.set(line, String.fromCharCode(known.size + 1)), known.get(line)))
      .join('');
  const rows: DifferenceRow[] = [];
  let done = 0;
  for (const { fromA, toA, fromB, toB } of diff(encode(a), encode(b))) {
    rows.push(...unchanged(b.slice(done, fromB), rows.length > 0, true));
    rows.push(...a.slice(fromA, toA).map((text) => ({ is: 'removed' as const, text })));
    rows.push(...b.slice(fromB, toB).map((text) => ({ is: 'added' as const, text })));
    done = toB;
  }
  return [...rows, ...unchanged(b.slice(done), rows.length > 0, false)];
}

/** Lines that both texts have, without those far from a change. */
function unchanged(lines: string[], isAfterChange: boolean, isBeforeChange: boolean): DifferenceRow[] {
  const [first, last] = [isAfterChange ? AROUND : 0, isBeforeChange ? AROUND : 0];
  const count = lines.length - first - last;
  const same = (some: string[]): DifferenceRow[] => some.map((text) => ({ is: 'same', text }));
  if (count < 2) return same(lines);
  return [...same(lines.slice(0, first)), { is: 'skipped', count }, ...same(lines.slice(lines.length - last))];
}
