/** Reads events, in the order received. */
import { sql, type Selectable } from 'kysely';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import type { Database } from './db/database.ts';
import { prepared, type Values } from './db/prepared.ts';
import type { Tables } from './db/tables.ts';
import type { EventSource, RecordedEvent, ServerEvent } from './events.ts';

/**
 * Word for word as in the indexes. Few events are webhooks, and only webhooks are searched by submission or user. Every
 * other event has its submission as its scope.
 */
export const isWebhook = sql<boolean>`source = 'webhook'`;

/** The events to read. The code has only few different lists of names and sources. */
export interface EventQuery {
  /** Without it, all names. */
  names?: readonly string[];
  /**
   * The sources that report them. A page can report events of any name, so a reader of facts names the source too.
   * Without it, all.
   */
  sources?: readonly EventSource[];
  /** The largest number of events. */
  limit?: number;
  /** The latest events, with at most this many bytes of data in total. Without it, any size. */
  maxBytes?: number;
  /** If there are more: the latest events, or the first. */
  from?: 'latest' | 'first';
}

type Whose = { id: string; smileUserId: string | null };

/**
 * Events of a submission in the order received: its own, and the webhooks about its user at Smile. Webhooks that
 * arrived before Flipsite knew the submission of the user are included.
 */
export async function listEvents(db: Database, submission: Whose, query: EventQuery = {}): Promise<RecordedEvent[]> {
  return (await rowsOf(db, submission, query)).map(toEvent);
}

async function rowsOf(
  db: Database,
  { id, smileUserId }: Whose,
  query: EventQuery,
): Promise<Selectable<Tables['events']>[]> {
  const select = (selects[JSON.stringify(query)] ??= selectOf(query));
  return select(db, { scope: id, user: smileUserId });
}

/** By the columns that a query reads. There are as many as the code has queries. */
const selects: Record<string, ReturnType<typeof selectOf>> = {};

type Scoped = { scope: string; user: string | null };

/**
 * The database sorts and cuts off only numbers. It reads the data of an event once the event is known to be in the
 * result.
 */
const selectOf = (query: EventQuery) =>
  prepared((db, value: Values<Scoped>) =>
    db.query
      .selectFrom('events')
      .selectAll()
      .where('seq', 'in', numbersOf(db, value, query))
      .orderBy('seq'),
  );

const numbersOf = (
  db: Database,
  value: Values<Scoped>,
  { names, sources, limit = SITE_LIMITS.ownEventsRead.value, from = 'latest', maxBytes }: EventQuery,
) => {
  const found = allOf(db, value)
    .select(['seq', ...(maxBytes === undefined ? [] : [BYTES_SO_FAR.as('bytes')])])
    .$if(names !== undefined, (query) => query.where('name', 'in', names ?? []))
    .$if(sources !== undefined, (query) => query.where('source', 'in', sources ?? []))
    .orderBy('seq', from === 'latest' ? 'desc' : 'asc')
    .limit(limit);
  const own = db.query.selectFrom(found.as('own')).select('seq');
  return maxBytes === undefined ? own : own.where(sql<boolean>`bytes <= ${sql.lit(maxBytes)}`);
};

/** The size of the data of an event and of all later ones. */
const BYTES_SO_FAR = sql<number>`sum(octet_length(data)) over (order by seq desc)`;

const allOf = (db: Database, value: Values<Scoped>) =>
  db.query
    .selectFrom('events')
    .where((column) =>
      column.or([
        column('scope', '=', value('scope')),
        column.and([column('submission_id', '=', value('scope')), isWebhook]),
        column.and([column('smile_user_id', '=', value('user')), isWebhook]),
      ]),
    );

/** A webhook with its envelope. */
const MAX_EVENT_BYTES = 2 * SITE_LIMITS.webhookBodyBytes.value;

const BROWSER: EventSource[] = ['page', 'widget'];
const OURS: EventSource[] = ['server', 'webhook'];

/**
 * The latest events of a submission, in the order received, and how many there are besides.
 * @param max how many of the browser's events; the server's and webhooks have their own limit
 */
export async function latestEvents(
  db: Database,
  submission: Whose,
  max: number,
): Promise<{ events: RecordedEvent[]; leftOut: number }> {
  const browser = await rowsOf(db, submission, { sources: BROWSER, limit: max });
  const maxBytes = SITE_LIMITS.ownEventBytesRead.value;
  const ours = await rowsOf(db, submission, { sources: OURS, maxBytes });
  const rows = [...browser, ...ours].sort((a, b) => a.seq - b.seq);
  const bytes = ours.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0);
  const isCut = ours.length >= SITE_LIMITS.ownEventsRead.value || bytes > maxBytes - MAX_EVENT_BYTES;
  const mayBeMore = browser.length >= max || isCut;
  const leftOut = mayBeMore ? (await countEvents(db, submission)) - rows.length : 0;
  return { events: rows.map(toEvent), leftOut: Math.max(leftOut, 0) };
}

