/** Events: what happened to a submission, in the order in which we were told. Only ever added to. */
import { sql, type Selectable } from 'kysely';
import type { Database } from './database.ts';
import { newId } from './ids.ts';
import { prepared, preparedSoon, preparedWrite, type Values } from './prepared.ts';
import type { Tables } from './tables.ts';

export type EventSource = 'page' | 'widget' | 'webhook' | 'server';

/** `at` is when it happened by its source's clock, `receivedAt` when we stored it; both ISO 8601. */
export type RecordedEvent = {
  /** Given by the source: repeated, it is the same event. Unique per submission; for webhooks, over all. */
  id: string;
  /** Null only for a webhook that cannot be told to a submission yet. */
  submissionId: string | null;
  smileUserId: string | null;
  name: string;
  source: EventSource;
  at: string;
  receivedAt: string;
  /** Any JSON. */
  data: unknown;
};

/** Stores the events that are not stored yet; all or none. At most 1,000 a call. Returns the ids of those now stored. */
export async function appendEvents(
  db: Database,
  events: RecordedEvent[],
): Promise<{ stored: string[]; repeated: number }> {
  if (events.length === 0) return { stored: [], repeated: 0 };
  const given = events.map(rowOf);
  const [first] = given;
  if (first && given.length === 1) {
    const stored = await insertOne(db, first);
    return { stored: stored ? [first.id] : [], repeated: 1 - stored };
  }
  const rows = await inserting(db, given).returning('id').execute();
  return { stored: rows.map(({ id }) => id), repeated: events.length - rows.length };
}

/** Stores one event of the server's own, whose id is new. */
export async function appendNew(db: Database, event: RecordedEvent): Promise<void> {
  await insertNew(db, rowOf(event));
}

/** What the server itself did with a submission, or a member through it, as an event that is new. */
export function serverEvent(
  submissionId: string,
  name: string,
  data: Record<string, unknown>,
  now: Date,
): RecordedEvent {
  const at = now.toISOString();
  return { id: newId(now), submissionId, smileUserId: null, name, source: 'server', at, receivedAt: at, data };
}

type Row = Omit<Selectable<Tables['events']>, 'seq'>;

const inserting = (db: Database, rows: Row[]) =>
  db
    .insertInto('events')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['scope', 'id']).doNothing());

const COLUMNS = [
  'scope',
  'id',
  'submission_id',
  'smile_user_id',
  'name',
  'source',
  'at',
  'received_at',
  'data',
] as const;

const slots = (value: Values<Row>) =>
  Object.fromEntries(COLUMNS.map((column) => [column, value(column)])) as unknown as Row;

const insertOne = preparedWrite((db, value: Values<Row>) => inserting(db, [slots(value)]));
const insertNew = preparedSoon((db, value: Values<Row>) => inserting(db, [slots(value)]));

/**
 * In the words of the indexes: webhooks are few among events, and only they are looked for by their submission or user.
 * Every other event has the submission that it belongs to as its scope.
 */
export const isWebhook = sql<boolean>`source = 'webhook'`;

/**
 * Everything recorded about a submission, in the order received: its own events, and the webhooks about its user at
 * Smile, also those that came before the two were tied together.
 * @param names read no others: what the widget tells of itself is much, and seldom asked for
 */
export async function listEvents(
  db: Database,
  submission: { id: string; smileUserId: string | null },
  names?: readonly string[],
): Promise<RecordedEvent[]> {
  const select = (selects[names?.join(' ') ?? 'all'] ??= selectOf(names));
  const rows = await select(db, { scope: submission.id, user: submission.smileUserId });
  return rows.map(toEvent);
}

/** By the names that are read: there are as many as the code has lists of them. */
const selects: Record<string, ReturnType<typeof selectOf>> = {};

const selectOf = (names: readonly string[] | undefined) =>
  prepared((db, value: Values<{ scope: string; user: string | null }>) =>
    db
      .selectFrom('events')
      .selectAll()
      .where((column) =>
        column.or([
          column('scope', '=', value('scope')),
          column.and([column('submission_id', '=', value('scope')), isWebhook]),
          column.and([column('smile_user_id', '=', value('user')), isWebhook]),
        ]),
      )
      .$if(names !== undefined, (query) => query.where('name', 'in', names ?? []))
      .orderBy('seq'),
  );

/**
 * When anything was last heard of a submission's accounts: the widget was allowed, or it told something, or a webhook
 * came. ISO 8601.
 */
export async function lastSign(
  db: Database,
  submission: { id: string; smileUserId: string | null },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('events')
    .select((column) => column.fn.max('received_at').as('last'))
    .where((column) =>
      column.or([
        column.and([column('scope', '=', submission.id), column('source', '=', 'widget')]),
        column.and([column('scope', '=', submission.id), column('name', '=', 'linkTokenIssued')]),
        column.and([column('smile_user_id', '=', submission.smileUserId), isWebhook]),
      ]),
    )
    .executeTakeFirst();
  return row?.last ?? undefined;
}

/** When any webhook was last received; ISO 8601. */
export async function lastWebhookAt(db: Database): Promise<string | undefined> {
  const last = await db.selectFrom('events').select('received_at').where(isWebhook).orderBy('seq', 'desc').limit(1).executeTakeFirst(); // prettier-ignore
  return last?.received_at;
}

const REPLAYED_AT_ONCE = 200;

/** Every webhook received at or after `since`, oldest first, read a part at a time. */
export async function* webhooksAfter(db: Database, since: Date): AsyncGenerator<Pick<RecordedEvent, 'id' | 'data'>> {
  for (let after = 0; ;) {
    const rows = await db
      .selectFrom('events')
      .select(['seq', 'id', 'data'])
      .where(isWebhook)
      .where('received_at', '>=', since.toISOString())
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(REPLAYED_AT_ONCE)
      .execute();
    for (const { id, data } of rows) yield { id, data: JSON.parse(data) as unknown };
    if (rows.length < REPLAYED_AT_ONCE) return;
    after = Number(rows.at(-1)?.seq);
  }
}

/** The events of all submissions after the one numbered `seq`, in the order received, at most `limit`. */
export async function eventsAfter(
  db: Database,
  seq: number,
  limit: number,
): Promise<(RecordedEvent & { seq: number })[]> {
  const rows = await db.selectFrom('events').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute();
  return rows.map((row) => ({ ...toEvent(row), seq: row.seq }));
}

const toEvent = (row: Row): RecordedEvent => ({
  id: row.id,
  submissionId: row.submission_id,
  smileUserId: row.smile_user_id,
  name: row.name,
  source: row.source as EventSource,
  at: row.at,
  receivedAt: row.received_at,
  data: JSON.parse(row.data),
});

const rowOf = (event: RecordedEvent): Row => ({
  scope: scopeOf(event),
  id: event.id,
  submission_id: event.submissionId,
  smile_user_id: event.smileUserId,
  name: event.name,
  source: event.source,
  at: event.at,
  received_at: event.receivedAt,
  data: JSON.stringify(event.data ?? null),
});

function scopeOf(event: RecordedEvent): string {
  if (event.source === 'webhook') return 'smile';
  if (event.submissionId === null) throw new Error(`The ${event.source} event ${event.name} names no submission.`);
  return event.submissionId;
}
