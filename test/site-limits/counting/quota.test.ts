import { expect, it } from 'vitest';
import { createRates } from '../../../src/api/bounds/rates.ts';
import { createQuota } from '../../../src/site-limits/counting/quota.ts';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';

const ANA = '203.0.113.7';

it('returns a reserved amount to the window in which it was reserved', () => {
  const quota = createQuota(10, { windowMs: 1_000, now: () => 5 });
  expect(quota.consume(ANA, 8)).toBe(0);
  quota.refund(ANA, 6, 5);
  expect(quota.wait(ANA, 8)).toBe(0);
  expect(quota.wait(ANA, 9)).toBe(1_000);
});

it('gives no more in a window for what was reserved in the one before', () => {
  let now = 0;
  const quota = createQuota(10, { windowMs: 1_000, now: () => now });
  expect(quota.consume(ANA, 8)).toBe(0);
  now = 1_500;
  expect(quota.consume(ANA, 10)).toBe(0);
  quota.refund(ANA, 8, 0);
  expect(quota.wait(ANA)).toBe(1_000);
});

/** Addresses of one IPv6 network, more than a limit counts. Anyone can have such a network. */
const NETWORK = Array.from(
  { length: SITE_LIMITS.addressesRemembered.value + 1 },
  (_, n) => `2001:db8:9:${n.toString(16)}::/64`,
);

it('does not forget an address because of the many of one IPv6 network', () => {
  const quota = createQuota(10);
  expect(quota.consume(ANA, 10)).toBe(0);
  for (const address of NETWORK) {
    quota.consume(address, 1);
    quota.refund(address, 1);
  }
  expect(quota.wait(ANA)).toBeGreaterThan(0);
});

it('does not forget the requests of an address because of the many of one IPv6 network', () => {
  const { address } = createRates();
  for (let n = 0; n < SITE_LIMITS.requestsPerAddressAndMinute.value; n++) address(ANA);
  for (const other of NETWORK) address(other);
  expect(address(ANA)).toBeGreaterThan(0);
});

it('does not forget an address because of others that used nothing in the end', () => {
  const quota = createQuota(10);
  expect(quota.consume(ANA, 10)).toBe(0);
  for (let n = 0; n <= SITE_LIMITS.addressesRemembered.value; n++) {
    const other = `10.0.${n >> 8}.${n & 255}`;
    quota.consume(other, 1);
    quota.refund(other, 1);
  }
  expect(quota.wait(ANA)).toBeGreaterThan(0);
});
