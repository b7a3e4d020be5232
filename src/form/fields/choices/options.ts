/** Shared by the fields that people answer by choosing: radio, select, checkboxes. */
import { z } from 'zod';
import { textSchema } from '../../keys.ts';
import { localize } from '../../runtime/text.ts';
import type { Language } from '../../wording/wording.ts';
import type { Choice, Problem } from '../field-type.ts';

const optionSchema = z.strictObject({
  value: z.string().min(1).max(200).describe('The value that Flipsite stores and rules use'),
  label: textSchema.describe('The text that people read'),
  help: textSchema.optional().describe('A hint, shown under the label of the option'),
});

/** A text alone is both the label in every language and the stored value. */
const plainOption = z
  .string()
  .min(1, 'is empty; write a text, or delete it')
  .max(200)
  .transform((text): Choice => ({ value: text, label: text }));

export const optionsKey = z
  .array(z.union([plainOption, optionSchema]))
  .min(1, 'is empty; add at least one option, like `{ value: manila, label: Manila }`')
  .max(500)
  .superRefine((options, context) => {
    options.forEach((option, index) => {
      if (options.findIndex((other) => other.value === option.value) < index) {
        const path = option.label === option.value ? [index] : [index, 'value'];
        context.addIssue({ code: 'custom', path, message: `repeats the value "${option.value}"` });
      }
    });
  })
  .describe('The options: a list of texts, [Manila, Cebu], or of { value, label }');

/**
 * The label that the person read for `value`; the value itself if no option has it, as in answers to an older version.
 */
export const labelOf = (options: Choice[], value: string, language: Language): string =>
  localize(options.find((option) => option.value === value)?.label ?? value, language);

/** For `superRefine` of a type with one answer: a page sends it as text, which has no space at its ends. */
export function checkEnds({ options }: { options: Choice[] }, context: z.RefinementCtx): void {
  options.forEach(({ value, label }, index) => {
    if (value === value.trim()) return;
    const path = ['options', index, ...(label === value ? [] : ['value'])];
    const message = `begins or ends with a space; write \`${JSON.stringify(value.trim())}\``;
    context.addIssue({ code: 'custom', path, message });
  });
}

/** The option with the value `raw`, which may be anything. Forms of earlier versions have options with a space at the end. */
export function oneOf(options: Choice[], raw: unknown): { answer: string } | { problem: Problem } {
  const chosen = options.find(({ value }) => value === raw) ?? options.find(({ value }) => value.trim() === raw);
  return chosen ? { answer: chosen.value } : { problem: 'choice' };
}

/** The sentence about an answer that is none of the options. */
export const NOT_OFFERED: Record<Language, string> = {
  en: 'Choose one of the answers that are offered',
  es: 'Elige una de las respuestas que se ofrecen',
  fil: 'Pumili ng isa sa mga sagot na nasa listahan',
  id: 'Pilih salah satu jawaban yang tersedia',
  zh: '从列出的答案中选择一个',
  ar: 'اختر إحدى الإجابات المعروضة',
};
