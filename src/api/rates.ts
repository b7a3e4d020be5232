/** Limits on what one address may begin, and one submission may ask. In memory: they slow down floods, and are no account. */
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { clientKeys } from './address.ts';
import { Refused } from './errors.ts';

/** Says how long `key` has to wait, in ms; 0 takes one of what it may do now. */
export type Limit = (key: string) => Promise<number>;

/** The longest that anything is counted for, in seconds. */
const MINUTE_S = 60;

/**
 * Many phones share one address behind a carrier's network, so a burst of people must fit. What is refused to one address
 * does not count for the network that it shares with others.
 */
function createBeginLimit(): Limit {
  const limits = [1, SITE_LIMITS.startsByNetwork.value / SITE_LIMITS.startsAtOnce.value].map(startLimit);
  return async (address) => {
    for (const [at, key] of clientKeys(address).entries()) {
      const wait = (await limits[at]?.(key)) ?? 0;
      if (wait > 0) return wait;
    }
    return 0;
  };
}

const startLimit = (times: number): Limit => {
  const aSecond = SITE_LIMITS.startsASecond.value * times;
  const atOnce = SITE_LIMITS.startsAtOnce.value * times;
  return limitOf(
    new BurstyRateLimiter(
      new RateLimiterMemory({ points: aSecond, duration: 1 }),
      new RateLimiterMemory({ points: atOnce - aSecond, duration: MINUTE_S }),
    ),
  );
};

export type Asked = 'accounts' | 'answers' | 'events' | 'files' | 'link-token' | 'submit';

/** Per minute and submission: many times what a person does, and a phone that sends all it kept while offline. */
const A_MINUTE: Record<Asked, number> = {
  accounts: SITE_LIMITS.disconnectsAMinute.value,
  answers: SITE_LIMITS.savesAMinute.value,
  events: SITE_LIMITS.eventPostsAMinute.value,
  files: SITE_LIMITS.fileRequestsAMinute.value,
  'link-token': SITE_LIMITS.linkTokensAMinute.value,
  submit: SITE_LIMITS.submitsAMinute.value,
};

function createSubmissionLimit(): (what: Asked, submission: string) => Promise<number> {
  const limits = Object.entries(A_MINUTE).map(([what, points]) => [
    what,
    limitOf(new RateLimiterMemory({ points, duration: MINUTE_S })),
  ]);
  const byName = Object.fromEntries(limits) as Record<Asked, Limit>;
  return (what, submission) => byName[what](submission);
}

/** Both, for everything that answers respondents: what is counted here is counted there. */
export interface Rates {
  begin: Limit;
  ask: ReturnType<typeof createSubmissionLimit>;
}

export const createRates = (): Rates => ({ begin: createBeginLimit(), ask: createSubmissionLimit() });

/** Refuses who has to wait, and says for how long. */
export function refuseFor(wait: number, who: 'address' | 'form'): void {
  if (wait === 0) return;
  const message = `Too many requests come from this ${who}. Wait a moment.`;
  throw new Refused({ code: 'rate_limited', message, retryAfter: Math.ceil(wait / 1_000) });
}

function limitOf(limiter: Pick<RateLimiterMemory, 'consume'>): Limit {
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
