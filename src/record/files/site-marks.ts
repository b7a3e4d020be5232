/**
 * Marks in a store of files, one for each database that has files there. Where another database has some, its files would
 * look unused, so nothing is cleaned up. A mark is named by a submission of its database, because rows of submissions are
 * never deleted, and a restored copy has them too.
 */
import type { Database } from '../db/database.ts';
import { sweepFiles } from './files.ts';
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
 * Removes bytes without a row, as `sweepFiles` does, where no other database has files.
 * @returns sentences for the operator about each place where another database has files. There, nothing is removed
 * @throws as `sweepFiles` does, and if the marks of a place cannot be read. Then nothing is removed there either
 */
export async function sweepOwnFiles(db: Database, store: FileStore, before: Date, sinceMs?: number): Promise<string[]> {
  const messages: string[] = [];
  const faults: unknown[] = [];
  for (const part of store.parts ?? [store]) {
    const others = await sweepPart(db, part, before, sinceMs).catch((fault: unknown) => void faults.push(fault));
    if (others?.length) messages.push(explainOthers(part.place, others));
  }
  if (faults.length) throw faults[0];
  return messages;
}

/** @returns the marks of other databases */
async function sweepPart(db: Database, store: FileStore, before: Date, sinceMs?: number): Promise<string[]> {
  let { own, others } = await marksOf(db, store);
  if (!own.length && (await hasFiles(store)) && (await mark(db, store))) ({ own, others } = await marksOf(db, store));
  if (own.length && !others.length) await sweepFiles(db, store, before, sinceMs);
  return others;
}

async function hasFiles(store: FileStore): Promise<boolean> {
  for await (const ids of store.list()) if (ids.length) return true;
  return false;
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
