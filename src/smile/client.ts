/** Smile's Open API, as far as forms need it. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { createBreaker } from './breaker.ts';
import { SmileError } from './error.ts';
import { baseAddress, basicAuthorization, send, type Connection, type SmileRequest } from './http.ts';
import { createLimiter } from './limiter.ts';
import { withRetries } from './retry.ts';
import {
  accountSchema,
  isId,
  linkTokenSchema,
  newUserSchema,
  pageOf,
  webhookSchema,
  type LinkToken,
  type SmileAccount,
  type SmileWebhook,
} from './shapes.ts';

/** Smile allows 20 requests a second; `REQUESTS_PER_SECOND + BURST` stays at that even across a second's edge. */
const REQUESTS_PER_SECOND = 15;
const BURST = 5;
const OUTAGES = 5;
const OPEN_MS = 15_000;
/** The largest page Smile serves. */
const PAGE_SIZE = '150';

export interface SmileClientOptions {
  /** `OPEN_API_HOST`, with or without `/v1`, with any base path. */
  host: string;
  apiKey: string;
  apiSecret: string;
  /** For one request, in ms; 8000 by default. */
  timeoutMs?: number;
  /** For a whole call with its retries and waits, in ms; 12000 by default. */
  budgetMs?: number;
  fetch?: typeof fetch;
  sleep?: (ms: number) => Promise<unknown>;
  random?: () => number;
  /** A clock in ms that never goes back. */
  now?: () => number;
}

/** Every call ends within its budget, in the value told or in a thrown `SmileError`. */
export interface SmileClient {
  /**
   * A new user with its first link token. `externalMetadata`: at most 5 pairs, ASCII, keys up to 50 and values up to
   * 500 characters, or Smile refuses. Never made twice blindly: a timeout leaves open whether a user was created.
   */
  createUser(externalMetadata?: Record<string, string>): Promise<{ userId: string; token: LinkToken }>;
  /** A fresh link token for a user; each launch of the widget needs its own. Unknown user: `refused`, status 404. */
  createToken(userId: string): Promise<LinkToken>;
  /** An account, or undefined if Smile has none by that id. */
  getAccount(accountId: string): Promise<SmileAccount | undefined>;
  /** All accounts of a user, in Smile's order. */
  listAccounts(userId: string): Promise<SmileAccount[]>;
  /** Revokes an account and deletes its data at Smile. One that Smile does not know is done already. */
  deleteAccount(accountId: string): Promise<void>;
  /** All items of a data point of one account, such as `incomes`, as Smile gives them. */
  listData(dataPoint: string, accountId: string): Promise<Record<string, unknown>[]>;
  /** Whether Smile is reading an account at this moment, so that more is to come. */
  isReading(accountId: string): Promise<boolean>;
  /** Has events sent to `url`, signed with `secret` (1 to 64 characters). Smile takes `https` addresses only. */
  createWebhook(webhook: { name: string; url: string; secret: string; eventTypes: string[] }): Promise<SmileWebhook>;
  listWebhooks(): Promise<SmileWebhook[]>;
  /** One that Smile does not know is gone already. */
  deleteWebhook(id: string): Promise<void>;
}

/** A client for one key pair. Its limiter and its breaker are its own: make one and share it. */
export function createSmileClient(options: SmileClientOptions): SmileClient {
  const { timeoutMs = 8000, budgetMs = 12_000, sleep = wait, random = Math.random } = options;
  const { now = () => performance.now() } = options;
  const connection: Connection = {
    base: baseAddress(options.host),
    authorization: basicAuthorization(options.apiKey, options.apiSecret),
    fetch: options.fetch ?? fetch,
  };
  const limiter = createLimiter(REQUESTS_PER_SECOND, BURST, now);
  const breaker = createBreaker(OUTAGES, OPEN_MS, now);
  const budget = () => now() + budgetMs;

  function ask<T = undefined>(
    request: SmileRequest,
    shape?: z.ZodType<T>,
    { repeatable = request.method === 'GET', deadline = budget() } = {},
  ): Promise<T> {
    return breaker(() =>
      withRetries({ repeatable, deadline, now, sleep, random }, async () => {
        const turn = limiter.reserve(deadline - now());
        if (turn === undefined) throw new SmileError('rate_limited', 'Too many requests to Smile are waiting already');
        if (turn > 0) await sleep(turn);
        return send(connection, request, Math.min(timeoutMs, deadline - now()), shape);
      }),
    );
  }

  async function list<T>(path: string, query: Record<string, string>, item: z.ZodType<T>): Promise<T[]> {
    const deadline = budget();
    const items: T[] = [];
    const seen = new Set<string>();
    let cursor: string | null | undefined;
    do {
      const paging: Record<string, string> = cursor ? { size: PAGE_SIZE, cursor } : { size: PAGE_SIZE };
      const page = await ask({ method: 'GET', path, query: { ...query, ...paging } }, pageOf(item), { deadline });
      items.push(...page.items);
      cursor = page.nextCursor;
      if (cursor && seen.has(cursor))
        throw new SmileError('unexpected_answer', `GET ${path}: the pages go in a circle`);
      if (cursor) seen.add(cursor);
    } while (cursor);
    return items;
  }

  return {
    async createUser(externalMetadata) {
      const body = externalMetadata ? { externalMetadata } : {};
      const { user, token } = await ask({ method: 'POST', path: '/users', body }, newUserSchema);
      return { userId: user.id, token };
    },
    createToken(userId) {
      return ask({ method: 'POST', path: '/tokens', query: { userId } }, linkTokenSchema, { repeatable: true });
    },
    async getAccount(accountId) {
      if (!isId(accountId)) return undefined;
      return ask({ method: 'GET', path: '/accounts/{id}', id: accountId }, accountSchema).catch(missing);
    },
    listAccounts(userId) {
      return list('/accounts', { userId }, accountSchema);
    },
    async deleteAccount(accountId) {
      if (!isId(accountId)) return;
      await ask({ method: 'DELETE', path: '/accounts/{id}', id: accountId }).catch(missing);
    },
    listData(dataPoint, accountId) {
      return list(`/${dataPoint}`, { sourceId: accountId }, z.record(z.string(), z.unknown()));
    },
    async isReading() {
      return false;
    },
    createWebhook(webhook) {
      return ask({ method: 'POST', path: '/webhooks', body: { ...webhook, active: true } }, webhookSchema);
    },
    listWebhooks() {
      return list('/webhooks', {}, webhookSchema);
    },
    async deleteWebhook(id) {
      if (!isId(id)) return;
      await ask({ method: 'DELETE', path: '/webhooks/{id}', id }).catch(missing);
    },
  };
}

function missing(error: unknown): undefined {
  if (error instanceof SmileError && error.status === 404) return undefined;
  throw error;
}
