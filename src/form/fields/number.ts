import { z } from 'zod';
import { localeOf, type Language } from '../wording/wording.ts';
import { commonKeys, placeholderKey, type FieldType } from './field-type.ts';

const schema = z
  .strictObject({
    type: z.literal('number'),
    ...commonKeys,
    min: z.number().optional().describe('Smallest number'),
    max: z.number().optional().describe('Largest number'),
    step: z.number().positive().default(1).describe('1 for whole numbers (the default), 0.01 for two decimals'),
    placeholder: placeholderKey,
  })
  .refine((field) => (field.min ?? -Infinity) <= (field.max ?? Infinity), { path: ['min'], error: 'is more than max' });

type NumberField = z.infer<typeof schema>;

/** Numbers beyond this cannot be told from their neighbours in JSON, so none is taken. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/** A number; whole unless `step` says otherwise. */
export const number: FieldType<NumberField> = {
  schema,
  kind: 'number',
  control: (field) => ({
    kind: 'input',
    attributes: {
      type: 'number',
      inputmode: Number.isInteger(field.step) ? 'numeric' : 'decimal',
      min: field.min ?? -LARGEST,
      max: field.max ?? LARGEST,
      step: field.step,
    },
  }),
  values: () => undefined,
  read(field, raw) {
    if (typeof raw !== 'number' || !Number.isFinite(raw)) return { problem: 'type' };
    if (raw < (field.min ?? -LARGEST)) return { problem: 'low' };
    if (raw > (field.max ?? LARGEST)) return { problem: 'high' };
    const steps = (raw - (field.min ?? 0)) / field.step;
    return Math.abs(steps - Math.round(steps)) > 1e-9 * Math.max(1, Math.abs(steps))
      ? { problem: 'step' }
      : { answer: raw };
  },
  sentences: {
    en: (field) => ({
      type: 'Enter a number, using digits only',
      low: field.min === undefined ? 'Enter a larger number' : `Enter ${written(field.min, 'en')} or more`,
      high: field.max === undefined ? 'Enter a smaller number' : `Enter ${written(field.max, 'en')} or less`,
      step: Number.isInteger(field.step) ? 'Enter a whole number' : `Enter a number in steps of ${field.step}`,
    }),
    es: (field) => ({
      type: 'Escribe un número, solo con cifras',
      low: field.min === undefined ? 'Escribe un número mayor' : `Escribe ${written(field.min, 'es')} o más`,
      high: field.max === undefined ? 'Escribe un número menor' : `Escribe ${written(field.max, 'es')} o menos`,
      step: Number.isInteger(field.step) ? 'Escribe un número entero' : `Escribe un número en pasos de ${field.step}`,
    }),
  },
  show: (_field, answer, language) => written(Number(answer), language),
};

const written = (value: number, language: Language) =>
  new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 10 }).format(value);
