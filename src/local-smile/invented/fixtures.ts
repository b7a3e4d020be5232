import { datapoint, type DatapointName } from './datapoints.ts';
import { identityOf } from './identities.ts';
import { dayOf, timestamp } from '../store/ids.ts';
import type { Reading } from '../store/items.ts';
import type { SandboxPerson } from './people.ts';
import type { SandboxProvider } from './providers.ts';
import type { SandboxItem } from '../store/state.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MONTHS_OF_HISTORY = 6;
const WEEKS_OF_HISTORY = 26;

/** Monthly pay. Smile documents George's; the others are invented. */
const pay: Record<string, { jobTitle: string; base: number; gross: number; net: number }> = {
  George: { jobTitle: 'Security Guard', base: 8500, gross: 10000, net: 7820.25 },
  Ryan: { jobTitle: 'Graphic Designer', base: 18000, gross: 21500, net: 18240.5 },
  Christina: { jobTitle: 'Accountant', base: 26000, gross: 28750, net: 23910 },
  Anisha: { jobTitle: 'Driver', base: 12400, gross: 15100, net: 13020.75 },
};

/** The data of a person's account at a provider. Dates end at `now`, and everything else is always the same. */
export function historyOf(person: SandboxPerson, provider: SandboxProvider, now: Date): Reading {
  return new Map(provider.supported.map((name) => [name, makers[name](person, provider, now)]));
}

/** The month after the last one, with its first and last day, for monthly data; undefined for other data. */
export function nextMonthOf(
  name: DatapointName,
  person: SandboxPerson,
  provider: SandboxProvider,
  before: SandboxItem[],
) {
  if (!['INCOMES', 'CONTRIBUTIONS', 'EINCOMES'].includes(name)) return undefined;
  const { date = 'month' } = datapoint(name);
  const last =
    before
      .map((item) => String(item[date]).slice(0, 7))
      .sort()
      .at(-1) ?? '';
  const [year = 0, month = 1] = last.split('-').map(Number);
  const shape = makers[name](person, provider, new Date(Date.UTC(year, month + 1, 1)))[0];
  if (!shape) return undefined;
  const ends = [new Date(Date.UTC(year, month, 1)), new Date(Date.UTC(year, month + 1, 0))] as const;
  return { shape, from: timestamp(ends[0]), to: timestamp(ends[1]) };
}

type Maker = (person: SandboxPerson, provider: SandboxProvider, now: Date) => Record<string, unknown>[];

