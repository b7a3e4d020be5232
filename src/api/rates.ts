/** Limits on what one address may begin, and one submission may ask. In memory: they slow down floods, and are no account. */
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { clientKeys } from './client-ip.ts';
import { ApiException } from './errors.ts';

/** Says how long `key` has to wait, in ms; 0 takes one of what it may do now. */
export type RateLimit = (key: string) => Promise<number>;

/** How many times the budget of an address its IPv6 network (/48) has. */
const NETWORK_TIMES = SITE_LIMITS.startsByNetwork.value / SITE_LIMITS.startsAtOnce.value;

/** The longest that anything is counted for, in seconds. */
const MINUTE_S = 60;

/**
 * Many phones share one address behind a carrier's network, so a burst of people must fit. What is refused to one address
 * does not count for the network that it shares with others.
 */
function createBeginLimit(): RateLimit {
  const limits = [1, NETWORK_TIMES].map(startLimit);
  return async (address) => {
    for (const [at, key] of clientKeys(address).entries()) {
      const wait = (await limits[at]?.(key)) ?? 0;
      if (wait > 0) return wait;
    }
    return 0;
  };
}

const startLimit = (times: number): RateLimit => {
  const aSecond = SITE_LIMITS.startsASecond.value * times;
  const atOnce = SITE_LIMITS.startsAtOnce.value * times;
  return limitOf(
    new BurstyRateLimiter(
      new RateLimiterMemory({ points: aSecond, duration: 1 }),
      new RateLimiterMemory({ points: atOnce - aSecond, duration: MINUTE_S }),
    ),
  );
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

const aMinute = (points: number): RateLimit => limitOf(new RateLimiterMemory({ points, duration: MINUTE_S }));

/** All of them, for everything that answers respondents: what is counted here is counted there. */
export interface Rates {
  begin: RateLimit;
  /** Any request about a submission, an invitation or a proof of work, by address. */
  call: RateLimit;
  /** Requests with a wrong token, by address. */
  guess: RateLimit;
  ask: ReturnType<typeof createSubmissionLimit>;
  /** Bytes of events that an address has stored today. */
  events: Quota;
}

export const createRates = (): Rates => ({
  begin: createBeginLimit(),
  call: aMinute(SITE_LIMITS.requestsPerAddressAndMinute.value),
  guess: aMinute(SITE_LIMITS.wrongTokensPerAddressAndMinute.value),
  ask: createSubmissionLimit(),
  events: createQuota(SITE_LIMITS.eventBytesPerAddressAndDay.value),
});

export interface Quota {
  /** How long the address has to wait, in ms, because it has used up its quota; 0 where it has not. */
  wait(address: string): number;
  add(address: string, amount: number): void;
}

const DAY_MS = 86_400_000;

/** Each address may use `most` in the day that begins with its first use, and its IPv6 network `NETWORK_TIMES` as much. */
export function createQuota(most: number, now: () => number = () => performance.now()): Quota {
  const quotas = [1, NETWORK_TIMES].map((times) => createKeyedQuota(most * times, now));
  return {
    wait: (address) => Math.max(...clientKeys(address).map((key, at) => quotas[at]?.wait(key) ?? 0)),
    add: (address, amount) => clientKeys(address).forEach((key, at) => quotas[at]?.add(key, amount)),
  };
}

function createKeyedQuota(most: number, now: () => number): Quota {
  const used = new Map<string, { since: number; amount: number }>();
  const today = (key: string) => {
    const known = used.get(key);
    if (known && now() - known.since < DAY_MS) return known;
    used.delete(key);
    return undefined;
  };
  return {
    wait(key) {
      const known = today(key);
      return known && known.amount >= most ? known.since + DAY_MS - now() : 0;
    },
    add(key, amount) {
      const known = today(key);
      if (known) known.amount += amount;
      else used.set(key, { since: now(), amount });
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
  if (what === 'events') failIfWaiting(rates.events.wait(address), 'address');
}

/** Throws a refusal with the time to wait in ms, unless it is 0. */
export function failIfWaiting(wait: number, who: 'address' | 'form'): void {
  if (wait === 0) return;
  const message = `Too many requests come from this ${who}. Wait as long as Retry-After says, then try again.`;
  throw new ApiException({ code: 'rate_limited', message, retryAfter: Math.ceil(wait / 1_000) });
}

function limitOf(limiter: Pick<RateLimiterMemory, 'consume'>): RateLimit {
  return async (key) => {
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
