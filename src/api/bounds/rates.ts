/** Rate limits by address and by submission. In memory and approximate: they slow floods down, and are no quota. */
import { LRUCache } from 'lru-cache';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { countersOf } from '../../site-limits/client-keys.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { Result } from '../../respond/errors/api-error.ts';
import { ApiException } from '../errors.ts';
import { createSmileTurns, type SmileTurns } from './smile-turns.ts';

/** Counts one request of `key`. Resolves to the time it has to wait in ms, which is 0 where it may go on. */
export type RateLimit = (key: string) => Promise<number>;

/** The longest window of a rate limit, in seconds. */
const MINUTE_S = 60;

/** A limit by address and by the IPv6 network it is in. A refused request of an address does not count for its network. */
function byAddress(create: (times: number) => RateLimit): RateLimit {
  const countersFor = countersOf(create);
  return async (address) => {
    for (const { key, counter } of countersFor(address)) {
      const wait = await counter(key);
      if (wait > 0) return wait;
    }
    return 0;
  };
}

/** Many phones share one address behind a carrier's network, so a burst of people must fit. */
const startLimit = (times: number): RateLimit => {
  const perSecond = SITE_LIMITS.startsASecond.value * times;
  const atOnce = SITE_LIMITS.startsAtOnce.value * times;
  const steady = new RateLimiterMemory({ points: perSecond, duration: 1 });
  const burst = new RateLimiterMemory({ points: atOnce - perSecond, duration: MINUTE_S });
  return limitOf(new BurstyRateLimiter(steady, burst), [steady, burst]);
};

export type LimitedAction =
  | 'accounts'
  | 'answers'
  | 'events'
  | 'files'
  | 'link-token'
  | 'submit'
  | 'read accounts'
  | 'read answers'
  | 'read files';

const READS = SITE_LIMITS.readsPerMinute.value;

/** Requests per minute and submission. Enough for a phone that sends all it stored while it was offline. */
const PER_MINUTE: Record<LimitedAction, number> = {
  accounts: SITE_LIMITS.disconnectsAMinute.value,
  answers: SITE_LIMITS.savesAMinute.value,
  events: SITE_LIMITS.eventPostsAMinute.value,
  files: SITE_LIMITS.fileRequestsAMinute.value,
  'link-token': SITE_LIMITS.linkTokensAMinute.value,
  submit: SITE_LIMITS.submitsAMinute.value,
  'read accounts': READS,
  'read answers': READS,
  'read files': READS,
};

function createSubmissionLimit(): (action: LimitedAction, submission: string) => Promise<number> {
  const byName = Object.fromEntries(
    Object.entries(PER_MINUTE).map(([action, points]) => [action, perMinute(points)]),
  ) as Record<LimitedAction, RateLimit>;
  return (action, submission) => byName[action](submission);
}

const perMinute = (points: number): RateLimit => {
  const limiter = new RateLimiterMemory({ points, duration: MINUTE_S });
  return limitOf(limiter, [limiter]);
};

/** All rate limits of the site. The routes and the fast path share one set of counters. */
export interface Rates {
  /** Requests that begin something, by address. */
  start: RateLimit;
  /** Other requests of respondents, by address. */
  address: RateLimit;
  /** Requests with a wrong token, by address. */
  guess: RateLimit;
  /** Requests with a right token, by action and submission. */
  act: ReturnType<typeof createSubmissionLimit>;
  /** Openings of forms that count as people, by address. */
  openings: RateLimit;
  /** Clicks on campaign links that count as people, by address. */
  clicks: Quota;
  /** Rows that the openings and the clicks of an address add in this hour, each. */
  openingRows: Quota;
  clickRows: Quota;
  /** Pages that are rendered for an address. */
  render: RateLimit;
  /** Webhooks, by address. */
  webhook: RateLimit;
  /** Webhooks without a right signature in this minute. */
  wrongWebhooks: Quota;
  /** Requests of programs without the right API key in this minute. */
  wrongApiKeys: Quota;
  /** Bytes of events that an address has stored today. */
  events: Quota;
  /** Bytes of answers that an address has stored today. */
  answers: Quota;
  /** Submits that tell that another submission has the same unique answer, by address and by submission. */
  takenAnswers: { ofAddress: Quota; ofSubmission: Quota };
  /** Requests that ask Smile at once. */
  smile: SmileTurns;
}

