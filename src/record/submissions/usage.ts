/**
 * How much one submission has had stored. Each count is taken by the one statement that also checks it, so that neither
 * parallel requests nor several servers pass a limit.
 */
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { Database } from '../db/database.ts';
import { preparedWrite, type Values } from '../db/prepared.ts';
import type { Tables } from '../db/tables.ts';

export type EventUsage = Omit<Tables['submission_usage'], 'submission_id'>;

const LIMITS: EventUsage = {
  page_events: SITE_LIMITS.pageEvents.value,
  page_bytes: SITE_LIMITS.pageEventBytes.value,
  widget_events: SITE_LIMITS.widgetEvents.value,
  widget_bytes: SITE_LIMITS.widgetEventBytes.value,
};
const COLUMNS = Object.keys(LIMITS) as (keyof EventUsage)[];

/**
 * Counts events that are about to be stored for the submission; negative numbers give back.
 * @returns whether all of them are within the limits; otherwise nothing is counted
 */
export async function takeEvents(trx: Database, submissionId: string, more: EventUsage): Promise<boolean> {
  if (COLUMNS.some((column) => more[column] > LIMITS[column])) return false;
  return (await addUsage(trx, { submission_id: submissionId, ...more })) > 0;
}

const addUsage = preparedWrite((db, value: Values<Tables['submission_usage']>) =>
  db.query
    .insertInto('submission_usage')
    .values({
      submission_id: value('submission_id'),
      ...(Object.fromEntries(COLUMNS.map((column) => [column, value(column)])) as unknown as EventUsage),
    })
    .onConflict((conflict) =>
      conflict
        .column('submission_id')
        .doUpdateSet(({ eb, ref }) =>
          Object.fromEntries(
            COLUMNS.map((column) => [column, eb(`submission_usage.${column}`, '+', ref(`excluded.${column}`))]),
          ),
        )
        .where((eb) =>
          eb.and(
            COLUMNS.map((column) =>
              eb(
                eb(`submission_usage.${column}`, '+', eb.ref(`excluded.${column}` as 'page_events')),
                '<=',
                LIMITS[column],
              ),
            ),
          ),
        ),
    ),
);

/**
 * Counts one more act of the submission's person. Saving a screen counts by itself, with the row that it writes anyway.
 * @returns false, and counts nothing, where the submission has as many as it may
 */
export async function takeAct(db: Database, id: string): Promise<boolean> {
  return (await addAct(db, { id })) > 0;
}

const addAct = preparedWrite((db, value: Values<{ id: string }>) =>
  db.query
    .updateTable('submissions')
    .set((eb) => ({ write_count: eb('write_count', '+', 1) }))
    .where('id', '=', value('id'))
    .where('write_count', '<', SITE_LIMITS.submissionActs.value),
);
