/** Values that people, and attackers, enter into the controls of each type of field. */
import type { Field } from '../../../src/form/fields/fields.ts';

/** Text that is typed or pasted, the options that are pressed one after the other, or the parts of an answer. */
export type Entered = string | string[] | Record<string, string>;

/** The types whose answers are typed or chosen; the others take files, are worked out, hidden, or only read. */
type Asking = Exclude<Field['type'], 'file' | 'signature' | 'hidden' | 'computed' | 'statement'>;

export interface Tried {
  /** Fields of the type, by a name for each: their keys beside `id`, `type`, `label` and `required`. */
  fields: Record<string, Record<string, unknown>>;
  /** The values for each of them. */
  values: Entered[];
}

const LONGEST = 'x'.repeat(1_000_000);

/** Characters that no keyboard types: control characters, halves of characters, and signs that change the direction. */
const UNTYPABLE = ['An\u0000a', '\u0007Ana', 'An\u007Fa', 'A\uD800na', '\uDC00', '\u202EmocAna', '\u2066Ana\u2069'];

/** Nothing to see, however many characters it is. */
const BLANK = ['', ' ', ' \t ', '\u00A0\u3000', '\uFEFF'];

/** Typed into every field that is typed into. */
const ANYWHERE = [
  ...BLANK, ...UNTYPABLE, LONGEST, '__proto__', 'constructor', '<b>Ana</b>', "'; DROP TABLE answers; --", '{full_name}', '=1+1',
  'null', 'undefined', 'NaN', 'true', 'Ana', ' Ana ', 'Jose\u0301', 'علي', '李', '👩‍👩‍👧', 'Ana\nReyes', 'Ana\u000bReyes', '-1', '0', '12', '１２', '٠٩١٧',
]; // prettier-ignore

const NUMBERS = [
  ...ANYWHERE, '-0', '1', '15', '16', '16.5', '99', '100', '99.995', '19.99', '19.999', '1.005', '0.005', '0.1', '0.3', '-0.3', '.5', '5.', '+5', '1,5', '1.500,25',
  ' 12 ', '12 000', '1e3', '1E3', '1e-3', '1e999', '-1e999', '1e', '--1', '0x1f', '1_000', 'Infinity', '144', '150', '-12', '1000', '1000000', '1000000.01',
  '1234567.89', '99999999999.999', '9007199254740991', '9007199254740992', '-9007199254740992', '-10000000000000', '-100000000000000', '₱500', '00012',
]; // prettier-ignore

