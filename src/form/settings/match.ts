/** The comparisons that the author wants: of a person's answers with the linked account. */
import { z } from 'zod';
import { currencyKey } from '../fields/amounts/currency.ts';
import { idSchema } from '../keys.ts';

/** The kind of amount to compare, in Smile's words. */
const PAYS = ['net', 'gross', 'base'] as const;
export type Pay = (typeof PAYS)[number];

/** How far a declared income may be from the linked one, in percent, unless the form says otherwise. */
const WITHIN = 20;

export const matchSchema = z.strictObject({
  name: z
    .union([idSchema, z.array(idSchema).min(1, 'is empty; name at least one field').max(5)])
    .optional()
    .describe('The id of the field with the person’s name, or a list such as [first_name, last_name]'),
  employer: idSchema.optional().describe('The id of the field with the employer'),
  monthly_income: z
    .strictObject({
      field: idSchema.describe('The id of the field with the monthly income'),
      within: z
        .number()
        .min(0, 'is less than 0; write a percentage like 20')
        .max(100, 'is more than 100; write a percentage like 20')
        .default(WITHIN)
        .describe('The difference that still counts as equal, in percent of the income in the account'),
      pay: z.enum(PAYS).default('net').describe('The kind of pay that the field asks for: net, gross or base'),
      currency: currencyKey.optional().describe('The currency, such as PHP, if the field is a number without one'),
    })
    .optional()
    .describe('The monthly income, and the difference that still counts as equal'),
});

export type Match = z.infer<typeof matchSchema>;

/** The fields that make up the declared name, in their order. */
export const nameFields = ({ name }: Match): string[] => (name === undefined ? [] : [name].flat());
