/** Compares answers with the data of accounts, one line for each rule of the form. */
import type { Answers } from '../form/runtime/condition.ts';
import { currencyOf, moneyInWords } from '../form/fields/amounts/currency.ts';
import { typeOf } from '../form/fields/fields.ts';
import { formatCount } from '../form/format-count.ts';
import { nameFields } from '../form/settings/match.ts';
import { fieldCalled, type Form } from '../form/schema.ts';
import { compareEmployers } from './employers.ts';
import { monthlyIncome, type MonthlyIncome } from './income.ts';
import { textAt, type LinkedItem } from './linked-item.ts';
import { compareNames } from './names.ts';
import { amountInWords } from './words.ts';
import type { MatchComparison, MatchResult } from './match-result.ts';

export type MatchLine = {
  what: 'name' | 'employer' | 'monthly_income';
  verdict: MatchResult;
  /** Both values as text; absent if there is none. */
  declared: string | undefined;
  linked: string | undefined;
  why: string | undefined;
  /** The fields with the declared value. */
  fields: string[];
};

/** Items by data point, of all accounts of one submission. */
export type LinkedItems = Record<string, LinkedItem[]>;

/** The lines of `form.match`, in its order; empty if the form compares nothing. */
export function matchLines(form: Form, answers: Answers, linked: LinkedItems, today: string): MatchLine[] {
  const { match } = form;
  if (!match) return [];
  return [
    ...(match.name === undefined ? [] : [nameLine(form, nameFields(match), answers, linked)]),
    ...(match.employer === undefined ? [] : [employerLine(form, match.employer, answers, linked, today)]),
    ...(match.monthly_income === undefined ? [] : [incomeLine(form, match.monthly_income, answers, linked)]),
  ];
}

function nameLine(form: Form, fields: string[], answers: Answers, linked: LinkedItems): MatchLine {
  const declared = fields.map((id) => formatAnswer(form, id, answers)).filter(Boolean).join(' ') || undefined; // prettier-ignore
  const names = (linked['identities'] ?? []).map(fullName).filter((name) => name !== undefined);
  return { what: 'name', fields, ...bestMatch('name', declared, names, linked, compareNames) };
}

function fullName(item: LinkedItem): string | undefined {
  const parts = ['firstName', 'middleName', 'lastName', 'suffix'].map((key) => textAt(item, key));
  return textAt(item, 'fullName') ?? (parts.filter(Boolean).join(' ') || undefined);
}

function employerLine(form: Form, id: string, answers: Answers, linked: LinkedItems, today: string): MatchLine {
  const line = { what: 'employer' as const, fields: [id] };
  const declared = formatAnswer(form, id, answers);
  const jobs = (linked['employments'] ?? []).filter((item) => textAt(item, 'employer'));
  const hasEnded = (item: LinkedItem): boolean => (textAt(item, 'endDate') ?? '9999') < today;
  const currentEmployers = unique(
    jobs.filter((item) => !hasEnded(item)).map((item) => textAt(item, 'employer') as string),
  );
  const paid = unique((linked['incomes'] ?? []).flatMap((item) => textAt(item, 'employer') ?? []));
  const current = bestMatch(
    'employer',
    declared,
    currentEmployers.length || jobs.length ? currentEmployers : paid,
    linked,
    compareEmployers,
  );
  if (current.verdict === 'agree' || declared === undefined) return { ...line, ...current };
  const formerJob = jobs.filter(hasEnded).find((item) => compareEmployers(declared, textAt(item, 'employer') as string).verdict === 'agree'); // prettier-ignore
  if (!formerJob) return { ...line, ...current };
  const names = [...currentEmployers, textAt(formerJob, 'employer') as string].join(', ');
  return { ...line, declared, linked: names, verdict: 'differs', why: `This job ended on ${textAt(formerJob, 'endDate')}` }; // prettier-ignore
}

