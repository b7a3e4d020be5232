/** Calls Smile: within a time budget and a rate, with safe retries, page by page. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { SMILE_LIMITS } from '../site-limits/smile-limits.ts';
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
import { currentClient, isLook } from '../site-limits/counting/current-client.ts';
import { createLimiter, type CallKind } from './limiter.ts';
import { boundedList } from './reading.ts';
import { withRetries } from './retry.ts';
import { isId } from './shapes.ts';

/** Smile allows 20 requests a second. `REQUESTS_PER_SECOND + BURST` stays within that across a second's edge. */
const REQUESTS_PER_SECOND = 15;
const BURST = 5;
/** Smile counts requests by the second. */
const RATE_LIMIT_PAUSE_MS = 1000;
const MAX_OUTAGES = 5;
const OPEN_MS = 15_000;
/** The largest page of Smile. */
const PAGE_SIZE = 150;
const { smileListBytes, smileListMs, smilePages } = SMILE_LIMITS;

export interface SmileClientOptions {
  /** `OPEN_API_HOST`, with or without `/v1` and a base path. */
  host: string;
  apiKey: string;
  apiSecret: string;
  /** For one request; 8000 by default. */
  timeoutMs?: number;
  /** For a call with its retries and waits, or for all pages of a list that a person waits for; 12000 by default. */
  budgetMs?: number;
  /** Called after every request. A missing documented field is reported only once. */
  log?: (exchange: SmileExchange) => void;
  /** Called when the client stops calling Smile because it failed several times, and when Smile is back. */
  onBreaker?: (open: boolean) => void;
  fetch?: typeof fetch;
  sleep?: (ms: number) => Promise<unknown>;
  random?: () => number;
  /** A monotonic clock in ms. */
  now?: () => number;
}

/** Parameters of a query. Undefined ones are left out, and lists are joined with commas. */
export type Query = Record<string, string | number | boolean | string[] | undefined>;

interface CallOptions {
  /** Whether a repeated call is harmless. By default: everything but POST. */
  repeatable?: boolean;
  /** When the call must end, by `now`. */
  deadline?: number;
  /** Extra time for one request, and so for the call, in ms: for files. */
  extraMs?: number;
}

/** Every call returns or throws a `SmileError` within its budget. A list of a job has a longer one. */
export interface SmileTransport {
  /** @returns the data of the response */
  fetchData<T>(request: SmileRequest, shape: z.ZodType<T>, options?: CallOptions): Promise<T>;
  /** For calls without data in the response. */
  send(request: SmileRequest, options?: CallOptions): Promise<void>;
  /** The object with this id; undefined if Smile has none. */
  find<T>(path: string, id: string, shape: z.ZodType<T>): Promise<T | undefined>;
  /** All items of all pages, in Smile's order, or the first `limit`. Throws if the list would be incomplete. */
  list<T>(path: string, item: z.ZodType<T>, query?: Query & { limit?: number }, id?: string): Promise<T[]>;
  /** Deletes the object. If Smile does not know it, that is success. */
  remove(path: string, id: string): Promise<void>;
}

export function createTransport(options: SmileClientOptions): SmileTransport {
  const { timeoutMs = 8000, budgetMs = 12_000, sleep = wait, random = Math.random } = options;
  const { now = () => performance.now() } = options;
  const connection: Connection = {
    base: baseAddress(options.host),
    authorization: basicAuthorization(options.apiKey, options.apiSecret),
    fetch: options.fetch ?? fetch,
    log: logMissingOnce(options.log ?? (() => {})),
  };
  const limiter = createLimiter(REQUESTS_PER_SECOND, BURST, { now, sleep });
  const breaker = createBreaker(MAX_OUTAGES, OPEN_MS, now, options.onBreaker);

  function call<T = undefined>(request: SmileRequest, shape?: z.ZodType<T>, options: CallOptions = {}): Promise<T> {
    const { repeatable = request.method !== 'POST', extraMs = 0 } = options;
    const { deadline = now() + budgetMs + extraMs } = options;
    return breaker(() =>
      withRetries({ repeatable, deadline, now, sleep, random }, async () => {
        // At least half of the time that is left is for the answer. A request with hardly any would fail though Smile is up.
        const hasSlot = await limiter.takeSlot(kindOfCall(), currentClient(), (deadline - now()) / 2);
        if (!hasSlot) throw new SmileError('rate_limited', 'Too many requests to Smile are waiting');
        try {
          return await sendRequest(connection, request, Math.min(timeoutMs + extraMs, deadline - now()), shape);
        } catch (error) {
          if (error instanceof SmileError && error.status === 429) limiter.pauseFor(RATE_LIMIT_PAUSE_MS);
          throw error;
        }
      }),
    );
  }

  return {
    fetchData: call,
    send: (request, options) => call(request, undefined, options),

    async find(path, id, shape) {
      if (!isId(id)) return undefined;
      return call({ method: 'GET', path, id, mayBeMissing: true }, shape).catch(undefinedIfMissing);
    },

    async list<T>(
      path: string,
      item: z.ZodType<T>,
      { limit = Infinity, ...query }: Query & { limit?: number } = {},
      id?: string,
    ) {
      if (id !== undefined && !isId(id)) return [];
      const shape = z.object({ items: boundedList(item), nextCursor: z.string().nullish() });
      const deadline = now() + (kindOfCall() === 'job' ? smileListMs.value : budgetMs);
      const room = { bytes: smileListBytes.value };
      const size = Math.max(1, Math.min(PAGE_SIZE, limit));
      const items: T[] = [];
      const seen = new Set<string>();
      let cursor: string | undefined;
      do {
        if (now() >= deadline) throw new SmileError('timeout', `GET ${path}: the pages together take too long`);
        const request = { method: 'GET', path, id, query: toParams({ ...query, size, cursor }), room } as const;
        const page = await call(request, shape, { deadline: Math.min(deadline, now() + budgetMs) });
        items.push(...page.items);
        cursor = page.nextCursor || undefined;
        if (
          cursor &&
          (seen.has(cursor) || seen.size === smilePages.value || items.length > smilePages.value * PAGE_SIZE)
        ) {
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
      if (isId(id)) await call({ method: 'DELETE', path, id, mayBeMissing: true }).catch(undefinedIfMissing);
    },
  };
}

const kindOfCall = (): CallKind => (isLook() ? 'look' : currentClient() ? 'person' : 'job');

function toParams(query: Query): Record<string, string> {
  const defined = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined.map(([name, value]) => [name, String(value)]));
}

/** Without a code of Smile, the 404 is of another server, and tells nothing of the data at Smile. */
function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof SmileError && error.status === 404 && error.code !== undefined) return undefined;
  throw error;
}

function logMissingOnce(log: (exchange: SmileExchange) => void): (exchange: SmileExchange) => void {
  const reported = new Set<string>();
  return (exchange) => {
    const missed = exchange.missing.filter((field) => !reported.has(field));
    for (const field of missed) reported.add(field);
    log({ ...exchange, missing: missed });
  };
}
