/** Publishes the texts that members have scheduled. */
import type { Database } from '../record/db/database.ts';
import { findScheduled, markScheduleFailed, MOVED } from '../record/forms/scheduled-publications.ts';
import { TextsFull } from '../record/forms/text-bounds.ts';
import { MINUTELY, type JobHandler } from '../record/jobs/worker.ts';
import type { Publisher, PublishResult } from './publisher.ts';
import { missingRight, type PublishingRights } from './publishing-rights.ts';

/**
 * Publishes the text of a form at its time. It checks the text again, and the permissions of the member who scheduled
 * it. A text that can't be published stays scheduled with the reason, which members see.
 */
export const publishLaterJob = ({
  db,
  publisher,
  rightsOf,
  now,
}: {
  db: Database;
  publisher: Publisher;
  /** The permissions that a member has now. */
  rightsOf(memberId: string, form: string): Promise<PublishingRights & { editForms: boolean }>;
  now: () => Date;
}): JobHandler => ({
  backoff: MINUTELY,
  async run({ subject: slug }) {
    const scheduled = await findScheduled(db, slug);
    if (!scheduled || scheduled.problem !== undefined) return undefined;
    const { at, text, replaces, note, memberId } = scheduled;
    // A member may have postponed it after the job was enqueued.
    if (Date.parse(at) > now().getTime()) return { again: new Date(at) };
    const request = { slug, text, replaces, note, memberId };
    const tried = await publisher.tryPublish(request);
    const rights = await rightsOf(memberId, slug);
    // A member may have canceled or changed it during the check, which takes long for a large text.
    const stands = async (trx: Database) => {
      const found = await findScheduled(trx, slug);
      if (found?.at !== at || found.text !== text) throw new ScheduleChanged();
    };
    try {
      const problem =
        (rights.editForms
          ? missingRight(tried, rights)
          : 'The member who scheduled it may no longer edit this form.') ??
        (await publisher.publish(request, tried, stands).then(problemOf, fullOf));
      if (problem !== undefined) await markScheduleFailed(db, slug, at, problem);
    } catch (error) {
      // The job of a changed schedule runs again by itself.
      if (!(error instanceof ScheduleChanged)) throw error;
    }
    return undefined;
  },
});

class ScheduleChanged extends Error {}

/** @throws the error, unless the text has no room */
function fullOf(error: unknown): string {
  if (error instanceof TextsFull) return error.message;
  throw error;
}

function problemOf({ status }: PublishResult): string | undefined {
  switch (status) {
    case 'published':
      return undefined;
    case 'invalid':
      return 'The text has errors now.';
    case 'moved':
      return MOVED;
    case 'managed in files':
      return 'This form is managed in a file now.';
    default:
      return status satisfies never;
  }
}
