/** How long a submission is kept: the key `retention`. */
import { z } from 'zod';

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
    'The time after the last change, like 60 days, after which Flipsite deletes a submission with its answers, files and account data, and unused invitations. Without it, submitted ones stay until you delete them, and drafts for 60 days',
  );

const daysIn = (text: string): number => Number(DAYS.exec(text)?.[1]);

/** `retention` in milliseconds. */
export const retentionMs = (retention: string): number => daysIn(retention) * 24 * 60 * 60_000;