export const createRates = (): Rates => ({
  start: byAddress(startLimit),
  address: byAddress((times) => perMinute(SITE_LIMITS.requestsPerAddressAndMinute.value * times)),
  guess: byAddress((times) => perMinute(SITE_LIMITS.wrongTokensPerAddressAndMinute.value * times)),
  act: createSubmissionLimit(),
  openings: byAddress((times) => perMinute(SITE_LIMITS.openingsPerAddressAndMinute.value * times)),
  clicks: createQuota(SITE_LIMITS.clicksPerAddressAndMinute.value, { windowMs: MINUTE_S * 1_000 }),
  openingRows: createQuota(SITE_LIMITS.countedRowsPerAddressAndHour.value, { windowMs: HOUR_MS }),
  clickRows: createQuota(SITE_LIMITS.countedRowsPerAddressAndHour.value, { windowMs: HOUR_MS }),
  render: byAddress((times) => perMinute(SITE_LIMITS.pagesRenderedAMinute.value * times)),
  webhook: byAddress((times) => perMinute(SITE_LIMITS.webhooksPerAddressAndMinute.value * times)),
  wrongWebhooks: createQuota(SITE_LIMITS.wrongWebhooksPerAddressAndMinute.value, { windowMs: MINUTE_S * 1_000 }),
  wrongApiKeys: createQuota(SITE_LIMITS.wrongApiKeysPerAddressAndMinute.value, { windowMs: MINUTE_S * 1_000 }),
  events: createQuota(SITE_LIMITS.eventBytesPerAddressAndDay.value),
  answers: createQuota(SITE_LIMITS.answerBytesPerAddressAndDay.value),
  takenAnswers: {
    ofAddress: createQuota(SITE_LIMITS.takenAnswersPerAddressAndMinute.value, { windowMs: MINUTE_S * 1_000 }),
    ofSubmission: createQuota(SITE_LIMITS.takenAnswersPerSubmission.value),
  },
  smile: createSmileTurns(),
});

