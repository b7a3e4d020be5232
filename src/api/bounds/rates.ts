/** The rate limits and the quotas of clients, by address and by submission. In memory and approximate: they slow floods down. */
import { createBudget } from '../../site-limits/counting/budget.ts';
import { countersOf } from '../../site-limits/counting/client-keys.ts';
import { ONE_SERVER, type SharedCounts } from '../../site-limits/counting/shared-counts.ts';
import type { SiteLimit } from '../../site-limits/site-limit.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import {
  createQuota,
  createUsage,
  reservationsOf,
  type Quota,
  type Reservations,
} from '../../site-limits/counting/quota.ts';
import type { BoundedTurns } from './bounded-turns.ts';
import { createLargePages, type LargePages } from './large-pages.ts';
import { createLargeReads } from './large-reads.ts';
import { createSmileTurns, type SmileTurns } from './smile-turns.ts';

/** Counts one request of `key`, or `amount`. Returns the time it has to wait in ms, which is 0 where it may go on. */
export type RateLimit = (key: string, amount?: number) => number;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A limit by address and by the IPv6 network it is in. A refused request of an address does not count for its network. */
function byAddress(create: (times: number, name: string) => RateLimit): RateLimit {
  const countersFor = countersOf(create);
  return (address, amount) => {
    for (const { key, counter } of countersFor(address)) {
      const wait = counter(key, amount);
      if (wait > 0) return wait;
    }
    return 0;
  };
}

/** Many phones share one address behind a carrier's network, so a burst of people must fit. */
function startLimit(counter: string, times: number, shared: SharedCounts): RateLimit {
  const atOnce = SITE_LIMITS.startsAtOnce.value * times;
  const refillMs = (atOnce / (SITE_LIMITS.startsPerSecond.value * times)) * SECOND_MS;
  const budget = createBudget(atOnce, refillMs, shared, counter);
  return (key) => budget.consume(key, new Date());
}

const READS = SITE_LIMITS.readsPerMinute.value;

/** Requests per minute and submission. Enough for a phone that sends all it stored while it was offline. */
const PER_MINUTE = {
  saves: SITE_LIMITS.savesPerMinute.value,
  eventPosts: SITE_LIMITS.eventPostsPerMinute.value,
  fileRequests: SITE_LIMITS.fileRequestsPerMinute.value,
  linkTokens: SITE_LIMITS.linkTokensPerMinute.value,
  disconnects: SITE_LIMITS.disconnectsPerMinute.value,
  submits: SITE_LIMITS.submitsPerMinute.value,
  answerReads: READS,
  accountReads: READS,
  fileReads: READS,
};
export type LimitedAction = keyof typeof PER_MINUTE;

type SubmissionLimit = (action: LimitedAction, submission: string) => number;

function createSubmissionLimit(shared: SharedCounts): SubmissionLimit {
  const byName = Object.fromEntries(
    Object.entries(PER_MINUTE).map(([action, points]) => [action, perMinute(action, points, shared)]),
  ) as Record<LimitedAction, RateLimit>;
  return (action, submission) => byName[action](submission);
}

function perMinute(counter: string, points: number, shared: SharedCounts): RateLimit {
  const usage = createUsage({ counter, max: points, windowMs: MINUTE_MS, shared });
  return (key, amount = 1) => {
    const wait = usage.wait(key, amount);
    if (wait === 0) usage.add(key, amount);
    return wait;
  };
}

