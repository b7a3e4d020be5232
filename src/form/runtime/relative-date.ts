/** Dates relative to today, as limits of date fields: `today`, `today + 30 days`, `today - 18 years`. */
export const RELATIVE = /^today(?: ([+-]) (\d{1,5}) (day|month|year)s?)?$/;

/**
 * The date (`YYYY-MM-DD`) of `value` when today is `today`. In a month without such a day it is the last one: a month
 * after 31 January is 28 February. A fixed date stays as it is.
 */
export function resolveDate(value: string, today: string): string {
  const match = RELATIVE.exec(value);
  if (!match) return value;
  const [year = 0, month = 0, day = 0] = today.split('-').map(Number);
  const amount = Number(match[2] ?? 0) * (match[1] === '-' ? -1 : 1);
  const [years, months, days] = ['year', 'month', 'day'].map((unit) => (match[3] === unit ? amount : 0)) as [
    number,
    number,
    number,
  ];
  const last = new Date(Date.UTC(year + years, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year + years, month - 1 + months, Math.min(day, last) + days)).toISOString().slice(0, 10);
}
