import type { SiteLimit } from './site-limit.ts';

/** The effect of an answer over a bound. */
const UNUSED = 'Flipsite does not use the answer, and its log says so';

/** Bounds on the answers of Smile. A person can have any number of accounts, payments and documents there. */
export const SMILE_LIMITS = {
  smileAnswerBytes: {
    value: 8_388_608,
    unit: 'bytes',
    counts: 'One answer of Smile',
    answer: UNUSED,
    reason: 'A list of 150 payments takes about 75 kB.',
  },
  smileListBytes: {
    value: 33_554_432,
    unit: 'bytes',
    counts: 'All pages of one list of Smile',
    answer: UNUSED,
    reason: 'Thirty thousand payments take about 15 MB.',
  },
  smilePages: {
    value: 200,
    unit: 'items',
    counts: 'Pages of one list of Smile, after the first',
    answer: UNUSED,
    reason: 'With 150 items each, they have thirty thousand payments.',
  },
  smileListMs: {
    value: 300_000,
    unit: 'milliseconds',
    counts: 'All pages of one list of Smile, where no person waits for them',
    answer: UNUSED,
    reason: 'Two hundred pages of 1.5 seconds each. A person waits for 9 seconds at most.',
  },
  smileListItems: {
    value: 10_000,
    unit: 'items',
    counts: 'Items of one list in an answer of Smile',
    answer: 'Flipsite does not use the answer, or leaves out the list if it is in an item',
    reason: 'Flipsite asks for at most 150 items at once. The errors of millions of items would take all memory.',
  },
  smileItemsTogether: {
    value: 50_000,
    unit: 'items',
    counts: 'Items of all lists in an answer of Smile',
    answer: UNUSED,
    reason:
      'An item can have lists too. Flipsite answers no request while it checks them. An item of a wrong type takes some ten microseconds.',
  },
  smileAccounts: {
    value: 150,
    unit: 'items',
    counts: 'Accounts of one person that Smile lists',
    answer: 'Flipsite leaves out further ones',
    reason: 'A person links a few. Each costs some writes in one transaction.',
  },
} as const satisfies Record<string, SiteLimit>;
