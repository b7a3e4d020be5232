import type { SiteLimit } from './site-limit.ts';

/** Bounds on how often requests may come, from one address or for one submission. */
export const RATE_LIMITS = {
  startsAtOnce: {
    value: 120,
    unit: 'items',
    counts:
      'Starts from one address at once: submissions, sign-in windows and posted forms. An IPv6 address counts as its /64',
    answer: '429 rate_limited',
    reason: 'Many phones share one address behind a network of a carrier.',
  },
  startsPerSecond: {
    value: 2,
    unit: 'items',
    counts: 'Starts from one address in each further second',
    answer: '429 rate_limited',
    reason: 'More than that is a flood. A room full of people who start together fits into the burst.',
  },
  networkTimes: {
    value: 16,
    unit: 'items',
    counts: 'Times the allowance of one address that an IPv6 network (/48) has, for each limit of one address',
    answer: 'The answer of that limit',
    reason: 'Anyone can have a /48 for nothing, and so 65,536 addresses. A campus or a carrier shares one.',
  },
  networkTimesAtOnce: {
    value: 2,
    unit: 'items',
    counts: 'The same for connections at once and for files at once',
    answer: 'The answer of that limit',
    reason: 'These fill a room that all share, and 16 times as many would fill all of it.',
  },
  webhooksPerAddressAndMinute: {
    value: 30_000,
    unit: 'items',
    counts: 'Webhooks from one address in a minute',
    answer: '429 rate_limited',
    reason: 'Smile may send thousands at once after an outage.',
  },
  wrongWebhooksPerAddressAndMinute: {
    value: 60,
    unit: 'items',
    counts: 'Webhooks from one address in a minute without a right signature. Further ones are refused unread',
    answer: '429 rate_limited',
    reason: 'Only a wrong secret or an attacker causes them. With the right secret Smile is heard a minute later.',
  },
  wrongApiKeysPerAddressAndMinute: {
    value: 60,
    unit: 'items',
    counts:
      'Requests of programs from one address in a minute without the right API key. Further ones are refused, and the right key is not',
    answer: '429 rate_limited',
    reason:
      'Only a wrong setting or an attacker causes them. The right key always gets through, since keys of 20 characters are too long to guess.',
  },
  pagesRenderedPerMinute: {
    value: 600,
    unit: 'items',
    counts:
      'Pages rendered for one address in a minute: earlier versions, closed and missing forms, passwords, invitations, previews, their comments, errors, and the dashboard before sign-in. Without JavaScript also endings',
    answer: '429 rate_limited, and in the dashboard 429. Error pages are then the same for all forms',
    reason:
      'Flipsite keeps most such pages ready, so people rarely cause one. Rendering a page takes a few milliseconds. Flipsite compresses one page at a time, and makes one of an earlier version at a time.',
  },
  renderedPageBytes: {
    value: 16_384,
    unit: 'bytes',
    counts:
      'Size of a form’s page, with its answers, of an ending, or of the comments in a preview, that counts as one of these pages. A larger one counts once for each part of this size',
    answer: '429 rate_limited',
    reason:
      'Most pages are smaller. A page of a thousand questions has 450 kB, and rendering it takes 150 milliseconds. After a start, a page of an earlier version counts by three times the size of its definition.',
  },
  savesPerMinute: {
    value: 300,
    unit: 'items',
    counts: 'Saves of one submission in a minute',
    answer: '429 rate_limited',
    reason: 'A phone sends all that it kept while it was offline.',
  },
  eventPostsPerMinute: {
    value: 300,
    unit: 'items',
    counts: 'Requests that report events of one submission in a minute',
    answer: '429 rate_limited',
    reason: 'A phone sends all that it kept while it was offline.',
  },
  fileRequestsPerMinute: {
    value: 120,
    unit: 'items',
    counts: 'Files of one submission that are sent or removed in a minute',
    answer: '429 rate_limited',
    reason: 'A person sends a few dozen files at most.',
  },
  submitsPerMinute: {
    value: 60,
    unit: 'items',
    counts: 'Submits of one submission in a minute',
    answer: '429 rate_limited',
    reason: 'A person presses the button a few times.',
  },
  linkTokensPerMinute: {
    value: 30,
    unit: 'items',
    counts: 'Sign-in windows of one submission that are opened in a minute',
    answer: '429 rate_limited',
    reason: 'Each one requests a token from Smile.',
  },
  disconnectsPerMinute: {
    value: 30,
    unit: 'items',
    counts: 'Accounts of one submission that are disconnected in a minute',
    answer: '429 rate_limited',
    reason: 'Each one sends a request to Smile.',
  },
} as const satisfies Record<string, SiteLimit>;
