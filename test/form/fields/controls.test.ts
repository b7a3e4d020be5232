import { describe, expect, it } from 'vitest';
import type { Attributes, Control } from '../../../src/form/fields/field-type.ts';
import { typeOf, type Field } from '../../../src/form/fields/fields.ts';
import { sentence } from '../../../src/form/fields/problem-sentences.ts';
import { languageCodes, type Language } from '../../../src/form/wording/wording.ts';
import { compile, everyType, fieldOf, messages, withRule } from '../../helpers/compile.ts';

const form = everyType();

/** A field written as `yaml`. */
const field = (yaml: string): Field => fieldOf(compile(withRule([yaml], `{ ${idIn(yaml)}: { answered: true } }`)), idIn(yaml)); // prettier-ignore
const idIn = (yaml: string) => /id: (\w+)/.exec(yaml)?.[1] ?? '';

const controlOf = (of: Field, language: Language = 'en'): Control => typeOf(of).control(of, language);
function attributesOf(of: Field): Attributes {
  const control = controlOf(of);
  return 'attributes' in control ? (control.attributes ?? {}) : {};
}

describe('autofill by the browser', () => {
  it.each([
    ['{ id: full_name, type: text, label: N }', 'name'],
    ['{ id: first_name, type: text, label: N }', 'given-name'],
    ['{ id: middle_name, type: text, label: N }', 'additional-name'],
    ['{ id: surname, type: text, label: N }', 'family-name'],
    ['{ id: employer, type: text, label: N }', 'organization'],
    ['{ id: job_title, type: text, label: N }', 'organization-title'],
    ['{ id: city, type: text, label: N }', 'address-level2'],
    ['{ id: zip, type: text, label: N }', 'postal-code'],
    ['{ id: birth_date, type: date, label: N }', 'bday'],
    ['{ id: email, type: email, label: N }', 'email'],
    ['{ id: mobile, type: phone, label: N }', 'tel'],
    ['{ id: site, type: url, label: N }', 'url'],
    ['{ id: land, type: country, label: N }', 'country'],
    ['{ id: pets, type: text, label: N }', undefined],
    ['{ id: full_name, type: text, label: N, autocomplete: nickname }', 'nickname'],
    ['{ id: full_name, type: text, label: N, sensitive: true }', 'off'],
    ['{ id: full_name, type: text, label: N, sensitive: true, autocomplete: name }', 'name'],
    ['{ id: birth_date, type: date, label: N, sensitive: true }', 'off'],
    ['{ id: mobile, type: phone, label: N, sensitive: true }', 'off'],
    ['{ id: reason, type: textarea, label: N }', undefined],
    ['{ id: reason, type: textarea, label: N, sensitive: true }', 'off'],
    ['{ id: call_at, type: time, label: N, sensitive: true }', 'off'],
    ['{ id: bank, type: select, label: N, sensitive: true, options: [a, b] }', 'off'],
    [
      '{ id: bank, type: select, label: N, sensitive: true, options: [a, b], autocomplete: organization }',
      'organization',
    ],
  ])('has the token %s: %s', (yaml, autocomplete) => {
    expect(attributesOf(field(yaml))['autocomplete']).toBe(autocomplete);
  });
});

describe('a hint where the author wrote none', () => {
  it.each([
    ['mobile', 'Like 0905 123 4567', 'Por ejemplo, 0905 123 4567'],
    ['abroad', 'Like +1 201 555 0123', 'Por ejemplo, +52 222 123 4567'],
    ['tin', 'Like 123-456-788-000', 'Por ejemplo, 123-456-788-000'],
    ['name', undefined, undefined],
    ['mail', undefined, undefined],
  ])('of %s is: %s', (id, en, es) => {
    const of = fieldOf(form, id);

    expect(typeOf(of).hint?.(of, 'en')).toBe(en);
    expect(typeOf(of).hint?.(of, 'es')).toBe(es);
  });

  it.each([
    ['fil', 'Tulad ng +63 905 123 4567'],
    ['id', 'Seperti +62 812 345 678'],
  ] as const)('has a number of a country of its language, without a country of the question: %s', (language, hint) => {
    const of = fieldOf(form, 'abroad');

    expect(typeOf(of).hint?.(of, language)).toBe(hint);
  });

  it('keeps its example left to right in Arabic', () => {
    const of = fieldOf(form, 'mobile');

    expect(typeOf(of).hint?.(of, 'ar')).toContain('\u20660905 123 4567\u2069');
    expect(sentence(of, 'pattern', 'ar')).toContain('\u20660905 123 4567\u2069');
  });
});

describe('money', () => {
  it.each<[id: string, language: Language, unit: string, step: number, inputmode: string]>([
    ['salary', 'en', '₱', 0.01, 'decimal'],
    ['price', 'en', '¥', 1, 'numeric'],
    ['rent', 'es', '$', 100, 'numeric'],
    ['salary', 'ar', '₱', 0.01, 'decimal'],
  ])('%s in %s comes after its sign %s', (id, language, unit, step, inputmode) => {
    const control = controlOf(fieldOf(form, id), language);

    expect(control).toMatchObject({ kind: 'input', unit, amount: { step }, attributes: { type: 'text', inputmode } });
  });
});

describe('stars and scales', () => {
  it('are radio buttons in a row, whose values are the numbers', () => {
    const stars = controlOf(fieldOf(form, 'stars'));
    const likely = controlOf(fieldOf(form, 'likely'));

    expect(stars).toMatchObject({ kind: 'choices', input: 'radio', row: { look: 'stars' } });
    expect('choices' in stars && stars.choices).toEqual([
      { value: '1', label: 'one star' },
      { value: '2', label: '2 stars' },
      { value: '3', label: '3 stars' },
      { value: '4', label: '4 stars' },
    ]);
    expect(likely).toMatchObject({ row: { look: 'numbers', first: { en: 'Not at all' }, last: { es: 'Mucho' } } });
    expect('choices' in likely && likely.choices.map(({ value }) => value).join(' ')).toBe('0 1 2 3 4 5 6 7 8 9 10');
  });
});

