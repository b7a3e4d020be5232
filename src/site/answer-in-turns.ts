/** Answers few requests in each turn of the event loop, so that a flood of them does not keep everything else waiting. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

type Waiting = readonly [IncomingMessage, ServerResponse];

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
  /** The requests that wait, by client. The client whose turn it is comes first. */
  const clients = new Map<string, Waiting[]>();
  let waiting = 0;
  /** The requests that were answered in this turn, and the time of the first one that had waited. */
  let answered = 0;
  let began = 0;

  function wait(client: string, request: IncomingMessage, response: ServerResponse): void {
    waiting += 1;
    const own = clients.get(client);
    if (own) own.push([request, response]);
    else clients.set(client, [[request, response]]);
  }

  function answerNext(): void {
    if (answered > 0 && performance.now() - began >= TURN_MS) return;
    const [next] = clients;
    const [request, response] = next?.[1].shift() ?? [];
    if (!next || !request || !response) return;
    waiting -= 1;
    if (answered === 0) began = performance.now();
    answered += 1;
    const [client, own] = next;
    clients.delete(client);
    if (own.length) clients.set(client, own);
    answer(request, response);
  }

  function endTurn(): void {
    answered = 0;
    // One immediate for each, so that the promises of one request go on before the next one.
    for (let turn = 0; turn < Math.min(waiting, PER_TURN); turn++) setImmediate(answerNext);
    if (waiting > 0) setImmediate(endTurn);
  }

  return (request, response) => {
    if (waiting > 0 || answered === PER_TURN) return wait(clientOf(request), request, response);
    if (answered === 0) setImmediate(endTurn);
    answered += 1;
    answer(request, response);
  };
}
