import { z } from 'zod';
import { conditionSchema } from '../../logic/condition-schema.ts';
import { idSchema } from '../../keys.ts';
import { asText, commonKeys, type FieldType } from '../field-type.ts';
import { inEach } from '../sentences.ts';
import { LENGTHS, lengthSentences, readTyped } from '../text/typed.ts';

const MAX_CHARACTERS = 500;

const schema = z
  .strictObject({
    type: z.literal('hidden'),
    id: idSchema,
    default: z.string().max(MAX_CHARACTERS).optional().describe('The value if the link has no ?id=text'),
    sensitive: commonKeys.sensitive,
    show_when: conditionSchema.optional().describe('Stores it only if this condition is true: { status: employed }'),
  })
  .transform((field) => ({ ...field, label: field.id, help: undefined, required: false }));

/**
 * A text that people do not see or type. The address of the page fills it in, or its default does. Its name is its id.
 */
export const hidden: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'a hidden value',
  manual: {
    about: "A value that people don't see. It comes from the link, or is always the same.",
    example: `
- { id: branch, type: hidden, default: manila }`,
  },
  inPanels: { keys: { default: 'The value where the link brings none.' } },
  kind: 'text',
  control: () => ({ kind: 'hidden' }),
  unseen: true,
  values: () => undefined,
  read: (_field, raw) => readTyped(raw, 0, MAX_CHARACTERS),
  sentences: inEach(LENGTHS, (words, _field, language) => lengthSentences(words, {}, MAX_CHARACTERS, language)),
  show: asText,
};
