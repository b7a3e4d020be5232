/** How every call to Smile is made: within a budget, spaced, again where that is safe, page by page. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { createBreaker } from './breaker.ts';
import { SmileError } from './error.ts';
import {
  baseAddress,
  basicAuthorization,
  sendRequest,
  type Connection,
  type SmileExchange,
  type SmileRequest,
} from './http.ts';
import { createLimiter } from './limiter.ts';
import { withRetries } from './retry.ts';
import { isId } from './shapes.ts';

/** Smile allows 20 requests a second; `REQUESTS_PER_SECOND + BURST` stays at that even across a second's edge. */
const REQUESTS_PER_SECOND = 15;
const BURST = 5;
/** Smile counts requests by the second. */
const RATE_LIMIT_REST_MS = 1000;
const OUTAGES = 5;
const OPEN_MS = 15_000;
/** The largest page Smile serves. */
const PAGE_SIZE = 150;
const MAX_PAGES = 200;

export interface SmileClientOptions {
  /** `OPEN_API_HOST`, with or without `/v1`, with any base path. */
  host: string;
  apiKey: string;
  apiSecret: string;
  /** For one request, in ms; 8000 by default. */
  timeoutMs?: number;
  /** For a whole call with its retries and waits, in ms; 12000 by default. */
  budgetMs?: number;
  /** Hears of every request once it is over. A documented field that is missing is told only the first time. */
  log?: (exchange: SmileExchange) => void;
  fetch?: typeof fetch;
  sleep?: (ms: number) => Promise<unknown>;
  random?: () => number;
  /** A clock in ms that never goes back. */
  now?: () => number;
}

/** What a query may be told; what is undefined is left out. A list is written with commas. */
export type Query = Record<string, string | number | boolean | string[] | undefined>;

interface CallOptions {
  /** Whether doing it twice does no harm. By default: everything but POST. */
  repeatable?: boolean;
  /** The moment at which it must be over. */
  deadline?: number;
  /** For files: how much longer one request, and so the whole call, may take, in ms. */
  extraMs?: number;
}

/** Every call ends within its budget, in the value told or in a thrown `SmileError`. */
export interface SmileTransport {
  /** The answer's data. */
  ask<T>(request: SmileRequest, shape: z.ZodType<T>, manner?: CallOptions): Promise<T>;
  /** For calls of which success is all there is to know. */
  send(request: SmileRequest, manner?: CallOptions): Promise<void>;
  /** What has this id, or undefined if Smile has none. */
  find<T>(path: string, id: string, shape: z.ZodType<T>): Promise<T | undefined>;
  /** Every item on all pages, in Smile's order; with `limit`, the first ones. It is the whole list or an error. */
  list<T>(path: string, item: z.ZodType<T>, query?: Query & { limit?: number }, id?: string): Promise<T[]>;
  /** Deletes it. What Smile does not know is done already. */
  remove(path: string, id: string): Promise<void>;
}

export function createTransport(options: SmileClientOptions): SmileTransport {
  const { timeoutMs = 8000, budgetMs = 12_000, sleep = wait, random = Math.random } = options;
  const { now = () => performance.now() } = options;
  const connection: Connection = {
    base: baseAddress(options.host),
    authorization: basicAuthorization(options.apiKey, options.apiSecret),
    fetch: options.fetch ?? fetch,
    log: firstMissedOnly(options.log ?? (() => {})),
  };
  const limiter = createLimiter(REQUESTS_PER_SECOND, BURST, now);
  const breaker = createBreaker(OUTAGES, OPEN_MS, now);

  function call<T = undefined>(request: SmileRequest, shape?: z.ZodType<T>, manner: CallOptions = {}): Promise<T> {
    const { repeatable = request.method !== 'POST', extraMs = 0 } = manner;
    const { deadline = now() + budgetMs + extraMs } = manner;
    return breaker(() =>
      withRetries({ repeatable, deadline, now, sleep, random }, async () => {
        const turn = limiter.reserve(deadline - now());
        if (turn === undefined) throw new SmileError('rate_limited', 'Too many requests to Smile are waiting');
        if (turn > 0) await sleep(turn);
        try {
          return await sendRequest(connection, request, Math.min(timeoutMs + extraMs, deadline - now()), shape);
        } catch (error) {
          if (error instanceof SmileError && error.status === 429) limiter.rest(RATE_LIMIT_REST_MS);
          throw error;
        }
      }),
    );
  }

  return {
    ask: call,
    send: (request, manner) => call(request, undefined, manner),

    async find(path, id, shape) {
      if (!isId(id)) return undefined;
      return call({ method: 'GET', path, id }, shape).catch(missing);
    },

    async list<T>(
      path: string,
      item: z.ZodType<T>,
      { limit = Infinity, ...query }: Query & { limit?: number } = {},
      id?: string,
    ) {
      if (id !== undefined && !isId(id)) return [];
      const shape = z.object({ items: z.array(item), nextCursor: z.string().nullish() });
      const deadline = now() + budgetMs;
      const size = Math.max(1, Math.min(PAGE_SIZE, limit));
      const items: T[] = [];
      const seen = new Set<string>();
      let cursor: string | undefined;
      do {
        const request = { method: 'GET', path, id, query: texts({ ...query, size, cursor }) } as const;
        const page = await call(request, shape, { deadline });
        items.push(...page.items);
        cursor = page.nextCursor || undefined;
        if (cursor && (seen.has(cursor) || seen.size === MAX_PAGES)) {
          throw new SmileError(
            'unexpected_answer',
            `GET ${path}: the pages ${seen.has(cursor) ? 'go in a circle' : 'do not end'}`,
          );
        }
        if (cursor) seen.add(cursor);
      } while (cursor && items.length < limit);
      return items.slice(0, limit);
    },

    async remove(path, id) {
      if (isId(id)) await call({ method: 'DELETE', path, id }).catch(missing);
    },
  };
}

function texts(query: Query): Record<string, string> {
  const told = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(told.map(([name, value]) => [name, String(value)]));
}

function missing(error: unknown): undefined {
  if (error instanceof SmileError && error.status === 404) return undefined;
  throw error;
}

function firstMissedOnly(log: (exchange: SmileExchange) => void): (exchange: SmileExchange) => void {
  const told = new Set<string>();
  return (exchange) => {
    const missed = exchange.missed.filter((field) => !told.has(field));
    for (const field of missed) told.add(field);
    log({ ...exchange, missed });
  };
}
