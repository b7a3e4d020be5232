/**
 * What every submission asks for, answered on node:http itself: the objects of the web that a router is written against
 * cost more than all the rest of such a request. What is unusual in any way is left to the routes that know everything.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { headerOf } from '../publish/raw-headers.ts';
import { SMALL_BODY_MS, TooSlow } from '../site-limits/slow-bodies.ts';
import type { Services } from '../respond/services.ts';
import type { Result } from '../respond/api-error.ts';
import { ERROR_CODES } from '../respond/error-codes.ts';
import { verifySubmissionToken } from '../respond/token.ts';
import { toApiError, errorBody } from './errors.ts';
import { limitOwn, failIfWaiting, type LimitedAction as Limited, type Rates } from './rates.ts';
import { bearerOf, LIMITS, type RequestContext } from './body.ts';
import { handleEvents, handleSave, handleStart, handleSubmit } from './respondents.ts';

interface Route {
  method: string;
  run(services: Services, c: RequestContext, rates: Rates | undefined, address: string): Promise<Result<object>>;
  status: number;
}

/** Largest body, in bytes. For larger ones there is a room, which the routes know. */
const MOST = LIMITS.json;

const START: Route = { method: 'POST', run: handleStart, status: 201 };

const OF_SUBMISSIONS: Partial<Record<string, Route & { limited: Limited }>> = {
  answers: { method: 'PUT', run: handleSave, status: 200, limited: 'answers' },
  events: { method: 'POST', run: handleEvents, status: 200, limited: 'events' },
  submit: { method: 'POST', run: handleSubmit, status: 200, limited: 'submit' },
};

const START_PATH = /^\/api\/forms\/([a-z0-9-]+)\/submissions$/;
const SUBMISSION_PATH = /^\/api\/submissions\/([0-9a-f-]{36})\/(answers|events|submit)$/;

const PLAIN_HOST = /^([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?$/i;

export interface FastPathOptions {
  services: Services;
  rates: Rates | undefined;
  remoteAddress(request: IncomingMessage): string;
  logError(error: unknown, about: { method: string; path: string }): void;
}

/** Answers the request, or says that it is none of its own. */
export type FastPath = (request: IncomingMessage, response: ServerResponse) => boolean;

export function createFastPath({ services, rates, remoteAddress, logError }: FastPathOptions): FastPath {
  async function answer(
    request: IncomingMessage,
    { run, status }: Route,
    params: Record<string, string>,
    what?: Limited,
  ) {
    const c = askedOf(request, params);
    const id = params['id'] ?? '';
    const address = rates ? remoteAddress(request) : '';
    if (rates && !what) failIfWaiting(await rates.begin(address), 'address');
    if (rates && what)
      await limitOwn(rates, { what, id, own: verifySubmissionToken(services.keys, id, bearerOf(c)), address });
    const outcome = await run(services, c, rates, address);
    return outcome.ok ? { status, body: outcome.body, retryAfter: undefined } : errorBody(outcome.error);
  }

  function respond(
    request: IncomingMessage,
    response: ServerResponse,
    route: Route,
    params: Record<string, string>,
    what?: Limited,
  ) {
    answer(request, route, params, what)
      .catch((error: unknown) => {
        const { refusal, log } = toApiError(error);
        if (log) logError(error, { method: request.method ?? '', path: request.url ?? '' });
        return errorBody(refusal);
      })
      .then(({ status, body, retryAfter }) => {
        const text = JSON.stringify(body);
        const headers = [
          'content-type',
          'application/json',
          'content-length',
          String(Buffer.byteLength(text)),
          ...ALWAYS,
        ];
        if (retryAfter !== undefined) headers.push('retry-after', String(retryAfter));
        if (status === ERROR_CODES.too_slow.status) headers.push('connection', 'close');
        response.writeHead(status, headers).end(text);
      })
      .catch((error: unknown) => logError(error, { method: request.method ?? '', path: request.url ?? '' }));
    return true;
  }

  return (request, response) => {
    const { method, url = '' } = request;
    if ((method !== 'POST' && method !== 'PUT') || !url.startsWith('/api/')) return false;
    if (!PLAIN_HOST.test(headerOf(request, 'host') ?? '')) return false;
    const length = Number(headerOf(request, 'content-length') ?? NaN);
    const slug = START_PATH.exec(url)?.[1];
    if (slug) return method === 'POST' && length <= MOST && respond(request, response, START, { slug });
    const [, id = '', what = ''] = SUBMISSION_PATH.exec(url) ?? [];
    const route = OF_SUBMISSIONS[what];
    if (route?.method !== method || !(length <= MOST)) return false;
    return respond(request, response, route, { id }, route.limited);
  };
}

/** As the routes of `createApi` have it: any origin may ask, and nobody keeps what is answered. */
const ALWAYS = ['cache-control', 'no-store', 'x-content-type-options', 'nosniff', 'access-control-allow-origin', '*'];

const askedOf = (request: IncomingMessage, params: Record<string, string>): RequestContext => ({
  req: {
    method: request.method ?? '',
    param: (name) => params[name],
    header: (name) => headerOf(request, name),
    raw: { body: null, whole: () => wholeOf(request) },
  },
});

/**
 * The whole body in one piece; its length is known and small. It is read when it is asked for and no earlier: of whoever
 * is refused before that nothing is kept, and Node lets it go once they are answered.
 */
function wholeOf(request: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const cut = () => reject(new Error('The request was cut off.'));
    // Nothing more is told of one that has ended before anybody listened.
    if (request.destroyed) return cut();
    const chunks: Uint8Array[] = [];
    const timer = setTimeout(() => reject(new TooSlow()), SMALL_BODY_MS);
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', cut);
    // Every request closes in the end, and making an error takes longer than reading a body does.
    request.on('close', () => {
      clearTimeout(timer);
      if (!request.complete) cut();
    });
  });
}
