/** Single tests that `npm test` leaves out: each costs seconds of a processor, and others of its file show most of it. */
import { it } from 'vitest';
import { LONG } from './long.ts';

/** Adds a test to `npm run test:long` only. */
export const itLong: (name: string, run: () => unknown) => void = LONG ? it : () => {};
