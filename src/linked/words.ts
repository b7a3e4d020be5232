/** Describes the data of an account for people: names, employers, amounts. */
import { moneyInWords } from '../form/fields/amounts/currency.ts';
import { itemsAt, numberAt, partAt, textAt, type LinkedItem } from './linked-item.ts';
import { capitalize } from '../form/capitalize.ts';

export type Fact = { label: string; text: string };
/** One item: its title and its facts. */
export type FactEntry = { title: string; facts: Fact[] };
/** `summary` describes a long list in one line. `more`: the number of older items that have no entry. */
export type DataDescription = { title: string; summary: string | undefined; entries: FactEntry[]; more: number };

const titles: Record<string, string> = {
  identities: 'Identity',
  employments: 'Employments',
  incomes: 'Incomes',
  documents: 'Documents',
  contributions: 'Contributions',
  liabilities: 'Loans and liabilities',
  transactions: 'Transactions',
  ratings: 'Ratings',
  eincomes: 'Estimated incomes',
  insights: 'Summary in numbers',
  links: 'Links of the account',
  archives: 'Documents',
};

export const titleOf = (dataPoint: string): string => titles[dataPoint] ?? dataPoint;

/**
 * Describes a data point, newest items first. Kinds that Smile added later are shown by Smile's names.
 * @param max the number of items that get an entry
 * @param maxFacts the number of facts of an entry, where Smile decides how many there are
 */
export function describeData(
  dataPoint: string,
  items: LinkedItem[],
  max = Infinity,
  maxFacts = Infinity,
): DataDescription {
  const entry = entries[dataPoint] ?? plain;
  // Read once: a sort of 30,000 payments compares their dates half a million times.
  const dated = items
    .map((item) => ({ item, date: dateOf(item) ?? '' }))
    .sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? 1 : -1))
    .map(({ item }) => item);
  return {
    title: titleOf(dataPoint),
    summary: summaryOf(dataPoint, dated),
    entries: dated.slice(0, max).map((item) => entry(item, maxFacts)),
    more: Math.max(0, dated.length - max),
  };
}

const dateOf = (item: LinkedItem): string | undefined =>
  ['startDate', 'date', 'month', 'issueDate'].map((key) => textAt(item, key)).find(Boolean);

