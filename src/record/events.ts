/** Events: what happened to a submission, in the order in which we were told. Only ever added to. */
import type { Database } from './database.ts';

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
  const rows = await db
    .insertInto('events')
    .values(
      events.map((event) => ({
        scope: scopeOf(event),
        id: event.id,
        submission_id: event.submissionId,
        smile_user_id: event.smileUserId,
        name: event.name,
        source: event.source,
        at: event.at,
        received_at: event.receivedAt,
        data: JSON.stringify(event.data ?? null),
      })),
    )
    .onConflict((conflict) => conflict.columns(['scope', 'id']).doNothing())
    .returning('id')
    .execute();
  return { stored: rows.map(({ id }) => id), repeated: events.length - rows.length };
}

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
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where((column) =>
      column.or([
        column('submission_id', '=', submission.id),
        column.and([column('smile_user_id', '=', submission.smileUserId), column('source', '=', 'webhook')]),
      ]),
    )
    .$if(names !== undefined, (query) => query.where('name', 'in', names ?? []))
    .orderBy('seq')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    submissionId: row.submission_id,
    smileUserId: row.smile_user_id,
    name: row.name,
    source: row.source as EventSource,
    at: row.at,
    receivedAt: row.received_at,
    data: JSON.parse(row.data),
  }));
}

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
        column.and([column('submission_id', '=', submission.id), column('source', '=', 'widget')]),
        column.and([column('submission_id', '=', submission.id), column('name', '=', 'linkTokenIssued')]),
        column.and([column('smile_user_id', '=', submission.smileUserId), column('source', '=', 'webhook')]),
      ]),
    )
    .executeTakeFirst();
  return row?.last ?? undefined;
}

/** When any webhook was last received; ISO 8601. */
export async function lastWebhookAt(db: Database): Promise<string | undefined> {
  const last = await db.selectFrom('events').select('received_at').where('source', '=', 'webhook').orderBy('seq', 'desc').limit(1).executeTakeFirst(); // prettier-ignore
  return last?.received_at;
}

const REPLAYED_AT_ONCE = 200;

/** Every webhook received at or after `since`, oldest first, read a part at a time. */
export async function* webhooksAfter(db: Database, since: Date): AsyncGenerator<Pick<RecordedEvent, 'id' | 'data'>> {
  for (let after = 0; ;) {
    const rows = await db
      .selectFrom('events')
      .select(['seq', 'id', 'data'])
      .where('source', '=', 'webhook')
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

function scopeOf(event: RecordedEvent): string {
  if (event.source === 'webhook') return 'smile';
  if (event.submissionId === null) throw new Error(`The ${event.source} event ${event.name} names no submission.`);
  return event.submissionId;
}
