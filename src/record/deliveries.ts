/** Deliveries: emails, webhooks and Smile invitations, each with its attempts. */
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Database } from './db/database.ts';
import { newId, newIds, timeOf } from './ids.ts';
import { enqueueAll, type NewJob } from './jobs/jobs.ts';
import type { Tables } from './db/tables.ts';

/** `smile`: Flipsite asks Smile to invite a person. */
export type Channel = 'email' | 'webhook' | 'smile';

/**
 * `waiting`: an attempt is due now or later. `failed`: no attempt follows, unless a member sends it again. `held`: an email
 * that waits because no mail server is set.
 */
export type DeliveryStatus = 'waiting' | 'sent' | 'failed' | 'held';

/**
 * The cause of a delivery. `more`: further submissions in an hour or a day that had enough emails already. `test`: a member asked for
 * one.
 */
export type Cause = 'submitted' | 'completed' | 'linked' | 'more' | 'invited' | 'test';

export type Delivery = {
  id: string;
  form: string;
  submissionId: string | null;
  invitationId: string | null;
  channel: Channel;
  /** The email address, or the address of the webhook. */
  target: string;
  /** The name of the environment variable with the webhook's secret. */
  secretEnv: string | null;
  cause: Cause;
  /** Whether a rule of the form asked for it, and no member. */
  ofRule: boolean;
  status: DeliveryStatus;
  /** ISO 8601 in UTC; `settledAt` is when it last stopped waiting. */
  createdAt: string;
  settledAt: string | null;
};

export type DeliveryAttempt = {
  /** When it started, ISO 8601 in UTC. */
  at: string;
  ok: boolean;
  /** The HTTP or SMTP status of the answer; null without one. */
  status: number | null;
  /** The beginning of the answer, or the error. At most 300 characters. */
  message: string;
  tookMs: number;
};

const NOT_SENT = 'Not sent: ';

/** The message of an attempt in which Flipsite decided to send nothing. */
export const notSent = (reason: string): string => NOT_SENT + reason;

export const wasNotSent = ({ status, message }: DeliveryAttempt): boolean =>
  status === null && message.startsWith(NOT_SENT);

export type NewDelivery = Pick<Delivery, 'form' | 'channel' | 'target' | 'cause'> & {
  submissionId?: string | undefined;
  invitationId?: string | undefined;
  secretEnv?: string | undefined;
  /** Two deliveries with the same key, channel and target are one. Without a key, each is its own. */
  dedupeKey?: string;
};

/** The kinds of job that send a delivery. The job's subject is the delivery's id. */
export const DELIVERY_KINDS = {
  email: 'delivery',
  smile: 'delivery',
  /** Jobs of their own, so that slow receivers delay nothing else. */
  webhook: 'webhookDelivery',
} as const satisfies Record<Channel, string>;

export const DELIVERY_JOBS: string[] = [...new Set(Object.values(DELIVERY_KINDS))];

/** Stores a delivery and enqueues its job, in the transaction that causes it. @param dueAt when it is sent; now without it */
export async function enqueueDelivery(db: Database, delivery: NewDelivery, now: Date, dueAt?: Date): Promise<void> {
  await enqueueDeliveries(db, [delivery], now, dueAt);
}

/** Rows in one statement: all databases accept that many values. */
const ROWS = 500;

/** The same for many at once; all or none. */
export async function enqueueDeliveries(db: Database, all: NewDelivery[], now: Date, dueAt?: Date): Promise<void> {
  const ids = newIds(all.length, now);
  await db.transaction(async (trx) => {
    for (let at = 0; at < all.length; at += ROWS) {
      const rows = await trx.query
        .insertInto('deliveries')
        .values(all.slice(at, at + ROWS).map((one, n) => toRow(ids[at + n]!, one, now)))
        .onConflict((conflict) => conflict.column('dedupe_key').doNothing())
        .returningAll()
        .execute();
      await enqueueAll(trx, rows.map((row) => sendingJob(toDelivery(row), dueAt)), now); // prettier-ignore
    }
  });
}

/** PostgreSQL takes 2,704 bytes for a row of an index (PostgreSQL, B-Tree indexes). The address of a webhook can be longer. */
const shortOf = (target: string): string =>
  Buffer.byteLength(target) > 2_400 ? createHash('sha256').update(target).digest('hex') : target;

const toRow = (
  id: string,
  { submissionId, invitationId, secretEnv, dedupeKey, ...delivery }: NewDelivery,
  now: Date,
) => ({
  id,
  form: delivery.form,
  submission_id: submissionId ?? null,
  invitation_id: invitationId ?? null,
  channel: delivery.channel,
  target: delivery.target,
  secret_env: secretEnv ?? null,
  cause: delivery.cause,
  dedupe_key: dedupeKey === undefined ? null : JSON.stringify([dedupeKey, delivery.channel, shortOf(delivery.target)]),
  status: 'waiting',
  created_at: now.toISOString(),
  settled_at: null,
});

const sendingJob = ({ id, submissionId, channel, target }: Delivery, dueAt?: Date): NewJob => ({
  kind: DELIVERY_KINDS[channel],
  subject: id,
  submissionId: submissionId ?? undefined,
  lane: channel === 'webhook' ? new URL(target).host : undefined,
  ...(dueAt && { dueAt }),
});

