import { z } from 'zod';
import { fillPipes } from '../../runtime/text.ts';
import { localeOf, type Language } from '../../wording/wording.ts';
import { authorsAutofill } from '../autofill.ts';
import { commonKeys, type FieldType } from '../field-type.ts';
import { inEach } from '../sentences.ts';

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const timeKey = z
  .string('is not a time in quotes; write one like "08:30"')
  .regex(TIME, 'is not a time; write one like "08:30" or "18:00"');

const schema = z
  .strictObject({
    type: z.literal('time'),
    ...commonKeys,
    min: timeKey.optional().describe('The earliest time, such as "08:00"'),
    max: timeKey.optional().describe('The latest time, such as "18:00"'),
    step: z
      .int()
      .min(1)
      .max(720)
      .optional()
      .describe('The minutes between two times that people can enter, such as 15'),
  })
  .refine(({ min, max }) => !min || !max || min <= max, { path: ['min'], error: 'is after max' });

type Time = z.infer<typeof schema>;

type Words = Record<'type' | 'low' | 'high' | 'step', string>;

const WORDS: Record<Language, Words> = {
  en: {
    type: 'Enter a time, with hours and minutes',
    low: 'Enter a time no earlier than {time}',
    high: 'Enter a time no later than {time}',
    step: 'Enter a time like {first} or {second}',
  },
  es: {
    type: 'Escribe una hora, con horas y minutos',
    low: 'Escribe una hora no anterior a las {time}',
    high: 'Escribe una hora no posterior a las {time}',
    step: 'Escribe una hora como {first} o {second}',
  },
  fil: {
    type: 'Maglagay ng oras, may oras at minuto',
    low: 'Maglagay ng oras. Pinakamaaga: {time}',
    high: 'Maglagay ng oras. Pinakahuli: {time}',
    step: 'Maglagay ng oras tulad ng {first} o {second}',
  },
  id: {
    type: 'Isi waktu lengkap dengan jam dan menit',
    low: 'Isi waktu paling awal {time}',
    high: 'Isi waktu paling lambat {time}',
    step: 'Isi waktu seperti {first} atau {second}',
  },
  zh: {
    type: '填写时间，包括小时和分钟',
    low: '填写不早于 {time} 的时间',
    high: '填写不晚于 {time} 的时间',
    step: '填写像 {first} 或 {second} 这样的时间',
  },
  ar: {
    type: 'اكتب وقتًا فيه الساعة والدقيقة',
    low: 'اكتب وقتًا. أول وقت ممكن: {time}',
    high: 'اكتب وقتًا. آخر وقت ممكن: {time}',
    step: 'اكتب وقتًا مثل {first} أو {second}',
  },
};

/** Seconds, which some browsers add. */
const NO_SECONDS = /:00(?:\.0+)?$/;

/** A time of the day, stored as `HH:MM`. */
export const time: FieldType<Time> = {
  schema,
  noun: 'a time',
  manual: {
    about: 'A time of the day. Put times in quotes.',
    example: `
- { id: call_at, type: time, label: When may we call you?, min: '09:00', max: '18:00' }`,
  },
  inPanels: { about: 'A time of the day.' },
  kind: 'text',
  control: (field) => ({
    kind: 'input',
    attributes: {
      type: 'time',
      autocomplete: authorsAutofill(field),
      min: field.min,
      max: field.max,
      step: field.step && field.step * 60,
    },
  }),
  stepNoun: 'number of minutes between times',
  limitNouns: ['earliest time', 'latest time'],
  values: () => undefined,
  like: () => 'a time like "18:30"',
  read(field, raw) {
    if (typeof raw !== 'string') return { problem: 'type' };
    const answer = raw.length > 5 ? raw.replace(NO_SECONDS, '') : raw;
    if (!TIME.test(answer)) return { problem: 'type' };
    if (field.min && answer < field.min) return { problem: 'low' };
    if (field.max && answer > field.max) return { problem: 'high' };
    return (minutesOf(answer) - firstOf(field)) % (field.step ?? 1) === 0 ? { answer } : { problem: 'step' };
  },
  sentences: inEach(WORDS, ({ type, low, high, step }, field, language) => ({
    type,
    ...(field.min && { low: fillPipes(low, { time: inWords(minutesOf(field.min), language) }) }),
    ...(field.max && { high: fillPipes(high, { time: inWords(minutesOf(field.max), language) }) }),
    ...(field.step && { step: fillPipes(step, examples(firstOf(field), field.step, language)) }),
  })),
  show: (_field, answer, language) =>
    TIME.test(String(answer)) ? inWords(minutesOf(String(answer)), language) : String(answer),
};

/** Minutes since midnight. */
function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

/** The time from which the steps count, as in browsers. */
const firstOf = ({ min }: Time): number => (min ? minutesOf(min) : 0);

const examples = (first: number, step: number, language: Language) => ({
  first: inWords(first, language),
  second: inWords(first + step, language),
});

const inWords = (minutes: number, language: Language): string =>
  new Intl.DateTimeFormat(localeOf(language), { timeStyle: 'short', timeZone: 'UTC' }).format(minutes * 60_000);
