/** Amounts as they are typed: the same table runs in browsers, in test/site/respondent/amounts.spec.ts. */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { formatAmount, parseAmount } from '../../../src/form/runtime/amount.ts';
import { typeOf, type Field } from '../../../src/form/fields/fields.ts';
import { answerIn, parseAnswer } from '../../../src/form/fields/parse-answer.ts';
import { sentence } from '../../../src/form/fields/problem-sentences.ts';
import { languageCodes, type Language } from '../../../src/form/wording/wording.ts';
import { amounts, formOfAmounts, spellings } from '../../helpers/samples/amounts.ts';
import { compile, fieldOf } from '../../helpers/compile.ts';

const forms = Object.fromEntries(languageCodes.map((language) => [language, compile(formOfAmounts(language))]));
const today = { earliest: '2026-01-01', latest: '2026-01-01' };

const field = (language: Language, id: string): Field => fieldOf(forms[language]!, id);

/** The server's reading of a post by a browser without a script. */
function outcomeOf(of: Field, language: Language, typed: string) {
  const raw = answerIn(of, language, [[of.id, typed]]);
  const read = parseAnswer({ ...of, required: true }, raw, today);
  if ('answer' in read) return read.answer;
  const unclear = sentence(of, read.problem, language, read.also, raw) !== sentence(of, read.problem, language);
  return unclear ? 'ask' : 'error';
}

describe.each(languageCodes)('in %s', (language) => {
  const rows = spellings.filter((one) => one.language === language);
  const fields = Object.keys(amounts).filter((id) => amounts[id]!.languages.includes(language));

  it('every spelling of the table is read as the table says', () => {
    const read = rows.map(({ id, typed }) => [id, typed, outcomeOf(field(language, id), language, typed)]);

    expect(read).toEqual(rows.map(({ id, typed, outcome }) => [id, typed, outcome]));
  });

  it.each(fields)('every number that %s takes is read back as it is written', (id) => {
    const of = field(language, id);
    const amount = typeOf(of).amount!(of, language);
    const digits = Math.max(0, Math.round(-Math.log10(amount.step)));

    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 6 }), (whole, less) => {
        const number = Number((whole / 10 ** (digits + less)).toFixed(digits)) || 0;
        expect(parseAmount(formatAmount(number, amount), amount)).toBe(number);
      }),
    );
  });

  it.each(fields)('%s never writes decimals that it refuses as thousands', (id) => {
    const amount = typeOf(field(language, id)).amount!(field(language, id), language);

    const numbers = [9.564, 70.609, 0.125, -1.25, 12.3456, 1234.567];
    expect(numbers.map((number) => parseAmount(formatAmount(number, amount), amount))).toEqual(numbers);
  });
});

describe('an amount that can be two', () => {
  it.each<[Language, string, string, string]>([
    ['en', 'money_peso', '14.500', 'Do you mean 14,500 or 14.50? Write one of the two'],
    ['es', 'money_peso', '14.500', '¿Quieres decir 14,500 o 14.50? Escribe uno de los dos'],
    ['fil', 'money_peso', '14.500', '14,500 ba o 14.50 ang ibig mong sabihin? Isulat ang isa sa dalawa'],
    ['id', 'number_point', '14,500', 'Maksudnya 14.500 atau 14,5? Tulis salah satunya'],
    ['zh', 'money_peso', '14.500', '是 14,500 还是 14.50？填写其中一个'],
    ['ar', 'money_peso', '14.500', 'هل تقصد 14,500 أم 14.50؟ اكتب أحدهما'],
    ['es', 'number_grams_both', '1.234', '¿Quieres decir 1234 o 1.2340? Escribe uno de los dos'],
  ])('is asked back in %s, with both numbers as they can be written: %s %s', (language, id, typed, told) => {
    const of = field(language, id);

    expect(sentence(of, 'type', language, [], typed)).toBe(told);
  });
});

it('a thousand amounts are written with one format, since making one takes as long as checking a screen', () => {
  const made = vi.spyOn(Intl, 'NumberFormat');
  onTestFinished(() => made.mockRestore());
  const amount = { locale: 'en-NZ', decimals: 2, cents: 2, groups: ',', signs: '', step: 0.01 };

  const written = Array.from({ length: 1_000 }, (_, n) => formatAmount(1_000 * n + 0.5, amount));

  expect(written.at(-1)).toBe('999,000.50');
  expect(made).toHaveBeenCalledTimes(1);
});

describe('a number in JSON', () => {
  it('is a number: a text that spells one is refused, as it always was', () => {
    expect(parseAnswer(field('en', 'money_peso'), '14,500', today)).toEqual({ problem: 'type' });
    expect(parseAnswer(field('en', 'money_peso'), 14_500, today)).toEqual({ answer: 14_500 });
  });
});

describe('the control of an amount', () => {
  it.each<[Language, string, string]>([
    ['en', 'number_cents', 'decimal'],
    ['en', 'number_whole', 'numeric'],
    ['en', 'money_peso', 'decimal'],
    ['en', 'money_yen', 'numeric'],
  ])('is text, with the keyboard that fits: %s %s %s', (language, id, inputmode) => {
    expect(typeOf(field(language, id)).control(field(language, id), language)).toMatchObject({ attributes: { type: 'text', inputmode } }); // prettier-ignore
  });

  it('has a keyboard with a minus where a number below 0 is asked for, as a keyboard of digits may have none', () => {
    const of = fieldOf(
      compile(formOfAmounts('en').replace('"type":"number","step":0.01', '"type":"number","min":-20,"step":0.01')),
      'number_cents',
    );

    expect(typeOf(of).control(of, 'en')).toMatchObject({ attributes: { inputmode: 'text' } });
  });
});

it('to read an amount of money again makes no formatter, which takes longer than the rest', () => {
  const of = { type: 'money', id: 'wage', label: 'Wage', currency: 'KWD', step: 0.001 } as unknown as Field;
  const read = () => parseAnswer(of, 14_500.124, today);
  expect(read()).toEqual({ answer: 14_500.124 });
  const format = vi.spyOn(Intl, 'NumberFormat');
  onTestFinished(() => format.mockRestore());
  expect(read()).toEqual({ answer: 14_500.124 });
  expect(format).not.toHaveBeenCalled();
});
