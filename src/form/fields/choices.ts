/** Fields that are answered by choosing: radio, select, checkboxes, yes_no, consent. */
import { z } from 'zod';
import { textSchema } from '../keys.ts';
import { say } from '../text.ts';
import type { Language } from '../wording/wording.ts';
import { autocompleteKey, commonKeys, type Choice, type FieldType, type Problem } from './field-type.ts';

const optionSchema = z.strictObject({
  value: z.string().min(1).max(200).describe('What is stored and used in rules'),
  label: textSchema.describe('What the person reads'),
  help: textSchema.optional().describe('A hint, shown under the label of the option'),
});

const optionsKey = z
  .array(optionSchema)
  .min(1, 'is empty: write at least one { value, label }')
  .max(500)
  .superRefine((options, context) => {
    options.forEach((option, index) => {
      if (options.findIndex((other) => other.value === option.value) < index) {
        context.addIssue({ code: 'custom', path: [index, 'value'], message: `repeats the value "${option.value}"` });
      }
    });
  })
  .describe('What can be chosen: a list of { value, label }');

const labelOf = (options: Choice[], value: string, language: Language) =>
  say(options.find((option) => option.value === value)?.label ?? value, language);

const oneOf = (options: Choice[], raw: unknown): { answer: string } | { problem: Problem } =>
  typeof raw === 'string' && options.some((option) => option.value === raw) ? { answer: raw } : { problem: 'choice' };

const notOffered: Record<Language, () => Partial<Record<Problem, string>>> = {
  en: () => ({ choice: 'Choose one of the answers that are offered' }),
  es: () => ({ choice: 'Elige una de las respuestas que se ofrecen' }),
};

const radioSchema = z.strictObject({ type: z.literal('radio'), ...commonKeys, options: optionsKey });

/** One of a few options, all in sight. */
export const radio: FieldType<z.infer<typeof radioSchema>> = {
  schema: radioSchema,
  kind: 'text',
  control: (field) => ({ kind: 'choices', input: 'radio', choices: field.options }),
  values: (field) => field.options.map((option) => option.value),
  read: (field, raw) => oneOf(field.options, raw),
  sentences: notOffered,
  show: (field, answer, language) => labelOf(field.options, String(answer), language),
};

const selectSchema = z.strictObject({
  type: z.literal('select'),
  ...commonKeys,
  options: optionsKey,
  autocomplete: autocompleteKey,
});

/** One of many options, in a list that opens. */
export const select: FieldType<z.infer<typeof selectSchema>> = {
  schema: selectSchema,
  kind: 'text',
  control: (field) => ({
    kind: 'select',
    choices: field.options,
    attributes: { autocomplete: field.autocomplete },
  }),
  values: (field) => field.options.map((option) => option.value),
  read: (field, raw) => oneOf(field.options, raw),
  sentences: notOffered,
  show: (field, answer, language) => labelOf(field.options, String(answer), language),
};

const checkboxesSchema = z
  .strictObject({
    type: z.literal('checkboxes'),
    ...commonKeys,
    options: optionsKey,
    min: z.int().min(1).optional().describe('Fewest options to choose'),
    max: z.int().min(1).optional().describe('Most options to choose'),
  })
  .refine((field) => (field.min ?? 0) <= (field.max ?? Infinity), { path: ['min'], error: 'is more than max' })
  .refine((field) => (field.min ?? 0) <= field.options.length, {
    path: ['min'],
    error: 'is more than there are options',
  });

/** Any number of options. */
export const checkboxes: FieldType<z.infer<typeof checkboxesSchema>> = {
  schema: checkboxesSchema,
  kind: 'list',
  control: (field) => ({
    kind: 'choices',
    input: 'checkbox',
    choices: field.options,
    attributes: { 'data-min': field.min, 'data-max': field.max },
  }),
  values: (field) => field.options.map((option) => option.value),
  read(field, raw) {
    if (!Array.isArray(raw)) return { problem: 'choice' };
    const chosen = field.options.map((option) => option.value).filter((value) => raw.includes(value));
    if (chosen.length !== raw.length) return { problem: 'choice' };
    if (chosen.length < (field.min ?? 0)) return { problem: 'few' };
    if (chosen.length > (field.max ?? Infinity)) return { problem: 'many' };
    return { answer: chosen };
  },
  sentences: {
    en: (field) => ({
      ...notOffered.en(),
      few: `Choose at least ${field.min}`,
      many: `Choose ${field.max} at most`,
    }),
    es: (field) => ({
      ...notOffered.es(),
      few: `Elige al menos ${field.min}`,
      many: `Elige ${field.max} como máximo`,
    }),
  },
  show: (field, answer, language) =>
    (Array.isArray(answer) ? answer : [String(answer)])
      .map((value) => labelOf(field.options, value, language))
      .join(', '),
};

const YES_NO = { yes: { en: 'Yes', es: 'Sí' }, no: { en: 'No', es: 'No' } };

const yesNoSchema = z.strictObject({ type: z.literal('yes_no'), ...commonKeys });

/** Yes or no, stored as a boolean. */
export const yesNo: FieldType<z.infer<typeof yesNoSchema>> = {
  schema: yesNoSchema,
  kind: 'boolean',
  control: () => ({
    kind: 'choices',
    input: 'radio',
    choices: [
      { value: 'true', label: YES_NO.yes },
      { value: 'false', label: YES_NO.no },
    ],
  }),
  values: () => [true, false],
  read: (_field, raw) => (typeof raw === 'boolean' ? { answer: raw } : { problem: 'choice' }),
  sentences: { en: () => ({ choice: 'Choose yes or no' }), es: () => ({ choice: 'Elige sí o no' }) },
  show: (_field, answer, language) => YES_NO[answer === true ? 'yes' : 'no'][language],
};

const consentSchema = z.strictObject({
  type: z.literal('consent'),
  ...commonKeys,
  label: textSchema.describe('The sentence the person agrees to, beside the box'),
});

/** A box to tick in order to agree. Not ticked is unanswered, so `required` means that it must be ticked. */
export const consent: FieldType<z.infer<typeof consentSchema>> = {
  schema: consentSchema,
  kind: 'boolean',
  control: () => ({ kind: 'tick' }),
  values: () => [true],
  read: (_field, raw) => (raw === true ? { answer: true } : { problem: 'missing' }),
  sentences: { en: () => ({}), es: () => ({}) },
  show: (_field, _answer, language) => ({ en: 'Agreed', es: 'De acuerdo' })[language],
};
