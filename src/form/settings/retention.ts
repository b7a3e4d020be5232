/** The key `retention`: how long a submission is stored. */
import { z } from 'zod';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

const DAYS = /^(\d{1,4}) days?$/;
const NO_DAYS = 'is not a number of days; write it like 60 days';
const LONGEST = 3_650;

export const retentionSchema = z
  .string(NO_DAYS)
  .regex(DAYS, { error: NO_DAYS, abort: true })
  .refine(
    (text) => daysIn(text) >= 1 && daysIn(text) <= LONGEST,
    `is not between 1 and ${LONGEST.toLocaleString('en')} days; write it like 60 days`,
  )
  .describe(
    'How long Flipsite keeps a submission after its last change, such as 60 days. Then it deletes answers, files and account data, and unused invitations. Without it, drafts are deleted after 60 days, and the rest stays until you delete it',
  );

const daysIn = (text: string): number => Number(DAYS.exec(text)?.[1]);

/** Whether stored drafts or submissions are deleted sooner by `after` than by `before`. */
export function deletesSooner(before: string | undefined, after: string | undefined): boolean {
  const draftDays = (retention: string | undefined) =>
    retention === undefined ? SITE_LIMITS.unsentDraftDays.value : daysIn(retention);
  const sentDays = (retention: string | undefined) => (retention === undefined ? Infinity : daysIn(retention));
  return draftDays(after) < draftDays(before) || sentDays(after) < sentDays(before);
}

/** `retention` in milliseconds. */
export const retentionMs = (retention: string): number => daysIn(retention) * 24 * 60 * 60_000;
