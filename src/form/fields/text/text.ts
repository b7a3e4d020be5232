import { z } from 'zod';
import {
  formatAttributes,
  formatNames,
  formats,
  formatSentence,
  readFormat,
  showFormat,
} from '../../formats/formats.ts';
import { textSchema } from '../../keys.ts';
import { localize } from '../../runtime/text.ts';
import type { Language } from '../../wording/wording.ts';
import { autofill } from '../autofill.ts';
import { autocompleteKey, commonKeys, placeholderKey, type FieldType } from '../field-type.ts';
import { isPattern, isSlow, matchesPattern, propertyOfTexts, syntaxFault } from './pattern.ts';
import { fullName } from './sample-names.ts';
import { alike, inEach, likeThis } from '../sentences.ts';
import { checkLengths, lengthKeys, LENGTHS, lengthSentences, readTyped } from './typed.ts';

const MAX_CHARACTERS = 200;

function notPattern(source: string): string {
  const property = propertyOfTexts(source);
  if (property !== undefined)
    return `has \`${property}\`, which takes too long. Write \\p{Emoji} or another property of single characters`;
  const fault = syntaxFault(source) ?? '';
  const remedy =
    REMEDIES.find(([known, , sign = /^/]) => known.test(fault) && sign.test(source))?.[1] ??
    'Check its brackets, and the signs before * + ? and {';
  return `is not a regular expression (${fault}). ${remedy}`;
}

/** By the words of the engine, and by a sign in the pattern. Authors know patterns from programs that accept more. */
const REMEDIES: [fault: RegExp, remedy: string, sign?: RegExp][] = [
  [/unterminated character class/i, 'Write ] after the signs of each ['],
  [/range out of order/i, 'Write the earlier sign of a range first, such as [a-z]'],
  [/property name/i, 'Write a property that Unicode has, such as \\p{L} for letters'],
  [/set operation/i, 'Write a sign such as ! or # only once inside [ ]'],
  [/character class/i, 'Write \\ before each of ( ) { } / | - inside [ ]'],
  [/escape/i, 'Remove \\A and \\Z, because the complete answer has to match anyway', /\\[AZz]/],
  [
    /escape/i,
    'Check each \\ before a letter or a digit. \\d, \\s, \\w and \\p{L} are known, and \\1 after a group in ( )',
    /\\(?![bBdDfnpPrsStvwW])[a-z\d]/i,
  ],
  [/escape/i, 'Remove the \\ before a sign that needs none, such as - outside [ ]'],
];

const schema = z
  .strictObject({
    type: z.literal('text'),
    ...commonKeys,
    ...lengthKeys,
    placeholder: placeholderKey,
    autocomplete: autocompleteKey,
    pattern: z
      .string()
      .refine((source) => isPattern(source), { error: ({ input }) => notPattern(String(input)) })
      .optional()
      .describe('A regular expression that the complete answer must match, such as "[0-9]{8}"'),
    pattern_hint: textSchema
      .optional()
      .describe('The error message for other answers, such as Enter 8 digits, like 12345678'),
    format: z
      .enum(formatNames)
      .optional()
      .describe(
        'An official number or code: ph_tin, ph_sss, mx_curp, mx_rfc or id_nik. For ph_tin and ph_sss, Flipsite checks only the number of digits',
      ),
  })
  .superRefine(checkLengths(MAX_CHARACTERS))
  .refine((field) => !field.pattern || field.pattern_hint, {
    path: ['pattern'],
    error: 'needs a `pattern_hint`. Say what to enter, like `pattern_hint: Enter 8 digits`',
  })
  .refine((field) => !field.pattern || !isSlow(field.pattern, field.max_length ?? MAX_CHARACTERS), {
    path: ['pattern'],
    error:
      'takes too long on some answers. Write [A-Z ]+ instead of ([A-Z]+ ?)+ or [A-Z ]*[A-Z ]*, which repeat the same thing twice. Or lower `max_length`',
  })
  .superRefine((field, context) => {
    for (const key of ['pattern', 'pattern_hint', 'min_length', 'max_length'] as const) {
      if (!field.format || field[key] === undefined) continue;
      const message = `cannot be used with \`format: ${field.format}\`, which already says what to enter. Delete one of the two`;
      context.addIssue({ code: 'custom', path: [key], message });
    }
  });

type TextField = z.infer<typeof schema>;

const patternHint = (field: TextField, language: Language) =>
  field.pattern_hint && { pattern: localize(field.pattern_hint, language) };

/** A line of text. */
export const text: FieldType<TextField> = {
  schema,
  noun: 'a short text',
  manual: {
    about: 'One line of text, such as a name or an employer.',
    example: `
- id: full_name
  type: text
  label: Full name
  required: true
  autocomplete: name`,
  },
  inPanels: { keys: { min_length: '', max_length: '' } },
  otherNames: ['string'],
  kind: 'text',
  control: (field) => ({
    kind: 'input',
    attributes: {
      type: 'text',
      autocomplete: autofill(field),
      // No `maxlength`: a browser would cut a text that is pasted, and say nothing. The server asks to shorten it.
      minlength: field.min_length,
      // White space around an answer is removed before it is read.
      pattern: field.pattern && `\\s*(?:${field.pattern})\\s*`,
      ...(field.format && formatAttributes(field.format)),
    },
  }),
  typed: true,
  facts: ['name', 'employer'],
  unique: true,
  storedLike: 'typed text',
  values: () => undefined,
  like: ({ format }) => format && `a code like ${readFormat(format, formats[format].example)}`,
  read(field, raw) {
    const typed = readTyped(raw, field.min_length ?? 0, field.max_length ?? MAX_CHARACTERS);
    if ('problem' in typed) return typed;
    if (typed.answer.includes('\n')) return { problem: 'type' };
    if (field.pattern && !matchesPattern(field.pattern, typed.answer)) return { problem: 'pattern' };
    if (!field.format) return typed;
    const code = readFormat(field.format, typed.answer);
    return code === undefined ? { problem: 'pattern' } : { answer: code };
  },
  sentences: inEach(LENGTHS, (words, field, language) =>
    field.format
      ? alike(formatSentence(field.format, language))
      : { ...lengthSentences(words, field, MAX_CHARACTERS, language), ...patternHint(field, language) },
  ),
  hint: ({ format }, language) => format && likeThis(formats[format].example, language),
  show: ({ format }, answer) => (format ? showFormat(format, String(answer)) : String(answer)),
  sample: (_field, number) => fullName(number),
};
