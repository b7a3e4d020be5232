/** Why a submission is in quarantine, in words. */
import { isQuarantined, type SuspicionReason, type Suspicion } from '../record/submissions/suspicion.ts';
import type { StateLabel } from './account-words.ts';

export type { Suspicion };

const words: Record<SuspicionReason, string> = {
  trap: 'A hidden field was filled in',
  fast: 'Faster than anyone types',
  no_proof: 'Without the proof of work',
};

export const reasonsInWords = (reasons: SuspicionReason[]): string => reasons.map((reason) => words[reason]).join('. ');

/** The pill of a submission in quarantine; nothing for any other. */
export function quarantineOf(submission: Suspicion): StateLabel | undefined {
  if (!isQuarantined(submission)) return undefined;
  if (submission.verdict === 'spam') return { icon: 'bad', word: 'Marked as spam', tone: 'bad' };
  return { icon: 'warn', word: `Quarantine: ${lower(reasonsInWords(submission.suspicion))}`, tone: 'warn' };
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
