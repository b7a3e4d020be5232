import { z } from 'zod';
import type { Language } from '../../wording/wording.ts';
import { autofill } from '../autofill.ts';
import { asText, commonKeys, type FieldType } from '../field-type.ts';
import { alike, inEach } from '../sentences.ts';
import { readTyped } from './typed.ts';

/** RFC 5321 §4.5.3.1: an address fits in 254 octets. */
const MAX_CHARACTERS = 254;

/** The grammar browsers use (HTML Standard, "valid e-mail address"), which allows `a@b`; ours wants a dot in the domain. */
const ADDRESS =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$/;

const schema = z.strictObject({ type: z.literal('email'), ...commonKeys });

const WORDS: Record<Language, string> = {
  en: 'Enter an email address, like name@example.com',
  es: 'Escribe un correo electrónico, como nombre@ejemplo.com',
  fil: 'Maglagay ng email address, tulad ng pangalan@example.com',
  id: 'Isi alamat email, seperti nama@example.com',
  zh: '填写电子邮箱，例如 name@example.com',
  ar: 'اكتب بريدًا إلكترونيًا، مثل name@example.com',
};

/** An email address. */
export const email: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'an email address',
  manual: {
    about: 'An email address. A phone shows the keyboard with @.',
    example: `
- { id: email, type: email, label: Email, required: true }`,
  },
  kind: 'text',
  control: (field) => ({
    kind: 'input',
    attributes: {
      type: 'email',
      inputmode: 'email',
      autocomplete: autofill(field, 'email'),
      dir: 'ltr',
      pattern: '[^@]+@[^@]+\\.[^@.]+',
      spellcheck: 'false',
    },
  }),
  typed: true,
  facts: ['email'],
  unique: true,
  values: () => undefined,
  like: () => 'an email address',
  read(_field, raw) {
    const typed = readTyped(raw, 0, MAX_CHARACTERS);
    return 'problem' in typed || ADDRESS.test(typed.answer) ? typed : { problem: 'pattern' };
  },
  sentences: inEach(WORDS, alike),
  show: asText,
  sample: (_field, number) => `person-${number}@example.com`,
};
