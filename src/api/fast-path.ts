/**
 * Answers the endpoints that every submission calls on node:http itself. Hono's Request and Response cost more than the
 * handlers. A request that is unusual in any way goes to the routes.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { headerOf } from '../publish/rendering/raw-headers.ts';
import { ERROR_CODES } from '../respond/errors/error-codes.ts';
import { currentGoOn } from '../site-limits/counting/current-client.ts';
import { addPiece, inTooManyPieces, joinPieces } from '../site-limits/counting/pieces.ts';
import { SMALL_BODY_MS, TooManyPieces, TooSlow } from '../site-limits/counting/slow-bodies.ts';
import { SMALL_BODY_BYTES, type RequestContext } from './body.ts';
import { fastPathKey, runEndpoint, successBody, type Endpoint, type EndpointOptions } from './endpoints/endpoint.ts';
import { ENDPOINTS } from './endpoints/endpoints.ts';
import { API_HEADERS, errorBody, explainError, type LogError } from './errors.ts';

export interface FastPathOptions extends EndpointOptions {
  remoteAddress(request: IncomingMessage): string;
  logError: LogError;
}

/** Answers the request, or returns false and leaves it to the routes. */
export type FastPath = (request: IncomingMessage, response: ServerResponse) => boolean;

interface FastRoute {
  endpoint: Endpoint;
  pattern: RegExp;
  /** The one parameter of the path. */
  param: string;
}

/** By `fastPathKey`. */
const routesOf = (endpoints: readonly Endpoint[]): Partial<Record<string, FastRoute>> =>
  Object.fromEntries(
    endpoints
      .filter(({ fastPath }) => fastPath)
      .map((endpoint) => {
        const [head = '', param = '', tail = ''] = endpoint.path.split(/:(\w+)/);
        const pattern = new RegExp(`^${head}([a-z0-9-]+)${tail}$`);
        return [fastPathKey(endpoint.method, endpoint.path), { endpoint, pattern, param }];
      }),
  );

const PLAIN_HOST = /^([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?$/i;

/** @param endpoints the endpoints of the API. Others are for tests */
export function createFastPath(
  { remoteAddress, logError, ...options }: FastPathOptions,
  endpoints: readonly Endpoint[] = ENDPOINTS,
): FastPath {
  const routes = routesOf(endpoints);

  async function answer(request: IncomingMessage, endpoint: Endpoint, c: RequestContext) {
    const outcome = await runEndpoint(endpoint, options, c, () => remoteAddress(request));
    if (outcome instanceof Response)
      throw new Error(`${endpoint.path} is on the fast path, and its answer is no JSON.`);
    return outcome.ok ? successBody(endpoint, outcome) : errorBody(outcome.error);
  }

  function respond(request: IncomingMessage, response: ServerResponse, endpoint: Endpoint, c: RequestContext) {
    const explain = (error: unknown) => {
      const { method = '', url: path = '' } = request;
      return explainError(error, { method, path, sentId: headerOf(request, 'x-request-id') }, logError);
    };
    answer(request, endpoint, c)
      .catch((error: unknown) => errorBody(explain(error)))
      .then(({ status, body, headers: more }) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const headers = [...RAW_API_HEADERS, ...Object.entries(more).flat()];
        if (text !== undefined)
          headers.push('content-type', 'application/json', 'content-length', String(Buffer.byteLength(text)));
        if (status === ERROR_CODES.too_slow.status) headers.push('connection', 'close');
        response.writeHead(status, headers).end(text);
      })
      .catch(explain);
    return true;
  }

  return (request, response) => {
    const { method, url = '' } = request;
    if ((method !== 'POST' && method !== 'PUT') || !url.startsWith('/api/')) return false;
    const route = routes[fastPathKey(method, url)];
    const value = route?.pattern.exec(url)?.[1];
    if (!route || !value) return false;
    if (!PLAIN_HOST.test(headerOf(request, 'host') ?? '')) return false;
    const length = Number(headerOf(request, 'content-length') ?? NaN);
    if (!(length <= SMALL_BODY_BYTES)) return false;
    return respond(request, response, route.endpoint, contextOf(request, route.param, value));
  };
}

const RAW_API_HEADERS = Object.entries(API_HEADERS).flat();

const contextOf = (request: IncomingMessage, param: string, value: string): RequestContext => ({
  req: {
    method: request.method ?? '',
    param: (name) => (name === param ? value : undefined),
    query: () => undefined,
    header: (name) => headerOf(request, name),
    raw: { body: null, readAll: () => readAll(request) },
  },
});

/**
 * The whole body, whose length is known and small. It is read when a handler asks for it. Where a check fails before that,
 * nothing is stored, and Node discards the body after the answer.
 */
function readAll(request: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error('The request was cut off.'));
    // A request that has ended emits no more events.
    if (request.destroyed) return abort();
    const chunks: Uint8Array[] = [];
    let pieces = 0;
    let bytes = 0;
    const goOn = currentGoOn();
    const timer = setTimeout(() => reject(new TooSlow()), SMALL_BODY_MS);
    request.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length;
      addPiece(chunks, chunk);
      // The server drops the pieces after this one, so there is no end to wait for.
      if (inTooManyPieces(++pieces, bytes)) reject(new TooManyPieces());
    });
    request.on('end', () => goOn(() => resolve(joinPieces(chunks))));
    request.on('error', abort);
    // Every request emits `close`. An error is only made where it is needed, because it takes longer than to read a body.
    request.on('close', () => {
      clearTimeout(timer);
      if (!request.complete) abort();
    });
  });
}
