/** Names of Smile's providers. The worker loads them in the background, so no page waits for Smile. */
import { typeable } from '../../form/typeable.ts';
import type { Database } from '../db/database.ts';
import { enqueue } from '../jobs/jobs.ts';

/** The kind of job that loads a provider's name. The job's subject is the provider's id. */
export const PROVIDER_NAME = 'provider';

/** Names change rarely. A provider that Smile did not know may be new there. */
const NAMED_MS = 30 * 24 * 60 * 60_000;
const UNKNOWN_MS = 24 * 60 * 60_000;

/** No one links more at once, and invented ids cause no more requests than this. */
const MAX_AT_ONCE = 20;

/** The known names of these providers, by id. */
export async function providerNames(db: Database, ids: string[]): Promise<Map<string, string>> {
  return new Map((await known(db, ids)).flatMap(({ id, name }) => (name ? [[id, name] as const] : [])));
}

/** Adds the provider's name to each, or its id if the name is unknown. */
export async function withProvider<T extends { providerId: string }>(
  db: Database,
  all: T[],
): Promise<(T & { provider: string })[]> {
  const names = await providerNames(db, all.map(({ providerId }) => providerId)); // prettier-ignore
  return all.map((one) => ({ ...one, provider: names.get(one.providerId) ?? one.providerId }));
}

/** Enqueues jobs for those of these names that are unknown or old. */
export async function enqueueProviderNames(db: Database, ids: string[], now: Date): Promise<void> {
  const there = new Map((await known(db, ids)).map((row) => [row.id, row]));
  const missing = [...new Set(ids)].filter((id) => {
    const row = there.get(id);
    if (!row) return /^[\w.-]{1,64}$/.test(id);
    return now.getTime() - Date.parse(row.fetched_at) > (row.name === null ? UNKNOWN_MS : NAMED_MS);
  });
  for (const subject of missing.slice(0, MAX_AT_ONCE)) await enqueue(db, { kind: PROVIDER_NAME, subject }, now);
}

/**
 * Stores a name without invisible characters.
 * @param name null where Smile has no such provider. It is stored only if the job that asked was not deleted meanwhile
 */
export async function storeProviderName(db: Database, id: string, name: string | null, now: Date): Promise<void> {
  const row = { name: name && typeable(name).trim(), fetched_at: now.toISOString() };
  await db.transaction(async (trx) => {
    const job = trx.query.selectFrom('jobs').select('id').where('kind', '=', PROVIDER_NAME).where('subject', '=', id);
    if (name === null && !(await job.executeTakeFirst())) return;
    await trx.query
      .insertInto('providers')
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  });
}

/**
 * Forgets the ids without a name, because a browser can report any text as one. Those that are still looked up are looked
 * up again when a page shows them.
 */
export async function forgetUnknownProviders(trx: Database): Promise<void> {
  await trx.query.deleteFrom('jobs').where('kind', '=', PROVIDER_NAME).execute();
  await trx.query.deleteFrom('providers').where('name', 'is', null).execute();
}

const known = async (db: Database, ids: string[]) =>
  ids.length ? db.query.selectFrom('providers').selectAll().where('id', 'in', [...new Set(ids)]).execute() : []; // prettier-ignore
