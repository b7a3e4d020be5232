/** Shared by the fields in which people type text. */
import { z } from 'zod';
import { hasAccentsInRow } from '../../runtime/accents.ts';
import { fillPipes } from '../../runtime/text.ts';
import { UNTYPABLE } from '../../runtime/untypable.ts';
import { SITE_LIMITS } from '../../../site-limits/site-limits.ts';
import type { Language } from '../../wording/wording.ts';
import type { Problem } from '../field-type.ts';
import { writtenIn } from '../sentences.ts';

export const lengthKeys = {
  min_length: z.int().min(1).max(20_000).optional().describe('The smallest number of characters'),
  max_length: z.int().min(1).max(20_000).optional().describe('The largest number of characters'),
};

interface Lengths {
  min_length?: number | undefined;
  max_length?: number | undefined;
}

/** For `superRefine` of a type that takes `maxLength` characters without a `max_length`. */
export const checkLengths =
  (maxLength: number) =>
  ({ min_length: min = 0, max_length: max }: Lengths, context: z.RefinementCtx): void => {
    if (min <= (max ?? maxLength)) return;
    const usual = `is more than ${maxLength}. Write a \`max_length\` too, like \`max_length: ${min}\``;
    const message = max === undefined ? usual : 'is more than max_length';
    context.addIssue({ code: 'custom', path: ['min_length'], message });
  };

/**
 * Signs that change the direction of text. People copy them without seeing them, for example from a phone's contacts.
 */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

/** `normalize` sorts the accents in a row, and takes seconds for a long one (Unicode, UAX #15, stream-safe text format). */
const hasManyAccents = hasAccentsInRow(SITE_LIMITS.accentsInRow.value);

/**
 * Reads typed text: NFC, one kind of line end, no white space at its ends, no signs of direction. Lengths are in UTF-16
 * units, as in browsers. A value that is no text, or that no one can type, is a `type` problem.
 * @param soft the soft line break of documents and slides, which can be pasted into one line too, becomes this
 */
export function readTyped(
  raw: unknown,
  minLength: number,
  maxLength: number,
  soft: ' ' | '\n' = ' ',
): { answer: string } | { problem: Problem } {
  if (typeof raw !== 'string' || UNTYPABLE.test(raw)) return { problem: 'type' };
  const directed = raw.replace(DIRECTIONS, '').replace(/[\v\f]/g, soft);
  if (hasManyAccents(directed)) return { problem: 'type' };
  const answer = directed.normalize('NFC').replace(/\r\n?/g, '\n').trim();
  if (answer.length > maxLength) return { problem: 'long' };
  if (answer.length < minLength) return { problem: 'short' };
  return { answer };
}

/**
 * The sentences about the length of a text, and about characters that no keyboard types. `letter`: the longest is one
 * character, in a language with a plural.
 */
export const LENGTHS: Record<Language, { type: string; short: string; long: string; letter?: string }> = {
  en: {
    type: 'Use letters, numbers and signs only',
    short: 'Write at least {n} characters',
    long: 'Shorten this to {n} characters or fewer',
    letter: 'Shorten this to 1 character',
  },
  es: {
    type: 'Usa solo letras, números y signos',
    short: 'Escribe al menos {n} caracteres',
    long: 'Acorta el texto a {n} caracteres o menos',
    letter: 'Acorta el texto a 1 carácter',
  },
  fil: {
    type: 'Gumamit lang ng mga letra, numero at bantas',
    short: 'Sumulat ng {n} letra o higit pa',
    long: 'Paikliin ito sa {n} letra o mas kaunti',
  },
  id: {
    type: 'Gunakan huruf, angka, dan tanda baca saja',
    short: 'Tulis paling sedikit {n} karakter',
    long: 'Persingkat menjadi {n} karakter atau kurang',
  },
  zh: {
    type: '只使用文字、数字和标点符号',
    short: '至少写 {n} 个字',
    long: '缩短到 {n} 个字以内',
  },
  ar: {
    type: 'استخدم الحروف والأرقام وعلامات الترقيم فقط',
    short: 'اكتب {n} من الأحرف على الأقل',
    long: 'اختصر النص إلى {n} من الأحرف أو أقل',
  },
};

/** The sentences of a text field that takes `maxLength` characters unless it has its own limit. */
export const lengthSentences = (
  words: (typeof LENGTHS)[Language],
  field: Lengths,
  maxLength: number,
  language: Language,
): Partial<Record<Problem, string>> => ({
  type: words.type,
  ...(field.min_length && { short: fillPipes(words.short, { n: writtenIn(field.min_length, language) }) }),
  long: fillPipes((field.max_length === 1 && words.letter) || words.long, {
    n: writtenIn(field.max_length ?? maxLength, language),
  }),
});
