/** Answers requests while the site starts, before it has opened the database. */
import type { RequestListener, Server } from 'node:http';
import { API_HEADERS, errorBody } from '../api/errors.ts';

export interface Starting {
  /** @param what the state as `/readyz` says it, such as `migrating: step 3 of 7` */
  setProgress(what: string): void;
  /** Stops answering, because the site answers from now on. */
  end(): void;
}

const PLAIN = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };

/** Seconds after which a browser asks again. */
const RETRY_S = 5;

/**
 * `/healthz` answers 200, so that nothing ends a server that updates the database. All others answer 503: the script of a
 * form keeps the answers of a person, and sends them again.
 */
export function answerWhileStarting(server: Server, version: string): Starting {
  let progress = 'starting';
  const listener: RequestListener = (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '/';
    if (path === '/healthz') return void response.writeHead(200, PLAIN).end(`Flipsite ${version}: ok\n`);
    if (path === '/readyz') return void response.writeHead(503, PLAIN).end(`not ready: ${progress}\n`);
    if (path.startsWith('/api/')) {
      const { status, body, headers } = errorBody({
        code: 'store_unavailable',
        message: STARTING,
        retryAfter: RETRY_S,
      });
      const all = { ...API_HEADERS, ...headers, 'content-type': 'application/json' };
      return void response.writeHead(status, all).end(JSON.stringify(body));
    }
    // Browsers follow `refresh` as a header too, so that this needs no page. After a post, it would show an empty form.
    const refresh = request.method === 'POST' ? {} : { refresh: String(RETRY_S) };
    response.writeHead(503, { ...PLAIN, 'retry-after': String(RETRY_S), ...refresh }).end(`${STARTING}\n`);
  };
  server.on('request', listener);
  return {
    setProgress: (what) => void (progress = what),
    end: () => void server.off('request', listener),
  };
}

const STARTING = 'This site is starting. Try again in a minute.';
