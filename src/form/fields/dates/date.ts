import { z } from 'zod';
import { dateSchema } from '../../keys.ts';
import { RELATIVE, resolveDate } from '../../runtime/relative-date.ts';
import { fillPipes } from '../../runtime/text.ts';
import { localeOf, type Language } from '../../wording/wording.ts';
import { autofill } from '../autofill.ts';
import { commonKeys, type FieldType, type Today } from '../field-type.ts';
import { inEach } from '../sentences.ts';

const limit = z
  .union([dateSchema, z.string().regex(RELATIVE)], {
    error: 'is not a date; write one like 2026-12-31, today, today + 30 days or today - 18 years',
  })
  .refine(isNear, { error: 'is more than 1,000 years from today; write a nearer date' });

const schema = z
  .strictObject({
    type: z.literal('date'),
    ...commonKeys,
    min: limit.optional().describe('The earliest date: 2026-01-31, today, today + 30 days or today - 18 years'),
    max: limit.optional().describe('The latest date, written like min'),
    autocomplete: z.literal('bday').optional().describe('bday for a date of birth: the browser can fill it in'),
  })
  .refine(inOrder, { path: ['min'], error: 'is after max' });

/** Dates before the year 1, and after the year 9999, would be read as other dates. */
function isNear(limit: string): boolean {
  const [, , amount, unit] = RELATIVE.exec(limit) ?? [];
  return Number(amount ?? 0) <= (unit === 'year' ? 1_000 : unit === 'month' ? 12_000 : Infinity);
}

/** Whether some day is within both limits. A fixed and a relative limit may leave none on some days. */
function inOrder({ min, max }: { min?: string | undefined; max?: string | undefined }): boolean {
  if (!min || !max || RELATIVE.test(min) !== RELATIVE.test(max)) return true;
  return resolveDate(min, '2000-06-15') <= resolveDate(max, '2000-06-15');
}

type DateField = z.infer<typeof schema>;

/** Dates of people and contracts. A year outside is a typing mistake. */
const EARLIEST = '1900-01-01';
const LATEST = '2199-12-31';

const WORDS: Record<Language, { type: string; low: string; high: string }> = {
  en: {
    type: 'Enter a date, with day, month and year',
    low: 'Enter a date no earlier than {day}',
    high: 'Enter a date no later than {day}',
  },
  es: {
    type: 'Escribe una fecha con día, mes y año',
    low: 'Escribe una fecha. La primera posible: {day}',
    high: 'Escribe una fecha. La última posible: {day}',
  },
  fil: {
    type: 'Maglagay ng petsa, may araw, buwan at taon',
    low: 'Maglagay ng petsa. Pinakamaaga: {day}',
    high: 'Maglagay ng petsa. Pinakahuli: {day}',
  },
  id: {
    type: 'Isi tanggal lengkap dengan hari, bulan, dan tahun',
    low: 'Isi tanggal paling awal {day}',
    high: 'Isi tanggal paling lambat {day}',
  },
  zh: {
    type: '填写日期，包括年、月、日',
    low: '填写不早于{day}的日期',
    high: '填写不晚于{day}的日期',
  },
  ar: {
    type: 'اكتب تاريخًا فيه اليوم والشهر والسنة',
    low: 'اكتب تاريخًا. أول تاريخ ممكن: {day}',
    high: 'اكتب تاريخًا. آخر تاريخ ممكن: {day}',
  },
};

/** A calendar date, stored as `YYYY-MM-DD`. */
export const date: FieldType<DateField> = {
  schema,
  noun: 'a date',
  manual: {
    about: 'A date. Its limits can depend on the current day.',
    example: `
- id: born
  type: date
  label: Date of birth
  max: today - 18 years
  autocomplete: bday
  required: true`,
  },
  inPanels: { keys: { max: 'The latest date, such as 2026-12-31, today, or today + 30 days.' } },
  kind: 'date',
  control: (field) => ({
    kind: 'input',
    attributes: {
      type: 'date',
      autocomplete: autofill(field),
      ...limitAttributes('min', field.min ?? EARLIEST),
      ...limitAttributes('max', field.max ?? LATEST),
    },
  }),
  features: ({ min, max }) => ([min, max].some((limit) => limit && RELATIVE.test(limit)) ? ['movingDates'] : []),
  unique: true,
  limitDays: ({ min, max }) => [min, max].filter((day) => day !== undefined),
  limitNouns: ['earliest date', 'latest date'],
  values: () => undefined,
  like: () => 'a date like 2026-12-31',
  read(field, raw, today) {
    const parsed = dateSchema.safeParse(raw);
    if (!parsed.success) return { problem: 'type' };
    if (parsed.data < resolveDate(field.min ?? EARLIEST, today.earliest)) return { problem: 'low' };
    if (parsed.data > resolveDate(field.max ?? LATEST, today.latest)) return { problem: 'high' };
    return { answer: parsed.data };
  },
  sentences: inEach(WORDS, (words, { min, max }, language) => ({
    type: words.type,
    low: fillPipes(words.low, { day: inWords(min ?? EARLIEST, language) }),
    high: fillPipes(words.high, { day: inWords(max ?? LATEST, language) }),
  })),
  // A prefilled answer may be of another type that the field had before.
  show: (_field, answer, language) =>
    Number.isNaN(Date.parse(String(answer))) ? String(answer) : inWords(String(answer), language),
  sample: (_field, number) => `19${60 + (number % 40)}-0${1 + (number % 9)}-15`,
};

/** A fixed limit is an attribute as it is. A relative one depends on the person's own date, which the page knows. */
const limitAttributes = (name: 'min' | 'max', value: string) =>
  RELATIVE.test(value) ? { [`data-${name}`]: value } : { [name]: value };

/** `Intl`'s words for a coming day ("in 30 days"), and ours for a sentence. */
const COMING: Partial<Record<Language, [formatted: RegExp, ours: string]>> = {
  en: [/^in (.+)$/, '$1 from today'],
  fil: [/^sa (.+)$/, '$1 mula ngayon'],
  id: [/^dalam (.+)$/, '$1 dari sekarang'],
  ar: [/^خلال/, 'بعد'],
};

function inWords(value: string, language: Language): string {
  const locale = localeOf(language);
  const match = RELATIVE.exec(value);
  if (!match) return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(value));
  const [, sign, amount, unit] = match;
  if (!unit) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'day');
  const coming = COMING[language];
  const formatted = new Intl.RelativeTimeFormat(locale).format(
    Number(`${sign}${amount}`),
    unit as 'day' | 'month' | 'year',
  );
  return coming ? formatted.replace(...coming) : formatted;
}

/** The earliest and the latest date on earth at `now`: from UTC−12 to UTC+14. */
export function todayAround(now: Date): Today {
  const at = (hours: number) => dayOf(Math.floor((now.getTime() + hours * 3_600_000) / DAY_MS));
  return { earliest: at(-12), latest: at(14) };
}

const DAY_MS = 86_400_000;
const days = new Map<number, string>();

/** Days since 1970 as a date. Cached, because each field asks for it. */
function dayOf(count: number): string {
  if (days.size > 100) days.clear();
  const known = days.get(count) ?? new Date(count * DAY_MS).toISOString().slice(0, 10);
  days.set(count, known);
  return known;
}
