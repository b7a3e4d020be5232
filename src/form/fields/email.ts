import { z } from 'zod';
import { asText, commonKeys, type FieldType } from './field-type.ts';
import { readTyped } from './typed.ts';

/** RFC 5321 §4.5.3.1: an address fits in 254 octets. */
const MOST = 254;

/** The grammar browsers use (HTML Standard, "valid e-mail address"), which allows `a@b`; ours wants a dot in the domain. */
const ADDRESS =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$/;

const schema = z.strictObject({ type: z.literal('email'), ...commonKeys });

/** An email address. */
export const email: FieldType<z.infer<typeof schema>> = {
  schema,
  kind: 'text',
  control: () => ({
    kind: 'input',
    attributes: {
      type: 'email',
      inputmode: 'email',
      autocomplete: 'email',
      dir: 'ltr',
      maxlength: MOST,
      pattern: '[^@]+@[^@]+\\.[^@.]+',
      spellcheck: 'false',
    },
  }),
  values: () => undefined,
  read(_field, raw) {
    const typed = readTyped(raw, 0, MOST);
    return 'problem' in typed || ADDRESS.test(typed.answer) ? typed : { problem: 'pattern' };
  },
  sentences: {
    en: () => same('Enter an email address, like name@example.com'),
    es: () => same('Escribe un correo electrónico, como nombre@ejemplo.com'),
  },
  show: asText,
};

const same = (sentence: string) => ({ type: sentence, pattern: sentence, long: sentence });
