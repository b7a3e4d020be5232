/** A member decides whether a submission is spam. */

import { findSubmission } from '../record/submissions/submissions.ts';
import { suspect, type SpamDecision } from '../record/submissions/suspicion.ts';
import { releaseAll } from '../record/submissions/unique-answers.ts';
import { recordServerEvent, type Services } from './services.ts';
import { reserveAnswer } from './limits.ts';

/**
 * Stores the verdict and records who gave it. Spam holds no answer that can be sent once; what is no spam after all holds
 * its own again, unless somebody else has sent it meanwhile. False when there is no such submission of the form.
 */
export async function markSpam(
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
    await suspect(db, id, { verdict });
    await releaseAll(db, id);
    if (verdict === 'fine' && submission.submittedAt && submission.outcome === 'completed') {
      await reserveAnswer(services, db, slug, id, submission.answers);
    }
    const name = verdict === 'spam' ? 'markedSpam' : 'markedNotSpam';
    await recordServerEvent(db, submission, name, { member: member.id, email: member.email }, services.now());
    return true;
  });
}
