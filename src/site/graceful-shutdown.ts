/** Stops the server within a bounded time: it finishes open requests and closes all connections. */
import type { Server, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Listening } from './listening.ts';

/** How long open requests may take to finish. */
const MAX_REQUESTS_MS = 10_000;
const IDLE_CHECK_MS = 50;

export interface GracefulShutdown {
  isStopping(): boolean;
  /**
   * Answers everything for `drainMs` more, each answer the last one on its connection. Then stops listening, and gives
   * open requests up to ten seconds to finish.
   */
  stop(drainMs: number): Promise<void>;
}

/** @param unanswered the requests of `server` that are open now */
export function gracefulShutdown(
  server: Server,
  listening: Listening,
  unanswered: () => Iterable<ServerResponse>,
): GracefulShutdown {
  let isStopping = false;
  return {
    isStopping: () => isStopping,
    async stop(drainMs) {
      isStopping = true;
      for (const response of unanswered()) if (!response.headersSent) closeAfter(response);
      // Before the listeners that answer. Until now, this has cost no request anything.
      server.prependListener('request', (_request, response) => closeAfter(response));
      if (drainMs > 0) await wait(drainMs);
      const ended = listening.stop();
      // A connection whose last answer began before the stop becomes idle without closing.
      const idleCheck = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
      await Promise.race([ended, wait(MAX_REQUESTS_MS, undefined, { ref: false })]);
      clearInterval(idleCheck);
      server.closeAllConnections();
    },
  };
}

const closeAfter = (response: ServerResponse) => response.setHeader('connection', 'close');
