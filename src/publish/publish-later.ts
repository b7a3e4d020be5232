/** Publishes the texts that members have scheduled. */
import type { Database } from '../record/db/database.ts';
import { textHash } from '../record/forms/form-text.ts';
import { latestPublication } from '../record/forms/publications.ts';
import { cancelScheduled, findScheduled, markScheduleFailed } from '../record/forms/scheduled-publications.ts';
import type { JobHandler } from '../record/jobs/worker.ts';
import type { Publisher, PublishResult } from './publisher.ts';

const MINUTELY = Array<number>(1_000).fill(60_000);

/**
 * Publishes the text of its form when its time has come. The text is checked again then. A text that can't be published
 * stays scheduled with the reason, which members see.
 */
export const publishLaterJob = ({
  db,
  publisher,
  now,
}: {
  db: Database;
  publisher: Publisher;
  now: () => Date;
}): JobHandler => ({
  backoff: MINUTELY,
  async run({ subject: slug }) {
    const scheduled = await findScheduled(db, slug);
    if (!scheduled || scheduled.problem !== undefined) return undefined;
    const { at, text, replaces, note, memberId } = scheduled;
    // It may have been put off after the job was enqueued.
    if (Date.parse(at) > now().getTime()) return { again: new Date(at) };
    const problem = problemOf(await publisher.publish({ slug, text, replaces, note, memberId }));
    // A server that was killed after it had published runs the job again.
    const isDone = problem === undefined || (await latestPublication(db, slug))?.textHash === textHash(text);
    await (isDone ? cancelScheduled(db, slug, at) : markScheduleFailed(db, slug, at, problem));
    return undefined;
  },
});

function problemOf({ status }: PublishResult): string | undefined {
  switch (status) {
    case 'published':
      return undefined;
    case 'invalid':
      return 'The text has errors now. Fix them, then publish it.';
    case 'moved':
      return 'Another version was published after you scheduled this one. Look at the changes again.';
    case 'owned by files':
      return 'A file owns this form now.';
    default:
      return status satisfies never;
  }
}
