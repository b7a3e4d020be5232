/** How long what was linked is kept: the key `retention`. */
import { z } from 'zod';

const DAYS = /^(\d{1,4}) days?$/;
const NO_DAYS = 'is not a number of days, like 60 days';
const LONGEST = 3_650;

export const retentionSchema = z
  .string(NO_DAYS)
  .regex(DAYS, { error: NO_DAYS, abort: true })
  .refine(
    (text) => daysIn(text) >= 1 && daysIn(text) <= LONGEST,
    `is not between 1 day and ${LONGEST} days; write it like 60 days`,
  )
  .describe(
    'How long data from linked accounts is kept here after it was read, like 60 days; without it, as long as the submission',
  );

const daysIn = (text: string): number => Number(DAYS.exec(text)?.[1]);

/** When what was read at `from` is to be removed; undefined for a form that keeps it. */
export function keptUntil(retention: string | undefined, from: Date): Date | undefined {
  return retention === undefined ? undefined : new Date(from.getTime() + daysIn(retention) * 24 * 60 * 60_000);
}
