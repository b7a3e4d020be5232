/** Guesses of passwords from the addresses of one IPv6 network. */
import { expect, it } from 'vitest';
import { createThrottle, guesserAt } from '../../src/members/throttle.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { later } from '../helpers/database.ts';

const FREE = SITE_LIMITS.guessesBeforeWait.value * SITE_LIMITS.networkTimes.value;
const from = (host: number, network = 1) => guesserAt('sign-in', `2001:db8:${network}:${host.toString(16)}::/64`);

it('the addresses of an IPv6 network share a number of guesses, which come back one by one', () => {
  const throttle = createThrottle();
  for (let host = 0; host < FREE; host++) expect(throttle.attempt(from(host), later(0))).toBe(0);
  const wait = throttle.attempt(from(FREE), later(0));
  expect(wait).toBe(SITE_LIMITS.longestGuessWaitMs.value / FREE);
  expect(throttle.attempt(from(FREE), later(wait / 1_000))).toBe(0);
  expect(throttle.attempt(from(0, 2), later(0))).toBe(0);
});

it('right passwords and attempts that were none take nothing from the network', () => {
  const throttle = createThrottle();
  for (let host = 0; host < FREE * 2; host++) {
    expect(throttle.attempt(from(host), later(0))).toBe(0);
    if (host % 2) throttle.succeeded(from(host));
    else throttle.takeBack(from(host), later(0));
  }
});

it('an address that waits uses up nothing of its network', () => {
  const throttle = createThrottle();
  for (let n = 0; n < FREE * 2; n++) throttle.attempt(from(0), later(0));
  expect(throttle.attempt(from(1), later(0))).toBe(0);
});
