import { describe, expect, it } from 'vitest';
import { historyOf } from '../../src/local-smile/fixtures.ts';
import { people } from '../../src/local-smile/people.ts';
import { providers } from '../../src/local-smile/providers.ts';
import { datapoint } from '../../src/local-smile/datapoints.ts';
import { inWords } from '../../src/linked/words.ts';

describe('what was read', () => {
  it('says who it is', () => {
    const george = { fullName: 'George Palomero', dob: '1970-08-24', countryResidence: 'PH', phones: [{ number: '+639559991234' }, { number: null }], emails: [], addresses: [{ fullAddress: null, line1: '12 Maybunga St', city: 'Pasig City' }] }; // prettier-ignore
    expect(inWords('identities', [george]).entries).toEqual([
      {
        title: 'George Palomero',
        facts: [
          { label: 'Born', text: '24 Aug 1970' },
          { label: 'Country', text: 'Philippines' },
          { label: 'Phone', text: '+639559991234' },
          { label: 'Address', text: '12 Maybunga St, Pasig City' },
        ],
      },
    ]);
  });

  it('says what is earned where, in the currency that it is paid in', () => {
    const income = { startDate: '2026-10-01', endDate: '2026-10-31', currency: 'PHP', netAmount: 7820.25, frequency: 'Monthly', employer: 'ABC Corporation' }; // prettier-ignore
    expect(inWords('incomes', [income]).entries[0]).toEqual({
      title: '1 Oct 2026 to 31 Oct 2026',
      facts: [
        { label: 'Net', text: '₱7,820.25' },
        { label: 'Paid', text: 'monthly' },
        { label: 'Employer', text: 'ABC Corporation' },
      ],
    });
    expect(inWords('employments', [{ employer: 'ABC', startDate: '2016-02-24', endDate: null }]).entries[0]?.facts).toEqual([{ label: 'Time', text: '24 Feb 2016 until today' }]); // prettier-ignore
  });

  it('sums up long lists, the newest first, and never over several currencies', () => {
    const of = (date: string, amount: number, currency = 'PHP') => ({ date, amount, currency });
    const both = inWords('transactions', [of('2026-01-02', 100), of('2026-03-02', 50.5), of('2026-02-02', -20)]);
    expect(both.summary).toBe('3 in all, 2 Jan 2026 to 2 Mar 2026, ₱150.50 in, ₱20 out');
    expect(both.entries.map(({ title }) => title)).toEqual(['2 Mar 2026', '2 Feb 2026', '2 Jan 2026']);
    expect(inWords('transactions', [of('2026-01-02', 1), of('2026-01-03', 1, 'USD')]).summary).toBe('2 in all, 2 Jan 2026 to 3 Jan 2026'); // prettier-ignore
  });

  it.each([null, [], 7, 'text', {}, { currency: 'pesos', amount: '12' }, { dob: 'soon', phones: 'none', addresses: [null, 3] }])('survives %j in place of an item', (item) => {
    for (const point of ['identities', 'employments', 'incomes', 'documents', 'contributions', 'liabilities', 'transactions', 'ratings', 'eincomes', 'brand_new']) {
      const words = JSON.stringify(inWords(point, [item as never].filter((one) => one !== null)));
      expect(words).not.toMatch(/undefined|NaN|Invalid|\[object/);
    }
  }); // prettier-ignore

  it('has words for all that local Smile can give of anybody', () => {
    for (const person of people) {
      for (const provider of providers) {
        for (const [name, items] of historyOf(person, provider, new Date())) {
          for (const { title, facts } of inWords(datapoint(name).path, items).entries) {
            expect(title, name).not.toBe('');
            expect(`${title}${JSON.stringify(facts)}`).not.toMatch(/undefined|NaN|Invalid|\[object|null/);
          }
        }
      }
    }
  });
});
