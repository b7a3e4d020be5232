/** Bounds how many pages and files of Results a server computes at once, and how many of a member wait. */
import { acquire, createConcurrencyCounter } from '../../site-limits/counting/concurrency.ts';
import { createTurnsByKey } from '../../site-limits/counting/turns.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

/** Runs `compute` for a member in its turn. Undefined where too many of the member wait. */
export type ResultTurns = <R>(member: string, compute: () => Promise<R>) => Promise<R> | undefined;

export function createResultTurns(): ResultTurns {
  const inTurn = createTurnsByKey(SITE_LIMITS.resultsAtOnce.value);
  const counter = createConcurrencyCounter(SITE_LIMITS.resultsPerMember.value);
  return (member, compute) => {
    const release = acquire([{ key: member, counter }]);
    return release && inTurn(member, compute).finally(release);
  };
}
