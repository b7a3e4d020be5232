import { z } from 'zod';
import { commonKeys, type FieldType } from '../field-type.ts';
import { checkEnds, labelOf, NOT_OFFERED, oneOf, optionsKey } from './options.ts';
import { isFree, notFree, otherKey, withExtraOptions } from './other.ts';
import { inEach } from '../sentences.ts';

const schema = z
  .strictObject({ type: z.literal('radio'), ...commonKeys, options: optionsKey, other: otherKey })
  .refine(isFree, notFree)
  .superRefine(checkEnds)
  .transform(withExtraOptions);

/** One of a few options, all visible. */
export const radio: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'a choice of one option',
  manual: {
    about: 'One of a few options, all visible. For more than seven options, `select` is easier.',
    example: `
- id: status
  type: radio
  label: Are you working now?
  required: true
  options:
    - { value: employed, label: Employed }
    - { value: self, label: Self-employed }
    - { value: none, label: Not working }`,
  },
  otherNames: ['choice'],
  kind: 'text',
  control: (field) => ({ kind: 'choices', input: 'radio', choices: field.options }),
  facts: ['employer'],
  storedLike: 'option',
  values: (field) => field.options.map((option) => option.value),
  read: (field, raw) => oneOf(field.options, raw),
  sentences: inEach(NOT_OFFERED, (choice) => ({ choice })),
  show: (field, answer, language) => labelOf(field.options, String(answer), language),
  sample: (field, number) => field.options[number % field.options.length]?.value,
};
