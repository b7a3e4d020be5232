import { z } from 'zod';
import { conditionSchema } from '../../logic/condition-schema.ts';
import { expressionSchema } from '../../logic/expression-schema.ts';
import { idSchema, textSchema } from '../../keys.ts';
import { localeOf } from '../../wording/wording.ts';
import type { FieldType } from '../field-type.ts';
import { currencyKey, moneyFormat } from '../amounts/currency.ts';
import { noSentences } from '../sentences.ts';

const schema = z
  .strictObject({
    type: z.literal('computed'),
    id: idSchema,
    label: textSchema.describe('The name of the number, shown beside it'),
    help: textSchema.optional().describe('A hint, shown under the label'),
    value: expressionSchema.describe(
      'The calculation, from numbers, choices and yes/no answers: hours * rate, or status == "employed" ? pay : 0',
    ),
    currency: currencyKey.optional(),
    show_when: conditionSchema.optional().describe('Shows it only if this condition is true: { status: employed }'),
  })
  .transform((field) => ({ ...field, required: false }));

/**
 * A number that Flipsite computes from other answers and shows. People can't type it, and Flipsite ignores an answer
 * for it.
 */
export const computed: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'a calculated number',
  manual: {
    about:
      'A number that Flipsite calculates from other answers and shows. You can use `+ - * / %`, comparisons, `&& || !`, `condition ? a : b`, and the functions `min max round floor ceil abs`. Yes counts as 1. No, and a missing answer, count as 0.',
    example: `
- { id: hours, type: number, label: Hours a week, min: 0, max: 80 }
- { id: rate, type: money, label: Pay an hour, currency: PHP }
- { id: pay, type: computed, label: Pay a month, value: round(hours * rate * 52 / 12), currency: PHP }`,
  },
  inPanels: {
    about:
      'A number that Flipsite calculates from other answers and shows. Yes counts as 1. No, and a missing answer, count as 0.',
    keys: {
      value: 'Such as hours * rate. Write the names of questions from “Name in rules and exports”.',
    },
  },
  kind: 'number',
  control: () => ({ kind: 'output' }),
  features: () => ['formulas'],
  formula: ({ value }) => value,
  facts: ['income'],
  values: () => undefined,
  read: () => ({ problem: 'type' }),
  sentences: noSentences,
  format,
  show: (field, answer, language) => new Intl.NumberFormat(localeOf(language), format(field)).format(Number(answer)),
};

function format({ currency }: { currency?: string | undefined }): Intl.NumberFormatOptions {
  return currency ? moneyFormat(currency) : { maximumFractionDigits: 10 };
}