export async function findDelivery(db: Database, id: string): Promise<Delivery | undefined> {
  const row = await db.query.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toDelivery(row);
}

/**
 * Stores one attempt, and the status that the delivery has after it. A failed attempt that ends late, as on a server that
 * was paused, changes nothing about a delivery that another server has settled: it has no job any more.
 */
export async function recordAttempt(
  db: Database,
  id: string,
  attempt: DeliveryAttempt,
  status: DeliveryStatus,
  now: Date,
): Promise<void> {
  await db.transaction(async (trx) => {
    const before = await trx.query
      .selectFrom('attempts')
      .select((eb) => eb.fn.max('id').as('id'))
      .where('delivery_id', '=', id)
      .executeTakeFirst();
    // Attempts sort by id, so this one comes after the last one even if the clock was set back.
    const earliestMs = before?.id ? timeOf(before.id) + 1 : 0;
    await trx.query
      .insertInto('attempts')
      .values({
        id: newId(new Date(Math.max(now.getTime(), earliestMs))),
        delivery_id: id,
        at: attempt.at,
        ok: Number(attempt.ok),
        status: attempt.status,
        message: attempt.message.slice(0, 300),
        took_ms: attempt.tookMs,
      })
      .execute();
    const settled = { status, settled_at: status === 'waiting' ? null : now.toISOString() };
    const update = trx.query.updateTable('deliveries').set(settled).where('id', '=', id);
    await (attempt.ok ? update : update.where('status', '=', 'waiting')).execute();
  });
}

/** Holds an email for later, because no mail server is set. */
export async function holdDelivery(db: Database, id: string, now: Date): Promise<void> {
  const held = { status: 'held', settled_at: now.toISOString() };
  await db.query.updateTable('deliveries').set(held).where('id', '=', id).execute();
}

/** When the job that sends a delivery is due: ISO 8601 in UTC. Null if it is not in the queue. */
export async function nextAttempt(db: Database, id: string): Promise<string | null> {
  const query = db.query
    .selectFrom('jobs')
    .select('due_at')
    .where('subject', '=', id)
    .where('kind', 'in', DELIVERY_JOBS);
  return (await query.executeTakeFirst())?.due_at ?? null;
}

/** The attempts of a delivery, the first one first. */
export async function listAttempts(db: Database, id: string): Promise<DeliveryAttempt[]> {
  const rows = await db.query.selectFrom('attempts').selectAll().where('delivery_id', '=', id).orderBy('id').execute();
  return rows.map(({ at, ok, status, message, took_ms }) => ({ at, ok: ok === 1, status, message, tookMs: took_ms }));
}

/** Sends a delivery again, whatever its status, with all attempts of the backoff. Undefined if it does not exist. */
export async function sendAgain(db: Database, id: string, now: Date): Promise<Delivery | undefined> {
  return db.transaction(async (trx) => {
    const delivery = await findDelivery(trx, id);
    if (!delivery) return undefined;
    await waitAgain(trx, [delivery], now);
    return delivery;
  });
}

/** Makes deliveries wait again, and enqueues their jobs: at most as many as one statement can name. */
export async function waitAgain(trx: Database, deliveries: readonly Delivery[], now: Date): Promise<void> {
  if (!deliveries.length) return;
  await trx.query
    .updateTable('deliveries')
    .set({ status: 'waiting', settled_at: null })
    .where(
      'id',
      'in',
      deliveries.map(({ id }) => id),
    ) // prettier-ignore
    .execute();
  await enqueueAll(trx, deliveries.map((one) => sendingJob(one)), now); // prettier-ignore
}

/**
 * Sends the same to another target. The first delivery does not change.
 * @returns false if the same message waits for this target already. It is not sent twice
 */
export async function sendElsewhere(
  db: Database,
  { form, submissionId, invitationId, channel, secretEnv, cause }: Delivery,
  target: string,
  now: Date,
): Promise<boolean> {
  const also = { submissionId: submissionId ?? undefined, invitationId: invitationId ?? undefined };
  return db.transaction(async (trx) => {
    const same = trx.query
      .selectFrom('deliveries')
      .select('id')
      .where('form', '=', form)
      // A test and a count of further submissions may have no submission.
      .where('submission_id', submissionId === null ? 'is' : '=', submissionId)
      .where('channel', '=', channel)
      .where('target', '=', target)
      .where('cause', '=', cause)
      .where('status', '=', 'waiting');
    if (await same.limit(1).executeTakeFirst()) return false;
    await enqueueDelivery(trx, { form, channel, target, cause, secretEnv: secretEnv ?? undefined, ...also }, now);
    return true;
  });
}

/** A row of the table in the form that other code uses. */
export function toDelivery(row: Selectable<Tables['deliveries']>): Delivery {
  return {
    id: row.id,
    form: row.form,
    submissionId: row.submission_id,
    invitationId: row.invitation_id,
    channel: row.channel as Channel,
    target: row.target,
    secretEnv: row.secret_env,
    cause: row.cause as Cause,
    ofRule: row.dedupe_key !== null,
    status: row.status as DeliveryStatus,
    createdAt: row.created_at,
    settledAt: row.settled_at,
  };
}
