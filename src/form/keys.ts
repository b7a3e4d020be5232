/** The small schemas that fields, screens and the form share. `describe` texts are the manual that editors show. */
import { z } from 'zod';
import { ID, MAX_ID_CHARACTERS } from './id.ts';
import type { Answer, Scalar } from './runtime/condition.ts';

/**
 * The longest texts that an author may write, in characters. They keep a page small enough to arrive in one round trip.
 */
export const MAX_TEXT_CHARACTERS = 5_000;

export const idSchema = z
  .string()
  .regex(ID, 'is not a valid id')
  .max(MAX_ID_CHARACTERS)
  .describe('A short name, unique in the form, such as full_name');

const oneText = z.string().min(1, 'is empty').max(MAX_TEXT_CHARACTERS);

export const textSchema = z
  .union([oneText, z.record(z.string(), oneText)])
  .describe('A text, or one text per language: { en: Full name, es: Nombre }');

const scalarSchema = z.union([z.string(), z.number(), z.boolean()]) satisfies z.ZodType<Scalar>;
export const answerSchema = z.union([
  scalarSchema,
  z.array(z.string()),
  z.record(z.string(), z.string()),
]) satisfies z.ZodType<Answer>;

export const dateSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text));
