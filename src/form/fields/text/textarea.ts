import { z } from 'zod';
import { asText, commonKeys, placeholderKey, type FieldType } from '../field-type.ts';
import { authorsAutofill } from '../autofill.ts';
import { fullName } from './sample-names.ts';
import { inEach } from '../sentences.ts';
import { checkLengths, lengthKeys, LENGTHS, lengthSentences, readTyped } from './typed.ts';

const MAX_CHARACTERS = 5_000;

const schema = z
  .strictObject({ type: z.literal('textarea'), ...commonKeys, ...lengthKeys, placeholder: placeholderKey })
  .superRefine(checkLengths(MAX_CHARACTERS));

/** Text of several lines. */
export const textarea: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'a long text',
  manual: {
    about: 'Text of several lines, for an answer that needs an explanation.',
    example: `
- id: reason
  type: textarea
  label: Why would you like to work with us?
  help: Two or three sentences are enough.
  max_length: 500`,
  },
  inPanels: { keys: { min_length: '', max_length: '' } },
  kind: 'text',
  control: (field) => ({
    kind: 'textarea',
    attributes: { rows: 4, minlength: field.min_length, autocomplete: authorsAutofill(field) },
  }),
  typed: true,
  storedLike: 'typed text',
  values: () => undefined,
  read: (field, raw) => readTyped(raw, field.min_length ?? 0, field.max_length ?? MAX_CHARACTERS, '\n'),
  sentences: inEach(LENGTHS, (words, field, language) => lengthSentences(words, field, MAX_CHARACTERS, language)),
  show: asText,
  sample: (_field, number) => fullName(number),
};
