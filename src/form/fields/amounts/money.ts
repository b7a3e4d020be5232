import { z } from 'zod';
import { localeOf, type Language } from '../../wording/wording.ts';
import { amountOf } from './amounts.ts';
import { currencyKey, decimalsOf, moneyFormat, moneyInWords } from './currency.ts';
import { commonKeys, type FieldType } from '../field-type.ts';
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

const schema = z
  .strictObject({
    type: z.literal('money'),
    ...commonKeys,
    currency: currencyKey,
    ...limitKeys,
    step: stepKey
      .optional()
      .describe(
        '1 for amounts without decimals. Without it, the smallest coin, such as 0.01 in PHP. Steps count from `min`',
      ),
  })
  .refine(limitsInOrder, limitsOutOfOrder)
  .superRefine((field, context) => {
    for (const key of ['min', 'max', 'step'] as const) {
      if (field[key] === undefined || field[key] === rounded(field[key], field.currency)) continue;
      const decimals = decimalsOf(field.currency);
      const expected = decimals ? `at most ${decimals} decimals` : 'no decimals';
      context.addIssue({ code: 'custom', path: [key], message: `has too many decimals for ${field.currency}; write a number with ${expected}` }); // prettier-ignore
    }
  })
  .transform((field) => ({ ...field, step: field.step ?? 10 ** -decimalsOf(field.currency) }));

type Money = z.infer<typeof schema>;

/** An amount of one currency, stored as a number of its main unit: 14500.5 for ₱14,500.50. */
export const money: FieldType<Money> = {
  schema,
  noun: 'an amount of money',
  manual: {
    about:
      'An amount in one currency. People can type it in any usual way: 14,500.50, 14.500,50 or $14 500. If it could mean two amounts, the page asks.',
    example: `
- { id: monthly_income, type: money, label: Monthly income, currency: PHP, min: 0 }`,
  },
  inPanels: { keys: { max: '' } },
  otherNames: ['amount', 'currency'],
  kind: 'number',
  amount: amountOf,
  control: (field, language) => ({
    ...numberControl(amountOf(field, language)),
    unit: symbolOf(field.currency, language),
  }),
  typed: true,
  facts: ['income'],
  values: () => undefined,
  limits: (field) => field,
  read(field, raw) {
    const read = readNumber(field, raw);
    return 'answer' in read ? { answer: rounded(read.answer, field.currency) } : read;
  },
  sentences: numberSentences(
    (amount, { currency }, language) => moneyInWords(amount, currency, language),
    ({ currency, step }) => (step === 10 ** -decimalsOf(currency) ? EXAMPLE : undefined),
  ),
  format: (field) => moneyFormat(field.currency),
  show: (field, answer, language) => moneyInWords(Number(answer), field.currency, language),
  sample: sampleNumber,
};

/** An amount with coins, in every currency that has them. */
const EXAMPLE = 1234.5;

/** Rounds to the smallest coin, because binary fractions leave a remainder. */
const rounded = (amount: number, currency: string): number => Number(amount.toFixed(decimalsOf(currency)));

/** "₱", as people who read `language` write it. */
function symbolOf(currency: string, language: Language): string {
  const parts = new Intl.NumberFormat(localeOf(language), moneyFormat(currency)).formatToParts(0);
  return parts.find(({ type }) => type === 'currency')?.value ?? currency;
}
