/** Events of submissions. Events are only added. `event-queries.ts` reads them. */
import type { Selectable } from 'kysely';
import type { Database } from './db/database.ts';
import { newId } from './ids.ts';
import { preparedPipelined, preparedWrite, type Values } from './db/prepared.ts';
import type { Tables } from './db/tables.ts';
import { changesProgress, markChanged } from './results/changes.ts';

export type EventSource = 'page' | 'widget' | 'webhook' | 'server';

/** `at` is the time by the source's clock, `receivedAt` the time Flipsite stored it. Both are ISO 8601. */
export type RecordedEvent = {
  /** From the source. A repeated id is the same event. It is unique in its submission, and of a webhook, among all webhooks. */
  id: string;
  /**
   * Null only for a webhook about a user of Smile that no submission has: of another site, of an erased person, or of a
   * user whose id did not arrive yet. `listEvents` finds it by the user, once a submission has that user.
   */
  submissionId: string | null;
  smileUserId: string | null;
  name: string;
  source: EventSource;
  at: string;
  receivedAt: string;
  /** Any JSON. */
  data: unknown;
};

/**
 * Stores the events that are not stored yet: all of them, or none. At most 1,000 a call. Returns the ids of those that
 * are new.
 */
export async function appendEvents(
  db: Database,
  events: RecordedEvent[],
): Promise<{ stored: string[]; repeated: number }> {
  if (events.length === 0) return { stored: [], repeated: 0 };
  const stored = await insertRepeatable(db, events.map(rowOf));
  // A repeat changes nothing, and no quota counts it.
  const isNew = new Set(stored);
  const changing = events.flatMap(({ id, submissionId, name }) => (submissionId !== null && isNew.has(id) && changesProgress(name) ? submissionId : [])); // prettier-ignore
  for (const id of new Set(changing)) await markChanged(db, { submission_id: id });
  return { stored, repeated: events.length - stored.length };
}

/** @returns the ids of the rows that were not stored yet */
async function insertRepeatable(db: Database, rows: Row[]): Promise<string[]> {
  const [first] = rows;
  if (first && rows.length === 1) return (await insertOne(db, first)) > 0 ? [first.id] : [];
  const stored = await inserting(db, rows).returning('id').execute();
  return stored.map(({ id }) => id);
}

/** How many of these ids are events of a scope, such as a submission. */
export async function countKnown(db: Database, scope: string, ids: string[]): Promise<number> {
  const rows = await db.query.selectFrom('events').select('id').where('scope', '=', scope).where('id', 'in', ids).execute(); // prettier-ignore
  return rows.length;
}

/** Whether an event with this id is stored in the place of `event`. */
export async function isStored(db: Database, event: RecordedEvent): Promise<boolean> {
  return (await countKnown(db, scopeOf(event), [event.id])) > 0;
}

/** Stores one event of the server itself, with a new id. */
export async function appendNew(db: Database, event: RecordedEvent): Promise<void> {
  await insertNew(db, rowOf(event));
  if (event.submissionId !== null && changesProgress(event.name))
    await markChanged(db, { submission_id: event.submissionId });
}

/** In the data of an event: no report came, and Flipsite found the change by asking Smile. The name is in stored events. */
export const FOUND_BY_ASKING = 'untold';

/** As `reason` in the data of an event: it was connected on a screen that the answers did not lead to when they were sent. */
export const OFF_PATH = 'offPath';

/** In the data of an event: the answer of a receiver that refused. The name is in stored events. */
export const RECEIVER_MESSAGE = 'said';

/** Events of the server. Readers trust these names, so a browser may not use them. */
const SERVER_EVENTS = [
  'started', 'answersSaved', 'screenLeft', 'submitted', 'erased', 'fileAdded', 'fileRemoved',
  'linkTokenIssued', 'linkTokenFailed', 'smileUserUncertain', 'smileUserFound', 'smileUserNotFound',
  'accountChecked', 'accountDisconnected', 'accountDisconnectFailed', 'accountRevoked', 'accountsMoved', 'claimDisbelieved',
  'uploadsChecked', 'linkedRead', 'linkedRemoved',
  'emailSent', 'emailFailed', 'webhookSent', 'webhookFailed',
  'markedSpam', 'markedNotSpam', 'sensitiveShown', 'sensitiveDownloaded', 'personDownloaded',
  'sensitiveFileOpened', 'sensitiveSent', 'sentElsewhere', 'smileEventsFull',
] as const; // prettier-ignore
export type ServerEvent = (typeof SERVER_EVENTS)[number];

/** Whether only the server, or Smile by a webhook (`ACCOUNT_CONNECTED`), reports events of this name. */
export const isReserved = (name: string): boolean =>
  SERVER_EVENTS.some((one) => one === name) || /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(name);

/** A new event for an action of the server, or of a member. */
export function serverEvent(
  submissionId: string,
  name: ServerEvent,
  data: Record<string, unknown>,
  now: Date,
): RecordedEvent {
  const at = now.toISOString();
  return { id: newId(now), submissionId, smileUserId: null, name, source: 'server', at, receivedAt: at, data };
}

type Row = Omit<Selectable<Tables['events']>, 'seq'>;

const inserting = (db: Database, rows: Row[]) =>
  db.query
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

const placeholders = (value: Values<Row>) =>
  Object.fromEntries(COLUMNS.map((column) => [column, value(column)])) as unknown as Row;

const insertOne = preparedWrite((db, value: Values<Row>) => inserting(db, [placeholders(value)]));
const insertNew = preparedPipelined((db, value: Values<Row>) => inserting(db, [placeholders(value)]));

/** The bytes of an event in the store, without the constant part of a row. */
export const sizeOf = ({ id, name, data }: Pick<RecordedEvent, 'id' | 'name' | 'data'>): number =>
  Buffer.byteLength(id) + Buffer.byteLength(name) + Buffer.byteLength(JSON.stringify(data ?? null));

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
