/** Idempotency keys: a repeated request gets the stored response of the first one. */
import { sql, type Selectable } from 'kysely';
import { canonicalJson } from '../form/version.ts';
import type { Database } from './db/database.ts';
import { RetryTransaction, type TransactionOptions } from './db/engine.ts';
import { prepared, preparedWrite, type Values } from './db/prepared.ts';
import type { Tables } from './db/tables.ts';
import { fingerprint, type SealKeys } from './crypto/seal.ts';

/**
 * `scope` separates keys: the same key in two scopes is two keys. Scopes of a submission begin with its id. Without
 * `key`, Flipsite stores nothing. `body` is the request's JSON. Only a hash of it is stored.
 */
export type KeyedRequest = {
  scope: string;
  key?: string | undefined;
  body: unknown;
  now: Date;
  /** How long the key is valid, in milliseconds. The default is forever. */
  withinMs?: number;
};

/** `conflict`: the key was used with another body. */
export type IdempotentResult<R> = { response: R; replayed: boolean; conflict?: undefined } | { conflict: true };

/** The result of an earlier request with this key; undefined if this is the first one. */
export async function replay<R>(
  db: Database,
  { scope, key, body, now, withinMs = Infinity }: KeyedRequest,
): Promise<IdempotentResult<R> | undefined> {
  if (!key) return undefined;
  const [stored] = await selectKey(db, { scope, key });
  if (!stored || now.getTime() - Date.parse(stored.created_at) > withinMs) return undefined;
  const eachAlone = db.keys.map((key) => [key]);
  return [db.keys, ...eachAlone].some((keys) => stored.body_hash === hashOf(keys, body))
    ? { response: JSON.parse(stored.response) as R, replayed: true }
    : { conflict: true };
}

const selectKey = prepared((db, value: Values<{ scope: string; key: string }>) =>
  db.query
    .selectFrom('idempotency')
    .select(['body_hash', 'response', 'created_at'])
    .where('scope', '=', value('scope'))
    .where('key', '=', value('key')),
);

type RunOnceOptions<R> = TransactionOptions & {
  /** Whether to store the response under the key. A response that is not stored can be tried again. */
  isFinal?(response: R): boolean;
};

/**
 * Runs `run` in a transaction, once per key, and stores its response in that transaction. The response must be JSON. A
 * repeated call gets the stored response. If `run` throws, nothing is stored, so the key can be tried again.
 */
export async function runOnce<R>(
  db: Database,
  attempt: KeyedRequest,
  run: (trx: Database) => Promise<R>,
  { isFinal = () => true, ...options }: RunOnceOptions<R> = {},
): Promise<IdempotentResult<R>> {
  const attempted = async (trx: Database): Promise<IdempotentResult<R>> => {
    const earlier = await replay<R>(trx, attempt);
    if (earlier) return earlier;
    const response = await run(trx);
    // Another transaction just handled the same request. The retry finds its response.
    if (isFinal(response) && !(await store(trx, attempt, response)))
      throw new RetryTransaction('Another transaction has used this key.');
    return { response, replayed: false };
  };
  return db.transaction(attempted, options);
}

/**
 * Like `runOnce`, for a `response` that is known before the writes. Call it first in `trx`, and write nothing if the result is
 * replayed or a conflict. Costs one statement for the first request.
 */
export async function storeIfFirst<R>(trx: Database, attempt: KeyedRequest, response: R): Promise<IdempotentResult<R>> {
  if (await store(trx, attempt, response)) return { response, replayed: false };
  const earlier = await replay<R>(trx, attempt);
  if (!earlier) throw new RetryTransaction('Another transaction has used this key.');
  return earlier;
}

/** Stores a response under its key. False if the key was used before. */
async function store(
  trx: Database,
  { scope, key, body, now, withinMs }: KeyedRequest,
  response: unknown,
): Promise<boolean> {
  if (!key) return true;
  const since = withinMs === undefined ? '' : new Date(now.getTime() - withinMs).toISOString();
  const remembered = {
    body_hash: hashOf(trx.keys, body),
    response: JSON.stringify(response),
    created_at: now.toISOString(),
  };
  return (await insertKey(trx, { scope, key, ...remembered, since })) > 0;
}

type Remembered = Selectable<Tables['idempotency']> & { since: string };

const insertKey = preparedWrite((db, value: Values<Remembered>) => {
  const remembered = {
    body_hash: value('body_hash'),
    response: value('response'),
    created_at: value('created_at'),
  };
  return (
    db.query
      .insertInto('idempotency')
      .values({ scope: value('scope'), key: value('key'), ...remembered })
      // Only an expired key is replaced.
      .onConflict((conflict) =>
        conflict.columns(['scope', 'key']).doUpdateSet(remembered).where('idempotency.created_at', '<', value('since')),
      )
  );
});

const hashOf = (keys: SealKeys, body: unknown): string => fingerprint(keys, canonicalJson(body ?? null));

/**
 * Deletes keys older than `before`, oldest first: those of starts, posted forms and proofs of work (`starts`), or those of
 * writes to a submission (`writes`).
 * @param max deletes at most this many
 * @returns whether there may be more
 */
export async function deleteKeys(
  db: Database,
  which: 'starts' | 'writes',
  before: Date,
  max: number,
): Promise<boolean> {
  // Word for word as in the index, or SQLite does not use it.
  const whose = which === 'starts' ? sql`scope >= 'g'` : sql`scope < 'g'`;
  const { numAffectedRows } = await sql`
    delete from idempotency where (scope, key) in (
      select scope, key from idempotency where ${whose} and created_at < ${before.toISOString()}
      order by created_at limit ${max})`.execute(db.query);
  return Number(numAffectedRows ?? 0) >= max;
}
