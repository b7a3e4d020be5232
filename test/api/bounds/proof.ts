/** A client that does the proof of work, in the format of ALTCHA's version 1. */
import { hash } from 'node:crypto';
import type { Challenge } from '../../../src/contract/api.ts';

/**
 * Searches as a browser does, in a fiftieth of the processor time: without a promise for each number.
 * @returns the `proof` of a start
 */
export function solve({ algorithm, challenge, salt, signature, maxnumber = 1_000_000 }: Challenge): string {
  let number = 0;
  while (hash('sha256', `${salt}${number}`) !== challenge) {
    if (number === maxnumber) throw new Error('No number solves the challenge.');
    number += 1;
  }
  return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
}
