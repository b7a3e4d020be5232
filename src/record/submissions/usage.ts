/**
 * How much each submission has stored. One statement checks and raises a count, so neither parallel requests nor several
 * servers exceed a limit.
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
 * Counts events that are about to be stored. Negative numbers lower the counts.
 * @returns false if a limit is exceeded; then nothing is counted
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
 * Counts one more write of a submission. `mergeAnswers` counts its own write.
 * @returns false if the limit is reached; then nothing is counted
 */
export async function takeWrite(db: Database, id: string): Promise<boolean> {
  return (await addWrite(db, { id })) > 0;
}

const addWrite = preparedWrite((db, value: Values<{ id: string }>) =>
  db.query
    .updateTable('submissions')
    .set((eb) => ({ write_count: eb('write_count', '+', 1) }))
    .where('id', '=', value('id'))
    .where('write_count', '<', SITE_LIMITS.submissionWrites.value),
);