function incomeLine(
  form: Form,
  rule: NonNullable<NonNullable<Form['match']>['monthly_income']>,
  answers: Answers,
  linked: LinkedItems,
): MatchLine {
  const field = fieldCalled(form, rule.field);
  const currency = (field && currencyOf(field)) ?? rule.currency;
  const answer = answers[rule.field];
  const amount = typeof answer === 'number' ? answer : undefined;
  const income = monthlyIncome(linked, rule.pay);
  const line = {
    what: 'monthly_income' as const,
    fields: [rule.field],
    declared: amount === undefined || !currency ? undefined : moneyInWords(amount, currency, 'en'),
    linked: income && amountInWords(income.amount, income.currency),
  };
  return { ...line, why: undefined, ...compareIncomes(amount, currency, income, rule, linked) };
}

function compareIncomes(
  declared: number | undefined,
  currency: string | undefined,
  income: MonthlyIncome | undefined,
  { within, pay }: { within: number; pay: string },
  linked: LinkedItems,
): MatchComparison {
  if (declared === undefined) return { verdict: 'unknown', why: NOT_ANSWERED };
  if (!income) return { verdict: 'unknown', why: absent('income data', linked) };
  if (income.currency !== currency) return { verdict: 'unknown', why: 'The currencies are different' };
  const difference = Math.abs(declared - income.amount);
  const verdict = difference <= (income.amount * within) / 100 ? 'agree' : 'differs';
  const percent = income.amount > 0 ? Math.round((difference / income.amount) * 100) : undefined;
  const differenceText = percent === undefined || percent === 0 ? undefined : `The answer is ${percent}% ${declared > income.amount ? 'higher' : 'lower'}`; // prettier-ignore
  const basis = `From the account: ${PAY_LABELS[income.pay]}, the average of ${formatCount(income.months, 'month')}`;
  const missingPay = income.pay === pay ? undefined : `The account has no ${pay} pay`;
  return { verdict, why: [differenceText, basis, missingPay].filter(Boolean).join('. ') };
}

const PAY_LABELS: Record<MonthlyIncome['pay'], string> = {
  net: 'net pay', gross: 'gross pay', base: 'base pay', estimated: 'an estimate by Smile', received: 'money received',
}; // prettier-ignore

const NOT_ANSWERED = 'The person did not answer this';

/** Without any data there may be no account, or its data is deleted. So nothing is said about an account then. */
function absent(what: string, linked: LinkedItems): string {
  const hasData = Object.values(linked).some((items) => items.length > 0);
  return hasData ? `The account has no ${what}` : 'There is no account data to compare';
}

/** The linked value that matches the declared one best. */
function bestMatch(
  what: 'name' | 'employer',
  declared: string | undefined,
  values: string[],
  data: LinkedItems,
  compare: (declared: string, linked: string) => MatchComparison,
): Pick<MatchLine, 'verdict' | 'declared' | 'linked' | 'why'> {
  const linked = unique(values).join(', ') || undefined;
  if (declared === undefined) return { verdict: 'unknown', declared, linked, why: NOT_ANSWERED };
  if (!linked) return { verdict: 'unknown', declared, linked, why: absent(what, data) };
  const results = unique(values).map((value) => compare(declared, value));
  const verdict = (['agree', 'unknown', 'differs'] as const).find((one) => results.some((result) => result.verdict === one)); // prettier-ignore
  return { verdict: verdict ?? 'unknown', declared, linked, why: results.find((one) => one.verdict === verdict)?.why };
}

/** An answer as text, in the form's first language. */
function formatAnswer(form: Form, id: string, answers: Answers): string | undefined {
  const field = fieldCalled(form, id);
  const answer = answers[id];
  if (!field || answer === undefined) return undefined;
  return typeOf(field).show(field, answer, form.languages[0]).trim() || undefined;
}

const unique = (values: string[]): string[] => [...new Set(values)];

/** The items of several accounts, merged by data point. */
export function groupByDataPoint(read: { dataPoint: string; items: LinkedItem[] }[]): LinkedItems {
  const all: LinkedItems = {};
  for (const { dataPoint, items } of read) all[dataPoint] = [...(all[dataPoint] ?? []), ...items];
  return all;
}
