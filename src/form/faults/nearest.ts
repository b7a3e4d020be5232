/**
 * The known word nearest to a mistyped one, or nothing when none is near.
 * @param most how many letters may differ, by default a third of them
 */
export function nearest(
  word: string,
  known: Iterable<string>,
  maxDistance: number = Math.max(1, Math.floor(word.length / 3)),
): string | undefined {
  let best: string | undefined;
  let least = maxDistance + 1;
  const small = word.toLowerCase();
  for (const candidate of known) {
    // Each extra letter is one edit. Without this check, a very long key takes seconds.
    if (Math.abs(word.length - candidate.length) >= least) continue;
    const differ = distance(small, candidate.toLowerCase());
    if (differ < least) [best, least] = [candidate, differ];
  }
  return best;
}

/** Says to write the known word nearest to `word`, or `otherwise` if none is near. */
export function didYouMean<T extends string | undefined>(word: string, known: string[], otherwise: T): string | T {
  const near = nearest(word, known);
  return near ? `Write \`${near}\`.` : otherwise;
}

/** Edits between two words, where a swap of neighbors counts as one (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let least = Math.min(at(rows, row - 1, column) + 1, (line[column - 1] ?? 0) + 1);
      least = Math.min(least, at(rows, row - 1, column - 1) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, at(rows, row - 2, column - 2) + 1);
      }
      line.push(least);
    }
    rows.push(line);
  }
  return at(rows, a.length, b.length);
}

const at = (rows: number[][], row: number, column: number): number => rows[row]?.[column] ?? Infinity;