/** An allowance by address and by the IPv6 network it is in. */
export interface Quota {
  /** The time in ms until the address may use `amount` (1 by default). 0 where it may now. */
  wait(address: string, amount?: number): number;
  /** Like `wait`, and reserves `amount` where the answer is 0, so that two requests at once can't both use it. */
  take(address: string, amount: number): number;
  /** Returns a reserved amount that was not used. */
  giveBack(address: string, amount: number): void;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Each address may use `maxAmount` in a window of `windowMs` that begins with its first use. */
export function createQuota(maxAmount: number, { windowMs = DAY_MS, now = () => performance.now() } = {}): Quota {
  const countersFor = countersOf((times) => createUsage(maxAmount * times, windowMs, now));
  const wait: Quota['wait'] = (address, amount = 1) =>
    Math.max(...countersFor(address).map(({ key, counter }) => counter.wait(key, amount)));
  const add = (address: string, amount: number) =>
    countersFor(address).forEach(({ key, counter }) => counter.add(key, amount));
  return {
    wait,
    take(address, amount) {
      const waitMs = wait(address, amount);
      if (waitMs === 0) add(address, amount);
      return waitMs;
    },
    giveBack: (address, amount) => add(address, -amount),
  };
}

function createUsage(maxAmount: number, windowMs: number, now: () => number) {
  const used = rememberByKey<{ since: number; amount: number }>();
  const currently = (key: string) => {
    const known = used().get(key);
    if (known && now() - known.since < windowMs) return known;
    used().delete(key);
    return undefined;
  };
  return {
    wait(key: string, amount: number): number {
      const known = currently(key);
      return known && known.amount + amount > maxAmount ? known.since + windowMs - now() : 0;
    },
    add(key: string, amount: number): void {
      const known = currently(key);
      if (known) known.amount = Math.max(0, known.amount + amount);
      else if (amount > 0) used().set(key, { since: now(), amount });
    },
  };
}

/** A request about a submission. */
export interface SubmissionRequest {
  action: LimitedAction;
  id: string;
  /** Whether it carries the submission's token. Without it, a stranger could use up the limit of the submission. */
  hasToken: boolean;
  address: string;
}

/** @throws ApiException where the request is one too many */
export async function limitSubmissionRequest(
  rates: Rates,
  { action, id, hasToken, address }: SubmissionRequest,
): Promise<void> {
  failIfWaiting(await rates.address(address), 'address');
  if (!hasToken) return failIfWaiting(await rates.guess(address), 'address');
  failIfWaiting(await rates.act(action, id), 'form');
}

/**
 * Runs `run`, which stores a part of `bytes` of events, and counts that part.
 * @throws ApiException where the address may not store so many bytes today
 */
export async function countEvents<T extends { stored: number; repeated: number }>(
  quota: Quota,
  address: string,
  bytes: number,
  run: () => Promise<Result<T>>,
): Promise<Result<T>> {
  failIfWaiting(quota.take(address, bytes), 'address');
  let stored = 0;
  try {
    const outcome = await run();
    if (outcome.ok) stored = outcome.body.stored / (outcome.body.stored + outcome.body.repeated);
    return outcome;
  } finally {
    quota.giveBack(address, bytes * (1 - stored));
  }
}

/** The rows that each save stores beside its answers. */
const SAVE_BYTES = 1_000;

/**
 * Runs `run`, which stores answers from a body of `bytes`, and counts them if it has.
 * @throws ApiException where the address may not store so many bytes today
 */
export async function countAnswers<T>(
  quota: Quota,
  address: string,
  bytes: number,
  run: () => Promise<T>,
  isStored: (outcome: T) => boolean,
): Promise<T> {
  const size = bytes + SAVE_BYTES;
  failIfWaiting(quota.take(address, size), 'address');
  let stored = false;
  try {
    const outcome = await run();
    stored = isStored(outcome);
    return outcome;
  } finally {
    if (!stored) quota.giveBack(address, size);
  }
}

/**
 * Runs `run`, which calls its argument before it compares a unique answer, and counts it if the answer is taken. A refused
 * try does not tell if it is.
 * @param submission its id. Undefined for a form that a browser posts
 * @throws ApiException where there were too many such tries
 */
export async function countTaken<T>(
  { ofAddress, ofSubmission }: Rates['takenAnswers'],
  { address, submission }: { address: string; submission?: string },
  run: (beforeComparing: () => void) => Promise<T>,
  isTaken: (outcome: T) => boolean,
): Promise<T> {
  const reserved: [Quota, key: string][] = [];
  const take = (quota: Quota, key: string, who: 'address' | 'form') => {
    failIfWaiting(quota.take(key, 1), who);
    reserved.push([quota, key]);
  };
  let taken = false;
  try {
    const outcome = await run(() => {
      // A transaction may run again.
      if (reserved.length) return;
      if (submission !== undefined) take(ofSubmission, submission, 'form');
      take(ofAddress, address, 'address');
    });
    taken = isTaken(outcome);
    return outcome;
  } finally {
    if (!taken) for (const [quota, key] of reserved) quota.giveBack(key, 1);
  }
}

/** @param wait in ms. @throws ApiException with the time to wait, unless it is 0 */
export function failIfWaiting(wait: number, who: 'address' | 'form'): void {
  if (wait === 0) return;
  const message = `Too many requests come from this ${who}. Wait as long as Retry-After says, then try again.`;
  throw new ApiException({ code: 'rate_limited', message, retryAfter: Math.ceil(wait / 1_000) });
}

/** @param counts the counters of the limiter. The key that was used longest ago is dropped where there are too many */
function limitOf(limiter: Pick<RateLimiterMemory, 'consume'>, counts: RateLimiterMemory[]): RateLimit {
  const remembered = rememberByKey<true>((key) => counts.forEach((one) => void one.delete(key)));
  return async (key) => {
    remembered().set(key, true);
    try {
      await limiter.consume(key);
      return 0;
    } catch (refused) {
      // Where the clock was set back meanwhile, the limiter returns too long a time.
      if (refused instanceof RateLimiterRes) return Math.min(Math.max(refused.msBeforeNext, 1), MINUTE_S * 1_000);
      throw refused;
    }
  };
}

/**
 * What is known of the keys that were used last. The cache takes the memory of all of them at once, so the first key makes it.
 * @param forget is called with a key that is dropped because there are too many
 */
function rememberByKey<V extends object | true>(forget?: (key: string) => void): () => LRUCache<string, V> {
  let cache: LRUCache<string, V> | undefined;
  return () =>
    (cache ??= new LRUCache({
      max: SITE_LIMITS.addressesRemembered.value,
      dispose: (_, key, reason) => void (reason === 'evict' && forget?.(key)),
    }));
}
