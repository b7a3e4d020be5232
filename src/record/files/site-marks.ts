/**
 * Marks in a store of files, one for each database that has files there. Where another database has some, its files would
 * look unused, so nothing is cleaned up. A mark is named by a submission of its database, because rows of submissions are
 * never deleted, and a restored copy has them too.
 */
import type { Database } from '../db/database.ts';
import { knowsFiles, sweepFiles } from './files.ts';
import { markName } from './mark-names.ts';
import type { FileStore } from './store.ts';

/** The store, with the mark of `db` before its first file. The first form in one post has its files before its submission. */
export function markedStore(db: Database, store: FileStore): FileStore {
  let isMarked = false;
  return {
    ...store,
    async write(id, bytes) {
      if (!isMarked) isMarked = await mark(db, store);
      await store.write(id, bytes);
    },
  };
}

/** @returns whether there is a submission yet to name the mark */
async function mark(db: Database, store: FileStore): Promise<boolean> {
  const first = await db.query.selectFrom('submissions').select('id').orderBy('id').limit(1).executeTakeFirst();
  if (first) await store.mark(first.id);
  return first !== undefined;
}

/**
 * Removes bytes without a row, as `sweepFiles` does, where all files are of this database, as far as marks and rows say.
 * @returns sentences for the operator about each place with files of another database. There, nothing is removed
 * @throws as `sweepFiles` does, and if the marks of a place cannot be read. Then nothing is removed there either
 */
export async function sweepOwnFiles(db: Database, store: FileStore, before: Date, sinceMs?: number): Promise<string[]> {
  const messages: string[] = [];
  const faults: unknown[] = [];
  for (const part of store.parts ?? [store]) {
    const message = await sweepPart(db, part, before, sinceMs).catch((fault: unknown) => void faults.push(fault));
    if (message) messages.push(message);
  }
  if (faults.length) throw faults[0];
  return messages;
}

async function sweepPart(db: Database, store: FileStore, before: Date, sinceMs?: number): Promise<string | undefined> {
  let { own, others } = await marksOf(db, store);
  if (!own.length) {
    // An earlier version stored files without a mark.
    const known = await knowsFiles(db, store);
    if (known === 'none' && !others.length) return explainUnknown(store.place);
    if (known === 'some' && (await mark(db, store))) ({ own, others } = await marksOf(db, store));
  }
  if (others.length) return explainOthers(store.place, others);
  if (own.length) await sweepFiles(db, store, before, sinceMs);
  return undefined;
}

async function marksOf(db: Database, store: FileStore): Promise<{ own: string[]; others: string[] }> {
  const ids = await store.marks();
  const rows = ids.length ? await db.query.selectFrom('submissions').select('id').where('id', 'in', ids).execute() : [];
  const own = rows.map(({ id }) => id);
  return { own, others: ids.filter((id) => !own.includes(id)) };
}

/** Sentences for the operator, about the marks `others` in the store at `place`. */
export function explainOthers(place: string, others: readonly string[]): string {
  const names = others.map((id) => `${place}/${markName(id)}`).join(' and ');
  return `${place} has files of another database of Flipsite, so Flipsite deletes no unused files there. Use another bucket or another DATA_DIR for one of the two sites. If no site uses the other database any more, delete ${names}`;
}

const explainUnknown = (place: string) =>
  `The database knows none of the files in ${place}, so they can be of another database of Flipsite, and Flipsite deletes none of them. Check DATABASE_URL. If it is right, and no other site uses ${place}, delete these files`;
