/** Limits on what one address may begin, and one submission may ask. In memory: they slow down floods, and are no account. */
import { LRUCache } from 'lru-cache';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { countersOf } from '../site-limits/client-keys.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import type { Result } from '../respond/api-error.ts';
import { ApiException } from './errors.ts';

/** Says how long `key` has to wait, in ms; 0 takes one of what it may do now. */
export type RateLimit = (key: string) => Promise<number>;

/** The longest that anything is counted for, in seconds. */
const MINUTE_S = 60;

/**
 * A limit for addresses, and for the IPv6 networks that they share. What is refused to one address does not count for its
 * network.
 */
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
  const aSecond = SITE_LIMITS.startsASecond.value * times;
  const atOnce = SITE_LIMITS.startsAtOnce.value * times;
  const steady = new RateLimiterMemory({ points: aSecond, duration: 1 });
  const burst = new RateLimiterMemory({ points: atOnce - aSecond, duration: MINUTE_S });
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

/** Per minute and submission: many times what a person does, and a phone that sends all it kept while offline. */
const A_MINUTE: Record<LimitedAction, number> = {
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

/** What the request `method path` asks of a submission, where `path` is what stands after its id; nothing for other routes. */
export function limitedActionOf(method: string, path: string): LimitedAction | undefined {
  const [, what = ''] = /^\/?(accounts|answers|events|files|link-token|submit)(?:\/|$)/.exec(path) ?? [];
  const asked = method === 'GET' || method === 'HEAD' ? `read ${what}` : what;
  return asked in A_MINUTE ? (asked as LimitedAction) : undefined;
}

function createSubmissionLimit(): (what: LimitedAction, submission: string) => Promise<number> {
  const byName = Object.fromEntries(
    Object.entries(A_MINUTE).map(([what, points]) => [what, aMinute(points)]),
  ) as Record<LimitedAction, RateLimit>;
  return (what, submission) => byName[what](submission);
}

const aMinute = (points: number): RateLimit => {
  const limiter = new RateLimiterMemory({ points, duration: MINUTE_S });
  return limitOf(limiter, [limiter]);
};

/** All of them, for everything that answers respondents: what is counted here is counted there. */
export interface Rates {
  begin: RateLimit;
  /** Any request about a submission, an invitation or a proof of work, by address. */
  call: RateLimit;
  /** Requests with a wrong token, by address. */
  guess: RateLimit;
  ask: ReturnType<typeof createSubmissionLimit>;
  /** Pages that are rendered for an address. */
  render: RateLimit;
  /** Webhooks, by address. */
  webhook: RateLimit;
  /** Webhooks without a right signature in this minute. */
  wrongWebhooks: Quota;
  /** Bytes of events that an address has stored today. */
  events: Quota;
}

export const createRates = (): Rates => ({
  begin: byAddress(startLimit),
  call: byAddress((times) => aMinute(SITE_LIMITS.requestsPerAddressAndMinute.value * times)),
  guess: byAddress((times) => aMinute(SITE_LIMITS.wrongTokensPerAddressAndMinute.value * times)),
  ask: createSubmissionLimit(),
  render: byAddress((times) => aMinute(SITE_LIMITS.pagesRenderedAMinute.value * times)),
  webhook: byAddress((times) => aMinute(SITE_LIMITS.webhooksPerAddressAndMinute.value * times)),
  wrongWebhooks: createQuota(SITE_LIMITS.wrongWebhooksPerAddressAndMinute.value, { windowMs: MINUTE_S * 1_000 }),
  events: createQuota(SITE_LIMITS.eventBytesPerAddressAndDay.value),
});

/** What addresses, and the IPv6 networks that they share, have used up of their allowance. */
export interface Quota {
  /** How long the address has to wait, in ms, until it may use `amount` more, 1 without it; 0 where it may now. */
  wait(address: string, amount?: number): number;
  /** The same, and takes `amount` where it may be used now: requests at the same time can't use it twice. */
  take(address: string, amount: number): number;
  /** Gives back what was taken and not used. */
  giveBack(address: string, amount: number): void;
}

const DAY_MS = 86_400_000;

/** Each address may use `most` in the `windowMs` that begin with its first use. */
export function createQuota(most: number, { windowMs = DAY_MS, now = () => performance.now() } = {}): Quota {
  const countersFor = countersOf((times) => createUsage(most * times, windowMs, now));
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

function createUsage(most: number, windowMs: number, now: () => number) {
  const used = new Map<string, { since: number; amount: number }>();
  const currently = (key: string) => {
    const known = used.get(key);
    if (known && now() - known.since < windowMs) return known;
    used.delete(key);
    return undefined;
  };
  return {
    wait(key: string, amount: number): number {
      const known = currently(key);
      return known && known.amount + amount > most ? known.since + windowMs - now() : 0;
    },
    add(key: string, amount: number): void {
      const known = currently(key);
      if (known) known.amount = Math.max(0, known.amount + amount);
      else if (amount > 0) used.set(key, { since: now(), amount });
      if (used.size > SITE_LIMITS.addressesRemembered.value) used.delete(used.keys().next().value ?? '');
    },
  };
}

/** A request about a submission. */
export interface OwnRequest {
  what: LimitedAction;
  id: string;
  /** Whether it carries the submission's token: only who holds that can use up what a submission may ask. */
  own: boolean;
  address: string;
}

/** Refuses the request where it is one too many. */
export async function limitOwn(rates: Rates, { what, id, own, address }: OwnRequest): Promise<void> {
  failIfWaiting(await rates.call(address), 'address');
  if (!own) return failIfWaiting(await rates.guess(address), 'address');
  failIfWaiting(await rates.ask(what, id), 'form');
}

/**
 * Runs `run`, which stores some of `bytes` of events and says what came of them, and counts what it has stored. Refuses it
 * where the address may not store so many more today.
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

/** Throws a refusal with the time to wait in ms, unless it is 0. */
export function failIfWaiting(wait: number, who: 'address' | 'form'): void {
  if (wait === 0) return;
  const message = `Too many requests come from this ${who}. Wait as long as Retry-After says, then try again.`;
  throw new ApiException({ code: 'rate_limited', message, retryAfter: Math.ceil(wait / 1_000) });
}

/** @param counts where the limiter counts: what it has not counted for longest is forgotten when that is too much */
function limitOf(limiter: Pick<RateLimiterMemory, 'consume'>, counts: RateLimiterMemory[]): RateLimit {
  const remembered = new LRUCache<string, true>({
    max: SITE_LIMITS.addressesRemembered.value,
    dispose: (_, key, why) => void (why === 'evict' && counts.forEach((one) => void one.delete(key))),
  });
  return async (key) => {
    remembered.set(key, true);
    try {
      await limiter.consume(key);
      return 0;
    } catch (refused) {
      // What is counted is forgotten by a timer; where the clock was set back meanwhile, this says more.
      if (refused instanceof RateLimiterRes) return Math.min(Math.max(refused.msBeforeNext, 1), MINUTE_S * 1_000);
      throw refused;
    }
  };
}