async function countEvents(db: Database, { id, smileUserId }: Whose): Promise<number> {
  const [row] = await selectCount(db, { scope: id, user: smileUserId });
  return Number(row?.count ?? 0);
}

const selectCount = prepared((db, value: Values<Scoped>) =>
  allOf(db, value).select(({ fn }) => fn.countAll<number>().as('count')),
);

const AT_ONCE = 20;

/** Reads every event of a submission in the order received, part by part, for a reader that must miss none. */
export async function* everyEvent(db: Database, { id, smileUserId }: Whose): AsyncGenerator<RecordedEvent> {
  const numbers = (await selectNumbers(db, { scope: id, user: smileUserId })).map(({ seq }) => seq);
  for (let at = 0; at < numbers.length; at += AT_ONCE) {
    const some = numbers.slice(at, at + AT_ONCE);
    const rows = await db.query.selectFrom('events').selectAll().where('seq', 'in', some).orderBy('seq').execute();
    for (const row of rows) yield toEvent(row);
  }
}

const selectNumbers = prepared((db, value: Values<Scoped>) => allOf(db, value).select('seq').orderBy('seq'));

/**
 * The screens whose answers were saved, each once, however many saves there were. Undefined for a form that was posted
 * without JavaScript, which names no screen.
 */
export async function savedScreens(db: Database, { id, smileUserId }: Whose): Promise<(string | undefined)[]> {
  const rows = await selectSavedScreens(db, { scope: id, user: smileUserId });
  return rows.map(({ screen }) => screen ?? undefined);
}

const SAVES: EventQuery = { names: ['answersSaved'], sources: ['server'] };

const selectSavedScreens = prepared((db, value: Values<Scoped>) => {
  const screen = db.engine.kind === 'postgres' ? sql`data::json ->> 'screen'` : sql`json_extract(data, '$.screen')`;
  return db.query
    .selectFrom('events')
    .select(screen.$castTo<string | null>().as('screen'))
    .distinct()
    .where('seq', 'in', numbersOf(db, value, SAVES));
});

/** The revision of the answers: 1 at the start, and one more after each save. */
export async function revisionOf(db: Database, { id, smileUserId }: Whose): Promise<number> {
  const [row] = await selectSaveCount(db, { scope: id, user: smileUserId });
  return 1 + Number(row?.count ?? 0);
}

const selectSaveCount = prepared((db, value: Values<Scoped>) =>
  allOf(db, value)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('name', 'in', ['answersSaved', 'screenLeft'])
    .where('source', '=', 'server'),
);

/**
 * The time of the last activity about a submission's accounts: a link token, or a webhook. ISO 8601. Events of the widget do
 * not count: a browser can send any number, and would have Smile asked again and again.
 */
export async function lastAccountActivity(
  db: Database,
  submission: { id: string; smileUserId: string | null },
): Promise<string | undefined> {
  const row = await db.query
    .selectFrom('events')
    .select((column) => column.fn.max('received_at').as('last'))
    .where((column) =>
      column.or([
        column.and([column('scope', '=', submission.id), column('name', '=', 'linkTokenIssued')]),
        column.and([column('smile_user_id', '=', submission.smileUserId), isWebhook]),
      ]),
    )
    .executeTakeFirst();
  return row?.last ?? undefined;
}

/** The time of the last received webhook; ISO 8601. */
export async function lastWebhookAt(db: Database): Promise<string | undefined> {
  const last = await db.query.selectFrom('events').select('received_at').where(isWebhook).orderBy('seq', 'desc').limit(1).executeTakeFirst(); // prettier-ignore
  return last?.received_at;
}

const REPLAYED_AT_ONCE = 200;

/** Every webhook received at or after `since`, oldest first, read a part at a time. */
export async function* webhooksAfter(db: Database, since: Date): AsyncGenerator<Pick<RecordedEvent, 'id' | 'data'>> {
  for (let after = 0; ;) {
    const rows = await db.query
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

/** Events about accounts of all submissions, after number `seq`, in the order received; at most `limit`. */
export async function eventsAfter(
  db: Database,
  seq: number,
  limit: number,
  { own, callbacks }: { own: readonly ServerEvent[]; callbacks: readonly string[] },
): Promise<(RecordedEvent & { seq: number })[]> {
  const rows = await db.query
    .selectFrom('events')
    .selectAll()
    .where('seq', '>', seq)
    .where((column) =>
      column.or([
        isWebhook,
        column.and([column('source', '=', 'server'), column('name', 'in', own)]),
        column.and([column('source', '=', 'widget'), column('name', 'in', callbacks)]),
      ]),
    )
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...toEvent(row), seq: row.seq }));
}

const toEvent = (row: Omit<Selectable<Tables['events']>, 'seq'>): RecordedEvent => ({
  id: row.id,
  submissionId: row.submission_id,
  smileUserId: row.smile_user_id,
  name: row.name,
  source: row.source as EventSource,
  at: row.at,
  receivedAt: row.received_at,
  data: JSON.parse(row.data),
});
