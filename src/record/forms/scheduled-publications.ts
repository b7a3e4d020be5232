/** Texts of forms that are published at a time that a member chose. */
import type { Database } from '../db/database.ts';
import { enqueue } from '../jobs/jobs.ts';

export interface ScheduledPublication {
  form: string;
  /** ISO 8601. */
  at: string;
  text: string;
  /** The hash of the text that is published until then; null for a form that is new. */
  replaces: string | null;
  note: string;
  memberId: string;
  /** Why it was not published at that time, as a sentence. Undefined until then. */
  problem: string | undefined;
}

/** The kind of the job that publishes. Its subject is the form. */
export const PUBLISH_AT = 'publishAt';

/** Schedules a text, in place of the one that is scheduled already. */
export async function schedulePublication(
  db: Database,
  { form, at, text, replaces, note, memberId }: Omit<ScheduledPublication, 'problem'>,
  now: Date,
): Promise<void> {
  const row = { at, text, replaces, note, member_id: memberId, problem: null };
  await db.transaction(async (trx) => {
    await trx.query
      .insertInto('scheduled_publications')
      .values({ form, ...row })
      .onConflict((conflict) => conflict.column('form').doUpdateSet(row))
      .execute();
    await enqueue(trx, { kind: PUBLISH_AT, subject: form, dueAt: new Date(at) }, now);
  });
}

/** The text of a form that waits for its time, or that could not be published at it. */
export async function findScheduled(db: Database, form: string): Promise<ScheduledPublication | undefined> {
  const row = await db.query
    .selectFrom('scheduled_publications')
    .selectAll()
    .where('form', '=', form)
    .executeTakeFirst();
  if (!row) return undefined;
  const { member_id: memberId, problem, ...scheduled } = row;
  return { ...scheduled, memberId, problem: problem ?? undefined };
}

/** The times of all texts that wait for theirs, or that could not be published at it, by form. */
export async function listScheduled(db: Database): Promise<Map<string, { at: string; hasFailed: boolean }>> {
  const query = db.query.selectFrom('scheduled_publications').select(['form', 'at', 'problem']);
  return new Map((await query.execute()).map(({ form, at, problem }) => [form, { at, hasFailed: problem !== null }]));
}

/** Deletes the schedule of a form. @param at only the one for this time */
export async function cancelScheduled(db: Database, form: string, at?: string): Promise<void> {
  const query = db.query.deleteFrom('scheduled_publications').where('form', '=', form);
  await (at === undefined ? query : query.where('at', '=', at)).execute();
}

/** Keeps the reason why the text for `at` was not published. */
export async function markScheduleFailed(db: Database, form: string, at: string, problem: string): Promise<void> {
  await db.query
    .updateTable('scheduled_publications')
    .set({ problem })
    .where('form', '=', form)
    .where('at', '=', at)
    .execute();
}

/** Why a text that is scheduled can't replace the version that is live now. */
export const MOVED = 'Another version was published after it was scheduled.';

/** Ends the schedule of a form in the transaction that publishes a text. Its member reads why, unless it is the same text. */
export async function endSchedule(trx: Database, form: string, published: string): Promise<void> {
  const scheduled = await findScheduled(trx, form);
  if (!scheduled) return;
  if (scheduled.text === published) await cancelScheduled(trx, form, scheduled.at);
  else if (scheduled.problem === undefined) await markScheduleFailed(trx, form, scheduled.at, MOVED);
}
