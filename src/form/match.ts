/** What the author wants compared: what a person declared against what was linked. */
import { z } from 'zod';
import { currencyKey } from './fields/currency.ts';
import { idSchema } from './keys.ts';

/** Which of the amounts of a pay is compared, in Smile's words. */
const PAYS = ['net', 'gross', 'base'] as const;
export type Pay = (typeof PAYS)[number];

/** How far a declared income may be from the linked one, in percent, unless the form says otherwise. */
const WITHIN = 20;

export const matchSchema = z.strictObject({
  name: z
    .union([idSchema, z.array(idSchema).min(1, 'is empty; name at least one field').max(5)])
    .optional()
    .describe('The field with the person’s name, or several fields that make it up: [first_name, last_name]'),
  employer: idSchema.optional().describe('The field with the name of the employer'),
  monthly_income: z
    .strictObject({
      field: idSchema.describe('The field with the income that the person states for a month'),
      within: z
        .number()
        .min(0, 'is less than 0; write a percentage like 20')
        .max(100, 'is more than 100; write a percentage like 20')
        .default(WITHIN)
        .describe('The largest difference from the income in the account, in percent of that income'),
      pay: z.enum(PAYS).default('net').describe('The kind of pay that the form asks for: net, gross or base'),
      currency: currencyKey
        .optional()
        .describe('The currency, if the field has no currency of its own, such as a number: PHP'),
    })
    .optional()
    .describe('The stated monthly income, and how much it may differ'),
});

export type Match = z.infer<typeof matchSchema>;

/** The fields that make up the declared name, in their order. */
export const nameFields = ({ name }: Match): string[] => (name === undefined ? [] : [name].flat());
