import { describe, expect, it } from 'vitest';
import type { Choice } from '../../../src/form/fields/field-type.ts';
import { typeOf, type Field } from '../../../src/form/fields/fields.ts';
import { parseAnswer } from '../../../src/form/fields/parse-answer.ts';
import { fromEntries } from '../../../src/form/runtime/from-entries.ts';
import { languageCodes } from '../../../src/form/wording/wording.ts';
import { compile, fieldOf } from '../../helpers/compile.ts';

const today = { earliest: '2026-01-01', latest: '2026-01-01' };

const formOf = (type: string) =>
  compile(`
title: Become a driver
languages: [en, es]
screens:
  - id: about
    title: { en: About you, es: Sobre ti }
    fields:
      - { id: city, type: ${type}, label: { en: City, es: Ciudad }, options: [Manila, Cebu City, { value: other, label: { en: Other, es: Otra } }] }
    next:
      - { when: { city: ${type === 'checkboxes' ? '{ contains: Cebu City }' : 'Cebu City'} }, go: cebu }
endings:
  - { id: done, title: { en: Done, es: Listo } }
  - { id: cebu, title: { en: Cebu, es: Cebú } }
`);

describe.each(['radio', 'select', 'checkboxes'])('an option of %s that is a text alone', (type) => {
  const city = fieldOf(formOf(type), 'city');
  const answer = type === 'checkboxes' ? ['Cebu City'] : 'Cebu City';

  it('is stored as it is, and rules compare with it', () => {
    expect(parseAnswer(city, answer, today)).toEqual({ answer });
    expect(typeOf(city).values(city)).toContain('Cebu City');
  });

  it.each(languageCodes)('is read as it is in %s', (language) => {
    expect(typeOf(city).show(city, answer, language)).toBe('Cebu City');
  });

  it('can be in a list with options that have keys', () => {
    expect(parseAnswer(city, type === 'checkboxes' ? ['other'] : 'other', today)).toHaveProperty('answer');
  });
});

it.each(['radio', 'select'])(
  'an option of %s with a space at its end, as earlier versions took, can be chosen',
  (type) => {
    const city = fieldOf(formOf(type), 'city') as Field & { options: Choice[] };
    const old = { ...city, options: [{ value: 'Manila ', label: 'Manila ' }] };
    const sent = fromEntries('text', 'city', [['city', 'Manila ']]);
    expect(parseAnswer(old, sent, today)).toEqual({ answer: 'Manila ' });
    const both = { ...old, options: [...old.options, { value: 'Manila', label: 'Metro Manila' }] };
    expect(parseAnswer(both, 'Manila', today)).toEqual({ answer: 'Manila' });
  },
);
