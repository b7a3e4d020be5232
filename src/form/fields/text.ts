import { createContext, Script } from 'node:vm';
import { z } from 'zod';
import { say } from '../text.ts';
import { textSchema } from '../keys.ts';
import { asText, autocompleteKey, commonKeys, placeholderKey, type FieldType } from './field-type.ts';
import { lengthKeys, lengthSentences, lengthsInOrder, lengthsOutOfOrder, readTyped } from './typed.ts';

const MOST = 200;

const schema = z
  .strictObject({
    type: z.literal('text'),
    ...commonKeys,
    ...lengthKeys,
    placeholder: placeholderKey,
    autocomplete: autocompleteKey,
    pattern: z
      .string()
      .refine((source) => isPattern(source), 'is not a regular expression; inside [ ] a - is written \\-')
      .optional()
      .describe('A regular expression that the whole answer must match, such as "[0-9]{8}"'),
    pattern_hint: textSchema.optional().describe('What the pattern asks for, in words: Enter 8 digits, like 12345678'),
  })
  .refine(lengthsInOrder, lengthsOutOfOrder)
  .refine((field) => !field.pattern || field.pattern_hint, {
    path: ['pattern'],
    error: 'needs a pattern_hint beside it, so that people read in words what is asked',
  });

/** As browsers compile `pattern`: the whole text, with the `v` flag. */
function isPattern(source: string): boolean {
  try {
    new RegExp(`^(?:${source})$`, 'v');
    return true;
  } catch {
    return false;
  }
}

/** Longest time a pattern may take, in ms. Some patterns, on some texts, would take for ever. */
const LONGEST_MATCH = 50;

const room = createContext({ source: '', text: '' });
const matching = new Script("new RegExp(`^(?:${source})$`, 'v').test(text)");

/** Whether the whole of `text` matches; one that takes too long does not, so that no answer can hold up everybody. */
function matches(source: string, text: string): boolean {
  Object.assign(room, { source, text });
  try {
    return matching.runInContext(room, { timeout: LONGEST_MATCH }) === true;
  } catch {
    return false;
  }
}

const hint = (field: z.infer<typeof schema>, language: string) =>
  field.pattern_hint && { pattern: say(field.pattern_hint, language) };

/** A line of text. */
export const text: FieldType<z.infer<typeof schema>> = {
  schema,
  kind: 'text',
  control: (field) => ({
    kind: 'input',
    attributes: {
      type: 'text',
      autocomplete: field.autocomplete,
      minlength: field.min_length,
      maxlength: field.max_length ?? MOST,
      pattern: field.pattern,
    },
  }),
  values: () => undefined,
  read(field, raw) {
    const typed = readTyped(raw, field.min_length ?? 0, field.max_length ?? MOST);
    if ('problem' in typed) return typed;
    if (typed.answer.includes('\n')) return { problem: 'type' };
    if (field.pattern && !matches(field.pattern, typed.answer)) return { problem: 'pattern' };
    return typed;
  },
  sentences: {
    en: (field) => ({ ...lengthSentences.en(field.min_length ?? 0, field.max_length ?? MOST), ...hint(field, 'en') }),
    es: (field) => ({ ...lengthSentences.es(field.min_length ?? 0, field.max_length ?? MOST), ...hint(field, 'es') }),
  },
  show: asText,
};
