import { describe, expect, it } from 'vitest';
import { todayAround } from '../../../src/form/fields/date.ts';
import {
  fieldTypeNames,
  readAnswer,
  sentence,
  sentences,
  typeOf,
  type Field,
} from '../../../src/form/fields/fields.ts';
import type { Problem } from '../../../src/form/fields/field-type.ts';
import { languageNames, wordings, type Language } from '../../../src/form/wording/wording.ts';
import { everyType, fieldOf, NOW } from '../compile.ts';

const form = everyType();
const fields = form.screens.flatMap((screen) => screen.fields);

/** Enough wrong answers that every problem any field can have occurs. */
const wrong: unknown[] = [
  undefined, '', 'x', 'xyz', 'x'.repeat(300), 'x'.repeat(6_000), 'a\u0000', 12, -1, 1e9, 1e300, -1e300, 30.5, 0.001, Infinity, true, false,
  [], ['a'], ['a', 'b', 'c', 'd'], ['x'], {}, '1899-01-01', '2300-01-01', '1990-01-01', '2060-01-01', '2026-02-30', 'ana@mail', '0917',
]; // prettier-ignore

const problems = (field: Field): Problem[] => [
  ...new Set(
    wrong.flatMap((raw) => {
      const read = readAnswer(field, raw, todayAround(NOW));
      return 'problem' in read ? [read.problem] : [];
    }),
  ),
];

describe('the fixture', () => {
  it('has a field of every type', () => {
    expect([...new Set(fields.map(({ type }) => type))].sort()).toEqual([...fieldTypeNames].sort());
  });
});

describe.each(languageNames)('in %s', (language: Language) => {
  const asked = fields.filter((field) => typeOf(field).kind !== 'nothing').map((field) => [field.id, field] as const);

  it.each(asked)('every problem that %s can have is told in a sentence of its own', (_id, field) => {
    const found = problems(field);

    expect(found.length).toBeGreaterThan(0);
    for (const problem of found) {
      const told = sentence(field, problem, language);
      expect(told, problem).not.toBe(wordings[language].page.checkAnswer);
      expect(told, problem).toMatch(/^\p{Lu}/u);
      expect(told, problem).not.toMatch(/undefined|NaN|Infinity|[{}]|\s$/);
    }
  });

  it('no sentence of any field is empty', () => {
    for (const field of fields) {
      for (const told of Object.values(sentences(field, language))) expect(told).toMatch(/\S/);
    }
  });
});

describe('a missing answer', () => {
  it.each<[id: string, en: string, es: string]>([
    ['name', 'Enter your full name', 'Completa “Nombre”'],
    ['mail', 'Enter your email', 'Completa “Email”'],
    ['age', 'Enter your age', 'Completa “Age”'],
    ['status', 'Choose an answer to “Are you working now?”', 'Elige una respuesta a “¿Trabajas ahora?”'],
    ['agree', 'Tick the box to agree', 'Marca la casilla para aceptar'],
  ])('to %s is told by its label', (id, en, es) => {
    expect(sentence(fieldOf(form, id), 'missing', 'en')).toBe(en);
    expect(sentence(fieldOf(form, id), 'missing', 'es')).toBe(es);
  });

  it.each([
    ['SSS number', 'Enter your SSS number'],
    ['Your employer', 'Enter your employer'],
    ['The name of your landlord', 'Enter the name of your landlord'],
    ['Name of your landlord', 'Enter name of your landlord'],
    ['What do you earn?', 'Answer “What do you earn?”'],
  ])('keeps the words of the label “%s”', (label, told) => {
    expect(sentence({ ...fieldOf(form, 'name'), label } as Field, 'missing', 'en')).toBe(told);
  });
});

describe('a wrong answer', () => {
  it.each<[id: string, problem: Problem, en: string, es: string]>([
    ['mail', 'pattern', 'Enter an email address, like name@example.com', 'Escribe un correo electrónico, como nombre@ejemplo.com'],
    ['mobile', 'pattern', 'Enter a phone number, like 0905 123 4567', 'Escribe un número de teléfono, como 0905 123 4567'],
    ['celular', 'pattern', 'Enter a phone number, like 222 123 4567', 'Escribe un número de teléfono, como 222 123 4567'],
    ['abroad', 'pattern', 'Enter a phone number, like +52 222 123 4567', 'Escribe un número de teléfono, como +52 222 123 4567'],
    ['code', 'pattern', 'Enter 3 capital letters, like ABC', 'Escribe 3 mayúsculas, como ABC'],
    ['age', 'low', 'Enter 16 or more', 'Escribe 16 o más'],
    ['pay', 'step', 'Enter a number in steps of 0.01', 'Escribe un número en pasos de 0.01'],
    ['start', 'low', 'Enter a date no earlier than today', 'Escribe una fecha no anterior a hoy'],
    ['fixed_days', 'high', 'Enter a date no later than December 31, 2026', 'Escribe una fecha no posterior a 31 de diciembre de 2026'],
    ['apps', 'few', 'Choose at least 2', 'Elige al menos 2'],
    ['car', 'choice', 'Choose yes or no', 'Elige sí o no'],
  ])('to %s (%s) is told with what to write', (id, problem, en, es) => {
    expect(sentence(fieldOf(form, id), problem, 'en')).toBe(en);
    expect(sentence(fieldOf(form, id), problem, 'es')).toBe(es);
  }); // prettier-ignore
});

describe('an answer shown to a person', () => {
  it.each<[id: string, answer: string | number | boolean | string[], en: string, es: string]>([
    ['name', 'Ana', 'Ana', 'Ana'],
    ['mobile', '+639171234567', '+63 917 123 4567', '+63 917 123 4567'],
    ['pay', 1234.5, '1,234.5', '1,234.5'],
    ['any_number', 12345, '12,345', '12,345'],
    ['any_day', '2026-11-24', 'November 24, 2026', '24 de noviembre de 2026'],
    ['status', 'no', 'Not working', 'Sin empleo'],
    ['status', 'a value of an older version', 'a value of an older version', 'a value of an older version'],
    ['city', '1', 'Manila', 'Manila'],
    ['apps', ['a', 'c'], 'Grab, Angkas', 'Grab, Angkas'],
    ['car', false, 'No', 'No'],
    ['car', true, 'Yes', 'Sí'],
    ['agree', true, 'Agreed', 'De acuerdo'],
  ])('%s: %j', (id, answer, en, es) => {
    const field = fieldOf(form, id);

    expect(typeOf(field).show(field, answer, 'en')).toBe(en);
    expect(typeOf(field).show(field, answer, 'es')).toBe(es);
  });
});
