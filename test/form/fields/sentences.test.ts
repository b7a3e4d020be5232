import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/form/runtime/condition.ts';
import { todayAround } from '../../../src/form/fields/dates/date.ts';
import { fieldTypeNames, typeOf, type Field } from '../../../src/form/fields/fields.ts';
import { parseAnswer } from '../../../src/form/fields/parse-answer.ts';
import { sentence, sentences } from '../../../src/form/fields/problem-sentences.ts';
import type { Problem } from '../../../src/form/fields/field-type.ts';
import { languageCodes, wordings, type Language } from '../../../src/form/wording/wording.ts';
import { everyType, fieldOf, NOW } from '../../helpers/compile.ts';

const form = everyType();
const fields = form.screens.flatMap((screen) => screen.fields);

/** Enough wrong answers that every problem any field can have occurs. */
const wrong: unknown[] = [
  undefined, '', 'x', 'xyz', 'x'.repeat(300), 'x'.repeat(6_000), 'a\u0000', 12, -1, 1e9, 1e300, -1e300, 30.5, 0.001, Infinity, true, false,
  [], ['a'], ['a', 'b', 'c', 'd'], ['x'], {}, '1899-01-01', '2300-01-01', '1990-01-01', '2060-01-01', '2026-02-30', 'ana@mail', '0917',
  '07:59', '18:01', '09:07', '25:00', { city: 'Cebu' }, { line1: 'Rizal St 1' }, { line1: 'Rizal St 1', city: 'Cebu' }, { planet: 'Mars' },
  { line1: 5 }, { line1: 'x'.repeat(201) }, { line1: 'Rizal St 1', city: 'Cebu', country: 'XX' }, 0.5, 250,
]; // prettier-ignore

const problems = (field: Field): Problem[] => [
  ...new Set(
    wrong.flatMap((raw) => {
      const read = parseAnswer(field, raw, todayAround(NOW));
      return 'problem' in read ? [read.problem] : [];
    }),
  ),
];

describe('the fixture', () => {
  it('has a field of every type', () => {
    expect([...new Set(fields.map(({ type }) => type))].sort()).toEqual([...fieldTypeNames].sort());
  });
});

describe.each(languageCodes)('in %s', (language: Language) => {
  const asked = fields
    .filter((field) => !['statement', 'computed'].includes(field.type))
    .map((field) => [field.id, field] as const);

  it.each(asked)('every problem that %s can have has a message', (_id, field) => {
    const found = problems(field);

    expect(found.length).toBeGreaterThan(0);
    for (const problem of found) {
      const told = sentence(field, problem, language);
      expect(told, problem).not.toBe(wordings[language].page.checkAnswer);
      expect(told, problem).toMatch(/^[\p{Lu}\p{Lo}]/u);
      expect(told, problem).not.toMatch(/undefined|NaN|Infinity|[{}]|\s$/);
    }
  });

  it('no sentence of any field is empty', () => {
    for (const field of fields) {
      for (const told of Object.values(sentences(field, language))) expect(told).toMatch(/\S/);
    }
  });
});

