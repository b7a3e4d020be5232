/** Single tests that `npm test` leaves out. Each takes seconds of a processor, and other tests of its file show most of the same. */
import { it } from 'vitest';
import { LONG } from './long.ts';

/** Adds a test to `npm run test:long` only. */
export const itLong: (name: string, run: () => unknown) => void = LONG ? it : () => {};
