import { z } from 'zod';
import { conditionSchema } from '../condition-schema.ts';
import { idSchema, textSchema } from '../keys.ts';
import type { FieldType } from './field-type.ts';
import { noSentences } from './sentences.ts';

const schema = z
  .strictObject({
    type: z.literal('statement'),
    id: idSchema,
    text: textSchema.describe('A text between the fields, without a question'),
    show_when: conditionSchema.optional().describe('Show it only when this holds: { status: employed }'),
  })
  .transform((field) => ({ ...field, label: field.text, help: undefined, required: false }));

/** A text between fields. It has no answer. */
export const statement: FieldType<z.infer<typeof schema>> = {
  schema,
  kind: 'nothing',
  control: () => ({ kind: 'nothing' }),
  values: () => [],
  read: () => ({ problem: 'type' }),
  sentences: noSentences,
  show: () => '',
};
