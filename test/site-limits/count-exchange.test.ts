/** Several servers count a client together, by the counts that they exchange. */
import { describe, expect, it } from 'vitest';
import { createFileTraffic } from '../../src/api/bounds/file-traffic.ts';
import { createRates, type Rates } from '../../src/api/bounds/rates.ts';
import { createThrottle } from '../../src/members/throttle.ts';
import { createBudget } from '../../src/site-limits/counting/budget.ts';
import { createCountExchange } from '../../src/site-limits/counting/count-exchange.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';

const SECRET = Buffer.alloc(32, 7);
const AT = Date.parse('2026-12-15T12:00:00Z');
const ADDRESS = '203.0.113.7';

/** Servers with one clock, and a function that lets each read the counts of all others. */
function serversOf<T>(count: number, create: (shared: ReturnType<typeof createCountExchange>) => T) {
  const clock = { time: AT };
  const exchanges = Array.from({ length: count }, () => createCountExchange(SECRET, () => new Date(clock.time)));
  const servers = exchanges.map(create);
  const exchange = (): string[] => {
    const taken = exchanges.map((one) => one.drain());
    exchanges.forEach((one, at) => taken.forEach((counts, from) => counts && from !== at && one.add(counts)));
    return taken.flatMap((counts) => counts ?? []);
  };
  return { servers: servers as [T, T, ...T[]], exchange, clock };
}

const twoRates = () => serversOf(2, (shared) => createRates(shared));

/** Two throttles. On one of them, an address has made as many guesses as need no wait, and the other one knows of them. */
function guessedOnOne() {
  const { servers, exchange, clock } = serversOf(2, (shared) => createThrottle(shared, 'sign-in'));
  const [one, other] = servers;
  const attempt = (throttle: typeof one) => throttle.attempt(ADDRESS, new Date(clock.time));
  for (let n = 0; n < SITE_LIMITS.guessesBeforeWait.value; n++) attempt(one);
  exchange();
  return { one, other, attempt, exchange, clock };
}

/** The allowances of one address, or of one submission, each with the amount that uses up a limit. */
const ALLOWANCES: Record<string, [limit: number, use: (rates: Rates) => number]> = {
  start: [SITE_LIMITS.startsAtOnce.value, ({ start }) => start(ADDRESS)],
  requests: [SITE_LIMITS.requestsPerAddressAndMinute.value, ({ address }) => address(ADDRESS)],
  'wrong tokens': [SITE_LIMITS.wrongTokensPerAddressAndMinute.value, ({ guess }) => guess(ADDRESS)],
  saves: [SITE_LIMITS.savesPerMinute.value, ({ submission }) => submission('saves', 'submission')],
  'opened forms': [SITE_LIMITS.openingsPerAddressAndMinute.value, ({ openings }) => openings(ADDRESS)],
  clicks: [SITE_LIMITS.clicksPerAddressAndMinute.value, ({ clicks }) => clicks.consume(ADDRESS, 1)],
  'rows of clicks': [SITE_LIMITS.countedRowsPerAddressAndDay.value, ({ clickRows }) => clickRows.consume(ADDRESS, 1)],
  'rendered pages': [SITE_LIMITS.pagesRenderedPerMinute.value, ({ render }) => render(ADDRESS)],
  previews: [SITE_LIMITS.previewRequestsPerAddressAndMinute.value, ({ preview }) => preview(ADDRESS)],
  webhooks: [SITE_LIMITS.webhooksPerAddressAndMinute.value, ({ webhook }) => webhook(ADDRESS)],
  'polls of Smile': [
    64,
    ({ smilePolls }) => smilePolls.consume(ADDRESS, SITE_LIMITS.smilePollsPerAddressAndDay.value / 64),
  ],
  'wrong API keys': [SITE_LIMITS.wrongApiKeysPerAddressAndMinute.value, ({ wrongApiKeys }) => wrongApiKeys.consume(ADDRESS, 1)], // prettier-ignore
  'answers of a day': [
    64,
    ({ answerBytes }) => answerBytes.consume(ADDRESS, SITE_LIMITS.answerBytesPerAddressAndDay.value / 64),
  ],
};

