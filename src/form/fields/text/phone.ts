import {
  getExampleNumber,
  isSupportedCountry,
  parsePhoneNumberFromString,
  type CountryCode,
  type PhoneNumber,
} from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/mobile/examples';
import { z } from 'zod';
import { fillPipes } from '../../runtime/text.ts';
import type { Language } from '../../wording/wording.ts';
import { autofill } from '../autofill.ts';
import { commonKeys, type FieldType } from '../field-type.ts';
import { FORMER_MX_PREFIX, phonePattern } from './phone-pattern.ts';
import { alike, inEach, leftToRight, likeThis } from '../sentences.ts';
import { readTyped } from './typed.ts';

const schema = z.strictObject({
  type: z.literal('phone'),
  ...commonKeys,
  country: z
    .string()
    .refine(isSupportedCountry, 'is not a country code; write two capital letters, like PH or MX')
    .optional()
    .describe('The country of numbers without +, as two letters, such as PH'),
});

type Phone = z.infer<typeof schema>;

const WORDS: Record<Language, string> = {
  en: 'Enter a phone number, like {number}',
  es: 'Escribe un número de teléfono, como {number}',
  fil: 'Maglagay ng phone number, tulad ng {number}',
  id: 'Isi nomor telepon, seperti {number}',
  zh: '填写电话号码，例如 {number}',
  ar: 'اكتب رقم هاتف، مثل {number}',
};

/** A phone number, stored as E.164 (`+639171234567`). */
export const phone: FieldType<Phone> = {
  schema,
  noun: 'a phone number',
  manual: {
    about:
      'A phone number. With a `country`, people can write it in any usual way, and Flipsite adds the country code. Without one, they have to begin with +.',
    example: `
- { id: mobile, type: phone, label: Mobile number, country: PH, required: true }`,
  },
  otherNames: ['tel'],
  kind: 'text',
  control: (field) => ({
    kind: 'input',
    attributes: {
      type: 'tel',
      inputmode: 'tel',
      autocomplete: autofill(field, 'tel'),
      dir: 'ltr',
      maxlength: 30,
      pattern: phonePattern(countryOf(field)),
    },
  }),
  typed: true,
  facts: ['phone'],
  unique: true,
  values: () => undefined,
  like: () => 'a number like +639171234567',
  read(field, raw) {
    // No number is as long, and `normalize` takes seconds for some long texts.
    const isShort = typeof raw === 'string' && raw.length <= 300;
    // Many people write (+63) 917 123 4567, and the parser takes a + only as the first sign.
    const plain = isShort ? raw.normalize('NFKC').replace(/\p{Cf}/gu, '').replace(/^\s*\(\s*(?=\+)/, '') : raw; // prettier-ignore
    const typed = readTyped(plain, 0, 30);
    if ('problem' in typed) return typed;
    const number = parse(typed.answer, countryOf(field));
    return number?.isValid() && !number.ext ? { answer: number.number } : { problem: 'pattern' };
  },
  sentences: inEach(WORDS, (words, field, language) =>
    alike(fillPipes(words, { number: leftToRight(example(field, language), language) })),
  ),
  hint: (field, language) => likeThis(example(field, language), language),
  show: (_field, answer) => parsePhoneNumberFromString(String(answer))?.formatInternational() ?? String(answer),
  sample: (_field, number) => `+63917${String(number % 10_000_000).padStart(7, '0')}`,
};

/** Takes spellings that the library does not know: the former prefixes of Mexico, and in Indonesia 00 instead of +. */
function parse(typed: string, country: CountryCode | undefined): PhoneNumber | undefined {
  const number = parsePhoneNumberFromString(typed, { ...(country && { defaultCountry: country }), extract: false });
  const from = number && withPlus(number, typed);
  return from ? parse(from, undefined) : number;
}

/** A number in such a spelling, written from +. Undefined for others. */
function withPlus({ countryCallingCode, nationalNumber }: PhoneNumber, typed: string): string | undefined {
  // After the written code of Indonesia, 00 is no + but a zero too many.
  if (countryCallingCode === '62' && nationalNumber.startsWith('00'))
    return nationalNumber.replace('00', countDigits(typed) === nationalNumber.length ? '+' : '+62');
  // Without the country's code, a 1 may begin a number of the United States.
  if (countryCallingCode !== '52' || /^\W*1/.test(typed) || !FORMER_MX.test(nationalNumber)) return undefined;
  return nationalNumber.replace(FORMER_MX, '+52');
}

const countDigits = (text: string): number => text.match(/\p{Nd}/gu)?.length ?? 0;

const FORMER_MX = new RegExp(`^(?:1|${FORMER_MX_PREFIX})(?=\\d{10}$)`);

const countryOf = (field: Phone) => (field.country && isSupportedCountry(field.country) ? field.country : undefined);

function example(field: Phone, language: Language): string {
  const country = countryOf(field);
  return country
    ? (getExampleNumber(country, examples)?.formatNational() ?? '')
    : (getExampleNumber(EXAMPLE_COUNTRIES[language], examples)?.formatInternational() ?? '');
}

/** For a question without a country: one where many people speak the language. */
const EXAMPLE_COUNTRIES: Record<Language, CountryCode> = {
  en: 'US',
  es: 'MX',
  fil: 'PH',
  id: 'ID',
  zh: 'CN',
  ar: 'SA',
};
