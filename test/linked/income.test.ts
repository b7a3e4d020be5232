import { describe, expect, it } from 'vitest';
import { monthlyIncome } from '../../src/linked/income.ts';

const month = (n: number) => `2026-${String(n).padStart(2, '0')}`;
const pay = (n: number, more: object = {}) => ({
  startDate: `${month(n)}-01`,
  currency: 'PHP',
  frequency: 'Monthly',
  netAmount: 8000,
  grossAmount: 10_000,
  employer: 'ABC',
  ...more,
});

describe('a month of income', () => {
  it.each([
    ['Monthly', 8000],
    ['Semimonthly', 16_000],
    ['Weekly', 34_666.67],
    ['Bimonthly', 4000],
    ['Quarterly', 2666.67],
    ['Annually', 666.67],
  ])('of a pay that comes %s is %d', (frequency, amount) => {
    expect(monthlyIncome({ incomes: [pay(10, { frequency })] }, 'net')?.amount).toBe(amount);
  });

  it('is the pay of each month where the frequency is unknown', () => {
    const days = [1, 2, 3, 4].map((day) => pay(10, { startDate: `2026-10-0${day}`, frequency: 'Daily', netAmount: 500 })); // prettier-ignore
    expect(monthlyIncome({ incomes: days }, 'net')).toEqual({ amount: 2000, currency: 'PHP', pay: 'net', months: 1 });
  });

  it('is the mean of the last three months', () => {
    const incomes = [pay(1, { netAmount: 1 }), pay(10), pay(9, { netAmount: 9500 }), pay(8, { netAmount: 5000 })];
    expect(monthlyIncome({ incomes }, 'net')).toMatchObject({ amount: 7500, months: 3 });
  });

  it('counts two payslips of one month once, and two jobs twice', () => {
    const half = { frequency: 'Semimonthly', netAmount: 4000 };
    expect(monthlyIncome({ incomes: [pay(10, half), pay(10, half)] }, 'net')?.amount).toBe(8000);
    expect(monthlyIncome({ incomes: [pay(10), pay(10, { employer: 'XYZ' })] }, 'net')?.amount).toBe(16_000);
  });

  it('uses the requested pay, or names the pay that it used', () => {
    expect(monthlyIncome({ incomes: [pay(10)] }, 'gross')).toMatchObject({ amount: 10_000, pay: 'gross' });
    expect(monthlyIncome({ incomes: [pay(10, { netAmount: null })] }, 'net')).toMatchObject({ pay: 'gross' });
  });

  it('never adds up different currencies', () => {
    const incomes = [pay(10, { currency: 'USD', netAmount: 900 }), pay(9)];
    expect(monthlyIncome({ incomes }, 'net')).toEqual({ amount: 900, currency: 'USD', pay: 'net', months: 1 });
  });

  it("falls back to Smile's estimates, then to the paid amounts, without the current month", () => {
    const eincomes = [{ month: month(10), currency: 'PHP', amount: 7000 }];
    expect(monthlyIncome({ eincomes }, 'net')).toMatchObject({ amount: 7000, pay: 'estimated' });
    const out = (date: string, amount: number) => ({ date, currency: 'PHP', amount });
    const transactions = [out('2026-11-02', 100), out('2026-10-05', 3000), out('2026-10-20', 3500), out('2026-10-21', -900)]; // prettier-ignore
    expect(monthlyIncome({ transactions }, 'net')).toEqual({ amount: 6500, currency: 'PHP', pay: 'received', months: 1 }); // prettier-ignore
  });

  it.each([1e307, 1.7e308])('is unknown where an income is as large as %d', (netAmount) => {
    expect(monthlyIncome({ incomes: [pay(10, { netAmount })] }, 'net')).toBeUndefined();
  });

  it('is unknown where nothing makes sense', () => {
    expect(monthlyIncome({}, 'net')).toBeUndefined();
    expect(monthlyIncome({ incomes: [{ startDate: null, netAmount: 'x', currency: 7 }] }, 'net')).toBeUndefined();
  });
});
