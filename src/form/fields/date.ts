import { z } from 'zod';
import { dateSchema } from '../keys.ts';
import { RELATIVE, resolveDate } from '../relative-date.ts';
import { localeOf, type Language } from '../wording/wording.ts';
import { commonKeys, type FieldType, type Today } from './field-type.ts';

const limit = z.union([dateSchema, z.string().regex(RELATIVE)], {
  error: 'is neither a date like 2026-12-31 nor like: today, today + 30 days, today - 18 years',
});

const schema = z
  .strictObject({
    type: z.literal('date'),
    ...commonKeys,
    min: limit.optional().describe('Earliest date: 2026-01-31, today, today + 30 days, today - 18 years'),
    max: limit.optional().describe('Latest date, written like min'),
    autocomplete: z.literal('bday').optional().describe('bday for a date of birth, so that the browser may fill it in'),
  })
  .refine(inOrder, { path: ['min'], error: 'is after max' });

/** Whether some day is within both limits. One fixed and one relative limit may leave none on some days; nobody can tell. */
function inOrder({ min, max }: { min?: string | undefined; max?: string | undefined }): boolean {
  if (!min || !max || RELATIVE.test(min) !== RELATIVE.test(max)) return true;
  return resolveDate(min, '2000-06-15') <= resolveDate(max, '2000-06-15');
}

type DateField = z.infer<typeof schema>;

/** Dates of people and contracts; years outside are slips of the finger. */
const EARLIEST = '1900-01-01';
const LATEST = '2199-12-31';

/** A calendar date, stored as `YYYY-MM-DD`. */
export const date: FieldType<DateField> = {
  schema,
  kind: 'date',
  control: (field) => ({
    kind: 'input',
    attributes: {
      type: 'date',
      autocomplete: field.autocomplete,
      ...limitAttributes('min', field.min ?? EARLIEST),
      ...limitAttributes('max', field.max ?? LATEST),
    },
  }),
  values: () => undefined,
  read(field, raw, today) {
    const parsed = dateSchema.safeParse(raw);
    if (!parsed.success) return { problem: 'type' };
    if (parsed.data < resolveDate(field.min ?? EARLIEST, today.earliest)) return { problem: 'low' };
    if (parsed.data > resolveDate(field.max ?? LATEST, today.latest)) return { problem: 'high' };
    return { answer: parsed.data };
  },
  sentences: {
    en: (field) => ({
      type: 'Enter a date, with day, month and year',
      low: `Enter a date no earlier than ${inWords(field.min ?? EARLIEST, 'en')}`,
      high: `Enter a date no later than ${inWords(field.max ?? LATEST, 'en')}`,
    }),
    es: (field) => ({
      type: 'Escribe una fecha con día, mes y año',
      low: `Escribe una fecha no anterior a ${inWords(field.min ?? EARLIEST, 'es')}`,
      high: `Escribe una fecha no posterior a ${inWords(field.max ?? LATEST, 'es')}`,
    }),
  },
  show: (_field, answer, language) => inWords(String(answer), language),
};

/** A fixed limit is an attribute as it is. A relative one waits for the person's own today, which the page knows. */
const limitAttributes = (name: 'min' | 'max', value: string) =>
  RELATIVE.test(value) ? { [`data-${name}`]: value } : { [name]: value };

const UNITS: Record<Language, Record<string, [one: string, many: string]>> = {
  en: { day: ['day', 'days'], month: ['month', 'months'], year: ['year', 'years'] },
  es: { day: ['día', 'días'], month: ['mes', 'meses'], year: ['año', 'años'] },
};

function inWords(value: string, language: Language): string {
  const match = RELATIVE.exec(value);
  if (!match)
    return new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(value));
  const [, sign, amount, unit] = match;
  if (!unit) return { en: 'today', es: 'hoy' }[language];
  const span = `${amount} ${UNITS[language][unit]?.[amount === '1' ? 0 : 1]}`;
  if (language === 'es') return sign === '-' ? `hace ${span}` : `dentro de ${span}`;
  return sign === '-' ? `${span} ago` : `${span} from today`;
}

/** The span of dates that it may be on earth at `now`: from UTC−12 to UTC+14. */
export function todayAround(now: Date): Today {
  const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString().slice(0, 10);
  return { earliest: at(-12), latest: at(14) };
}
