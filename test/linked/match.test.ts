import { describe, expect, it } from 'vitest';
import { matchLines, type LinkedItems } from '../../src/linked/match.ts';
import { compile } from '../helpers/compile.ts';

const form = compile(`
title: Loan
match:
  name: [first, last]
  employer: employer
  monthly_income: { field: pay, within: 10 }
screens:
  - id: about
    title: About you
    fields:
      - { id: first, type: text, label: First name }
      - { id: last, type: text, label: Last name }
      - { id: employer, type: text, label: Employer }
      - { id: pay, type: money, label: Pay, currency: PHP }
  - id: connect
    title: Connect
    wink: { require: none, retrieve: [identities, employments, incomes] }
endings:
  - { id: done, title: Thank you }
`);
const ANSWERS = { first: 'George', last: 'Palomero', employer: 'ABC', pay: 8000 };
const LINKED: LinkedItems = {
  identities: [{ fullName: 'George Cimafranca Palomero, Jr' }],
  employments: [{ employer: 'ABC Corporation', startDate: '2016-02-24', endDate: null }],
  incomes: [{ startDate: '2026-10-01', currency: 'PHP', frequency: 'Monthly', netAmount: 7820.25, employer: 'ABC Corporation' }], // prettier-ignore
};
const lines = (answers: Record<string, string | number> = ANSWERS, linked: LinkedItems = LINKED) =>
  matchLines(form, answers, linked, '2026-11-24');

describe('the declared and the linked value', () => {
  const [income] = LINKED['incomes'] ?? [];

  it.each(['RM', '₱', 'N/A', 'Philippine Peso'])(
    'is a number beside %s, where Smile has that instead of a code',
    (currency) => {
      const said = lines(ANSWERS, { ...LINKED, incomes: [{ ...income, currency }] });
      expect(said.at(-1)).toMatchObject({ what: 'monthly_income', linked: `7820.25 ${currency}` });
    },
  );

  it('is absent where the amounts are too large to add up', () => {
    const incomes = ['2026-09-01', '2026-10-01'].map((startDate) => ({ ...income, startDate, netAmount: 1.7e308 }));
    expect(lines(ANSWERS, { ...LINKED, incomes }).at(-1)).toMatchObject({ linked: undefined });
  });

  it('are beside each other, each in words', () => {
    expect(lines()).toMatchObject([
      { what: 'name', verdict: 'agree', declared: 'George Palomero', linked: 'George Cimafranca Palomero, Jr' },
      { what: 'employer', verdict: 'agree', declared: 'ABC', linked: 'ABC Corporation' },
      {
        what: 'monthly_income',
        verdict: 'agree',
        declared: '₱8,000',
        linked: '₱7,820.25',
        why: 'The answer is 2% higher. From the account: net pay, the average of 1 month',
      },
    ]);
  });

  it('differ where they do', () => {
    const told = lines({ first: 'Ana', last: 'Reyes', employer: 'Hotel Mirador', pay: 9000 });
    expect(told.map(({ verdict }) => verdict)).toEqual(['differs', 'differs', 'differs']);
    expect(told[2]?.why).toBe('The answer is 15% higher. From the account: net pay, the average of 1 month');
  });

  it('are unknown where the account has no such value, or nothing was declared, and say which', () => {
    const other: LinkedItems = { contributions: [{ amount: 1 }] };
    expect(lines(ANSWERS, other).map(({ verdict, why }) => [verdict, why])).toEqual([
      ['unknown', 'The account has no name'],
      ['unknown', 'The account has no employer'],
      ['unknown', 'The account has no income data'],
    ]);
    expect(lines({}).map(({ why }) => why)).toEqual(Array(3).fill('The person did not answer this'));
  });

  it.each<LinkedItems>([{}, { identities: [], incomes: [] }])(
    'say nothing about an account without data of one: %o',
    (none) => {
      const why = 'There is no account data to compare';
      expect(lines(ANSWERS, none)).toMatchObject(Array(3).fill({ verdict: 'unknown', why }));
    },
  );

  it('distinguish a former employer from a current one', () => {
    const employments = [{ employer: 'ABC Corporation', startDate: '2016-02-24', endDate: '2024-05-31' }];
    expect(lines(ANSWERS, { ...LINKED, employments })[1]).toMatchObject({
      verdict: 'differs',
      linked: 'ABC Corporation',
      why: 'This job ended on 2024-05-31',
    });
  });

  it('never compares amounts of different currencies', () => {
    const incomes = LINKED['incomes']?.map((item) => ({ ...item, currency: 'USD' })) ?? [];
    expect(lines(ANSWERS, { ...LINKED, incomes })[2]).toMatchObject({ verdict: 'unknown', why: 'The currencies are different' }); // prettier-ignore
  });

  it('is nothing in a form that compares nothing', () => {
    const { match: _match, ...rest } = form;
    expect(matchLines({ ...rest, match: undefined }, ANSWERS, LINKED, '2026-11-24')).toEqual([]);
  });
});