const entries: Record<string, (item: LinkedItem, maxFacts: number) => FactEntry> = {
  identities: (item) => ({
    title: textAt(item, 'fullName') ?? 'No name',
    facts: facts(
      ['Born', formatDay(textAt(item, 'dob'))],
      ['Gender', textAt(item, 'gender')],
      ['Marital status', textAt(item, 'maritalStatus')],
      ['Country', country(textAt(item, 'countryResidence'))],
      ['Citizenship', textAt(item, 'citizenship')],
      ['Phone', each(item, 'phones', 'number')],
      ['Email', each(item, 'emails', 'address')],
      ['Address', itemsAt(item, 'addresses').map(address).filter(Boolean).join('\n')],
      ['Number at the provider', textAt(item, 'referenceId')],
    ),
  }),
  employments: (item) => ({
    title: textAt(item, 'employer') ?? textAt(item, 'name') ?? 'An employer without a name',
    facts: facts(
      ['Job', textAt(item, 'jobTitle') ?? textAt(item, 'name')],
      ['Department', textAt(item, 'department')],
      ['Status', textAt(item, 'status')],
      ['Time', period(item, 'until today')],
      ['Employee number', textAt(item, 'employeeNumber')],
    ),
  }),
  incomes: (item) => ({
    title: period(item) ?? 'An income',
    facts: facts(
      ['Net', formatItemAmount(item, 'netAmount')],
      ['Gross', formatItemAmount(item, 'grossAmount')],
      ['Base', formatItemAmount(item, 'baseAmount')],
      ['Paid', textAt(item, 'frequency')?.toLowerCase()],
      ['Employer', textAt(item, 'employer')],
      ['For', textAt(item, 'workItem')],
    ),
  }),
  eincomes: (item) => ({
    title: month(textAt(item, 'month')) ?? 'A month',
    facts: facts(['Estimated', formatItemAmount(item, 'amount')]),
  }),
  documents: (item) => ({
    title: textAt(item, 'name') ?? 'A document',
    facts: facts(
      ['Number', textAt(item, 'docId')],
      ['Status', textAt(item, 'status')?.toLowerCase()],
      ['Kind', textAt(item, 'documentType')?.toLowerCase()],
      ['Issued', formatDay(textAt(item, 'issueDate'))],
      ['Expires', formatDay(textAt(item, 'expiryDate'))],
      ['Remarks', textAt(item, 'remarks')],
    ),
  }),
  contributions: (item) => ({
    title: formatDay(textAt(item, 'date')) ?? 'A contribution',
    facts: facts(['Amount', formatItemAmount(item, 'amount')], ['Reference', textAt(item, 'referenceId')]),
  }),
  liabilities: (item) => ({
    title: textAt(item, 'type') ?? 'A liability',
    facts: facts(
      ['Loan', formatItemAmount(item, 'loanAmount')],
      ['Outstanding', formatItemAmount(item, 'outstandingBalance')],
      ['Next payment', formatItemAmount(item, 'nextPaymentAmount')],
      ['Overdue', formatItemAmount(item, 'overduePaymentAmount')],
      ['Time', period(item)],
      ['Paid back', textAt(item, 'amortizationFrequency')?.toLowerCase()],
      ['Reference', textAt(item, 'referenceId')],
    ),
  }),
  transactions: (item) => ({
    title: formatDay(textAt(item, 'date')) ?? 'A transaction',
    facts: facts(['Amount', formatItemAmount(item, 'amount')], ['For', textAt(item, 'description')]),
  }),
  ratings: (item) => ({
    title: ratingOf(item) ?? 'A rating',
    facts: facts(
      ['Percent', formatNumber(numberAt(item, 'calculatedPercentage'))],
      ['Reviews', formatNumber(numberAt(item, 'reviewsReceived'))],
      ['Likes', formatNumber(numberAt(item, 'likesReceived'))],
      ['Jobs done', formatNumber(numberAt(item, 'jobsCompleted'))],
    ),
  }),
  insights: (item, maxFacts) => {
    const features = partAt(item, 'features') ?? {};
    return {
      title: `As of ${formatDay(textAt(item, 'cutoffTime')) ?? 'the reading'}`,
      facts: firstFacts(Object.keys(features), maxFacts, (key) => [
        humanize(key),
        textAt(features, key)?.toLowerCase() ?? formatNumber(numberAt(features, key)),
      ]),
    };
  },
  links: (item, maxFacts) => ({
    title: period(item) ?? 'Links',
    facts: firstFacts(itemsAt(item, 'records'), maxFacts, (record, at) => [
      at ? `Record ${at + 1}` : 'Linked',
      describeLinks(record),
    ]),
  }),
};

/** `incomes_count` and `taxNumber` as Incomes count and Tax number. */
export const humanize = (key: string): string =>
  capitalize(key.replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()); // prettier-ignore

/** By Smile's names, and only texts and numbers. */
const plain = (item: LinkedItem, maxFacts: number): FactEntry => ({
  title: textAt(item, 'id') ?? 'An item',
  facts: firstFacts(Object.keys(item).filter((key) => key !== 'id'), maxFacts, (key) => [key, textAt(item, key) ?? formatNumber(numberAt(item, key))]), // prettier-ignore
});

/** "3 times: 1 Oct 2026, 2 Oct 2026". */
function describeLinks(record: LinkedItem): string | undefined {
  const [count, times] = [numberAt(record, 'count'), record['linkedAt']];
  if (count === undefined) return undefined;
  const days = Array.isArray(times)
    ? times.flatMap((time) => (typeof time === 'string' ? (formatDay(time) ?? []) : []))
    : [];
  return `${count === 1 ? 'once' : `${count} times`}${days.length ? `: ${days.join(', ')}` : ''}`;
}

function summaryOf(dataPoint: string, items: LinkedItem[]): string | undefined {
  if (items.length < 2) return undefined;
  const [newest, oldest] = [items[0], items.at(-1)].map((item) => item && (textAt(item, 'month') ? month(textAt(item, 'month')) : formatDay(dateOf(item)))); // prettier-ignore
  const count = `${items.length} in all`;
  const time = newest && oldest ? `${oldest} to ${newest}` : undefined;
  if (dataPoint !== 'transactions' && dataPoint !== 'contributions') return [count, time].filter(Boolean).join(', ');
  return [count, time, ...totalsOf(items)].filter(Boolean).join(', ');
}

