import { z } from 'zod';
import { conditionSchema } from '../../logic/condition-schema.ts';
import { idSchema, textSchema } from '../../keys.ts';
import type { FieldType } from '../field-type.ts';
import { noSentences } from '../sentences.ts';

const schema = z
  .strictObject({
    type: z.literal('statement'),
    id: idSchema,
    text: textSchema.describe('The text between the fields'),
    show_when: conditionSchema.optional().describe('Shows it only if this condition is true: { status: employed }'),
  })
  .transform((field) => ({ ...field, label: field.text, help: undefined, required: false }));

/** A text between fields. It has no answer. */
export const statement: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'a text without an answer',
  manual: {
    about: 'A text between the fields. It asks nothing.',
    example: `
- { id: soon, type: statement, text: You are nearly there. Two more questions. }`,
  },
  kind: 'nothing',
  control: () => ({ kind: 'nothing' }),
  values: () => [],
  read: () => ({ problem: 'type' }),
  sentences: noSentences,
  show: () => '',
};
