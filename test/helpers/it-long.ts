/** Single tests that `npm test` leaves out. Each takes seconds of a processor, and other tests of its file show most of the same. */
import { it } from 'vitest';
import { LONG } from './long.ts';

interface AddTest {
  (name: string, run: () => unknown): void;
  (name: string, options: { timeout: number }, run: () => unknown): void;
}

/** Adds a test to `npm run test:long` only. */
export const itLong: AddTest = LONG ? it : () => {};
