/** A member marks a submission as spam, or as no spam. */
import type { Database } from '../record/db/database.ts';
import { lockForm } from '../record/forms/form-states.ts';
import { lockSmileEvents } from '../record/smile-events.ts';
import { findStarted, findSubmission, lockRow } from '../record/submissions/submissions.ts';
import {
  addSuspicion,
  isQuarantined,
  type SpamDecision,
  type SpamDecisionOutcome,
} from '../record/submissions/suspicion.ts';
import { countCompleted } from '../record/submissions/tallies.ts';
import { releaseAll } from '../record/submissions/unique-answers.ts';
import { ofForm } from './access/submission-access.ts';
import { formLimitsOf } from './availability.ts';
import { recordServerEvent, type Services } from './services.ts';
import { reserveAnswer } from './unique-answer.ts';

/**
 * Stores the decision with the member who made it. Spam releases its unique answer. A submission that is no spam
 * reserves it again, unless another one has it by then.
 */
export async function storeSpamDecision(
  services: Pick<Services, 'db' | 'catalog' | 'keys' | 'now'>,
  slug: string,
  id: string,
  verdict: SpamDecision,
  member: { id: string; email: string },
): Promise<SpamDecisionOutcome> {
  const decide = async (db: Database): Promise<SpamDecisionOutcome> => {
    // Before the first lock, which adds a row.
    if ((await findStarted(db, id))?.form !== slug) return 'missing';
    // Its accounts change its part in the counts too.
    await lockSmileEvents(db, id);
    await lockRow(db, id);
    const submission = await findSubmission(db, id);
    if (!submission) return 'missing';
    await lockForm(db, slug);
    // A page that was open since before a deletion still offers it.
    if (submission.verdict === verdict || submission.erasedAt) return 'stored';
    const completes = verdict === 'fine' && submission.submittedAt !== null && submission.outcome === 'completed';
    const { max } = formLimitsOf(services, slug) ?? {};
    const countsMore = completes && isQuarantined(submission);
    if (countsMore && max !== undefined && (await countCompleted(db, slug)) >= max) return 'full';
    await addSuspicion(db, id, { verdict });
    await releaseAll(db, id);
    if (completes) await reserveAnswer(services, db, slug, id, submission.answers);
    const name = verdict === 'spam' ? 'markedSpam' : 'markedNotSpam';
    await recordServerEvent(db, submission, name, { member: member.id, email: member.email }, services.now());
    return 'stored';
  };
  return ofForm(services.db, slug, () => services.db.transaction(decide, { locksRow: true }));
}