/** "₱150.50 in" and "₱20 out"; nothing for several currencies. Amounts near the largest number add up to infinity. */
function totalsOf(items: LinkedItem[]): string[] {
  const [currency, ...others] = new Set(items.map((item) => textAt(item, 'currency')));
  if (!currency || others.length) return [];
  const amounts = items.map((item) => numberAt(item, 'amount') ?? 0);
  const total = (sign: number) => amounts.filter((amount) => amount * sign > 0).reduce((sum, one) => sum + one, 0);
  const [paidIn, paidOut] = [total(1), -total(-1)];
  if (!Number.isFinite(paidIn) || !Number.isFinite(paidOut)) return ['amounts too large to add up'];
  return [`${amountInWords(paidIn, currency)} in`, ...(paidOut ? [`${amountInWords(paidOut, currency)} out`] : [])];
}

export const facts = (...pairs: [label: string, text: string | undefined][]): Fact[] =>
  pairs.flatMap(([label, text]) => (text ? [{ label, text }] : []));

/** The first `max` facts of a list that Smile makes, and one that says how many may be left out. */
export function firstFacts<Part>(
  parts: readonly Part[],
  max: number,
  factOf: (part: Part, at: number) => [label: string, text: string | undefined],
): Fact[] {
  const found: Fact[] = [];
  for (const [at, part] of parts.entries()) {
    const left = parts.length - at;
    if (found.length >= max)
      return [...found, { label: 'More', text: `Up to ${formatNumber(left)} ${left === 1 ? 'value is' : 'values are'} not shown here` }]; // prettier-ignore
    found.push(...facts(factOf(part, at)));
  }
  return found;
}

/** "₱7,820.25". Smile can have any text as the currency, and only a code has a format: "7820.25 RM". */
export const amountInWords = (amount: number, currency: string): string =>
  /^[A-Za-z]{3}$/.test(currency) ? moneyInWords(amount, currency, 'en') : `${amount} ${currency}`;

/** The amount of an item; only the number if it has no currency. */
export function formatItemAmount(item: LinkedItem, key: string): string | undefined {
  const amount = numberAt(item, key);
  const currency = textAt(item, 'currency');
  if (amount === undefined) return undefined;
  return currency ? amountInWords(amount, currency) : String(amount);
}

function ratingOf(item: LinkedItem): string | undefined {
  const [currentRating, maxRating] = [numberAt(item, 'currentRating'), numberAt(item, 'maxRating')];
  return currentRating === undefined
    ? undefined
    : maxRating === undefined
      ? String(currentRating)
      : `${currentRating} of ${maxRating}`;
}

export const formatNumber = (number: number | undefined): string | undefined =>
  number === undefined ? undefined : numberFormat.format(number);

const numberFormat = new Intl.NumberFormat('en-GB');
const dayFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const monthFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' });
const countryNames = new Intl.DisplayNames('en', { type: 'region' });

const each = (item: LinkedItem, list: string, key: string): string =>
  itemsAt(item, list).map((one) => textAt(one, key)).filter(Boolean).join(', '); // prettier-ignore

const address = (item: LinkedItem): string | undefined =>
  textAt(item, 'fullAddress') ??
  (['line1', 'line2', 'city', 'region', 'zip', 'country'].map((key) => textAt(item, key)).filter(Boolean).join(', ') || undefined); // prettier-ignore

function period(item: LinkedItem, open?: string): string | undefined {
  const [from, to] = [formatDay(textAt(item, 'startDate')), formatDay(textAt(item, 'endDate'))];
  if (!from) return to && `until ${to}`;
  return to ? `${from} to ${to}` : open ? `${from} ${open}` : from;
}

/** `2026-10-01` as 1 Oct 2026; other texts unchanged. */
export function formatDay(text: string | undefined): string | undefined {
  if (!text || Number.isNaN(Date.parse(text)) || !/^\d{4}-\d{2}-\d{2}/.test(text)) return text;
  return dayFormat.format(Date.parse(text));
}

function month(text: string | undefined): string | undefined {
  if (!text || !/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  return monthFormat.format(Date.parse(`${text}-01`));
}

function country(code: string | undefined): string | undefined {
  if (!code || !/^[A-Z]{2}$/.test(code)) return code;
  return countryNames.of(code) ?? code;
}
