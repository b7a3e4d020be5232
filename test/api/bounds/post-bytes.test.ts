/** The bytes of a form that a browser posts without JavaScript, as the quota of its address counts them. */
import { expect, it } from 'vitest';
import { storedBytesOf } from '../../../src/api/html/native.ts';

it('include the names of the screens, which are stored with each post', () => {
  const screens = Array.from({ length: 200 }, (_, n) => ({ id: `${n}`.padEnd(60, 'x') }));
  const post = { entries: [['a', '1']] as [string, string][], query: {} };
  expect(storedBytesOf({ screens }, post)).toBeGreaterThan(200 * 60);
  expect(storedBytesOf({ screens: [] }, post)).toBeLessThan(50);
});
