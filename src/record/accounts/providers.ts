/** What Smile calls its providers. Asked for by the worker and remembered here, so that no page waits for it. */
import type { Database } from '../db/database.ts';
import { enqueue } from '../jobs/jobs.ts';

/** The kind of work that asks for the name of the provider that is its subject. */
export const PROVIDER_NAME = 'provider';

/** Names change seldom. What Smile did not know may be new there. */
const NAMED_MS = 30 * 24 * 60 * 60_000;
const UNKNOWN_MS = 24 * 60 * 60_000;

/** Nobody is linked with more at once, and whoever makes ids up has no more of them asked for. */
const MOST_AT_ONCE = 20;

/** The names of these providers, as far as they are known. */
export async function providerNames(db: Database, ids: string[]): Promise<Map<string, string>> {
  return new Map((await known(db, ids)).flatMap(({ id, name }) => (name === null ? [] : [[id, name]])));
}

/** Each with the name of its provider, or its id where that is not known. */
export async function withProvider<T extends { providerId: string }>(
  db: Database,
  all: T[],
): Promise<(T & { provider: string })[]> {
  const names = await providerNames(db, all.map(({ providerId }) => providerId)); // prettier-ignore
  return all.map((one) => ({ ...one, provider: names.get(one.providerId) ?? one.providerId }));
}

/** Has Smile asked for those of these names that are not known, or were asked for long ago. */
export async function enqueueProviderNames(db: Database, ids: string[], now: Date): Promise<void> {
  const there = new Map((await known(db, ids)).map((row) => [row.id, row]));
  const wanted = [...new Set(ids)].filter((id) => {
    const row = there.get(id);
    if (!row) return /^[\w.-]{1,64}$/.test(id);
    return now.getTime() - Date.parse(row.fetched_at) > (row.name === null ? UNKNOWN_MS : NAMED_MS);
  });
  for (const subject of wanted.slice(0, MOST_AT_ONCE)) await enqueue(db, { kind: PROVIDER_NAME, subject }, now);
}

/** @param name null where Smile has no such provider */
export async function storeProviderName(db: Database, id: string, name: string | null, now: Date): Promise<void> {
  const row = { name, fetched_at: now.toISOString() };
  await db.transaction((trx) =>
    trx.query
      .insertInto('providers')
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute(),
  );
}

const known = async (db: Database, ids: string[]) =>
  ids.length ? db.query.selectFrom('providers').selectAll().where('id', 'in', [...new Set(ids)]).execute() : []; // prettier-ignore