describe.each(languageCodes.filter((language) => language !== 'en'))('the messages in %s', (language) => {
  it.each(fields.map((field) => [field.id, field] as const))(
    'of %s covers the problems that English covers',
    (_id, field) => {
      expect(Object.keys(sentences(field, language)).sort()).toEqual(Object.keys(sentences(field, 'en')).sort());
    },
  );

  // A pattern_hint is the author's, and this form has it in English and Spanish.
  it.each(fields.filter(({ id }) => id !== 'code').map((field) => [field.id, field] as const))(
    'of %s is not English',
    (_id, field) => {
      const english = sentences(field, 'en');
      for (const [problem, told] of Object.entries(sentences(field, language))) {
        expect(told, problem).not.toBe(english[problem as Problem]);
      }
    },
  );

  it('has no mark of haste', () => {
    for (const field of fields) {
      for (const told of Object.values(sentences(field, language))) expect(told).not.toMatch(/[!¡！]|\s\s/);
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
    ['home', 'Enter your address', 'Completa “Domicilio”'],
  ])('to %s is named by its label', (id, en, es) => {
    expect(sentence(fieldOf(form, id), 'missing', 'en')).toBe(en);
    expect(sentence(fieldOf(form, id), 'missing', 'es')).toBe(es);
  });

  it.each([
    ['SSS number', 'Enter your SSS number'],
    ['Your employer', 'Enter your employer'],
    ['The name of your landlord', 'Enter the name of your landlord'],
    ['Name of your landlord', 'Enter name of your landlord'],
    ['What do you earn?', 'Answer “What do you earn?”'],
    ['How many', 'Answer “How many”'],
    ['Describe your work', 'Answer “Describe your work”'],
    [
      'Whose license you hold, if not your own and not the one of the company',
      'Answer “Whose license you hold, if not your own and not the one of…”',
    ],
    [
      'What do you earn in a usual month, before tax and with all that you are paid?',
      'Answer “What do you earn in a usual month, before tax and with all…?”',
    ],
  ])('keeps the words of the label “%s”', (label, told) => {
    expect(sentence({ ...fieldOf(form, 'name'), label } as Field, 'missing', 'en')).toBe(told);
  });
});

describe('a wrong answer', () => {
  it.each<[id: string, problem: Problem, en: string, es: string]>([
    ['mail', 'pattern', 'Enter an email address, like name@example.com', 'Escribe un correo electrónico, como nombre@ejemplo.com'],
    ['mobile', 'pattern', 'Enter a phone number, like 0905 123 4567', 'Escribe un número de teléfono, como 0905 123 4567'],
    ['celular', 'pattern', 'Enter a phone number, like 222 123 4567', 'Escribe un número de teléfono, como 222 123 4567'],
    ['abroad', 'pattern', 'Enter a phone number, like +1 201 555 0123', 'Escribe un número de teléfono, como +52 222 123 4567'],
    ['code', 'pattern', 'Enter 3 capital letters, like ABC', 'Escribe 3 mayúsculas, como ABC'],
    ['age', 'low', 'Enter 16 or more', 'Escribe 16 o más'],
    ['pay', 'step', 'Enter a number in steps of 0.01', 'Escribe un número en pasos de 0.01'],
    ['start', 'low', 'Enter a date no earlier than today', 'Escribe una fecha. La primera posible: hoy'],
    ['fixed_days', 'high', 'Enter a date no later than December 31, 2026', 'Escribe una fecha. La última posible: 31 de diciembre de 2026'],
    ['apps', 'few', 'Choose at least 2', 'Elige al menos 2'],
    ['car', 'choice', 'Choose yes or no', 'Elige sí o no'],
    ['site', 'pattern', 'Enter a web address, like acme.com', 'Escribe una dirección web, como acme.com'],
    ['salary', 'low', 'Enter ₱100 or more', 'Escribe ₱100 o más'],
    ['salary', 'step', 'Enter an amount like ₱1,234.50', 'Escribe un importe como ₱1,234.50'],
    ['price', 'step', 'Enter a whole number', 'Escribe un número entero'],
    ['dozens', 'step', 'Enter a number in steps of 12', 'Escribe un número en pasos de 12'],
    ['shift', 'low', 'Enter a time no earlier than 8:00 AM', 'Escribe una hora no anterior a las 8:00 a.m.'],
    ['shift', 'step', 'Enter a time like 8:00 AM or 8:15 AM', 'Escribe una hora como 8:00 a.m. o 8:15 a.m.'],
    ['stars', 'choice', 'Choose one of the answers that are offered', 'Elige una de las respuestas que se ofrecen'],
    ['home', 'line1:missing', 'Enter your street and number', 'Completa “Calle y número”'],
    ['home', 'country:missing', 'Choose your country', 'Elige una opción en “País”'],
    ['home', 'city:long', 'City: Shorten this to 200 characters or fewer', 'Ciudad: Acorta el texto a 200 caracteres o menos'],
    ['tin', 'pattern', 'Enter your TIN, 9 or 12 digits, like 123-456-788-000', 'Escribe tu TIN, de 9 o 12 cifras, como 123-456-788-000'],
  ])('to %s (%s) has an example of a right answer', (id, problem, en, es) => {
    expect(sentence(fieldOf(form, id), problem, 'en')).toBe(en);
    expect(sentence(fieldOf(form, id), problem, 'es')).toBe(es);
  }); // prettier-ignore
});

it.each([
  [500, 1_000, 'Enter a number like ₱500 or ₱1,500', 'Escribe un número como ₱500 o ₱1,500'],
  [0.5, 1, 'Enter a number like ₱0.50 or ₱1.50', 'Escribe un número como ₱0.50 o ₱1.50'],
  [2_000, 1_000, 'Enter a number in steps of ₱1,000', 'Escribe un número en pasos de ₱1,000'],
])('an amount from %d in steps of %d says which ones are right', (min, step, en, es) => {
  const field = { ...fieldOf(form, 'salary'), min, step } as Field;
  expect([sentence(field, 'step', 'en'), sentence(field, 'step', 'es')]).toEqual([en, es]);
});

it('a text that is too long for one character is shortened to 1 character', () => {
  const field = { ...fieldOf(form, 'name'), min_length: undefined, max_length: 1 } as Field;
  expect(sentence(field, 'long', 'en')).toBe('Shorten this to 1 character');
  expect(sentence(field, 'long', 'es')).toBe('Acorta el texto a 1 carácter');
  expect(sentence(field, 'long', 'id')).toBe('Persingkat menjadi 1 karakter atau kurang');
});

describe('a wrong answer in the other languages', () => {
  it.each<[id: string, problem: Problem, fil: string, id: string, zh: string, ar: string]>([
    ['name', 'missing', 'Punan ang “Full name”', 'Isi “Full name”', '填写“Full name”', 'املأ خانة «Full name»'],
    ['car', 'missing', 'Pumili ng sagot sa “Do you have a car?”', 'Pilih jawaban untuk “Do you have a car?”', '选择“Do you have a car?”的答案', 'اختر إجابة عن «Do you have a car?»'],
    ['name', 'short', 'Sumulat ng 2 letra o higit pa', 'Tulis paling sedikit 2 karakter', '至少写 2 个字', 'اكتب 2 من الأحرف على الأقل'],
    ['mobile', 'pattern', 'Maglagay ng phone number, tulad ng 0905 123 4567', 'Isi nomor telepon, seperti 0905 123 4567', '填写电话号码，例如 0905 123 4567', 'اكتب رقم هاتف، مثل \u20660905 123 4567\u2069'],
    ['pay', 'step', 'Maglagay ng numero na may pagitan na 0.01', 'Isi bilangan dengan selisih 0,01', '填写以 0.01 为间隔的数', 'اكتب عددًا بخطوات من 0.01'],
    ['start', 'low', 'Maglagay ng petsa. Pinakamaaga: ngayong araw', 'Isi tanggal paling awal hari ini', '填写不早于今天的日期', 'اكتب تاريخًا. أول تاريخ ممكن: اليوم'],
    ['start', 'high', 'Maglagay ng petsa. Pinakahuli: 30 araw mula ngayon', 'Isi tanggal paling lambat 30 hari dari sekarang', '填写不晚于30天后的日期', 'اكتب تاريخًا. آخر تاريخ ممكن: بعد 30 يومًا'],
    ['born', 'high', 'Maglagay ng petsa. Pinakahuli: 18 taon ang nakalipas', 'Isi tanggal paling lambat 18 tahun yang lalu', '填写不晚于18年前的日期', 'اكتب تاريخًا. آخر تاريخ ممكن: قبل 18 سنة'],
    ['fixed_days', 'high', 'Maglagay ng petsa. Pinakahuli: Disyembre 31, 2026', 'Isi tanggal paling lambat 31 Desember 2026', '填写不晚于2026年12月31日的日期', 'اكتب تاريخًا. آخر تاريخ ممكن: 31 ديسمبر 2026'],
    ['apps', 'few', 'Pumili ng 2 o higit pa', 'Pilih paling sedikit 2', '至少选择 2 项', 'اختر 2 على الأقل'],
  ])('to %s (%s) has an example of a right answer', (id, problem, ...told) => {
    const languages: Language[] = ['fil', 'id', 'zh', 'ar'];

    expect(languages.map((language) => sentence(fieldOf(form, id), problem, language))).toEqual(told);
  }); // prettier-ignore
});

describe('a limit that moves with the day', () => {
  it.each<[max: string, en: string, es: string, ar: string]>([
    ['today', 'today', 'hoy', 'اليوم'],
    ['today + 1 day', '1 day from today', 'dentro de 1 día', 'بعد يوم واحد'],
    ['today + 2 years', '2 years from today', 'dentro de 2 años', 'بعد سنتين'],
    ['today - 3 months', '3 months ago', 'hace 3 meses', 'قبل 3 أشهر'],
  ])('%s is written as people write it', (max, en, es, ar) => {
    const field = { ...fieldOf(form, 'any_day'), max } as Field;

    expect(sentence(field, 'high', 'en')).toBe(`Enter a date no later than ${en}`);
    expect(sentence(field, 'high', 'es')).toBe(`Escribe una fecha. La última posible: ${es}`);
    expect(sentence(field, 'high', 'ar')).toBe(`اكتب تاريخًا. آخر تاريخ ممكن: ${ar}`);
  });
});

describe('an answer shown in the other languages', () => {
  it.each<[id: string, answer: string | number | boolean | string[], fil: string, id: string, zh: string, ar: string]>([
    ['pay', 1234.5, '1,234.5', '1.234,5', '1,234.5', '1,234.5'],
    ['any_day', '2026-11-24', 'Nobyembre 24, 2026', '24 November 2026', '2026年11月24日', '24 نوفمبر 2026'],
    ['apps', ['a', 'c'], 'Grab, Angkas', 'Grab, Angkas', 'Grab、Angkas', 'Grab، Angkas'],
    ['car', true, 'Oo', 'Ya', '是', 'نعم'],
    ['car', false, 'Hindi', 'Tidak', '否', 'لا'],
    ['agree', true, 'Sumasang-ayon', 'Setuju', '同意', 'موافق'],
  ])('%s: %j', (id, answer, ...shown) => {
    const field = fieldOf(form, id);
    const languages: Language[] = ['fil', 'id', 'zh', 'ar'];

    expect(languages.map((language) => typeOf(field).show(field, answer, language))).toEqual(shown);
  });
});

describe('an answer shown to a person', () => {
  it.each<[id: string, answer: Answer, en: string, es: string]>([
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
    ['salary', 14500, '₱14,500', '₱14,500'],
    ['salary', 14500.5, '₱14,500.50', '₱14,500.50'],
    ['price', 1500, '¥1,500', '¥1,500'],
    ['shift', '18:05', '6:05 PM', '6:05 p.m.'],
    ['shift', 'a value of an older version', 'a value of an older version', 'a value of an older version'],
    ['stars', 3, '3/4', '3/4'],
    ['likely', 0, '0', '0'],
    ['land', 'MX', 'Mexico', 'México'],
    ['land', 'XX', 'XX', 'XX'],
    ['site', 'https://acme.com/', 'https://acme.com/', 'https://acme.com/'],
    ['tin', '123456788000', '123-456-788-000', '123-456-788-000'],
    ['rfc', 'GODE561231GR8', 'GODE 561231 GR8', 'GODE 561231 GR8'],
    [
      'home',
      { city: 'Cebu', line1: 'Rizal St 1', country: 'PH' },
      'Rizal St 1, Cebu, Philippines',
      'Rizal St 1, Cebu, Filipinas',
    ],
    ['home', 'a value of an older version', 'a value of an older version', 'a value of an older version'],
  ])('%s: %j', (id, answer, en, es) => {
    const field = fieldOf(form, id);

    expect(typeOf(field).show(field, answer, 'en')).toBe(en);
    expect(typeOf(field).show(field, answer, 'es')).toBe(es);
  });
});
