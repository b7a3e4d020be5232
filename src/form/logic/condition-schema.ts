/** The syntax of a written condition, and its compilation to the tree that `condition.ts` evaluates. */
import { z } from 'zod';
import type { Condition, Scalar } from '../runtime/condition.ts';
import { dateSchema } from '../keys.ts';
import { compileCondition, isConditionGroup } from './written-condition.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()], 'is not a value; write text, a number, true or false');
const scalars = z.union([scalar, z.array(scalar).min(1)]);

export const operatorsSchema = z
  .strictObject({
    not: scalars.describe('Any other answer: { not: none }'),
    at_least: z.number().describe('This number or more'),
    at_most: z.number().describe('This number or less'),
    more_than: z.number().describe('More than this number'),
    less_than: z.number().describe('Less than this number'),
    before: dateSchema.describe('Before this date'),
    after: dateSchema.describe('After this date'),
    contains: z
      .union([z.string(), z.array(z.string()).min(1)])
      .describe('For checkboxes: the person chose this option, or one of these'),
    answered: z.boolean().describe('true: there is an answer. false: there is no answer'),
  })
  .partial()
  .refine((operators) => Object.keys(operators).length > 0, 'is empty; write a comparison like `{ at_least: 3 }`');

type Operators = z.infer<typeof operatorsSchema>;
type Matcher = Scalar | Scalar[] | Operators;
type Written = { [key: string]: Matcher | Written[] };

const writtenSchema: z.ZodType<Written> = z.lazy(() =>
  z
    .custom<Record<string, unknown>>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'is not a condition; write one like `{ status: none }`',
    )
    .refine((written) => Object.keys(written).length > 0, 'is empty; write a condition like `{ status: none }`')
    .transform((written, context) => {
      for (const [key, value] of Object.entries(written)) {
        for (const issue of schemaFor(key, value).safeParse(value).error?.issues ?? []) {
          context.addIssue({ ...issue, path: [key, ...issue.path] } as Parameters<typeof context.addIssue>[0]);
        }
      }
      return written as Written;
    }),
);

/** The one schema that fits a value of this shape, so that faults come from that one only. */
function schemaFor(key: string, value: unknown): z.ZodType {
  if (isConditionGroup(key)) return z.array(writtenSchema).min(1, 'is empty; write a list of conditions');
  if (Array.isArray(value)) return z.array(scalar).min(1, 'is empty; write the possible values');
  return typeof value === 'object' && value !== null ? operatorsSchema : scalar;
}

/** A condition as written: `{ status: none }`, `{ age: { at_least: 18 } }`, `{ any: [ … ] }`. Several keys mean *and*. */
export const conditionSchema: z.ZodType<Condition> = writtenSchema.transform(compileCondition);

/** The operators, for suggestions. */
export const operatorNames = Object.keys(operatorsSchema.shape);
