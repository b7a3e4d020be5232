/** The monthly income of linked pay. Amounts in different currencies are never added. */
import type { Pay } from '../form/settings/match.ts';
import { numberAt, textAt, type LinkedItem } from './linked-item.ts';

export interface MonthlyIncome {
  /** In the main unit of `currency`. */
  amount: number;
  currency: string;
  /** The kind of Smile's amount that it is computed from. */
  pay: Pay | 'estimated' | 'received';
  /** The number of months in the mean. */
  months: number;
}

/** How often pay of this frequency comes in a month (Smile's values). Others do not say how much is worked. */
const TIMES_PER_MONTH: Record<string, number> = {
  Weekly: 52 / 12,
  Semimonthly: 2,
  Monthly: 1,
  // Smile has Semimonthly for twice a month, so this is every second month.
  Bimonthly: 1 / 2,
  Quarterly: 1 / 3,
  Annually: 1 / 12,
};

/** People declare their income now, so only the last months count. */
const RECENT_MONTHS = 3;

/**
 * The mean of the last months with pay: of `incomes`, else of Smile's estimates, else of received money. If no income
 * has the `preferred` kind of amount, the next kind is used and named in the result.
 * @param data items by data point
 */
export function monthlyIncome(data: Record<string, LinkedItem[]>, preferred: Pay): MonthlyIncome | undefined {
  return (
    fromIncomes(data['incomes'] ?? [], preferred) ??
    perMonth(data['eincomes'] ?? [], 'month', 'amount', 'estimated') ??
    perMonth((data['transactions'] ?? []).filter(isPaidIn), 'date', 'amount', 'received')
  );
}

const isPaidIn = (item: LinkedItem): boolean => (numberAt(item, 'amount') ?? 0) > 0;

function fromIncomes(items: LinkedItem[], preferred: Pay): MonthlyIncome | undefined {
  const order = [preferred, ...(['net', 'gross', 'base'] as const).filter((pay) => pay !== preferred)];
  const pay = order.find((one) => items.some((item) => numberAt(item, `${one}Amount`) !== undefined));
  if (!pay) return undefined;
  const amount = `${pay}Amount`;
  const regular = items.filter((item) => TIMES_PER_MONTH[textAt(item, 'frequency') ?? ''] !== undefined);
  if (!regular.length) return perMonth(items, 'startDate', amount, pay);
  const currency = latest(regular, 'startDate', amount);
  const jobs = new Map<string, { month: string; values: number[] }>();
  for (const item of regular) {
    const [value, month] = [numberAt(item, amount), textAt(item, 'startDate')?.slice(0, 7)];
    if (value === undefined || !month || textAt(item, 'currency') !== currency) continue;
    const key = `${month} ${textAt(item, 'employer') ?? ''}`;
    const job = jobs.get(key) ?? { month, values: [] };
    job.values.push(value * (TIMES_PER_MONTH[textAt(item, 'frequency') ?? ''] as number));
    jobs.set(key, job);
  }
  // Several payments of one job in a month repeat its rate, so their mean counts. Different jobs are added.
  const byMonth = new Map<string, number>();
  for (const { month, values } of jobs.values()) byMonth.set(month, (byMonth.get(month) ?? 0) + sum(values) / values.length); // prettier-ignore
  return meanOf(byMonth, currency, pay);
}

/** The payments of each month, added. */
function perMonth(
  items: LinkedItem[],
  date: string,
  amount: string,
  pay: MonthlyIncome['pay'],
): MonthlyIncome | undefined {
  const currency = latest(items, date, amount);
  const byMonth = new Map<string, number>();
  for (const item of items) {
    const [value, month] = [numberAt(item, amount), textAt(item, date)?.slice(0, 7)];
    if (value === undefined || !month || textAt(item, 'currency') !== currency) continue;
    byMonth.set(month, (byMonth.get(month) ?? 0) + value);
  }
  // The newest month of single payments is not complete yet.
  const [newest] = [...byMonth.keys()].sort().reverse();
  if (pay === 'received' && newest && byMonth.size > 1) byMonth.delete(newest);
  return meanOf(byMonth, currency, pay);
}

function meanOf(
  byMonth: Map<string, number>,
  currency: string | undefined,
  pay: MonthlyIncome['pay'],
): MonthlyIncome | undefined {
  const recent = [...byMonth].sort(([a], [b]) => (a < b ? 1 : -1)).slice(0, RECENT_MONTHS);
  if (!recent.length || !currency) return undefined;
  const mean = sum(recent.map(([, value]) => value)) / recent.length;
  const amount = Math.round(mean * 100) / 100;
  // Amounts near the largest number add up, or are rounded, to infinity.
  if (!Number.isFinite(amount)) return undefined;
  return { amount, currency, pay, months: recent.length };
}

/** The currency of the newest item with an amount. */
function latest(items: LinkedItem[], date: string, amount: string): string | undefined {
  const dated = items.filter((item) => textAt(item, date) && textAt(item, 'currency') && numberAt(item, amount) !== undefined); // prettier-ignore
  const [newest] = dated.sort((a, b) => ((textAt(a, date) ?? '') < (textAt(b, date) ?? '') ? 1 : -1));
  return newest && textAt(newest, 'currency');
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
