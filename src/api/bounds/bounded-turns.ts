/** Work that requests do in turns, with a bound on how many wait. */
import { widestKey } from '../../site-limits/counting/client-keys.ts';
import { acquire, createConcurrencyCounter } from '../../site-limits/counting/concurrency.ts';
import { createTurnsByKey } from '../../site-limits/counting/turns.ts';
import type { ApiError } from '../../respond/errors/api-error.ts';
import { ApiException } from '../errors.ts';

interface Bounds {
  /** How many run at once. */
  atOnce: number;
  /** The least time between two, in ms. */
  pauseMs?: number;
  /** The most that wait or run, for one address and for all. */
  perAddress: number;
  ofAll: number;
  refusal: ApiError;
}

/** Runs the work of a client in its turn. @throws ApiException with the refusal where too much waits */
export type BoundedTurns = <R>(address: string, work: () => Promise<R>) => Promise<R>;

export function createBoundedTurns({ atOnce, pauseMs, perAddress, ofAll, refusal }: Bounds): BoundedTurns {
  const inTurn = createTurnsByKey(atOnce, pauseMs);
  const [ofClient, all] = [createConcurrencyCounter(perAddress), createConcurrencyCounter(ofAll)];
  return async (address, work) => {
    const key = widestKey(address);
    const release = acquire([
      { key, counter: ofClient },
      { key: 'all', counter: all },
    ]);
    if (!release) throw new ApiException(refusal);
    return inTurn(key, work).finally(release);
  };
}
