import { getExampleNumber, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/mobile/examples';
import { z } from 'zod';
import { commonKeys, type FieldType } from './field-type.ts';
import { readTyped } from './typed.ts';

const schema = z.strictObject({
  type: z.literal('phone'),
  ...commonKeys,
  country: z
    .string()
    .refine(isSupportedCountry, 'is not a country code of two letters, such as PH or MX')
    .optional()
    .describe('The country of numbers written without +, as two letters: PH'),
});

type Phone = z.infer<typeof schema>;

/** A phone number, stored as E.164 (`+639171234567`). */
export const phone: FieldType<Phone> = {
  schema,
  kind: 'text',
  control: () => ({
    kind: 'input',
    attributes: {
      type: 'tel',
      inputmode: 'tel',
      autocomplete: 'tel',
      dir: 'ltr',
      maxlength: 30,
      pattern: '[+]?[\\d\\s\\(\\).\\-]{6,30}',
    },
  }),
  values: () => undefined,
  read(field, raw) {
    const typed = readTyped(raw, 0, 30);
    if ('problem' in typed) return typed;
    const number = parsePhoneNumberFromString(typed.answer, {
      ...(countryOf(field) && { defaultCountry: countryOf(field) }),
      extract: false,
    });
    return number?.isValid() ? { answer: number.number } : { problem: 'pattern' };
  },
  sentences: {
    en: (field) => same(`Enter a phone number, like ${example(field)}`),
    es: (field) => same(`Escribe un número de teléfono, como ${example(field)}`),
  },
  show: (_field, answer) => parsePhoneNumberFromString(String(answer))?.formatInternational() ?? String(answer),
};

const countryOf = (field: Phone) => (field.country && isSupportedCountry(field.country) ? field.country : undefined);

function example(field: Phone): string {
  const country = countryOf(field);
  return country
    ? (getExampleNumber(country, examples)?.formatNational() ?? '')
    : (getExampleNumber('MX', examples)?.formatInternational() ?? '');
}

const same = (sentence: string) => ({ type: sentence, pattern: sentence, long: sentence });
