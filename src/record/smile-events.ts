/**
 * Events that Smile causes: its webhooks, and changes that Flipsite finds when it asks. Each person has room for a number of
 * them. One statement checks and raises the count, so neither many at once nor several servers exceed it.
 */
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import type { Database } from './db/database.ts';
import { preparedWrite, type Values } from './db/prepared.ts';
import type { Tables } from './db/tables.ts';
import { appendEvents, isStored, serverEvent, sizeOf, type RecordedEvent } from './events.ts';

const MAX_EVENTS = SITE_LIMITS.smileEvents.value;
const MAX_BYTES = SITE_LIMITS.smileEventBytes.value;

/**
 * Stores an event, unless it is stored already or its person has no room for it. The timeline says that there is no room.
 * @param personId the id of the submission or of the invitation that the event is about
 */
export async function appendSmileEvent(
  trx: Database,
  personId: string,
  event: RecordedEvent,
): Promise<'stored' | 'repeated' | 'leftOut'> {
  const bytes = sizeOf(event);
  if (await useRoom(trx, personId, 1, bytes)) {
    if ((await appendEvents(trx, [event])).stored.length) return 'stored';
    await useRoom(trx, personId, -1, -bytes);
    return 'repeated';
  }
  if (await isStored(trx, event)) return 'repeated';
  if (event.submissionId !== null) {
    const note = serverEvent(event.submissionId, SMILE_EVENTS_FULL, {}, new Date(event.receivedAt));
    await appendEvents(trx, [{ ...note, id: SMILE_EVENTS_FULL }]);
  }
  return 'leftOut';
}

/** The event that says so, once for each submission. From then on the events don’t tell all about its accounts. */
export const SMILE_EVENTS_FULL = 'smileEventsFull';

/**
 * Locks the count of a person until the transaction ends. Each transaction that stores data of Smile about a person begins
 * with this lock, and so does a deletion. In another order, two of them would wait for each other.
 */
export async function lockSmileEvents(trx: Database, personId: string): Promise<void> {
  if (trx.engine.kind === 'postgres') await addUsage(trx, { person_id: personId, events: 0, bytes: 0 });
}

async function useRoom(trx: Database, personId: string, events: number, bytes: number): Promise<boolean> {
  return bytes <= MAX_BYTES && (await addUsage(trx, { person_id: personId, events, bytes })) > 0;
}

const addUsage = preparedWrite((db, value: Values<Tables['smile_usage']>) =>
  db.query
    .insertInto('smile_usage')
    .values({ person_id: value('person_id'), events: value('events'), bytes: value('bytes') })
    .onConflict((conflict) =>
      conflict
        .column('person_id')
        .doUpdateSet(({ eb, ref }) => ({
          events: eb('smile_usage.events', '+', ref('excluded.events')),
          bytes: eb('smile_usage.bytes', '+', ref('excluded.bytes')),
        }))
        .where((eb) =>
          eb.and([
            eb(eb('smile_usage.events', '+', eb.ref('excluded.events')), '<=', MAX_EVENTS),
            eb(eb('smile_usage.bytes', '+', eb.ref('excluded.bytes')), '<=', MAX_BYTES),
          ]),
        ),
    ),
);