export const values: Record<Asking, Tried> = {
  text: {
    fields: {
      text: {},
      text_short: { min_length: 2, max_length: 20 },
      text_pattern: { pattern: '[A-Z]{3}|[A-Z]{5}', pattern_hint: 'Enter 3 or 5 capital letters, like ABC' },
      ph_tin: { format: 'ph_tin' },
      ph_sss: { format: 'ph_sss' },
      mx_curp: { format: 'mx_curp' },
      mx_rfc: { format: 'mx_rfc' },
      id_nik: { format: 'id_nik' },
    },
    values: [
      ...ANYWHERE, 'A', ' A ', 'e\u0301', 'x'.repeat(20), ` ${'x'.repeat(18)} `, 'x'.repeat(21), '👍'.repeat(10), '👍'.repeat(11), '\u0958'.repeat(15),
      'ABC', ' ABC ', 'ABCD', 'ABCDE', 'abc', 'xABC', 'ABC\n',
      '123-456-788-000', '123456788', '123-456-788-00000', '123 456 788', '123-456-789', '12345', '123–456–788',
      '34-1234567-8', '3412345678', '00-0000000-0', '34-1234567',
      'HEGG560427MVZRRL04', 'hegg560427mvzrrl04', 'HEGG 560427 MVZRRL04', 'HEGG560427MVZRRL05', 'HEGG561327MVZRRL04', 'HEGG560427MVZRRL0',
      'GODE561231GR8', 'gode 561231 gr8', 'GODE561231GR9', 'Ñ&GODE561231', 'GODE561331GR8',
      '317101 410195 0001', '3171014101950001', '317101 410195 0000', '317101 721395 0001', '31710141019500011',
    ],
  },
  textarea: {
    fields: { textarea: {}, textarea_short: { min_length: 2, max_length: 10 } },
    values: [...ANYWHERE, 'a', '\na\n', 'a\nb', 'a\r\nb', 'x'.repeat(10), 'x'.repeat(11), ' '.repeat(12), '\u0958'.repeat(15)],
  },
  email: {
    fields: { email: {} },
    values: [
      ...ANYWHERE, 'a@b', 'a@b.c', 'ana@mail.example', '\u202Aana@mail.example\u202C', ' Ana.Reyes+work@Mail.Example ', "o'neil@sub.mail.example", 'ana@mail.example.', 'ana@.example',
      'ana@mail..example', '.ana@mail.example', 'ana.@mail.example', 'ana@-mail.example', 'ana@mail-.example', 'ana@@mail.example', 'ana@mail@example.com',
      'ana reyes@mail.example', 'Ana <ana@mail.example>', 'a@mail.example,b@mail.example', 'ana@bücher.example', 'añá@mail.example', 'ana@[127.0.0.1]',
      'ana@127.0.0.1', '"ana reyes"@mail.example', 'ana@mail_box.example', 'mailto:ana@mail.example', `ana@${'x'.repeat(63)}.example`,
      `ana@${'x'.repeat(64)}.example`, `${'x'.repeat(241)}@mail.example`, `${'x'.repeat(242)}@mail.example`,
    ],
  },
  phone: {
    fields: { phone_ph: { country: 'PH' }, phone_mx: { country: 'MX' }, phone_us: { country: 'US' }, phone: {} },
    values: [
      ...ANYWHERE, '0917 123 4567', '917 123 4567', '+63 917 123 4567', '+639171234567', '00639171234567', '639171234567', '(0917) 123-4567', '0917.123.4567', '0917/1234567',
      '+63 (0)917 123 4567', '＋639171234567', '+６３ ９１７ １２３ ４５６７', '٠٩١٧ ١٢٣ ٤٥٦٧', '۰۹۱۷۱۲۳۴۵۶۷', '\u202A+63 917 123 4567\u202C', '\u2066+63 917 123 4567\u2069', '+63\u00A0917\u00A0123\u00A04567',
      '0917–123–4567', '0917‑123‑4567', '0917-123-4567 ext. 12', 'tel:+639171234567', '0917 123', '0917 123 4567 8', '0000 000 0000', '0111 111 1111', '+999 123 4567', '+', '911', '02 8123 4567',
      '55 1234 5678', '(33) 1234-5678', '044 55 1234 5678', '+52 55 1234 5678', '+52 1 55 1234 5678', '1234 5678', '(201) 555-0123', '+1 201 555 0123', '1 201 555 0123', '+1 000 000 0000', '+44 20 7946 0958',
      '+390612345678', '0'.repeat(30), '1'.repeat(31), 'my number is 0917 123 4567', '+1-800-FLOWERS',
    ],
  },
  url: {
    fields: { url: {} },
    values: [
      ...ANYWHERE, 'acme.com', ' acme.com ', 'https://acme.com', 'HTTP://acme.com:8080/jobs?a=1#b', 'https://acme.com.', 'acme', 'http://acme', 'localhost', 'acme com', 'acme.com/a b',
      'ana@acme.com', 'https://ana@acme.com', 'https://ana:secret@acme.com', 'javascript:alert(1)', 'javascript://acme.com/%0aalert(1)', 'data:text/html,hi', 'ftp://acme.com', 'mailto:ana@acme.com',
      '//acme.com', 'https:acme.com', 'https:/acme.com', 'https:\\\\acme.com', 'bücher.example', 'acme..com', '.acme.com', 'acme.com..', '127.0.0.1', '1.2', '999.1.1.1', '[::1]', 'http://[::1]/', '0x7f.1', 'acme.com:99999', 'acme.com:port',
      'acme_shop.com', '-acme.com', 'a%2eb.com', 'acme.com?x', 'acme.com#x', 'acme.com\\x', 'ac<me.com', 'ac^me.com', 'ac|me.com', 'acme.com/👍', 'https://', 'https://.', `acme.com/${'x'.repeat(1_991)}`, `acme.com/${'é'.repeat(1_000)}`,
    ],
  },
  number: {
    fields: {
      number: {},
      number_age: { min: 16, max: 99 },
      number_cents: { step: 0.01 },
      number_pay: { step: 0.01, min: 0 },
      number_tenths: { step: 0.1, min: -1, max: 1 },
      number_dozens: { step: 12 },
      number_odd: { step: 5, min: 1 },
    },
    values: NUMBERS,
  },
  money: {
    fields: {
      money: { currency: 'PHP' },
      money_salary: { currency: 'PHP', min: 100, max: 1_000_000 },
      money_yen: { currency: 'JPY' },
      money_dinar: { currency: 'KWD' },
      money_hundreds: { currency: 'MXN', step: 100 },
    },
    values: NUMBERS,
  },
  date: {
    fields: {
      date: {},
      date_fixed: { min: '2026-01-01', max: '2026-12-31' },
      date_soon: { min: 'today', max: 'today + 30 days' },
      date_adult: { max: 'today - 18 years' },
    },
    values: [
      ...BLANK, '2026-01-01', '2026-12-31', '2025-12-31', '2027-01-01', '2024-02-29', '2025-02-29', '2000-02-29', '1900-02-29', '2026-02-30', '2026-13-01', '2026-00-10', '1899-12-31', '1900-01-01',
      '2199-12-31', '2200-01-01', '9999-12-31', '10000-01-01', '0001-01-01', '0000-01-01', '-2026-01-01', '2026-1-1', '26-01-01', '01/02/2026', '2026-01-01T00:00', '20260101', '1990-06-15', 'today', '__proto__', LONGEST, '２０２６-01-01', '2026-01-01\u0000',
    ],
  },
  time: {
    fields: { time: {}, time_shift: { min: '08:00', max: '18:00', step: 15 }, time_steps: { step: 50 } },
    values: [
      ...BLANK, '00:00', '23:59', '24:00', '08:00', '07:59', '18:00', '18:01', '18:15', '08:07', '08:15', '8:15', '08:15:00', '08:15:00.000', '08:15:30', '08:60', '-08:15', '08:15 PM', '0815', '08.15', '00:50', '01:00', '23:20', '٠٨:١٥', '__proto__', LONGEST,
    ],
  },
  radio: {
    fields: { radio: { options: options('a', 'b', 'no', '__proto__') }, radio_other: { options: options('a'), other: true } },
    values: [[], ['a'], ['b'], ['a', 'b'], ['no'], ['__proto__'], ['other'], ['constructor'], ['not offered'], ['']],
  },
  checkboxes: {
    fields: {
      checkboxes: { options: options('a', 'b', 'c', '__proto__') },
      checkboxes_few: { options: options('a', 'b', 'c', 'd'), min: 2, max: 3 },
      checkboxes_none: { options: options('a', 'b', 'c'), min: 2, none_of_these: true },
    },
    values: [[], ['a'], ['a', 'b'], ['c', 'a'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd'], ['a', 'a'], ['__proto__'], ['none_of_these'], ['a', 'none_of_these'], ['none_of_these', 'a'], ['none_of_these', 'a', 'b'], ['not offered']],
  },
  select: {
    fields: { select: { options: options('a', 'b', 'no', '__proto__') } },
    values: ['', 'a', 'b', 'no', '__proto__', 'not offered', 'A', ' a', LONGEST],
  },
  yes_no: { fields: { yes_no: {} }, values: [[], ['true'], ['false'], ['yes'], ['true', 'false']] },
  consent: { fields: { consent: {} }, values: [[], ['true'], ['true', 'true']] },
  country: { fields: { country: {} }, values: ['', 'PH', 'ph', 'MX', 'XX', 'Philippines', '__proto__', 'UK', 'GB'] },
  address: {
    fields: { address: {}, address_ph: { country: 'PH' } },
    values: [
      {}, { line1: 'Rizal St 1' }, { line1: 'Rizal St 1', city: 'Cebu' }, { line1: 'Rizal St 1', city: 'Cebu', country: 'PH' }, { city: 'Cebu', country: 'PH' }, { line2: 'Unit 2' }, { country: 'MX' },
      { line1: 'Rizal St 1', city: ' ', country: 'PH' }, { line1: 'Rizal St 1', line2: 'Unit 2', city: 'Cebu', region: 'Cebu', postal_code: '6000', country: 'MX' }, { line1: 'Rizal St 1', city: 'Cebu', country: 'XX' },
      { line1: LONGEST, city: 'Cebu', country: 'PH' }, { line1: 'Rizal\nSt 1', city: 'Cebu', country: 'PH' }, { line1: '👍', city: '李', country: 'PH' },
      ...UNTYPABLE.map((line1) => ({ line1, city: 'Cebu', country: 'PH' })),
    ],
  },
  rating: { fields: { rating: {}, rating_ten: { max: 10 } }, values: [[], ['1'], ['5'], ['6'], ['10'], ['0'], ['1', '2'], ['3.5']] },
  scale: { fields: { scale: {}, scale_wide: { min: -5, max: 5 } }, values: [[], ['1'], ['5'], ['0'], ['-5'], ['6'], ['2', '3']] },
}; // prettier-ignore

function options(...listed: string[]) {
  return listed.map((value) => ({ value, label: `Option ${value}` }));
}
