import { describe, expect, it } from 'vitest';
import { formGuide } from '../../../src/form/docs/guide.ts';
import { todayAround } from '../../../src/form/fields/dates/date.ts';
import { resolveDate } from '../../../src/form/runtime/relative-date.ts';
import { parseAnswer } from '../../../src/form/fields/parse-answer.ts';
import { sentence } from '../../../src/form/fields/problem-sentences.ts';
import type { Language } from '../../../src/form/wording/wording.ts';
import { compile, everyType, fieldOf, NOW } from '../../helpers/compile.ts';

const form = everyType();

/** The result for `raw` as the answer to field `id`: `= value` when it is stored, else the problem. */
function read(id: string, raw: unknown, now = NOW): string {
  const result = parseAnswer(fieldOf(form, id), raw, todayAround(now));
  return 'answer' in result ? `= ${JSON.stringify(result.answer)}` : result.problem;
}

type Row = [field: string, raw: unknown, result: string];

const refused = (field: string, problem: string, raws: unknown[]): Row[] => raws.map((raw) => [field, raw, problem]);
const noText = [12, true, {}, ['Ana'], [['Ana']], Number.NaN, Infinity, { length: 3 }];
const hostile = [
  [], {}, [[]], JSON.parse('{"__proto__":{"line1":"x"}}'), JSON.parse('{"constructor":"x"}'), JSON.parse('[1e999]'), 'x'.repeat(1_000_000), { line1: 'x'.repeat(1_000_000), city: 'Cebu' },
  'a\u0000b', '\uD800', '\u202E/moc.emca', Number.NaN, Infinity, -1, 0.5, 1e300, true, false, '__proto__', 'constructor', 'toString',
]; // prettier-ignore
const untypable = ['An\u0000a', 'An\u0007a', 'An\u007Fa', 'A\uD800a', '\uDC00Ana'];