describe('two servers', () => {
  it.each(Object.entries(ALLOWANCES))('count %s together', (_, [limit, use]) => {
    const { servers, exchange } = twoRates();
    const [one, other] = servers;
    for (let n = 0; n < limit; n++) expect(use(one)).toBe(0);
    expect(use(other)).toBe(0);
    exchange();
    expect(use(other)).toBeGreaterThan(0);
  });

  it('count the files of a day together', () => {
    const { servers, exchange } = serversOf(2, (shared) => createFileTraffic(true, shared));
    const bytes = SITE_LIMITS.fileBytesPerAddressAndDay.value;
    servers[0].count(ADDRESS, bytes, 0).add(bytes);
    exchange();
    expect(() => servers[1].count(ADDRESS, 1, 0)).toThrow('rate_limited');
    servers[1].count('203.0.113.8', bytes, 0);
  });

  it('count an IPv6 network together', () => {
    const { servers, exchange } = twoRates();
    const address = (n: number) => `2001:db8:1:${n.toString(16)}::/64`;
    const most = SITE_LIMITS.wrongTokensPerAddressAndMinute.value;
    for (let host = 0; host < SITE_LIMITS.networkTimes.value; host++)
      for (let n = 0; n < most; n++) expect(servers[0].guess(address(host))).toBe(0);
    exchange();
    expect(servers[1].guess(address(99))).toBeGreaterThan(0);
    expect(servers[1].guess('2001:db8:2:1::/64')).toBe(0);
  });

  it('make a guesser wait on both, and forget the guesses of a person who signs in', () => {
    const { one, other, attempt, exchange, clock } = guessedOnOne();
    expect(attempt(other)).toBe(SITE_LIMITS.firstGuessWaitMs.value);
    clock.time += SITE_LIMITS.firstGuessWaitMs.value;
    expect(attempt(other)).toBe(0);
    other.succeeded(ADDRESS);
    exchange();
    expect(attempt(one)).toBe(0);
  });

  it('let each person in who signs in on either, at an address that has waited', () => {
    const { one, other, attempt, exchange, clock } = guessedOnOne();
    clock.time += SITE_LIMITS.firstGuessWaitMs.value;
    for (const throttle of [one, other, other, one]) {
      const at = new Date(clock.time);
      expect(attempt(throttle)).toBe(0);
      // The other servers count it before its outcome is known.
      exchange();
      clock.time += 1_000;
      throttle.takeBack(ADDRESS, at);
      exchange();
    }
    expect(attempt(one)).toBe(0);
    exchange();
    expect(attempt(other)).toBe(SITE_LIMITS.firstGuessWaitMs.value * 2);
  });

  it('keep the wait after a guess on one, while the other takes back an attempt', () => {
    const { one, other, attempt, exchange, clock } = guessedOnOne();
    clock.time += SITE_LIMITS.firstGuessWaitMs.value;
    const at = new Date(clock.time);
    expect([attempt(other), attempt(one)]).toEqual([0, 0]);
    exchange();
    other.takeBack(ADDRESS, at);
    exchange();
    clock.time += 1_000;
    for (const throttle of [one, other]) expect(attempt(throttle)).toBe(SITE_LIMITS.firstGuessWaitMs.value * 2 - 1_000);
  });

  it('share the attempts on one account, and those that were no guess', () => {
    const { servers, exchange, clock } = serversOf(2, (shared) => createBudget(4, 60_000, shared, 'account'));
    const [one, other] = servers;
    const consume = (budget: typeof one) => budget.consume('ana@example.com', new Date(clock.time));
    for (let n = 0; n < 4; n++) consume(one);
    exchange();
    expect(consume(other)).toBe(15_000);
    one.refund('ana@example.com');
    exchange();
    expect(consume(other)).toBe(0);
  });
});

it('exceed a limit by what they count between two exchanges, and by the part that each keeps to itself', () => {
  const { servers, exchange } = serversOf(4, (shared) => createRates(shared));
  const limit = SITE_LIMITS.requestsPerAddressAndMinute.value;
  const eachTime = 100;
  let accepted = 0;
  for (let second = 0; second < 50; second++) {
    for (const { address } of servers) for (let n = 0; n < eachTime; n++) accepted += Number(address(ADDRESS) === 0);
    exchange();
  }
  expect(accepted).toBeGreaterThanOrEqual(limit);
  expect(accepted).toBeLessThanOrEqual(limit + servers.length * (eachTime + limit / 50));
});

it('keep nobody waiting for longer than one server would', () => {
  const { servers, exchange, clock } = serversOf(4, (shared) => createBudget(4, 60_000, shared, 'account'));
  const consume = (at: number) => servers[at]!.consume('ana@example.com', new Date(clock.time));
  for (let at = 0; at < 4; at++) for (let n = 0; n < 4; n++) consume(at);
  exchange();
  expect(consume(0)).toBe(15_000);
  clock.time += 15_000;
  expect(consume(0)).toBe(0);
});

it('report nothing about clients that use less than a fiftieth of a limit', () => {
  const { servers, exchange } = twoRates();
  const most = SITE_LIMITS.requestsPerAddressAndMinute.value / 50;
  for (let n = 1; n < most; n++) servers[0].address(ADDRESS);
  expect(exchange()).toEqual([]);
  servers[0].address(ADDRESS);
  const [reported = ''] = exchange();
  expect(Object.values((JSON.parse(reported) as Record<string, object>)['address 1']!)).toEqual([most]);
});

it('report neither an address nor an email, and on another day another name', () => {
  const { servers, exchange, clock } = twoRates();
  const reported = () => {
    for (let n = 0; n < 120; n++) servers[0].wrongApiKeys.consume(ADDRESS, 1);
    return exchange().join();
  };
  const first = reported();
  expect(first).not.toContain(ADDRESS);
  clock.time += 86_400_000;
  exchange();
  const next = reported();
  expect(next).not.toBe(first);
  expect(Object.keys(JSON.parse(next) as object)).toEqual(['wrong API keys 1']);
});

it('leave out what no longer counts when they could not exchange for a while', () => {
  const { servers, exchange, clock } = twoRates();
  for (let n = 0; n < 60; n++) servers[0].guess(ADDRESS);
  servers[0].answerBytes.consume(ADDRESS, SITE_LIMITS.answerBytesPerAddressAndDay.value);
  clock.time += 120_000;
  expect(exchange().map((text) => Object.keys(JSON.parse(text) as object))).toEqual([['answer bytes 1']]);
});

it('ignore counts that they can’t read, and counters that they don’t have', () => {
  const { add } = createCountExchange(SECRET, () => new Date(AT));
  add('{');
  add('{"of a later version":{"name":1}}');
});