const makers: Record<DatapointName, Maker> = {
  IDENTITIES: (person, provider) => [
    {
      ...identityOf(person),
      referenceId: provider.type === 'GOVERNMENT' ? person.ssNumber : null,
    },
  ],
  EMPLOYMENTS: (person, provider) => [
    {
      name: null,
      description: null,
      jobTitle: payOf(person).jobTitle,
      department: null,
      employeeNumber: 'EMP-123456',
      employerNumber: 'ER-654321',
      employer: employer(provider),
      status: 'Permanent',
      startDate: '2016-02-24',
      endDate: null,
      reportedDate: null,
    },
  ],
  INCOMES: (person, provider, now) =>
    months(now).map((month) => ({
      workItem: null,
      employer: employer(provider),
      startDate: `${month}-01`,
      endDate: lastDay(month),
      currency: provider.currency,
      frequency: 'Monthly',
      baseAmount: payOf(person).base,
      grossAmount: payOf(person).gross,
      netAmount: payOf(person).net,
    })),
  DOCUMENTS: (person, provider, now) => [documentOf(person, provider, now)],
  CONTRIBUTIONS: (person, provider, now) =>
    months(now).map((month, index) => ({
      date: lastDay(month),
      currency: provider.currency,
      amount: person.userName === 'George' ? 1375 : 2250,
      referenceId: `PA963441${index}`,
    })),
  LIABILITIES: () => [
    {
      type: 'Salary Loan',
      referenceId: 'SL201601011234567',
      startDate: '2016-07-05',
      endDate: '2017-08-01',
      firstAmortizationDate: '2016-09-01',
      amortizationFrequency: 'Monthly',
      currency: 'PHP',
      loanAmount: 16000,
      amortizationAmount: 738.32,
      outstandingBalance: 0,
      nextPaymentAmount: 0,
      overduePaymentAmount: 0,
    },
  ],
  TRANSACTIONS: (person, provider, now) =>
    Array.from({ length: WEEKS_OF_HISTORY }, (_, week) => ({
      date: dayOf(new Date(now.getTime() - (week * 7 + 1) * DAY_MS)),
      description: `${provider.name}, weekly payout`,
      currency: provider.currency,
      amount: weekly(person, week),
      referenceId: `TX${String(WEEKS_OF_HISTORY - week).padStart(6, '0')}`,
    })),
  RATINGS: () => [
    {
      currentRating: 90,
      maxRating: 100,
      calculatedPercentage: 90,
      reviewsReceived: 12,
      likesReceived: 8,
      jobsCompleted: 12,
    },
  ],
  EINCOMES: (person, provider, now) =>
    months(now).map((month) => ({
      month,
      currency: provider.currency,
      baseAmount: payOf(person).gross,
      amount: payOf(person).gross,
    })),
  LINK: (_person, _provider, now) => [
    {
      startDate: timestamp(new Date(now.getTime() - 730 * DAY_MS)),
      endDate: timestamp(now),
      records: [{ count: 0, linkedAt: [] }],
    },
  ],
  INSIGHTS: (person, provider, now) => [
    {
      cutoffTime: timestamp(now),
      features: {
        incomes_count: provider.supported.includes('INCOMES') ? MONTHS_OF_HISTORY : 0,
        incomes_amount_average: payOf(person).gross,
        employments_current_status: provider.type === 'GIG' ? 'GIG' : 'EMPLOYED',
        link_day730_count: 0,
      },
    },
  ],
};

function documentOf(person: SandboxPerson, provider: SandboxProvider, now: Date) {
  const nothing = { docId: null, status: null, issueDate: null, expiryDate: null, fileUrl: null, remarks: null };
  if (provider.id === 'nbi_ph') {
    return {
      ...nothing,
      name: 'NBI Clearance',
      docId: 'ABCD123456',
      status: 'VALID',
      documentType: 'CLEARANCE',
      issueDate: dayOf(new Date(now.getTime() - 30 * DAY_MS)),
      expiryDate: dayOf(new Date(now.getTime() + 335 * DAY_MS)),
      remarks: 'NO RECORD ON FILE',
    };
  }
  if (provider.type === 'GOVERNMENT') {
    return { ...nothing, name: 'UMID', docId: person.ssNumber, documentType: 'IDENTIFICATION' };
  }
  if (provider.type === 'GIG') {
    return { ...nothing, name: `${provider.name} certificate`, documentType: 'CERTIFICATE', issueDate: '2021-04-14' };
  }
  const month = months(now)[0] ?? '';
  return { ...nothing, name: `Payslip ${month}`, documentType: 'PAYSLIP', issueDate: lastDay(month) };
}

function payOf(person: SandboxPerson) {
  const found = pay[person.userName];
  if (!found) throw new Error(`No pay is set for the test person ${person.userName}.`);
  return found;
}

function employer(provider: SandboxProvider) {
  return provider.currency === 'MXN' ? 'Transportes del Valle' : 'ABC Corporation';
}

/** The payout of a week: about a quarter of the monthly pay, with small differences so that a list looks real. */
function weekly(person: SandboxPerson, week: number) {
  return Math.round(payOf(person).gross / 4 + ((week * 37) % 90) - 45);
}

/** The last complete months, newest first, as `YYYY-MM`. */
function months(now: Date) {
  return Array.from({ length: MONTHS_OF_HISTORY }, (_, index) =>
    dayOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1 - index, 1))).slice(0, 7),
  );
}

function lastDay(month: string) {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return dayOf(new Date(Date.UTC(year, number, 0)));
}
