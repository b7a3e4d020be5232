/** The key `limits` of a form: when it takes answers, and how many. */
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { idSchema } from '../keys.ts';
import { localeOf, type Language } from '../wording/wording.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The time zone of days in a form whose limits name none. */
export const DEFAULT_TIMEZONE = 'UTC';
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:[0-5]\d)?(Z|[+-]\d{2}:\d{2})$/;

const NO_MOMENT =
  'is neither a date nor a date and time with a time zone; write it like 2026-12-31 or 2026-12-31T18:00+08:00';

/** A day, or a time with its zone. */
export const momentSchema = z.string(NO_MOMENT).refine(isMoment, NO_MOMENT);

export const limitsSchema = z.strictObject({
  opens: momentSchema
    .optional()
    .describe('The first day, such as 2026-12-01, or a time with its zone, such as 2026-12-01T09:00+08:00'),
  closes: momentSchema
    .optional()
    .describe('The last day, such as 2026-12-31, or a time with its zone, such as 2026-12-31T18:00+08:00'),
  max: z
    .int('is not a whole number; write a number like 500')
    .min(1, 'is less than 1, so the form would never be open; write 1 or more')
    .max(100_000_000, 'is more than 100000000; write a smaller number, or leave max out')
    .optional()
    .describe("How many submissions the form accepts. Disqualified, quarantined and deleted submissions don't count"),
  one_per: idSchema
    .optional()
    .describe(
      "The id of a field, such as email. Each answer to it can be submitted once. Submissions from before the limit, and disqualified, quarantined and deleted ones, don't count",
    ),
  timezone: z
    .string()
    .refine(isTimeZone, 'is not a time zone; write one like Asia/Manila')
    .optional()
    .describe('The time zone of dates without a time, such as Asia/Manila. Without it, UTC'),
  contact: z.email('is not an email address like drivers@acme.example').optional().describe('An email address for questions, shown while the form is closed'), // prettier-ignore
});

export type FormLimits = z.infer<typeof limitsSchema>;

/**
 * The limits of a form that is published. `closedByHand`: a member closed it at the time in `closes`. `unopened`: that was
 * before it opens.
 */
export type LimitsNow = FormLimits & { closedByHand?: true; unopened?: true };

function isMoment(text: string): boolean {
  if (!DATE.test(text) && !DATE_TIME.test(text)) return false;
  try {
    return DATE.test(text) ? Boolean(Temporal.PlainDate.from(text)) : Boolean(Temporal.Instant.from(text));
  } catch {
    return false;
  }
}

const EPOCH = Temporal.Instant.fromEpochMilliseconds(0);

/** Whether `name` is a time zone, such as `Asia/Manila`. `Temporal` refuses some short names that `Intl` accepts, such as `PST`. */
export function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }) && EPOCH.toZonedDateTimeISO(name));
  } catch {
    return false;
  }
}

/**
 * The first moment at which a form takes answers, or the first at which it takes none any more. A last day is over at
 * its end.
 */
export function momentOf(
  limits: Pick<FormLimits, 'opens' | 'closes' | 'timezone'>,
  which: 'opens' | 'closes',
): Date | undefined {
  const { [which]: text, timezone = DEFAULT_TIMEZONE } = limits;
  if (!text) return undefined;
  if (!DATE.test(text)) return new Date(Temporal.Instant.from(text).epochMilliseconds);
  const day = Temporal.PlainDate.from(text).add({ days: which === 'closes' ? 1 : 0 });
  return new Date(day.toZonedDateTime(timezone).epochMilliseconds);
}

/** The limits of a form that a member closed at `at` (ISO 8601). */
export function closedLimits({ opens, ...limits }: FormLimits, at: string): LimitsNow {
  const time = Date.parse(at);
  const closes = momentOf(limits, 'closes');
  if (closes && closes.getTime() <= time) return limits;
  const opensAt = momentOf({ ...limits, opens }, 'opens');
  return { ...limits, closes: at, closedByHand: true, ...(opensAt && time < opensAt.getTime() && { unopened: true }) };
}

/** The same for people, as the author wrote it: a day, or a time in the form's zone. Without one, in the written zone. */
export function momentInWords(limits: FormLimits, which: 'opens' | 'closes', language: Language): string {
  const { [which]: text = '', timezone = /[+-]\d{2}:\d{2}$/.exec(text)?.[0] ?? DEFAULT_TIMEZONE } = limits;
  const day = { year: 'numeric', month: 'long', day: 'numeric' } as const;
  const style = DATE.test(text)
    ? { ...day, timeZone: 'UTC' }
    : ({ ...day, hour: 'numeric', minute: '2-digit', timeZoneName: 'short', timeZone: timezone } as const);
  return new Date(Date.parse(text)).toLocaleString(localeOf(language), style);
}

/** The same in short, for members: `24 Dec 2026`, `24 Dec 2026, 09:00 GMT+8`. */
export function momentInShort(limits: FormLimits, which: 'opens' | 'closes'): string {
  const { [which]: text = '', timezone = DEFAULT_TIMEZONE } = limits;
  const day = { year: 'numeric', month: 'short', day: 'numeric' } as const;
  const time = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
  const style = DATE.test(text) ? { ...day, timeZone: 'UTC' } : { ...day, ...time, timeZone: timezone };
  return new Date(Date.parse(text)).toLocaleString('en-GB', style);
}

/** For this long after a form closes, people who started before can still send it. */
const GRACE_MS = 60 * 60_000;

export type Availability = 'open' | 'not_open' | 'grace' | 'closed' | 'full';

/**
 * Whether a form takes answers. In its `grace` it takes them only from people who have started before.
 * @param sent how many have been sent that count
 */
export function availabilityOf(limits: LimitsNow | undefined, now: Date, sent: number): Availability {
  if (!limits) return 'open';
  const [opens, closes] = [momentOf(limits, 'opens'), momentOf(limits, 'closes')];
  if (opens && now < opens) return 'not_open';
  if (closes && now.getTime() >= closes.getTime() + GRACE_MS) return 'closed';
  if (limits.max !== undefined && sent >= limits.max) return 'full';
  // The clock can have been set back since a member closed the form.
  return closes && (now >= closes || limits.closedByHand) ? 'grace' : 'open';
}