/** All rate limits of the site. The routes and the fast path share one set of counters. */
export interface Rates {
  /** Requests that begin something, by address. */
  start: RateLimit;
  /** Other requests of respondents, by address. */
  address: RateLimit;
  /** Requests with a wrong token, by address. */
  guess: RateLimit;
  /** Requests with a right token, by action and submission. */
  submission: SubmissionLimit;
  /** Openings of forms that count as people, by address. */
  openings: RateLimit;
  /** Clicks on campaign links that count as people, by address. */
  clicks: Quota;
  /** Rows that the openings and the clicks of an address add in a day, each. */
  openingRows: Quota;
  clickRows: Quota;
  /** All requests to previews, by address. */
  preview: RateLimit;
  /** Pages that are rendered for an address. A large one of a known size, in bytes, counts as several. */
  render(address: string, bytes?: number): number;
  /** Webhooks, by address. */
  webhook: RateLimit;
  /** Webhooks without a right signature in this minute. */
  wrongWebhooks: Quota;
  /** Bytes of webhooks about people whom this site does not know, from all addresses together. */
  unownedWebhooks: Quota;
  /** Requests of programs without the right API key in this minute. */
  wrongApiKeys: Quota;
  /** Requests that change something at local Smile. */
  localSmile: Quota;
  /** Sign-in windows and reports of accounts, after which Smile is asked. */
  smilePolls: Quota;
  /** Bytes of events that an address has stored today. */
  eventBytes: Quota;
  /** Bytes of answers that an address has stored today. */
  answerBytes: Quota;
  /** Submits that tell that another submission has the same unique answer, by address and by submission. */
  takenAnswers: { ofAddress: Reservations; ofSubmission: Reservations };
  /** Requests that read large stored answers. */
  largeReads: BoundedTurns;
  /** Large pages that are rendered for one person. */
  largePages: LargePages;
  /** Requests that ask Smile at once. */
  smile: SmileTurns;
}

/** @param shared counts the requests to other servers too */
export function createRates(shared: SharedCounts = ONE_SERVER): Rates {
  const {
    requestsPerAddressAndMinute,
    wrongTokensPerAddressAndMinute,
    openingsPerAddressAndMinute,
    pagesRenderedPerMinute,
    renderedPageBytes,
    previewRequestsPerAddressAndMinute,
    webhooksPerAddressAndMinute,
    clicksPerAddressAndMinute,
    countedRowsPerAddressAndDay,
    wrongWebhooksPerAddressAndMinute,
    unownedWebhookBytesPerDay,
    wrongApiKeysPerAddressAndMinute,
    localSmileChangesPerAddressAndDay,
    smilePollsPerAddressAndDay,
    eventBytesPerAddressAndDay,
    answerBytesPerAddressAndDay,
    takenAnswersPerAddressAndMinute,
    takenAnswersPerSubmission,
  } = SITE_LIMITS;
  const ofMinute = (counter: string, { value }: SiteLimit) =>
    byAddress((times, name) => perMinute(`${counter} ${name}`, value * times, shared));
  const quota = (counter: string, { value }: SiteLimit, windowMs: number) =>
    createQuota(value, { counter, windowMs, shared });
  const rendered = ofMinute('render', pagesRenderedPerMinute);
  return {
    start: byAddress((times, name) => startLimit(`start ${name}`, times, shared)),
    address: ofMinute('address', requestsPerAddressAndMinute),
    guess: ofMinute('guess', wrongTokensPerAddressAndMinute),
    submission: createSubmissionLimit(shared),
    openings: ofMinute('openings', openingsPerAddressAndMinute),
    clicks: quota('clicks', clicksPerAddressAndMinute, MINUTE_MS),
    openingRows: quota('opening rows', countedRowsPerAddressAndDay, DAY_MS),
    clickRows: quota('click rows', countedRowsPerAddressAndDay, DAY_MS),
    preview: ofMinute('preview', previewRequestsPerAddressAndMinute),
    render: (address, bytes = 1) => rendered(address, Math.max(1, Math.ceil(bytes / renderedPageBytes.value))),
    webhook: ofMinute('webhook', webhooksPerAddressAndMinute),
    wrongWebhooks: quota('wrong webhooks', wrongWebhooksPerAddressAndMinute, MINUTE_MS),
    unownedWebhooks: quota('unowned webhooks', unownedWebhookBytesPerDay, DAY_MS),
    wrongApiKeys: quota('wrong API keys', wrongApiKeysPerAddressAndMinute, MINUTE_MS),
    localSmile: quota('local Smile', localSmileChangesPerAddressAndDay, DAY_MS),
    smilePolls: quota('polls of Smile', smilePollsPerAddressAndDay, DAY_MS),
    eventBytes: quota('event bytes', eventBytesPerAddressAndDay, DAY_MS),
    answerBytes: quota('answer bytes', answerBytesPerAddressAndDay, DAY_MS),
    takenAnswers: {
      ofAddress: reservationsOf(quota('taken answers', takenAnswersPerAddressAndMinute, MINUTE_MS)),
      ofSubmission: reservationsOf(quota('taken answers of a submission', takenAnswersPerSubmission, DAY_MS)),
    },
    largeReads: createLargeReads(),
    largePages: createLargePages(),
    smile: createSmileTurns(),
  };
}
