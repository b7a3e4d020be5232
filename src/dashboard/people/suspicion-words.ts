/** The reasons for a quarantine, as text. */
import { isQuarantined, type SuspicionReason, type Suspicion } from '../../record/submissions/suspicion.ts';
import type { StateLabel } from '../display/account-words.ts';

export type { Suspicion };

const words: Record<SuspicionReason, string> = {
  trap: 'Filled in a hidden field',
  fast: 'Filled in very fast',
  no_proof: 'Without the computation of “Slow down robots”',
};

export const reasonsInWords = (reasons: SuspicionReason[]): string => reasons.map((reason) => words[reason]).join('. ');

/** The pill of a submission in quarantine, with the reasons if a member has not decided. Undefined for others. */
export function quarantineOf(submission: Suspicion): (StateLabel & { reasons: string }) | undefined {
  if (!isQuarantined(submission)) return undefined;
  if (submission.verdict === 'spam') return { icon: 'bad', word: 'Spam', tone: 'bad', reasons: '' };
  return { icon: 'warn', word: 'Maybe spam', tone: 'warn', reasons: reasonsInWords(submission.suspicion) };
}
