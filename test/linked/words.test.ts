import { describe, expect, it } from 'vitest';
import { historyOf } from '../../src/local-smile/invented/fixtures.ts';
import { people } from '../../src/local-smile/invented/people.ts';
import { sandboxProviders } from '../../src/local-smile/invented/providers.ts';
import { datapoint } from '../../src/local-smile/invented/datapoints.ts';
import { describeDocument } from '../../src/linked/document-words.ts';
import { describeData } from '../../src/linked/words.ts';

describe('the words for linked data', () => {
  it('have the name of the person', () => {
    const george = { fullName: 'George Palomero', dob: '1970-08-24', countryResidence: 'PH', phones: [{ number: '+639559991234' }, { number: null }], emails: [], addresses: [{ fullAddress: null, line1: '12 Maybunga St', city: 'Pasig City' }] }; // prettier-ignore
    expect(describeData('identities', [george]).entries).toEqual([
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

  it('have no characters of Smile that hide or turn the text around them', () => {
    const job = { employer: '\u202eABC\u2066 Cor\u200bp\u0007', jobTitle: '\u2067', startDate: '2016-02-24' };
    expect(describeData('employments', [job]).entries).toEqual([
      { title: 'ABC Corp', facts: [{ label: 'Time', text: '24 Feb 2016 until today' }] },
    ]);
  });

  it('have each income with its employer and its currency', () => {
    const income = { startDate: '2026-10-01', endDate: '2026-10-31', currency: 'PHP', netAmount: 7820.25, frequency: 'Monthly', employer: 'ABC Corporation' }; // prettier-ignore
    expect(describeData('incomes', [income]).entries[0]).toEqual({
      title: '1 Oct 2026 to 31 Oct 2026',
      facts: [
        { label: 'Net', text: '₱7,820.25' },
        { label: 'Paid', text: 'monthly' },
        { label: 'Employer', text: 'ABC Corporation' },
      ],
    });
    expect(describeData('employments', [{ employer: 'ABC', startDate: '2016-02-24', endDate: null }]).entries[0]?.facts).toEqual([{ label: 'Time', text: '24 Feb 2016 until today' }]); // prettier-ignore
  });

  it('sums up long lists, the newest first, and never over several currencies', () => {
    const of = (date: string, amount: number, currency = 'PHP') => ({ date, amount, currency });
    const both = describeData('transactions', [of('2026-01-02', 100), of('2026-03-02', 50.5), of('2026-02-02', -20)]);
    expect(both.summary).toBe('3 in all, 2 Jan 2026 to 2 Mar 2026, ₱150.50 in, ₱20 out');
    expect(both.entries.map(({ title }) => title)).toEqual(['2 Mar 2026', '2 Feb 2026', '2 Jan 2026']);
    expect(describeData('transactions', [of('2026-01-02', 1.7e308), of('2026-01-03', 1.7e308)]).summary).toBe('2 in all, 2 Jan 2026 to 3 Jan 2026, amounts too large to add up'); // prettier-ignore
    expect(describeData('transactions', [of('2026-01-02', 1), of('2026-01-03', 1, 'USD')]).summary).toBe('2 in all, 2 Jan 2026 to 3 Jan 2026'); // prettier-ignore
  });

  it('have the numbers of Smile, and the time of the linking', () => {
    const insight = { id: 'insight-1', cutoffTime: '2026-11-01T00:00:00Z', features: { incomes_count: 6, employments_current_status: 'EMPLOYED', identity_age: null } }; // prettier-ignore
    expect(describeData('insights', [insight])).toMatchObject({
      title: 'Summary in numbers',
      entries: [{ title: 'As of 1 Nov 2026', facts: [{ label: 'Incomes count', text: '6' }, { label: 'Employments current status', text: 'employed' }] }],
    }); // prettier-ignore
    const link = { startDate: '2024-11-01T00:00:00Z', endDate: '2026-11-01T00:00:00Z', records: [{ count: 2, linkedAt: ['2026-10-01T08:00:00Z', '2026-10-20T08:00:00Z'] }] }; // prettier-ignore
    expect(describeData('links', [link]).entries).toEqual([
      { title: '1 Nov 2024 to 1 Nov 2026', facts: [{ label: 'Linked', text: '2 times: 1 Oct 2026, 20 Oct 2026' }] },
    ]);
  });

  it('have the facts of a document, and the trust of Smile in it', () => {
    const payslip = {
      type: 'PAYSLIP',
      rawFiles: [{ name: 'october.pdf' }],
      extraction: { fileType: 'PAYSLIP', analysis: { payDate: '2026-10-31', currency: 'PHP', netAmount: 7820.25, taxNumber: '123456789', ssNumber: null } },
      validation: { fileType: 'PAYSLIP', metadata: { resultCode: 'PASSED', score: 90, resultMessage: null }, identity: { resultCode: 'NO_DATA', score: 0 } },
    }; // prettier-ignore
    expect(describeDocument(payslip)).toEqual({
      title: 'Payslip',
      facts: [
        { label: 'Paid on', text: '31 Oct 2026' },
        { label: 'Net', text: '₱7,820.25' },
        { label: 'Tax number', text: '123456789' },
        { label: 'Check of metadata', text: 'passed' },
        { label: 'Check of identity', text: 'no data' },
        { label: 'Files', text: 'october.pdf' },
      ],
    });
    for (const odd of [{}, { extraction: 7, validation: [], rawFiles: 'none' }, { validation: { metadata: null } }])
      expect(describeDocument(odd)).toEqual({ title: 'Document', facts: [] });
  });

  it('has the sum of payments beside any text that Smile has as their currency', () => {
    const payments = [100, 50].map((amount) => ({ date: '2026-10-01', amount, currency: 'RM' }));
    expect(describeData('transactions', payments).summary).toContain('150 RM in');
  });

  it.each([null, [], 7, 'text', {}, { currency: 'pesos', amount: '12' }, { month: '2026-13' }, { dob: 'soon', phones: 'none', addresses: [null, 3] }])('survives %j in place of an item', (item) => {
    for (const point of ['identities', 'employments', 'incomes', 'documents', 'contributions', 'liabilities', 'transactions', 'ratings', 'eincomes', 'insights', 'links', 'brand_new']) {
      const words = JSON.stringify(describeData(point, [item as never].filter((one) => one !== null)));
      expect(words).not.toMatch(/undefined|NaN|Invalid|\[object/);
    }
  }); // prettier-ignore

  it('have only the newest of many payments, within a second for 30,000', () => {
    const payments = Array.from({ length: 30_000 }, (_, n) => ({ date: new Date(n * 3_600_000).toISOString().slice(0, 10), amount: n, currency: 'PHP', description: `Trip ${n}` })); // prettier-ignore
    const before = process.cpuUsage();
    const { entries, more } = describeData('transactions', payments, 1_000);
    const { user, system } = process.cpuUsage(before);
    expect([entries.length, more]).toEqual([1_000, 29_000]);
    expect(entries[0]?.title).toBe('3 Jun 1973');
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  it('say how many values of a document may be left out', () => {
    const analysis = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`field_${n}`, `value ${n}`]));
    const { facts } = describeDocument({ extraction: { analysis } }, 25);
    expect(facts).toHaveLength(26);
    expect(facts.at(-1)).toEqual({ label: 'More', text: 'Up to 15 values are not shown here' });
  });

  it('has words for all that local Smile can give of anybody', () => {
    for (const person of people) {
      for (const provider of sandboxProviders) {
        for (const [name, items] of historyOf(person, provider, new Date())) {
          for (const { title, facts } of describeData(datapoint(name).path, items).entries) {
            expect(title, name).not.toBe('');
            expect(`${title}${JSON.stringify(facts)}`).not.toMatch(/undefined|NaN|Invalid|\[object|null/);
          }
        }
      }
    }
  });
});
