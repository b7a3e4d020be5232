/** Answers few requests in each turn of the event loop, so that a flood of them does not keep everything else waiting. */
import type { IncomingMessage, RequestListener } from 'node:http';
import { createClientQueue } from '../site-limits/counting/client-queue.ts';
import { answerAs } from '../site-limits/counting/current-client.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

const PER_TURN = SITE_LIMITS.requestsPerTurn.value;
const TURN_MS = SITE_LIMITS.turnMs.value;

/**
 * Node reads from 1,024 connections, and begins again at once if all of them had something to read, up to 48 times. Only then
 * come the timers and the writes to the database. Requests that were read here and have no answer yet bring no further ones,
 * so that Node goes on.
 * @param answer is called for each request: at once, or in a later turn if there are many in this one
 * @param clientOf the client of a request. Clients have their turns one after another, so that one with many requests delays
 *   the others only by few
 */
export function answerInTurns(
  answer: RequestListener,
  clientOf: (request: IncomingMessage) => string,
): RequestListener {
  const waiting = createClientQueue<() => void>();
  /** How many requests were answered in this turn, and the time of the first one that had waited. */
  let answered = 0;
  let began = 0;
  let turn = 0;

  function answerNext(): void {
    if (answered > 0 && performance.now() - began >= TURN_MS) return;
    const run = waiting.next();
    if (!run) return;
    if (answered === 0) began = performance.now();
    answered += 1;
    run();
  }

  function endTurn(): void {
    answered = 0;
    turn += 1;
    // One immediate for each, so that the promises of one request go on before the next one.
    for (let next = 0; next < Math.min(waiting.size(), PER_TURN); next++) setImmediate(answerNext);
    if (waiting.size() > 0) setImmediate(endTurn);
  }

  function inTurn(client: string, run: () => void): void {
    if (waiting.size() > 0 || answered === PER_TURN) return void waiting.add(client, run);
    if (answered === 0) setImmediate(endTurn);
    answered += 1;
    run();
  }

  return (request, response) => {
    const client = clientOf(request);
    inTurn(client, () => {
      const begun = turn;
      const goOn = (run: () => void) => (turn === begun ? run() : inTurn(client, run));
      answerAs(client, () => answer(request, response), goOn);
    });
  };
}
