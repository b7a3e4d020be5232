import { z } from 'zod';
import type { AmountLimits } from '../../runtime/amount.ts';
import { textSchema } from '../../keys.ts';
import { commonKeys, type FieldType } from '../field-type.ts';
import { readNumber } from '../amounts/number-limits.ts';
import { NOT_OFFERED } from './options.ts';
import { inEach, writtenIn } from '../sentences.ts';

/** A phone has no room for more numbers in a row. */
const MAX_NUMBERS = 11;

const schema = z
  .strictObject({
    type: z.literal('scale'),
    ...commonKeys,
    min: z.int().min(-1_000).max(1_000).default(1).describe('The first number of the scale'),
    max: z.int().min(-1_000).max(1_000).default(5).describe('The last number of the scale'),
    min_label: textSchema.optional().describe('The meaning of the first number, such as Not at all'),
    max_label: textSchema.optional().describe('The meaning of the last number, such as Very much'),
  })
  .refine(({ min, max }) => min < max, { path: ['min'], error: 'is not less than max' })
  .refine(({ min, max }) => max - min < MAX_NUMBERS, {
    path: ['max'],
    error: `makes more than ${MAX_NUMBERS} numbers, which do not fit side by side; write a smaller range, or use \`type: number\``,
  });

type Scale = z.infer<typeof schema>;

/** A whole number, chosen from a row of them. */
export const scale: FieldType<Scale> = {
  schema,
  noun: 'a number on a scale',
  manual: {
    about: 'A whole number from a row of numbers. The first and the last one can have a label.',
    example: `
- id: likely
  type: scale
  label: How likely are you to recommend us?
  min: 0
  max: 10
  min_label: Not at all
  max_label: Very`,
  },
  inPanels: { keys: { min: '', max: '' } },
  kind: 'number',
  control: ({ min, max, ...field }, language) => ({
    kind: 'choices',
    input: 'radio',
    choices: Array.from({ length: max - min + 1 }, (_, index) => ({
      value: String(min + index),
      label: writtenIn(min + index, language),
    })),
    row: { look: 'numbers', first: field.min_label, last: field.max_label },
  }),
  limitNouns: ['first number', 'last number'],
  values: () => undefined,
  limits: numbersOf,
  read(field, raw) {
    const read = readNumber(numbersOf(field), raw);
    return 'answer' in read ? read : { problem: 'choice' };
  },
  sentences: inEach(NOT_OFFERED, (choice) => ({ choice })),
  show: (_field, answer, language) => writtenIn(Number(answer), language),
};

function numbersOf({ min, max }: Scale): AmountLimits {
  return { min, max, step: 1 };
}
