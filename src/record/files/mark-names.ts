/** The marks in a store of files, one for each database with files there. See `site-marks.ts`. */
import { isFileId } from './store.ts';

/** How the name of each mark begins, and of no file. */
export const MARK_PREFIX = 'site-';

export function markName(id: string): string {
  if (!isFileId(id)) throw new Error('An id of a mark is a UUID.');
  return MARK_PREFIX + id;
}

/** The ids in those of `names` that are marks. */
export const markedIds = (names: readonly string[]): string[] =>
  names.filter((name) => name.startsWith(MARK_PREFIX)).map((name) => name.slice(MARK_PREFIX.length)).filter(isFileId); // prettier-ignore

/** For the operator who finds a mark. */
export const MARK_TEXT =
  'Flipsite keeps files here. The name of this mark says for which database: for the one with this submission. Delete the mark once no site uses that database any more.\n';
