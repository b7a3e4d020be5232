/** The data of accounts and archives: eleven kinds (Smile, the reference page of each). */
import { z } from 'zod';
import type { SmileTransport, Query } from '../transport.ts';
import { SmileError } from '../error.ts';
import { amount, shape, openEnum, boundedList, boundedRecord } from '../reading.ts';
import { moment } from '../shapes.ts';
import type { Dates, ListLimit, OfSource } from './filters.ts';

const text = z.string();
type Fields = Record<string, z.ZodType>;

/** The source of a piece of data. */
export const metadata = shape('metadata', {
  documented: {
    sourceId: text,
    sourceType: openEnum<'ACCOUNT' | 'UPLOAD' | 'ARCHIVE' | 'SOCIAL_SECURITY'>(),
    userId: text,
    providerId: text,
    createdAt: moment,
    itemCreatedAt: moment,
  },
});

/** A kind of data: an `item` of its list, and the same within a payload, where all is of one source. */
function kind<D extends Fields = Record<never, never>, O extends Fields = Record<never, never>>(
  noun: string,
  { documented = {} as D, optional = {} as O }: { documented?: D; optional?: O },
) {
  const needed = { id: text };
  return {
    item: shape(noun, {
      needed,
      documented: { ...documented, metadata } as D & { metadata: typeof metadata },
      optional,
    }),
    inPayload: shape(noun, { needed, documented, optional }),
  };
}

const payPeriod = openEnum<
  | 'Hourly'
  | 'Daily'
  | 'Weekly'
  | 'Semimonthly'
  | 'Monthly'
  | 'Bimonthly'
  | 'Quarterly'
  | 'Annually'
  | 'Variable'
  | 'Unspecified'
>();
const contact = <F extends Fields>(name: string, fields: F) =>
  boundedList(shape(`identity.${name}`, { documented: { ...fields, type: text } }));

const KINDS = {
  identities: kind('identity', {
    documented: {
      fullName: text,
      emails: contact('emails', { address: text }),
      phones: contact('phones', { number: text }),
      socialProfiles: contact('socialProfiles', { socialUrl: text }),
      addresses: boundedList(
        shape('identity.addresses', {
          documented: { type: text },
          optional: {
            fullAddress: text,
            line1: text,
            line2: text,
            city: text,
            region: text,
            zip: text,
            country: text,
            latitude: text,
            longitude: text,
            tags: boundedList(text.nullable()),
          },
        }),
      ),
    },
    optional: {
      firstName: text,
      middleName: text,
      lastName: text,
      suffix: text,
      dob: text,
      countryResidence: text,
      photoUrl: text,
      referenceId: text,
      profileUrl: text,
      gender: openEnum<'Male' | 'Female' | 'Non-binary'>(),
      maritalStatus: openEnum<'Divorced' | 'Married' | 'Separated' | 'Single' | 'Widowed' | 'Lifetime Partner'>(),
      citizenship: openEnum<'Citizen' | 'Resident Alien' | 'Non-resident Alien' | 'Undocumented' | 'Others'>(),
    },
  }),
  employments: kind('employment', {
    documented: { startDate: text },
    optional: {
      endDate: text,
      reportedDate: text,
      name: text,
      description: text,
      jobTitle: text,
      department: text,
      employeeNumber: text,
      employerNumber: text,
      employer: text,
      status: text,
    },
  }),
  incomes: kind('income', {
    documented: { startDate: text, currency: text },
    optional: {
      endDate: text,
      workItem: text,
      employer: text,
      frequency: payPeriod,
      baseAmount: amount,
      grossAmount: amount,
      netAmount: amount,
    },
  }),
  documents: kind('document', {
    documented: { name: text },
    optional: {
      docId: text,
      status: openEnum<'VALID' | 'HIT' | 'EXPIRED'>(),
      documentType: openEnum<'IDENTIFICATION' | 'PAYSLIP' | 'CLEARANCE' | 'CERTIFICATE'>(),
      issueDate: text,
      expiryDate: text,
      fileUrl: text,
      remarks: text,
    },
  }),
  contributions: kind('contribution', {
    documented: { date: text, currency: text, amount },
    optional: { referenceId: text },
  }),
  liabilities: kind('liability', {
    documented: { type: text, startDate: text, amortizationFrequency: payPeriod, currency: text, loanAmount: amount },
    optional: {
      referenceId: text,
      endDate: text,
      firstAmortizationDate: text,
      amortizationAmount: amount,
      outstandingBalance: amount,
      nextPaymentAmount: amount,
      overduePaymentAmount: amount,
    },
  }),
  transactions: kind('transaction', {
    documented: { date: text, currency: text, amount },
    optional: { description: text, referenceId: text },
  }),
  ratings: kind('rating', {
    optional: {
      currentRating: amount,
      maxRating: amount,
      calculatedPercentage: amount,
      reviewsReceived: amount,
      likesReceived: amount,
      jobsCompleted: amount,
    },
  }),
  eincomes: kind('eincome', { documented: { month: text, currency: text, amount }, optional: { baseAmount: amount } }),
  links: kind('link', {
    documented: { endDate: moment },
    optional: {
      startDate: moment,
      records: boundedList(
        shape('link.records', { documented: { count: amount }, optional: { linkedAt: boundedList(moment) } }),
      ),
    },
  }),
  insights: kind('insight', { documented: { cutoffTime: moment, features: boundedRecord } }),
};

