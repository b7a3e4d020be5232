/** The one way to bound things that happen at the same time, such as open connections and running uploads. */
import type { ClientCounter } from './client-keys.ts';

export interface ConcurrencyCounter {
  isFull(key: string): boolean;
  add(key: string, change: 1 | -1): void;
}

/** Counts by key. @param max the count at which a key is full */
export function createConcurrencyCounter(max: number): ConcurrencyCounter {
  const counts = new Map<string, number>();
  return {
    isFull: (key) => (counts.get(key) ?? 0) >= max,
    add(key, change) {
      const count = (counts.get(key) ?? 0) + change;
      if (count > 0) counts.set(key, count);
      else counts.delete(key);
    },
  };
}

/**
 * Counts one more thing on all these counters, unless one of them is full.
 * @returns a function to call once when the thing has ended, or undefined if a counter is full
 */
export function acquire(counters: readonly ClientCounter<ConcurrencyCounter>[]): (() => void) | undefined {
  if (counters.some(({ key, counter }) => counter.isFull(key))) return undefined;
  const addToAll = (change: 1 | -1) => counters.forEach(({ key, counter }) => counter.add(key, change));
  addToAll(1);
  return () => addToAll(-1);
}
