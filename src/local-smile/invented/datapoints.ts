import type { EventType } from '../webhooks/events.ts';

/** The names of each datapoint in paths, ids, webhooks and payloads (Smile's OpenAPI document, `RefDatapoint`). */
export const datapoints = {
  IDENTITIES: {
    path: 'identities',
    prefix: 'i',
    payload: 'identity',
    event: 'IDENTITY_ADDED',
    one: 'identityId',
    single: true,
  },
  TRANSACTIONS: {
    path: 'transactions',
    prefix: 't',
    payload: 'transactions',
    event: 'TRANSACTIONS_ADDED',
    date: 'date',
  },
  RATINGS: { path: 'ratings', prefix: 'r', payload: 'rating', event: 'RATING_ADDED', one: 'ratingId', single: true },
  EMPLOYMENTS: {
    path: 'employments',
    prefix: 'e',
    payload: 'employments',
    event: 'EMPLOYMENTS_ADDED',
    updated: 'EMPLOYMENTS_UPDATED',
    date: 'startDate',
  },
  DOCUMENTS: {
    path: 'documents',
    prefix: 'd',
    payload: 'documents',
    event: 'DOCUMENTS_ADDED',
    updated: 'DOCUMENTS_UPDATED',
  },
  INCOMES: {
    path: 'incomes',
    prefix: 'inc',
    payload: 'incomes',
    event: 'INCOMES_ADDED',
    updated: 'INCOMES_UPDATED',
    date: 'startDate',
  },
  CONTRIBUTIONS: {
    path: 'contributions',
    prefix: 'con',
    payload: 'contributions',
    event: 'CONTRIBUTIONS_ADDED',
    updated: 'CONTRIBUTIONS_UPDATED',
    date: 'date',
  },
  EINCOMES: {
    path: 'eincomes',
    prefix: 'einc',
    payload: 'eincomes',
    event: 'EINCOMES_ADDED',
    updated: 'EINCOMES_UPDATED',
    month: 'month',
  },
  LIABILITIES: {
    path: 'liabilities',
    prefix: 'lia',
    payload: 'liabilities',
    event: 'LIABILITIES_ADDED',
    updated: 'LIABILITIES_UPDATED',
    date: 'startDate',
  },
  LINK: { path: 'links', prefix: 'link', payload: 'links', event: 'LINK_ADDED', one: 'id' },
  INSIGHTS: {
    path: 'insights',
    prefix: 'insight',
    payload: 'insight',
    event: 'INSIGHT_ADDED',
    one: 'id',
    single: true,
  },
} as const satisfies Record<string, Datapoint>;

interface Datapoint {
  path: string;
  prefix: string;
  payload: string;
  event: EventType;
  /** The event for a change; only for data that changes while an account is kept in sync. */
  updated?: EventType;
  /** The key of the event's data with the one added item. Without it the event has a `count`. */
  one?: string;
  /** Whether a payload has one object instead of a list. */
  single?: boolean;
  /** The key that `startDate` and `endDate` filter by. */
  date?: string;
  /** The key that `startMonth` and `endMonth` filter by. */
  month?: string;
}

export type DatapointName = keyof typeof datapoints;

export const datapointNames = Object.keys(datapoints) as DatapointName[];

export function datapoint(name: DatapointName): Datapoint {
  return datapoints[name];
}
