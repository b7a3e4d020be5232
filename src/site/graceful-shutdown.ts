/** How the server stops: what is under way is answered, everyone else goes elsewhere, and all of it ends in time. */
import type { Server, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** How long requests that are under way may take to end. */
const REQUESTS_MS = 10_000;
const LOOK_MS = 50;

export interface GracefulShutdown {
  /** Whether it has begun. */
  begun(): boolean;
  /**
   * Answers everything for `drainMs` longer, each answer the last one on its connection; then listens no more, and lets
   * what is under way end, for up to ten seconds.
   */
  stop(drainMs: number): Promise<void>;
}

/** Minds the requests of `server` from now on; to be called before anything else answers them. */
export function gracefulShutdown(server: Server): GracefulShutdown {
  const underWay = new Set<ServerResponse>();
  let begun = false;
  server.on('request', (_request, response) => {
    if (begun) endAfter(response);
    underWay.add(response);
    response.on('close', () => underWay.delete(response));
  });
  return {
    begun: () => begun,
    async stop(drainMs) {
      begun = true;
      for (const response of underWay) if (!response.headersSent) endAfter(response);
      if (drainMs > 0) await wait(drainMs);
      const ended = new Promise((done) => server.close(done));
      // A connection whose last answer was begun too early to say that it ends there is idle after it.
      const looking = setInterval(() => server.closeIdleConnections(), LOOK_MS);
      await Promise.race([ended, wait(REQUESTS_MS, undefined, { ref: false })]);
      clearInterval(looking);
      server.closeAllConnections();
    },
  };
}

const endAfter = (response: ServerResponse) => response.setHeader('connection', 'close');
