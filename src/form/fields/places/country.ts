import { z } from 'zod';
import { autofill } from '../autofill.ts';
import { COUNTRIES, countryChoices, countryIn } from './countries.ts';
import { commonKeys, type FieldType } from '../field-type.ts';
import { NOT_OFFERED } from '../choices/options.ts';
import { inEach } from '../sentences.ts';

const schema = z.strictObject({ type: z.literal('country'), ...commonKeys });

/** A country, stored as its ISO 3166-1 code of two letters (`PH`). */
export const country: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'a country',
  manual: {
    about: 'A country, from a list of all countries. Flipsite stores its code of two letters.',
    example: `
- { id: nationality, type: country, label: Nationality, required: true }`,
  },
  kind: 'text',
  control: (field, language) => ({
    kind: 'select',
    choices: countryChoices(language),
    attributes: { autocomplete: autofill(field, 'country') },
  }),
  values: () => COUNTRIES,
  like: () => 'a country code like PH or MX',
  read: (_field, raw) => (COUNTRIES.includes(raw as string) ? { answer: raw as string } : { problem: 'choice' }),
  sentences: inEach(NOT_OFFERED, (choice) => ({ choice })),
  show: (_field, answer, language) => countryIn(String(answer), language),
  sample: (_field, number) => ['PH', 'MX', 'ID'][number % 3],
};
