import { z } from 'zod';
import { amountOf } from './amounts.ts';
import { commonKeys, placeholderKey, type FieldType } from '../field-type.ts';
import {
  limitKeys,
  limitsInOrder,
  limitsOutOfOrder,
  numberControl,
  numberSentences,
  readNumber,
  sampleNumber,
  stepKey,
} from './number-limits.ts';
import { writtenIn } from '../sentences.ts';

const schema = z
  .strictObject({
    type: z.literal('number'),
    ...commonKeys,
    ...limitKeys,
    step: stepKey.default(1).describe('1 for whole numbers, 0.01 for two decimals. Steps count from `min`'),
    placeholder: placeholderKey,
  })
  .refine(limitsInOrder, limitsOutOfOrder)
  // Steps count from `min`. From 0.5 they are 0.5, 1.5 and so on, which no person expects of whole numbers.
  .refine(({ min = 0, step }) => step !== 1 || Number.isInteger(min), {
    path: ['min'],
    error: 'has decimals, and the field takes whole numbers. Write a `step` too, like `step: 0.1`',
  });

/** A number; whole unless `step` says otherwise. */
export const number: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'a number',
  manual: {
    about: 'A number. It is a whole number, unless `step` says otherwise.',
    example: `
- { id: years, type: number, label: Years of experience, min: 0, max: 60 }`,
  },
  inPanels: { about: 'A number. It is a whole number, unless “Step” says otherwise.', keys: { max: '' } },
  kind: 'number',
  amount: amountOf,
  control: (field, language) => numberControl(amountOf(field, language)),
  typed: true,
  facts: ['income'],
  unique: true,
  values: () => undefined,
  limits: (field) => field,
  read: readNumber,
  sentences: numberSentences((value, _field, language) => writtenIn(value, language)),
  show: (_field, answer, language) => writtenIn(Number(answer), language),
  sample: sampleNumber,
};