describe('typed text', () => {
  it.each<Row>([
    ['name', 'Ana', '= "Ana"'],
    ['name', '  Ana Reyes\t', '= "Ana Reyes"'],
    ['name', 'Jose\u0301', '= "José"'],
    ['name', 'علي', '= "علي"'],
    ['name', '<b>Ana</b>', '= "<b>Ana</b>"'],
    ['name', '👩‍👩‍👧', '= "👩‍👩‍👧"'],
    ['name', '\u202AAna\u202C \u2066Reyes\u2069', '= "Ana Reyes"'],
    ['name', '\u202EanA', '= "anA"'],
    ['name', 'A', 'short'],
    ['name', 'An', '= "An"'],
    ['name', 'x'.repeat(20), `= "${'x'.repeat(20)}"`],
    ['name', 'x'.repeat(21), 'long'],
    ['name', '👍'.repeat(10), `= "${'👍'.repeat(10)}"`],
    ['name', '👍'.repeat(11), 'long'],
    ['name', 'Ana\nReyes', 'type'],
    ['name', 'Ana\rReyes', 'type'],
    // Any row of accents that a language writes is short. A long one takes seconds to read.
    ['name', `a${'\u0323\u0301'.repeat(15)}`, 'long'],
    ['name', `a${'\u0323\u0301'.repeat(16)}`, 'type'],
    ['name', `a${'\u0323\u202A\u0301'.repeat(16)}`, 'type'],
    // The half-width signs of Japanese are letters until `normalize` makes accents of them.
    ['name', `a${'\u0301\uff9e'.repeat(16)}`, 'type'],
    ['name', `a${'\uff9f'.repeat(31)}`, 'type'],
    ['name', 'ﾊﾞﾅﾅ', '= "ﾊﾞﾅﾅ"'],
    ['code', 'ABC', '= "ABC"'],
    ['code', ' ABC ', '= "ABC"'],
    ['code', 'ABCD', 'pattern'],
    ['code', 'xABC', 'pattern'],
    ['code', 'abc', 'pattern'],
    ['code', 'x'.repeat(201), 'long'],
    ['note', 'one\r\ntwo', '= "one\\ntwo"'],
    ['note', 'one\rtwo', '= "one\\ntwo"'],
    // The soft line break of documents and slides, which people paste.
    ['note', 'one\u000btwo', '= "one\\ntwo"'],
    ['name', 'Ana\u000bReyes', '= "Ana Reyes"'],
    ['name', '\u000b', 'missing'],
    ['note', '\n ab \n', '= "ab"'],
    ['note', 'a', 'short'],
    ['note', 'x'.repeat(10), `= "${'x'.repeat(10)}"`],
    ['note', 'x'.repeat(11), 'long'],
    ...refused('name', 'type', [...noText, ...untypable]),
    ...refused('note', 'type', [...noText, ...untypable]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  });
});

describe('an email address', () => {
  it.each<Row>([
    ['mail', 'ana@mail.example', '= "ana@mail.example"'],
    ['mail', ' Ana.Reyes+work@Mail.Example ', '= "Ana.Reyes+work@Mail.Example"'],
    ['mail', "o'neil@sub.mail.example", '= "o\'neil@sub.mail.example"'],
    ['mail', `${'x'.repeat(241)}@mail.example`, `= "${'x'.repeat(241)}@mail.example"`],
    ['mail', `${'x'.repeat(242)}@mail.example`, 'long'],
    ...refused('mail', 'pattern', [
      'ana', 'ana@mail', '@mail.example', 'ana@', 'ana@mail.', 'ana@@mail.example', 'ana reyes@mail.example', 'ana@mail..example',
      'ana@-mail.example', 'ana@mail.example\nbcc: all@mail.example', 'Ana <ana@mail.example>', 'ana@mail.example,bo@mail.example',
    ]), // prettier-ignore
    ...refused('mail', 'type', [...noText, ...untypable]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  });
});

describe('a phone number', () => {
  it.each<Row>([
    ['mobile', '0917 123 4567', '= "+639171234567"'],
    ['mobile', '(0917) 123-4567', '= "+639171234567"'],
    ['mobile', '917 123 4567', '= "+639171234567"'],
    ['mobile', '+63 917 123 4567', '= "+639171234567"'],
    ['mobile', '(+63) 917 123 4567', '= "+639171234567"'],
    ['mobile', ' ( +63 ) 917-123-4567', '= "+639171234567"'],
    ['mobile', '02 8123 4567', '= "+63281234567"'],
    ['mobile', '+52 55 1234 5678', '= "+525512345678"'],
    ['mobile', '\u202A+63 917 123 4567\u202C', '= "+639171234567"'],
    ['mobile', '٠٩١٧ ١٢٣ ٤٥٦٧', '= "+639171234567"'],
    ['abroad', '＋６３ ９１７ １２３ ４５６７', '= "+639171234567"'],
    ['celular', '55 1234 5678', '= "+525512345678"'],
    ['celular', '(33) 1234-5678', '= "+523312345678"'],
    ['celular', '+52 55 1234 5678', '= "+525512345678"'],
    ['celular', '+639171234567', '= "+639171234567"'],
    ['abroad', '+63 917 123 4567', '= "+639171234567"'],
    ['abroad', '+525512345678', '= "+525512345678"'],
    ...refused('abroad', 'pattern', ['0917 123 4567', '55 1234 5678']),
    ...refused('mobile', 'pattern', ['0917 123', '0917 123 4567 8', '+999 123 4567', 'call me', '--------', '+', '911', 'my number is 0917 123 4567', '0917 123 4567 ext. 12']),
    ...refused('celular', 'pattern', ['1234 5678', '0917 123 4567', '55 1234 56789']),
    ['mobile', '0'.repeat(31), 'long'],
    ['mobile', `${'\u200B'.repeat(300)}0917 123 4567`, 'long'],
    ...refused('mobile', 'type', [639171234567, ...noText, ...untypable]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  }); // prettier-ignore

  it('needs a + in a field without a country, and the editor says so', () => {
    const about = formGuide().types.find(({ type }) => type === 'phone')?.about;

    expect(read('abroad', '0917 123 4567')).toBe('pattern');
    expect(about).toContain('Without one, they have to begin with +.');
  });
});

describe('a number', () => {
  it.each<Row>([
    ['age', 16, '= 16'],
    ['age', 15, 'low'],
    ['age', 99, '= 99'],
    ['age', 100, 'high'],
    ['age', 16.5, 'step'],
    ['age', -0, 'low'],
    ['pay', 0, '= 0'],
    ['pay', 0.01, '= 0.01'],
    ['pay', 19.99, '= 19.99'],
    ['pay', 1234567.89, '= 1234567.89'],
    ['pay', 0.005, 'step'],
    ['pay', 99999999999.99, '= 99999999999.99'],
    ['pay', 99999999999.995, 'step'],
    ['pay', -0.01, 'low'],
    ['any_number', -5, '= -5'],
    ['any_number', Number.MAX_SAFE_INTEGER, '= 9007199254740991'],
    ['any_number', Number.MAX_SAFE_INTEGER + 1, 'high'],
    ['any_number', -Number.MAX_SAFE_INTEGER - 1, 'low'],
    ['any_number', 1e300, 'high'],
    ['any_number', 0.5, 'step'],
    ...refused('any_number', 'type', ['30', '1e5', '0x1f', JSON.parse('1e999'), Infinity, -Infinity, NaN, true, {}, [30], [[30]]]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  }); // prettier-ignore
});

describe('a date', () => {
  it.each<Row>([
    ['any_day', '2026-02-28', '= "2026-02-28"'],
    ['any_day', '2024-02-29', '= "2024-02-29"'],
    ['any_day', '1900-01-01', '= "1900-01-01"'],
    ['any_day', '1899-12-31', 'low'],
    ['any_day', '2199-12-31', '= "2199-12-31"'],
    ['any_day', '2200-01-01', 'high'],
    ['fixed_days', '2026-01-01', '= "2026-01-01"'],
    ['fixed_days', '2025-12-31', 'low'],
    ['fixed_days', '2026-12-31', '= "2026-12-31"'],
    ['fixed_days', '2027-01-01', 'high'],
    ...refused('any_day', 'type', [
      '2026-02-30', '2025-02-29', '2026-13-01', '2026-00-10', '2026-1-1', '26-01-01', '01/02/2026', '2026-01-01T00:00:00Z',
      ' 2026-01-01', '2026-01-01\n', '+002026-01-01', 'today', 20260101, 1764000000000, true, {}, ['2026-01-01'],
    ]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  }); // prettier-ignore

  // At noon UTC it is the 24th everywhere but in UTC+12 and beyond, where the 25th has begun.
  it.each<Row>([
    ['start', '2026-11-24', '= "2026-11-24"'],
    ['start', '2026-11-23', 'low'],
    ['start', '2026-12-25', '= "2026-12-25"'],
    ['start', '2026-12-26', 'high'],
    ['born', '2008-11-25', '= "2008-11-25"'],
    ['born', '2008-11-26', 'high'],
  ])('keeps to a limit that moves with today. %s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  });

  it('accepts as today the date of every time zone on earth', () => {
    expect(todayAround(new Date('2026-11-24T11:59:59Z'))).toEqual({ earliest: '2026-11-23', latest: '2026-11-25' });
    expect(todayAround(new Date('2026-11-24T12:00:00Z'))).toEqual({ earliest: '2026-11-24', latest: '2026-11-25' });
    expect(todayAround(new Date('2026-11-24T09:59:59Z'))).toEqual({ earliest: '2026-11-23', latest: '2026-11-24' });
    expect(read('start', '2026-11-23', new Date('2026-11-24T11:59:59Z'))).toBe('= "2026-11-23"');
  });

  it.each([
    ['2026-01-31', '2026-01-31'],
    ['today', '2026-11-24'],
    ['today + 1 day', '2026-11-25'],
    ['today + 30 days', '2026-12-24'],
    ['today - 2 months', '2026-09-24'],
    ['today - 18 years', '2008-11-24'],
  ])('reads the limit "%s" as %s', (limit, day) => {
    expect(resolveDate(limit, '2026-11-24')).toBe(day);
  });

  it.each([
    ['today + 1 month', '2026-01-31', '2026-02-28'],
    ['today - 1 month', '2026-03-31', '2026-02-28'],
    ['today - 18 years', '2028-02-29', '2010-02-28'],
  ])('reads "%s" on %s, whose day that month does not have, as its last day %s', (limit, today, day) => {
    expect(resolveDate(limit, today)).toBe(day);
  });
});

describe('a choice', () => {
  it.each<Row>([
    ['status', 'employed', '= "employed"'],
    ['status', 'no', '= "no"'],
    ['city', '1', '= "1"'],
    ...refused('status', 'choice', ['Employed', ' employed', 'constructor', false, 0, {}, ['employed']]),
    ...refused('city', 'choice', ['Manila', '2', 1, ['1'], '__proto__']),
    ['apps', ['a', 'b'], '= ["a","b"]'],
    ['apps', ['c', 'a'], '= ["a","c"]'],
    ['apps', ['a', 'b', 'c'], '= ["a","b","c"]'],
    ['apps', ['a'], 'few'],
    ['apps', ['a', 'b', 'c', 'd'], 'many'],
    ...refused('apps', 'choice', ['a', 'a,b', { 0: 'a' }, ['a', 'x'], ['a', 'a'], ['a', ['b']], ['a', null], true]),
    ['car', true, '= true'],
    ['car', false, '= false'],
    ...refused('car', 'choice', ['true', 'yes', 1, 0, [true], {}]),
    ['agree', true, '= true'],
    ...refused('agree', 'missing', [false, 'true', 'on', 1, [true], {}]),
    ...refused('told', 'type', ['x', 1, true, ['x'], {}]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  });
});

it('a list of many options is read once, however many options the field has', () => {
  const options = Array.from({ length: 500 }, (_, n) => `option ${n}`);
  const list = fieldOf(compile(`title: List\nscreens: [{ id: a, title: A, fields: [{ id: many, type: checkboxes, label: Many, options: ${JSON.stringify(options)} }] }]\nendings: [{ id: done, title: Done }]\n`), 'many'); // prettier-ignore
  let reads = 0;
  const chosen = new Proxy(options, { get: (target, key) => (reads++, Reflect.get(target, key)) });

  expect(parseAnswer(list, chosen, todayAround(NOW))).toEqual({ answer: options });
  expect(reads).toBeLessThan(10 * options.length);
});

describe('a number in steps', () => {
  it.each<Row>([
    ['dozens', 24, '= 24'],
    ['dozens', -12, '= -12'],
    ['dozens', 0, '= 0'],
    ['dozens', 25, 'step'],
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  });
});

describe('an amount of money', () => {
  it.each<Row>([
    ['salary', 14_500.5, '= 14500.5'],
    ['salary', 100, '= 100'],
    ['salary', 99.99, 'low'],
    ['salary', 1_000_000, '= 1000000'],
    ['salary', 1_000_000.01, 'high'],
    ['salary', 300.3 * 3, '= 900.9'],
    ['salary', 100.005, 'step'],
    ['price', 1500, '= 1500'],
    ['price', 0.5, 'step'],
    ['price', -1, '= -1'],
    ['rent', 200, '= 200'],
    ['rent', 250, 'step'],
    ['price', 1e300, 'high'],
    ['price', -1e300, 'low'],
    ...refused('price', 'type', ['500', '₱500', JSON.parse('1e999'), NaN, true, {}, [500], { currency: 'JPY', amount: 5 }]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  }); // prettier-ignore
});

describe('a rating and a scale', () => {
  it.each<Row>([
    ['stars', 1, '= 1'],
    ['stars', 4, '= 4'],
    ['likely', 0, '= 0'],
    ['likely', 10, '= 10'],
    ['mood', 5, '= 5'],
    ...refused('stars', 'choice', [0, 5, 2.5, '3', [3], {}, true, NaN, JSON.parse('1e999')]),
    ...refused('likely', 'choice', [-1, 11, 0.1, '0', 'many', { value: 3 }]),
    ...refused('mood', 'choice', [0, 6]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  });
});

describe('a time', () => {
  it.each<Row>([
    ['any_time', '00:00', '= "00:00"'],
    ['any_time', '23:59', '= "23:59"'],
    ['any_time', '09:00:00', '= "09:00"'],
    ['any_time', '00:00:00.000', '= "00:00"'],
    ['shift', '08:00', '= "08:00"'],
    ['shift', '07:59', 'low'],
    ['shift', '18:00', '= "18:00"'],
    ['shift', '18:15', 'high'],
    ['shift', '12:45', '= "12:45"'],
    ['shift', '12:46', 'step'],
    ...refused('any_time', 'type', [
      '24:00', '12:60', '9:00', '09:00:01', '09:00:00:00', ':00', ' 09:00', '09:00\n', '9 am', '０９:００', 900, 9.5, true, {}, ['09:00'], '09:00\u0000', '\u202E09:00',
    ]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  }); // prettier-ignore
});

describe('a web address', () => {
  it.each<Row>([
    ['site', 'acme.com', '= "https://acme.com/"'],
    ['site', ' Acme.COM/Jobs?a=1#b ', '= "https://acme.com/Jobs?a=1#b"'],
    ['site', 'http://acme.com', '= "http://acme.com/"'],
    ['site', 'HTTPS://acme.com', '= "https://acme.com/"'],
    ['site', 'acme.com:8080/x', '= "https://acme.com:8080/x"'],
    ['site', 'https://señor.mx', '= "https://xn--seor-hqa.mx/"'],
    ['site', `acme.com/${'x'.repeat(1_983)}`, `= "https://acme.com/${'x'.repeat(1_983)}"`],
    ['site', `acme.com/${'x'.repeat(1_984)}`, 'long'],
    ['site', `acme.com/${'é'.repeat(1_900)}`, 'long'],
    // A longer host takes long to read.
    ['site', `${'a'.repeat(251)}.com`, `= "https://${'a'.repeat(251)}.com/"`],
    ['site', `${'a'.repeat(252)}.com`, 'pattern'],
    ['site', `https://${'a'.repeat(252)}.com:80/x`, 'pattern'],
    ...refused('site', 'pattern', [
      'acme', 'localhost', 'ftp://acme.com', 'javascript:alert(1)', 'javascript://acme.com/%0aalert(1)', 'data:text/html,x', 'mailto:ana@mail.example',
      'https://ana:secret@acme.com', 'ana@acme.com', 'https://', '://acme.com', 'https://acme', 'https://.com', 'acme com', 'https://ac\tme.com',
      'acme.com\nevil.com', 'https:\\\\acme.com', 'file:///etc/passwd', 'https://[::1]/', '..', 'https://acme.com.', '@', '?', '#',
    ]),
    ['site', 'https://acme.com/\u202Egpj.exe', '= "https://acme.com/gpj.exe"'],
    ...refused('site', 'pattern', ['0', '//acme.com', 'https:acme.com', 'acme.com\\x', 'acme.com:80@evil.example']),
    ...refused('site', 'type', [...noText, ...untypable]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  }); // prettier-ignore
});

describe('a country', () => {
  it.each<Row>([
    ['land', 'PH', '= "PH"'],
    ['land', 'MX', '= "MX"'],
    ...refused('land', 'choice', ['ph', 'Philippines', 'XX', 'EU', 'UK', 'ZZ', ' PH', 'PH\n', 63, ['PH'], {}, '__proto__', true]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  }); // prettier-ignore
});

describe('an address', () => {
  const whole = { line1: 'Rizal St 1', city: 'Cebu', country: 'PH' };

  it.each<Row>([
    ['home', whole, '= {"line1":"Rizal St 1","city":"Cebu","country":"PH"}'],
    ['home', { country: 'PH', region: ' ', city: ' Cebu\t', line2: '', line1: 'Rizal St 1' }, '= {"line1":"Rizal St 1","city":"Cebu","country":"PH"}'],
    ['home', { ...whole, line2: 'B', region: 'Cebu', postal_code: '6000' }, '= {"line1":"Rizal St 1","line2":"B","city":"Cebu","region":"Cebu","postal_code":"6000","country":"PH"}'],
    ['home', { ...whole, line1: '  ' }, 'line1:missing'],
    ['home', { ...whole, city: null }, 'city:missing'],
    ['home', { line1: 'Rizal St 1', city: 'Cebu' }, 'country:missing'],
    ['home', { ...whole, country: 'XX' }, 'country:choice'],
    ['home', { ...whole, country: ['PH'] }, 'country:type'],
    ['home', { ...whole, line1: 'x'.repeat(200) }, `= {"line1":"${'x'.repeat(200)}","city":"Cebu","country":"PH"}`],
    ['home', { ...whole, line1: 'x'.repeat(201) }, 'line1:long'],
    ['home', { ...whole, line1: 'Rizal St 1\nCebu' }, 'line1:type'],
    ['home', { ...whole, line2: 5 }, 'line2:type'],
    ['home', { ...whole, postal_code: { is: '6000' } }, 'postal_code:type'],
    ['home', { ...whole, city: 'Ce\u0000bu' }, 'city:type'],
    ['home', { ...whole, city: '\uD800' }, 'city:type'],
    ['home', { ...whole, city: '\u0000Cebu' }, 'city:type'],
    ['work', { line1: 'Rizal St 1' }, '= {"line1":"Rizal St 1","country":"PH"}'],
    ['work', { line1: 'Rizal St 1', country: 'PH' }, '= {"line1":"Rizal St 1","country":"PH"}'],
    ['work', { line1: 'Rizal St 1', country: 'MX' }, 'country:choice'],
    ...refused('home', 'type', ['Rizal St 1', 12, true, ['Rizal St 1'], [whole], { ...whole, planet: 'Earth' }]),
    ...refused('home', 'type', [JSON.parse('{"line1":"x","__proto__":{"city":"Cebu"}}'), { ...whole, toString: 'x' }]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  }); // prettier-ignore

  it.each([{}, { line1: '' }, { line1: ' ', city: '\n', country: '' }, { line2: null }])('%j is none', (raw) => {
    expect(read('home', raw)).toBe('line1:missing');
    expect(read('work', raw)).toBe('= undefined');
  });

  it('has all its errors in one message', () => {
    const home = fieldOf(form, 'home');
    const told = (raw: unknown, language: Language = 'en') => {
      const result = parseAnswer(home, raw, todayAround(NOW));
      return 'problem' in result ? sentence(home, result.problem, language, result.also) : '';
    };
    expect(told({})).toBe('Enter your street and number. Enter your city. Choose your country');
    expect(told({ line2: 5, city: 'x'.repeat(201), country: 'PH' })).toBe('Enter your street and number. Flat, floor or building: Use letters, numbers and signs only. City: Shorten this to 200 characters or fewer'); // prettier-ignore
    expect(told({}, 'zh')).toMatch(/^[^。]+。[^。]+。[^。]+$/);
  });
});

describe('a hidden text', () => {
  it.each<Row>([
    ['ref', ' poster 7 ', '= "poster 7"'],
    ['ref', 'x'.repeat(500), `= "${'x'.repeat(500)}"`],
    ['ref', 'x'.repeat(501), 'long'],
    ...refused('ref', 'type', [...noText, ...untypable]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  });
});

describe('a text of a format', () => {
  it.each<Row>([
    ['tin', '123-456-788-000', '= "123456788000"'],
    ['tin', ' 123 456 788 ', '= "123456788"'],
    ['tin', '123–456–788', '= "123456788"'],
    ['sss', '34-1234567-8', '= "3412345678"'],
    ['curp', 'hegg560427mvzrrl04', '= "HEGG560427MVZRRL04"'],
    ['rfc', 'gode 561231 gr8', '= "GODE561231GR8"'],
    ['nik', '317101-410195-0001', '= "3171014101950001"'],
    ...refused('tin', 'pattern', ['12345678', '1234567890', '12345678A', '000-000-000', '١٢٣٤٥٦٧٨٩', 'x'.repeat(200), '__proto__']),
    ['tin', 'x'.repeat(201), 'long'],
    ['tin', '123\n456\n788', 'type'],
    ...refused('curp', 'type', [...noText, ...untypable]),
  ])('%s: %j → %s', (field, raw, result) => {
    expect(read(field, raw)).toBe(result);
  }); // prettier-ignore
});

describe('any value from outside', () => {
  const fields = form.screens.flatMap((screen) => screen.fields);

  it.each(fields.map((field) => [field.type, field.id]))('leaves a field of type %s (%s) standing', (_type, id) => {
    for (const raw of hostile) {
      const result = parseAnswer(fieldOf(form, id), raw, todayAround(NOW));
      if ('problem' in result || result.answer === undefined) continue;
      expect(JSON.stringify(result.answer).length).toBeLessThan(6_000);
      expect(parseAnswer(fieldOf(form, id), result.answer, todayAround(NOW))).toEqual(result);
    }
  });
});

describe('no answer', () => {
  const blank = [undefined, null, '', '  \t\n', '\u200B', ' \u3164\u2800\uFEFF', []];

  it.each(blank)('%j is missing where one is required', (raw) => {
    for (const id of ['name', 'mail', 'age', 'born', 'status', 'car', 'agree']) expect(read(id, raw)).toBe('missing');
  });

  it.each(blank)('%j is unanswered where none is required', (raw) => {
    for (const id of ['note', 'mobile', 'pay', 'any_day', 'city', 'apps', 'told']) {
      expect(read(id, raw)).toBe('= undefined');
    }
  });
});
