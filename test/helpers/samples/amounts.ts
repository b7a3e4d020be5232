/** Typed amounts, and the number of each. The page in each browser and the server read them alike. */
import type { Language } from '../../../src/form/wording/wording.ts';

/** `ask`: it can be two numbers, so it is asked back. `error`: it is none, or one that the field does not take. */
export type Outcome = number | 'ask' | 'error';

export interface Spelled {
  /** The keys of the field, beside `id` and `label`. */
  field: { type: 'number' | 'money'; currency?: string; step?: number; min?: number; max?: number };
  languages: Language[];
  rows: Record<string, Outcome>;
}

const ALL: Language[] = ['en', 'es', 'fil', 'id', 'zh', 'ar'];
const COMMAS: Language[] = ['en', 'es', 'fil', 'zh', 'ar'];

/** Means the same in every field with two decimals, whatever the language. */
const CLEAR: Record<string, Outcome> = {
  '14500': 14_500,
  ' 14500 ': 14_500,
  '014500': 14_500,
  '14500.5': 14_500.5,
  '14500,5': 14_500.5,
  '14500.50': 14_500.5,
  '14500,50': 14_500.5,
  '14,500.50': 14_500.5,
  '14.500,50': 14_500.5,
  '14 500': 14_500,
  '14 500,50': 14_500.5,
  '14 500.50': 14_500.5,
  '14\u00a0500': 14_500,
  '14\u202f500,50': 14_500.5,
  '14\u2009500': 14_500,
  "14'500.50": 14_500.5,
  '14’500': 14_500,
  '1,234,567': 1_234_567,
  '1.234.567': 1_234_567,
  '1,234,567.89': 1_234_567.89,
  '1.234.567,89': 1_234_567.89,
  '12,34,567.50': 1_234_567.5,
  '1,00,000': 100_000,
  '.5': 0.5,
  '5.': 5,
  '14,500.': 14_500,
  '1,5': 1.5,
  '0': 0,
  '0.5': 0.5,
  '-14,500.50': -14_500.5,
  '−14500': -14_500,
  '١٤٥٠٠': 14_500,
  '١٤٬٥٠٠٫٥٠': 14_500.5,
  '١٤٥٠٠٫٥': 14_500.5,
  '١٤،٥٠٠٫٥': 14_500.5,
  '۱۴۵۰۰': 14_500,
  '۱۴٬۵۰۰٫۵': 14_500.5,
  '１４５００': 14_500,
  '１４，５００．５０': 14_500.5,
  '\u200f14500\u200f': 14_500,
  '': 'error',
  ' ': 'error',
  '-': 'error',
  '.': 'error',
  ',': 'error',
  abc: 'error',
  '1e3': 'error',
  '0x1f': 'error',
  Infinity: 'error',
  '14k': 'error',
  '50%': 'error',
  '14²': 'error',
  '1,5000': 'ask',
  '14500.000': 'ask',
  '14,500,5': 'error',
  '14.500.50': 'error',
  '1,234.567,89': 'error',
  '14 5000': 'error',
  '1,234 567': 'error',
  '5-3': 'error',
  '--1': 'error',
  '14500.505': 'error',
  '1_000': 'error',
  ['9'.repeat(20)]: 'error',
  ['9'.repeat(101)]: 'error',
};

/** Three digits behind one sign: thousands, where the language separates them so; else it is asked. */
const COMMA_GROUPS: Record<string, Outcome> = { '14,500': 14_500, '14.500': 'ask', '-14.500': 'ask', '١٤٬٥٠٠': 14_500, '14.505': 'error' }; // prettier-ignore
const POINT_GROUPS: Record<string, Outcome> = { '14.500': 14_500, '14,500': 'ask', '-14,500': 'ask', '١٤٬٥٠٠': 14_500, '14,505': 'error' }; // prettier-ignore

const WHOLE: Record<string, Outcome> = {
  '14500': 14_500,
  '14.500': 14_500,
  '14,500': 14_500,
  '14 500': 14_500,
  '1.234.567': 1_234_567,
  '12,34,567': 1_234_567,
  '14,500.00': 14_500,
  '14.500,00': 14_500,
  '14500.0': 14_500,
  '14.50': 'error',
  '14,5': 'error',
  '1,5000': 'ask',
  '١٤٥٠٠': 14_500,
};

