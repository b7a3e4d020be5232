import { z } from 'zod';
import { conditionSchema } from '../condition-schema.ts';
import { expressionSchema } from '../expression-schema.ts';
import { idSchema, textSchema } from '../keys.ts';
import { localeOf } from '../wording/wording.ts';
import type { FieldType } from './field-type.ts';
import { currencyKey, moneyFormat } from './currency.ts';
import { noSentences } from './sentences.ts';

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

/** A number that is worked out from other answers, and shown. Nobody types it; an answer given for it is ignored. */
export const computed: FieldType<z.infer<typeof schema>> = {
  schema,
  kind: 'number',
  control: () => ({ kind: 'output' }),
  features: () => ['formulas'],
  values: () => undefined,
  read: () => ({ problem: 'type' }),
  sentences: noSentences,
  format,
  show: (field, answer, language) => new Intl.NumberFormat(localeOf(language), format(field)).format(Number(answer)),
};

function format({ currency }: { currency?: string | undefined }): Intl.NumberFormatOptions {
  return currency ? moneyFormat(currency) : { maximumFractionDigits: 10 };
}
