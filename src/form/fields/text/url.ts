import { z } from 'zod';
import { fillPipes } from '../../runtime/text.ts';
import type { Language } from '../../wording/wording.ts';
import { autofill } from '../autofill.ts';
import { asText, commonKeys, type FieldType } from '../field-type.ts';
import { alike, inEach, leftToRight } from '../sentences.ts';
import { readTyped } from './typed.ts';

const MAX_CHARACTERS = 2_000;

const schema = z.strictObject({ type: z.literal('url'), ...commonKeys });

const WORDS: Record<Language, string> = {
  en: 'Enter a web address, like {example}',
  es: 'Escribe una dirección web, como {example}',
  fil: 'Maglagay ng web address, tulad ng {example}',
  id: 'Isi alamat web, seperti {example}',
  zh: '填写网址，例如 {example}',
  ar: 'اكتب عنوان موقع إلكتروني، مثل {example}',
};

/** A host with a dot in its name, perhaps a port, then anything. Only a parser can decide whether it is an address. */
const ADDRESS =
  '(?:[Hh][Tt][Tt][Pp][Ss]?:\\/\\/)?[^\\s.:\\/?#@\\\\]+(?:\\.[^\\s.:\\/?#@\\\\]+)+(?::\\d+)?(?:[\\/?#]\\S*)?';
const isAddress = new RegExp(`^${ADDRESS}$`, 'v');

/** The address of a page on the web, stored as browsers write it (`https://acme.com/`). */
export const url: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'a web address',
  manual: {
    about: 'The address of a web page, such as a profile.',
    example: `
- { id: profile, type: url, label: Your public profile }`,
  },
  otherNames: ['website', 'link'],
  kind: 'text',
  control: (field) => ({
    kind: 'input',
    attributes: {
      // Not `type=url`, which would refuse acme.com.
      type: 'text',
      inputmode: 'url',
      autocomplete: autofill(field, 'url'),
      autocapitalize: 'none',
      spellcheck: 'false',
      dir: 'ltr',
      pattern: `\\s*${ADDRESS}\\s*`,
    },
  }),
  typed: true,
  values: () => undefined,
  like: () => 'an address like https://acme.com/',
  read(_field, raw) {
    const typed = readTyped(raw, 0, MAX_CHARACTERS);
    if ('problem' in typed) return typed;
    const address = addressIn(typed.answer);
    if (!address) return { problem: 'pattern' };
    return address.length > MAX_CHARACTERS ? { problem: 'long' } : { answer: address };
  },
  sentences: inEach(WORDS, (words, _field, language) =>
    alike(fillPipes(words, { example: leftToRight('acme.com', language) })),
  ),
  show: asText,
};

/** RFC 1035 §2.3.4: a host has at most 255 octets. The time that `URL` takes grows with the square of its length. */
const MAX_HOST = 255;

/** The address of `typed`: http or https, without a user name or password, on a host with a dot in its name. */
function addressIn(typed: string): string | undefined {
  const [, host = ''] = /^(?:https?:\/\/)?([^:/?#]*)/i.exec(typed) ?? [];
  if (host.length > MAX_HOST) return undefined;
  const address = isAddress.test(typed) && URL.parse(/^https?:/i.test(typed) ? typed : `https://${typed}`);
  return address && /^[^.]+(?:\.[^.]+)+$/.test(address.hostname) ? address.href : undefined;
}