describe('a country', () => {
  const land = fieldOf(form, 'land');

  it.each<[Language, string]>([
    ['en', 'Philippines'],
    ['es', 'Filipinas'],
    ['fil', 'Pilipinas'],
    ['id', 'Filipina'],
    ['zh', '菲律宾'],
    ['ar', 'الفلبين'],
  ])('is called in %s: %s', (language, name) => {
    const control = controlOf(land, language);

    expect('choices' in control && control.choices.find(({ value }) => value === 'PH')?.label).toBe(name);
    expect(typeOf(land).show(land, 'PH', language)).toBe(name);
  });

  it.each(languageCodes)('has in %s all 249 names, each once and none a code', (language) => {
    const control = controlOf(land, language);
    const names = 'choices' in control ? control.choices.map(({ label }) => String(label)) : [];

    expect(new Set(names).size).toBe(249);
    expect(names.filter((name) => /^[A-Z]{2}$/.test(name))).toEqual([]);
  });

  it('has the place in the list that people expect in their language', () => {
    const names = (language: Language) => {
      const control = controlOf(land, language);
      return 'choices' in control ? control.choices.map(({ label }) => String(label)) : [];
    };

    expect(names('en').slice(0, 3)).toEqual(['Afghanistan', 'Åland Islands', 'Albania']);
    expect(names('es')[0]).toBe('Afganistán');
  });
});

describe('an address', () => {
  const partsOf = (id: string) => {
    const control = controlOf(fieldOf(form, id));
    return control.kind === 'parts' ? control.parts : [];
  };

  it('is asked in parts that browsers fill in', () => {
    expect(partsOf('home').map(({ name, attributes, required }) => [name, attributes['autocomplete'], required])).toEqual([
      ['line1', 'address-line1', true],
      ['line2', 'address-line2', false],
      ['city', 'address-level2', true],
      ['region', 'address-level1', false],
      ['postal_code', 'postal-code', false],
      ['country', 'country', true],
    ]);
    expect(partsOf('home').at(-1)?.choices).toHaveLength(249);
  }); // prettier-ignore

  it('does not ask for a fixed country, and lets no browser fill in sensitive answers', () => {
    expect(partsOf('work').map(({ name }) => name)).toEqual(['line1', 'line2', 'city', 'region', 'postal_code']);
    expect(new Set(partsOf('work').map(({ attributes }) => attributes['autocomplete']))).toEqual(new Set(['off']));
  });
});

describe('the input rules of the browser', () => {
  it.each([
    ['acme.com', true],
    ['https://acme.com/jobs?a=1', true],
    ['HTTP://acme.com:8080', true],
    [' acme.com ', true],
    ['acme', false],
    ['ana@acme.com', false],
    ['acme com', false],
  ])('as a web address: %s (%s)', (typed, taken) => {
    const { pattern } = attributesOf(fieldOf(form, 'site'));

    expect(new RegExp(`^(?:${String(pattern)})$`, 'v').test(typed)).toBe(taken);
  });

  it('as a time are the steps of the server', () => {
    expect(attributesOf(fieldOf(form, 'shift'))).toMatchObject({ type: 'time', min: '08:00', max: '18:00', step: 900 });
  });
});

describe('a rule', () => {
  it.each([
    ['{ id: n, type: money, label: N, currency: PHP }', '{ n: { at_least: 20000.5 } }'],
    ['{ id: n, type: money, label: N, currency: PHP, min: 100, max: 100.01 }', '{ n: { more_than: 100 } }'],
    ['{ id: n, type: rating, label: N }', '{ n: { less_than: 3 } }'],
    ['{ id: n, type: rating, label: N }', '{ n: 5 }'],
    ['{ id: n, type: scale, label: N, min: -5 }', '{ n: [-5, 5] }'],
    ['{ id: n, type: time, label: N }', '{ n: 18:00 }'],
    ['{ id: n, type: country, label: N }', '{ n: [PH, MX] }'],
    ['{ id: n, type: country, label: N, required: true }', '{ n: { not: PH } }'],
    ['{ id: n, type: url, label: N }', '{ n: "https://acme.com/" }'],
    ['{ id: n, type: hidden }', '{ n: poster }'],
    ['{ id: n, type: address, label: N }', '{ n: { answered: false } }'],
    ['{ id: n, type: text, label: N, format: ph_tin }', '{ n: "123456788" }'],
  ])('can read %s as %s', (of, when) => {
    expect(messages(withRule([of], when))).toEqual([]);
  });

  it.each([
    ['{ id: n, type: rating, label: N, required: true }', '{ n: { at_least: 1 } }'],
    ['{ id: n, type: scale, label: N, required: true }', '{ n: [1, 2, 3, 4, 5] }'],
    ['{ id: n, type: money, label: N, currency: JPY, min: 1, max: 2, required: true }', '{ n: [1, 2] }'],
  ])('that always holds leaves no person for the other ending: %s, %s', (of, when) => {
    expect(messages(withRule([of], when))).toEqual(['no journey reaches ending `done`']);
  });
});

it('a text in place of a date is shown as it is', () => {
  const born = { type: 'date', id: 'born', label: 'Born' } as unknown as Field;
  expect(typeOf(born).show(born, 'Ana Ruiz', 'en')).toBe('Ana Ruiz');
});
