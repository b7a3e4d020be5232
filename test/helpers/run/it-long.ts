/** Tests that `npm test` leaves out. They take seconds of a processor, and other tests of their file show most of the same. */
import { describe, it } from 'vitest';
import { LONG } from './long.ts';

interface AddTest {
  (name: string, run: () => unknown): void;
  (name: string, options: { timeout: number }, run: () => unknown): void;
}

/** Whether this is `npm run test:postgres`, as `vitest.config.ts` says. */
const ALL_ON_POSTGRES = process.env['FLIPSITE_TEST_ALL'] === 'yes';

const isRun = LONG || ALL_ON_POSTGRES;

/** Adds a test to `npm run test:long` and `npm run test:postgres` only. */
export const itLong: AddTest = isRun ? it : () => {};

/** Adds all tests of a `describe` to these two only. */
export const describeLong: (name: string, tests: () => void) => void = isRun ? describe : () => {};
