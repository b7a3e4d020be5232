import { z } from 'zod';
import { authorsAutofill } from '../autofill.ts';
import { autocompleteKey, commonKeys, type FieldType } from '../field-type.ts';
import { checkEnds, labelOf, NOT_OFFERED, oneOf, optionsKey } from './options.ts';
import { isFree, notFree, otherKey, withExtraOptions } from './other.ts';
import { inEach } from '../sentences.ts';

const schema = z
  .strictObject({
    type: z.literal('select'),
    ...commonKeys,
    options: optionsKey,
    autocomplete: autocompleteKey,
    other: otherKey,
  })
  .refine(isFree, notFree)
  .superRefine(checkEnds)
  .transform(withExtraOptions);

/** One of many options, in a list that opens. */
export const select: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'a choice from a list',
  manual: {
    about: 'One of many options, in a list that opens.',
    example: `
- id: city
  type: select
  label: Where do you want to drive?
  options:
    - { value: manila, label: Metro Manila }
    - { value: cebu, label: Cebu }
    - { value: davao, label: Davao }`,
  },
  otherNames: ['dropdown'],
  kind: 'text',
  control: (field) => ({
    kind: 'select',
    choices: field.options,
    attributes: { autocomplete: authorsAutofill(field) },
  }),
  facts: ['employer'],
  unique: true,
  storedLike: 'option',
  values: (field) => field.options.map((option) => option.value),
  read: (field, raw) => oneOf(field.options, raw),
  sentences: inEach(NOT_OFFERED, (choice) => ({ choice })),
  show: (field, answer, language) => labelOf(field.options, String(answer), language),
  sample: (field, number) => field.options[number % field.options.length]?.value,
};
