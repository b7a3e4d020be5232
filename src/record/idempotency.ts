/** Writes that a client may send again: the answer to the first one is the answer to all. */
import { canonicalJson } from '../form/version.ts';
import { inTransaction, type Database } from './database.ts';
import { Met, type TransactionOptions } from './engine.ts';
import { fingerprint, type SealKeys } from './seal.ts';

/**
 * `scope` says whose keys these are: the same key in two scopes is two keys. Without a key, nothing is remembered.
 * `body` is the request's JSON; only its fingerprint is stored.
 */
export type Attempt = {
  scope: string;
  key?: string | undefined;
  body: unknown;
  now: Date;
  /** How long the key is remembered; without it, for ever. */
  withinMs?: number;
};

/** `conflict`: the key has been used with another body. */
export type Once<R> = { response: R; replayed: boolean; conflict?: undefined } | { conflict: true };

/** What an earlier attempt under this key came to, or nothing when this is the first. */
export async function replay<R>(
  db: Database,
  { scope, key, body, now, withinMs = Infinity }: Attempt,
): Promise<Once<R> | undefined> {
  if (!key) return undefined;
  const stored = await db
    .selectFrom('idempotency')
    .select(['body_hash', 'response', 'created_at'])
    .where('scope', '=', scope)
    .where('key', '=', key)
    .executeTakeFirst();
  if (!stored || now.getTime() - Date.parse(stored.created_at) > withinMs) return undefined;
  const eachAlone = db.keys.map((key) => [key]);
  return [db.keys, ...eachAlone].some((keys) => stored.body_hash === hashOf(keys, body))
    ? { response: JSON.parse(stored.response) as R, replayed: true }
    : { conflict: true };
}

/**
 * Runs `run` in a transaction, once per key, and stores its response, which must be JSON, in that same transaction. A
 * repeated call gets the stored response. A `run` that throws leaves nothing behind, so its key can be tried again.
 */
export async function once<R>(
  db: Database,
  attempt: Attempt,
  run: (trx: Database) => Promise<R>,
  options: TransactionOptions = {},
): Promise<Once<R>> {
  const { scope, key, body, now } = attempt;
  return inTransaction(
    db,
    async (trx) => {
      const earlier = await replay<R>(trx, attempt);
      if (earlier) return earlier;
      const response = await run(trx);
      if (key) {
        const remembered = {
          body_hash: hashOf(trx.keys, body),
          response: JSON.stringify(response),
          created_at: now.toISOString(),
        };
        const since = new Date(now.getTime() - (attempt.withinMs ?? Infinity));
        const [stored] = await trx
          .insertInto('idempotency')
          .values({ scope, key, ...remembered })
          .onConflict((conflict) =>
            conflict
              .columns(['scope', 'key'])
              .doUpdateSet(remembered)
              // Only one that was forgotten by its age gives way.
              .where('idempotency.created_at', '<', isFinite(+since) ? since.toISOString() : ''),
          )
          .returning('key')
          .execute();
        // The same request has just been through in another transaction: what it came to is the answer.
        if (!stored) throw new Met('Another transaction has used this key.');
      }
      return { response, replayed: false };
    },
    options,
  );
}

const hashOf = (keys: SealKeys, body: unknown): string => fingerprint(keys, canonicalJson(body ?? null));
