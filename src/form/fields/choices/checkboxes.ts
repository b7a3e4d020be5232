import { z } from 'zod';
import { fillPipes } from '../../runtime/text.ts';
import { commaIn, type Language } from '../../wording/wording.ts';
import { commonKeys, type FieldType } from '../field-type.ts';
import { labelOf, NOT_OFFERED, optionsKey } from './options.ts';
import { isFree, NONE, noneKey, notFree, otherKey, withExtraOptions } from './other.ts';
import { inEach } from '../sentences.ts';

const schema = z
  .strictObject({
    type: z.literal('checkboxes'),
    ...commonKeys,
    options: optionsKey,
    other: otherKey,
    none_of_these: noneKey,
    min: z.int().min(1).optional().describe('The smallest number of options to choose'),
    max: z.int().min(1).optional().describe('The largest number of options to choose'),
  })
  .refine((field) => (field.min ?? 0) <= (field.max ?? Infinity), { path: ['min'], error: 'is more than max' })
  .refine((field) => (field.min ?? 0) <= field.options.length, {
    path: ['min'],
    error: 'is more than the number of options; write a smaller number',
  })
  .refine(isFree, notFree)
  .transform(withExtraOptions);

const WORDS: Record<Language, { few: string; many: string; alone: string }> = {
  en: {
    alone: 'Choose “{none}” alone, or leave it out',
    few: 'Choose at least {n}',
    many: 'Choose {n} at most',
  },
  es: {
    alone: 'Elige “{none}” sola, o quítala',
    few: 'Elige al menos {n}',
    many: 'Elige {n} como máximo',
  },
  fil: {
    alone: 'Piliin ang “{none}” lang, o alisin ito',
    few: 'Pumili ng {n} o higit pa',
    many: 'Pumili ng hanggang {n} lang',
  },
  id: {
    alone: 'Pilih “{none}” saja, atau kosongkan pilihan itu',
    few: 'Pilih paling sedikit {n}',
    many: 'Pilih paling banyak {n}',
  },
  zh: { alone: '单独选择“{none}”，或取消它', few: '至少选择 {n} 项', many: '最多选择 {n} 项' },
  ar: { alone: 'اختر «{none}» وحدها، أو أزلها', few: 'اختر {n} على الأقل', many: 'اختر {n} على الأكثر' },
};

/** Any number of options. */
export const checkboxes: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'a choice of several options',
  manual: {
    about: 'Any number of options.',
    example: `
- id: apps
  type: checkboxes
  label: Which apps do you drive for?
  options:
    - { value: grab, label: Grab }
    - { value: joyride, label: JoyRide }
    - { value: angkas, label: Angkas }`,
  },
  otherNames: ['checkbox'],
  kind: 'list',
  control: (field) => ({
    kind: 'choices',
    input: 'checkbox',
    choices: field.options,
    attributes: { 'data-min': field.min, 'data-max': field.max },
  }),
  features: ({ min, max, none_of_these: none }) => (min || max || none ? ['checkboxRules'] : []),
  limitNouns: ['smallest number of options', 'largest number of options'],
  values: (field) => field.options.map((option) => option.value),
  read(field, raw) {
    if (!Array.isArray(raw)) return { problem: 'choice' };
    // Both may have 500 entries, and a form hundreds of such fields.
    const given = new Set<unknown>(raw);
    const chosen = field.options.map((option) => option.value).filter((value) => given.has(value));
    if (chosen.length !== raw.length) return { problem: 'choice' };
    if (chosen.includes(NONE) && field.none_of_these) {
      return chosen.length > 1 ? { problem: 'alone' } : { answer: chosen };
    }
    if (chosen.length < (field.min ?? 0)) return { problem: 'few' };
    if (chosen.length > (field.max ?? Infinity)) return { problem: 'many' };
    return { answer: chosen };
  },
  sentences: inEach(WORDS, ({ few, many, alone }, field, language) => ({
    choice: NOT_OFFERED[language],
    ...(field.min && { few: fillPipes(few, { n: String(field.min) }) }),
    ...(field.max && { many: fillPipes(many, { n: String(field.max) }) }),
    ...(field.none_of_these && { alone: fillPipes(alone, { none: labelOf(field.options, NONE, language) }) }),
  })),
  show: (field, answer, language) =>
    (Array.isArray(answer) ? answer : [String(answer)])
      .map((value) => labelOf(field.options, value, language))
      .join(commaIn(language)),
  sample: ({ options }, number) => options.slice(0, 1 + (number % options.length)).map(({ value }) => value),
};
