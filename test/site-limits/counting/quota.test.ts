import { expect, it } from 'vitest';
import { createQuota } from '../../../src/site-limits/counting/quota.ts';

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