export const amounts: Record<string, Spelled> = {
  number_cents: { field: { type: 'number', step: 0.01 }, languages: ALL, rows: { ...CLEAR, '$14,500.50': 14_500.5 } },
  number_comma: { field: { type: 'number', step: 0.01 }, languages: COMMAS, rows: COMMA_GROUPS },
  number_point: { field: { type: 'number', step: 0.01 }, languages: ['id'], rows: POINT_GROUPS },
  number_whole: { field: { type: 'number' }, languages: ALL, rows: WHOLE },
  number_age: {
    field: { type: 'number', min: 16, max: 99 },
    languages: ALL,
    rows: { '16': 16, '99': 99, '15': 'error', '100': 'error', '-16': 'error', '１６': 16 },
  },
  number_grams: {
    field: { type: 'number', step: 0.001 },
    languages: ['en', 'fil', 'zh'],
    rows: { '1.234': 1.234, '1,234': 1_234, '1,234.567': 1_234.567, '1.5': 1.5, '1.2345': 'error' },
  },
  number_grams_point: {
    field: { type: 'number', step: 0.001 },
    languages: ['id'],
    rows: { '1,234': 1.234, '1.234': 1_234, '1.234,567': 1_234.567, '1,5': 1.5 },
  },
  // Spanish and Arabic are written both ways, by country.
  number_grams_both: {
    field: { type: 'number', step: 0.001 },
    languages: ['es', 'ar'],
    rows: { '1.234': 'ask', '1,234': 'ask', '1234': 1_234, '1.2340': 1.234, '1,2340': 1.234, '1,234.567': 1_234.567 },
  },
  money_peso: {
    field: { type: 'money', currency: 'PHP' },
    languages: ALL,
    rows: {
      ...CLEAR,
      '₱14,500.00': 14_500,
      '₱ 14500': 14_500,
      'PHP 14,500.50': 14_500.5,
      'Php14500': 14_500,
      'P14500': 14_500,
      '14500 PHP': 14_500,
      '₱-14500': -14_500,
      '-₱14500': -14_500,
      '$14500': 'error',
      'Rp 14500': 'error',
    },
  },
  money_peso_comma: { field: { type: 'money', currency: 'PHP' }, languages: COMMAS, rows: COMMA_GROUPS },
  money_mexico: {
    field: { type: 'money', currency: 'MXN' },
    languages: COMMAS,
    rows: {
      ...COMMA_GROUPS,
      '$ 14 500': 14_500,
      '$14,500': 14_500,
      'MXN 14,500': 14_500,
      'MX$14,500': 14_500,
      '$14,500.00 MXN': 14_500,
      '$14,500.00 M.N.': 14_500,
      '＄１４，５００': 14_500,
      '€14500': 'error',
    },
  },
  // Where the language writes one way and those who pay in the currency the other, thousands are thousands.
  money_argentina: {
    field: { type: 'money', currency: 'ARS' },
    languages: ['es', 'en'],
    rows: { '14.500': 14_500, '14,500': 14_500, '14.500,50': 14_500.5, '14,500.50': 14_500.5, '14,50': 14.5 },
  },
  money_rupiah: {
    field: { type: 'money', currency: 'IDR' },
    languages: ALL,
    rows: {
      ...WHOLE,
      'Rp 14.500': 14_500,
      'Rp14.500,00': 14_500,
      'Rp. 14.500': 14_500,
      'Rp 14.500,-': 14_500,
      'IDR 14,500': 14_500,
      '14.500 IDR': 14_500,
      'Rp 1.450.000': 1_450_000,
    },
  },
  money_yen: {
    field: { type: 'money', currency: 'JPY' },
    languages: ALL,
    rows: { ...WHOLE, '¥14,500': 14_500, '￥14500': 14_500, '14500円': 14_500 },
  },
  money_dinar: {
    field: { type: 'money', currency: 'KWD' },
    languages: ['en', 'ar'],
    rows: { '14.500': 14.5, '14,500': 14_500, '14.525': 14.525, '1,234.525': 1_234.525, 'KWD 14.5': 14.5 },
  },
  // A quarter has two decimals, and the currency three.
  money_dinar_quarters: {
    field: { type: 'money', currency: 'KWD', step: 0.25 },
    languages: ALL,
    rows: { '2.5': 2.5, '2,5': 2.5, '2.50': 2.5, '2.75': 2.75 },
  },
  money_dinar_whole: {
    field: { type: 'money', currency: 'KWD', step: 1 },
    languages: ALL,
    rows: { '250': 250, '250.5': 'error', '250,5': 'error' },
  },
  money_hundreds: {
    field: { type: 'money', currency: 'MXN', step: 100, min: 1_000, max: 20_000 },
    languages: ALL,
    rows: { '14,500': 14_500, '14.500': 14_500, '14,500.00': 14_500, '14,550': 'error', '900': 'error', '20,100': 'error' },
  },
}; // prettier-ignore

/** Every row, for every language. */
export const spellings = Object.entries(amounts).flatMap(([id, { field, languages, rows }]) =>
  languages.flatMap((language) => Object.entries(rows).map(([typed, outcome]) => ({ id, field, language, typed, outcome }))),
); // prettier-ignore

/** A form in `language` that asks for each kind of amount of the table. */
export const formOfAmounts = (language: Language): string =>
  JSON.stringify({
    title: 'Amounts',
    languages: [language],
    screens: [
      {
        id: 'one',
        title: 'Amounts',
        fields: [
          ...Object.entries(amounts)
            .filter(([, { languages }]) => languages.includes(language))
            .map(([id, { field }]) => ({ id, label: id, required: true, ...field })),
          { id: 'last', type: 'text', label: 'Last', required: true },
        ],
      },
    ],
    endings: [{ id: 'done', title: 'Done' }],
  });
