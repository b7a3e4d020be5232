/** A member marks a submission as spam, or as no spam. */

import { findSubmission } from '../record/submissions/submissions.ts';
import { addSuspicion, type SpamDecision } from '../record/submissions/suspicion.ts';
import { releaseAll } from '../record/submissions/unique-answers.ts';
import { recordServerEvent, type Services } from './services.ts';
import { reserveAnswer } from './unique-answer.ts';

/**
 * Stores the decision with the member who made it. Spam releases its unique answer. A submission that is no spam
 * reserves it again, unless another one has it by then.
 * @returns false if the form has no such submission
 */
export async function storeSpamDecision(
  services: Pick<Services, 'db' | 'catalog' | 'keys' | 'now'>,
  slug: string,
  id: string,
  verdict: SpamDecision,
  member: { id: string; email: string },
): Promise<boolean> {
  return services.db.transaction(async (db) => {
    const submission = await findSubmission(db, id);
    if (submission?.form !== slug) return false;
    if (submission.verdict === verdict) return true;
    await addSuspicion(db, id, { verdict });
    await releaseAll(db, id);
    if (verdict === 'fine' && submission.submittedAt && submission.outcome === 'completed') {
      await reserveAnswer(services, db, slug, id, submission.answers);
    }
    const name = verdict === 'spam' ? 'markedSpam' : 'markedNotSpam';
    await recordServerEvent(db, submission, name, { member: member.id, email: member.email }, services.now());
    return true;
  });
}
