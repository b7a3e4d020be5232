/** A member marks a submission as spam, or as no spam. */

import { findSubmission } from '../record/submissions/submissions.ts';
import {
  addSuspicion,
  isQuarantined,
  type SpamDecision,
  type SpamDecisionOutcome,
} from '../record/submissions/suspicion.ts';
import { countCompleted } from '../record/submissions/tallies.ts';
import { releaseAll } from '../record/submissions/unique-answers.ts';
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
  return services.db.transaction(async (db) => {
    const submission = await findSubmission(db, id);
    if (submission?.form !== slug) return 'missing';
    if (submission.verdict === verdict) return 'stored';
    const completes = verdict === 'fine' && submission.submittedAt !== null && submission.outcome === 'completed';
    const { max } = formLimitsOf(services, slug) ?? {};
    const countsMore = completes && isQuarantined(submission) && submission.erasedAt === null;
    if (countsMore && max !== undefined && (await countCompleted(db, slug)) >= max) return 'full';
    await addSuspicion(db, id, { verdict });
    await releaseAll(db, id);
    if (completes) await reserveAnswer(services, db, slug, id, submission.answers);
    const name = verdict === 'spam' ? 'markedSpam' : 'markedNotSpam';
    await recordServerEvent(db, submission, name, { member: member.id, email: member.email }, services.now());
    return 'stored';
  });
}
