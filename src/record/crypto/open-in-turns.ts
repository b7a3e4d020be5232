/** Opens the data of one person. Smile can have 32 MB of accounts and as much of documents. */
import { setImmediate as otherWork } from 'node:timers/promises';

/** Opening and reading a megabyte takes some 15 ms. */
const CHARACTERS_AT_ONCE = 1_000_000;

/** Opens rows one after another. After each megabyte, the server answers others. */
export async function openInTurns<Row extends { sealed: string | null }, T>(
  rows: readonly Row[],
  open: (row: Row) => T,
): Promise<T[]> {
  const opened: T[] = [];
  let characters = 0;
  for (const row of rows) {
    opened.push(open(row));
    characters += row.sealed?.length ?? 0;
    if (characters < CHARACTERS_AT_ONCE) continue;
    characters = 0;
    await otherWork();
  }
  return opened;
}
