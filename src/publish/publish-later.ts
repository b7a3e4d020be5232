/** Publishes the texts that members have scheduled. */
import type { Database } from '../record/db/database.ts';
import { textHash } from '../record/forms/form-text.ts';
import { latestPublication } from '../record/forms/publications.ts';
import { cancelScheduled, findScheduled, markScheduleFailed } from '../record/forms/scheduled-publications.ts';
import { TextsFull } from '../record/forms/text-bounds.ts';
import type { JobHandler } from '../record/jobs/worker.ts';
import { newReceivers } from '../form/settings/notify.ts';
import { deletesSooner } from '../form/settings/retention.ts';
import type { Publisher, PublishResult, TriedPublish } from './publisher.ts';

const MINUTELY = Array<number>(1_000).fill(60_000);

/** The permissions that a member has now for a form. */
export interface PublishingRights {
  editForms: boolean;
  revealAnswers: boolean;
  erasePeople: boolean;
}

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
  rightsOf(memberId: string, form: string): Promise<PublishingRights>;
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
    const problem =
      missingRight(tried, await rightsOf(memberId, slug)) ??
      (await publisher.publish(request, tried).then(problemOf, fullOf));
    // The job runs again if the server was killed after it had published.
    const isDone = problem === undefined || (await latestPublication(db, slug))?.textHash === textHash(text);
    await (isDone ? cancelScheduled(db, slug, at) : markScheduleFailed(db, slug, at, problem));
    return undefined;
  },
});

/** A text that is scheduled can't replace the version that is live now. Its member reads why, unless it is the same text. */
export async function endSchedule(db: Database, slug: string, published: string): Promise<void> {
  const scheduled = await findScheduled(db, slug);
  if (!scheduled) return;
  if (scheduled.text === published) await cancelScheduled(db, slug);
  else if (scheduled.problem === undefined) await markScheduleFailed(db, slug, scheduled.at, MOVED);
}

const MOVED = 'Another version was published after it was scheduled.';

/** The permission that the member who scheduled a text has lost, as a sentence. */
function missingRight(
  tried: TriedPublish,
  { editForms, revealAnswers, erasePeople }: PublishingRights,
): string | undefined {
  if (!editForms) return 'The member who scheduled it may no longer edit this form.';
  if (tried.status !== 'valid') return undefined;
  const { before, form } = tried;
  if (before && deletesSooner(before.retention, form.retention) && !erasePeople)
    return 'It would delete drafts or submissions sooner, and the member who scheduled it may not delete people.';
  const isNewReceiver = newReceivers(before?.notify, form.notify).length > 0;
  return isNewReceiver && !revealAnswers ? 'It would send answers to a new receiver, and the member who scheduled it may no longer see them.' : undefined; // prettier-ignore
}

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