export type DataKind = keyof typeof KINDS;
export const DATA_KINDS = Object.keys(KINDS) as DataKind[];

/** A piece of data of a kind, with its source. */
export type SmileData<K extends DataKind = DataKind> = z.output<(typeof KINDS)[K]['item']>;

interface Months {
  /** Months as `YYYY-MM`. */
  startMonth?: string;
  endMonth?: string;
}
type Dated = 'employments' | 'incomes' | 'contributions' | 'liabilities' | 'transactions';
export type DataFilter<K extends DataKind> = OfSource &
  ListLimit &
  (K extends Dated ? Dates : K extends 'eincomes' ? Months : unknown);

/** A list is a page in the payloads of users and webhooks, and an array in an account's. */
function listOrPage<T>(item: z.ZodType<T>): z.ZodType<T[]> {
  const items = boundedList(item);
  return items.or(z.object({ items: items.nullish() }).transform((page) => page.items ?? []));
}

const payloadFields = {
  identity: KINDS.identities.inPayload,
  rating: KINDS.ratings.inPayload,
  insight: KINDS.insights.inPayload,
  documents: listOrPage(KINDS.documents.inPayload),
  incomes: listOrPage(KINDS.incomes.inPayload),
  transactions: listOrPage(KINDS.transactions.inPayload),
  employments: listOrPage(KINDS.employments.inPayload),
  contributions: listOrPage(KINDS.contributions.inPayload),
  liabilities: listOrPage(KINDS.liabilities.inPayload),
  eincomes: listOrPage(KINDS.eincomes.inPayload),
  links: listOrPage(KINDS.links.inPayload),
};

/** All data of one source. Missing kinds are null or absent. */
export const payloadSchema = shape('payload', { optional: payloadFields });
export const accountPayloadSchema = shape('payload', { documented: { metadata: shape('payload.metadata', { documented: { sourceId: text, sourceType: text, userId: text, providerId: text } }) }, optional: payloadFields }); // prettier-ignore

export function data({ find, list }: SmileTransport) {
  return {
    /** All data of a kind that matches the filter, in Smile's order. Data of another user or source is an error. */
    async listData<K extends DataKind>(kind: K, filter: DataFilter<K>): Promise<SmileData<K>[]> {
      const items = (await list(
        `/${kind}`,
        KINDS[kind].item as z.ZodType<SmileData>,
        filter as Query,
      )) as SmileData<K>[];
      const isForeign = items.some(({ metadata: of }) =>
        (['userId', 'sourceId'] as const).some((key) => filter[key] && of?.[key] && of[key] !== filter[key]),
      );
      if (isForeign)
        throw new SmileError('unexpected_answer', `Smile's answer to GET /${kind} is about another user or source`);
      return items;
    },
    getData: <K extends DataKind>(kind: K, id: string) =>
      find(`/${kind}/{id}`, id, KINDS[kind].item as z.ZodType<SmileData>) as Promise<SmileData<K> | undefined>,
  };
}
