import { z } from 'zod';
import type { Language } from '../../wording/wording.ts';
import { commonKeys, type FieldType } from '../field-type.ts';
import { inEach } from '../sentences.ts';

const YES: Record<Language, string> = { en: 'Yes', es: 'Sí', fil: 'Oo', id: 'Ya', zh: '是', ar: 'نعم' };
const NO: Record<Language, string> = { en: 'No', es: 'No', fil: 'Hindi', id: 'Tidak', zh: '否', ar: 'لا' };

const EITHER: Record<Language, string> = {
  en: 'Choose yes or no',
  es: 'Elige sí o no',
  fil: 'Pumili ng oo o hindi',
  id: 'Pilih ya atau tidak',
  zh: '选择“是”或“否”',
  ar: 'اختر نعم أو لا',
};

const schema = z.strictObject({ type: z.literal('yes_no'), ...commonKeys });

/** Yes or no, stored as a boolean. */
export const yesNo: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'yes or no',
  manual: {
    about: 'Yes or no. Rules read it as `true` or `false`: `{ has_car: true }`.',
    example: `
- { id: has_car, type: yes_no, label: Do you have a car?, required: true }`,
  },
  inPanels: { about: 'Two buttons, Yes and No.' },
  otherNames: ['boolean'],
  kind: 'boolean',
  control: () => ({
    kind: 'choices',
    input: 'radio',
    choices: [
      { value: 'true', label: YES },
      { value: 'false', label: NO },
    ],
  }),
  values: () => [true, false],
  read: (_field, raw) => (typeof raw === 'boolean' ? { answer: raw } : { problem: 'choice' }),
  sentences: inEach(EITHER, (choice) => ({ choice })),
  show: (_field, answer, language) => (answer === true ? YES : NO)[language],
  sample: (_field, number) => number % 2 === 0,
};
