/**
 * What every submission asks for, answered on node:http itself: the objects of the web that a router is written against
 * cost more than all the rest of such a request. What is unusual in any way is left to the routes that know everything.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { headerOf } from '../publish/raw-headers.ts';
import { SMALL_BODY_MS, TooSlow } from '../site-limits/slow-bodies.ts';
import type { Desk } from '../respond/desk.ts';
import { STATUS, type Outcome } from '../respond/refusal.ts';
import { opens } from '../respond/token.ts';
import { refusalOf, tellRefusal } from './errors.ts';
import { limitOwn, refuseFor, type Asked as Limited, type Rates } from './rates.ts';
import { bearerOf, LIMITS, type Asked } from './requests.ts';
import { askToRecord, askToSave, askToStart, askToSubmit } from './respondents.ts';

interface Route {
  method: string;
  run(desk: Desk, c: Asked, rates: Rates | undefined, address: string): Promise<Outcome<object>>;
  status: number;
}

/** Largest body, in bytes. For larger ones there is a room, which the routes know. */
const MOST = LIMITS.json;

const START: Route = { method: 'POST', run: askToStart, status: 201 };

const OF_SUBMISSIONS: Partial<Record<string, Route & { limited: Limited }>> = {
  answers: { method: 'PUT', run: askToSave, status: 200, limited: 'answers' },
  events: { method: 'POST', run: askToRecord, status: 200, limited: 'events' },
  submit: { method: 'POST', run: askToSubmit, status: 200, limited: 'submit' },
};

const START_PATH = /^\/api\/forms\/([a-z0-9-]+)\/submissions$/;
const SUBMISSION_PATH = /^\/api\/submissions\/([0-9a-f-]{36})\/(answers|events|submit)$/;

const PLAIN_HOST = /^([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?$/i;

export interface DirectParts {
  desk: Desk;
  rates: Rates | undefined;
  remoteAddress(request: IncomingMessage): string;
  logError(error: unknown, about: { method: string; path: string }): void;
}

/** Answers the request, or says that it is none of its own. */
export type Direct = (request: IncomingMessage, response: ServerResponse) => boolean;

export function createDirect({ desk, rates, remoteAddress, logError }: DirectParts): Direct {
  async function answer(
    request: IncomingMessage,
    { run, status }: Route,
    params: Record<string, string>,
    what?: Limited,
  ) {
    const c = askedOf(request, params);
    const id = params['id'] ?? '';
    const address = rates ? remoteAddress(request) : '';
    if (rates && !what) refuseFor(await rates.begin(address), 'address');
    if (rates && what) await limitOwn(rates, { what, id, own: opens(desk.keys, id, bearerOf(c)), address });
    const outcome = await run(desk, c, rates, address);
    return outcome.ok ? { status, body: outcome.body, retryAfter: undefined } : tellRefusal(outcome.refusal);
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
        const { refusal, log } = refusalOf(error);
        if (log) logError(error, { method: request.method ?? '', path: request.url ?? '' });
        return tellRefusal(refusal);
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
        if (status === STATUS.too_slow) headers.push('connection', 'close');
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

const askedOf = (request: IncomingMessage, params: Record<string, string>): Asked => ({
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
