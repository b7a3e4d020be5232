/** Two small forms, clients that fill them in over the API, raw requests, and a count of all stored rows. */
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { expectOfContract } from '../openapi/own-contract.ts';
import { openTestSite, type TestSite } from '../site.ts';

export const WEBHOOK_SECRET = 'webhook-secret-of-tests';

/** Two form screens with a hidden field and a branch, a Wink screen with a way out, and the screens after it. */
export const DRIVER = `
title: Driver
languages: [en, es]
params: [customer_id]
screens:
  - id: about
    title: { en: About you, es: Sobre ti }
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
      - { id: status, type: radio, label: Working?, required: true,
          options: [{ value: employed, label: Employed }, { value: none, label: Not working }] }
      - { id: employer, type: text, label: Employer, show_when: { status: employed } }
    next:
      - { when: { status: none }, go: not_yet }
  - id: money
    title: Money
    fields:
      - { id: wage, type: number, label: Wage, min: 0, max: 1000, required: true }
      - { id: kinds, type: checkboxes, label: Kinds, options: [{ value: a, label: A }, { value: b, label: B }] }
  - id: connect
    title: Connect
    wink: { require: connected }
    next:
      - { when: { connect: failed }, go: upload }
      - { go: done }
  - id: upload
    title: Upload
    fields:
      - { id: why, type: text, label: Why, required: true }
endings:
  - { id: done, title: 'Thank you, {full_name}', text: 'Keep {reference}' }
  - { id: not_yet, title: Come back later, outcome: disqualified }
`;

/** One screen, one ending, nothing else. */
export const PLAIN = `
title: Plain
screens:
  - id: only
    title: Only
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
      - { id: note, type: textarea, label: Note, max_length: 5000 }
endings:
  - { id: done, title: 'Thank you, {full_name}' }
`;

export const ABOUT = { full_name: 'Ana', status: 'employed', employer: 'Acme' };

/** Opens a site with two small forms, which accepts requests at any rate. */
export const openSmallSite = (more: Parameters<typeof openTestSite>[0] = {}): Promise<TestSite> =>
  openTestSite({
    forms: { driver: DRIVER, plain: PLAIN },
    ...more,
    env: { WEBHOOK_SECRET, RATE_LIMIT: 'off', ...more.env },
  });

/** How many rows each table has, and when the last submission was touched. Equal before and after: nothing was stored. */
export async function stored(site: TestSite): Promise<Record<string, unknown>> {
  const names = ['submissions', 'events', 'accounts', 'idempotency', 'versions'] as const;
  const counts = await Promise.all(
    names.map(async (name) => {
      const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(name)}`.execute(site.db.query);
      return [name, rows[0]?.n] as const;
    }),
  );
  const { rows } = await sql`select id, answers, params, reference, wink_screen from submissions order by id`.execute(
    site.db.query,
  );
  return { ...Object.fromEntries(counts), rows };
}

export interface ApiResponse {
  status: number;
  headers: Headers;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read loosely, as a client would
  body: any;
}

/** One request. A body that is not text or bytes is sent as JSON. */
export async function send(
  site: Pick<TestSite, 'origin'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<ApiResponse> {
  const plain = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(site.origin + path, {
    method,
    redirect: 'manual',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: plain ? (body as BodyInit) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const { status, headers: own } = response;
  expectOfContract(method, path, response, text);
  return { status, headers: own, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A refusal as clients may rely on it: the status, a code, a sentence, no trace of the inside, and nothing to keep. */
export function expectRefusal({ status, headers, text, body }: ApiResponse, wanted: number, code?: string): void {
  expect({ status, code: body?.error?.code, text }).toEqual({
    status: wanted,
    code: code ?? expect.stringMatching(/^[a-z_]+$/),
    text: expect.any(String),
  });
  expect(body.error.message).toMatch(/^\w.{8,}[.…]$/);
  expect(text).not.toMatch(/\bat \S+:\d+|node_modules|node:internal|\.ts\b|ZodError|SQLITE|stack/i);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
}

export interface Draft {
  id: string;
  token: string;
  headers: { authorization: string };
  put(screen: string, answers: unknown, more?: Record<string, string>): Promise<ApiResponse>;
  post(what: string, body?: unknown, more?: Record<string, string>): Promise<ApiResponse>;
  tell(name: string, data: Record<string, unknown>, event?: { id?: string; at?: string }): Promise<ApiResponse>;
}

/** Starts a draft. */
export async function begin(
  site: Pick<TestSite, 'origin'>,
  slug = 'driver',
  given: unknown = {},
  headers: Record<string, string> = {},
): Promise<Draft> {
  const { status, body } = await send(site, 'POST', `/api/forms/${slug}/submissions`, given, headers);
  expect(status).toBe(201);
  return draftOf(site, body);
}

export function draftOf(site: Pick<TestSite, 'origin'>, { id, token }: { id: string; token: string }): Draft {
  const headers = { authorization: `Bearer ${token}` };
  const base = `/api/submissions/${id}`;
  const post = (what: string, body: unknown = {}, more = {}) =>
    send(site, 'POST', `${base}/${what}`, body, { ...headers, ...more });
  return {
    id,
    token,
    headers,
    post,
    put: (screen, answers, more = {}) =>
      send(site, 'PUT', `${base}/answers`, { screen, answers }, { ...headers, ...more }),
    tell: (name, data, { id: event = crypto.randomUUID(), at = new Date().toISOString() } = {}) =>
      post('events', { events: [{ id: event, name, at, data }] }),
  };
}

/** A draft that stands before the Wink screen. */
export async function beforeConnect(site: TestSite): Promise<Draft> {
  const draft = await begin(site);
  expect((await draft.put('about', ABOUT)).status).toBe(200);
  expect((await draft.put('money', { wage: 5 })).body).toMatchObject({ next: { screen: 'connect' } });
  return draft;
}

/** A request to the control API of local Smile, which sets how it behaves. */
export async function controlSmile(
  site: TestSite,
  method: string,
  path: string,
  body: unknown = {},
): Promise<ApiResponse> {
  const response = await send(site, method, `/local-smile/__local${path}`, body);
  expect(response.status, response.text).toBe(200);
  return response;
}

/** Local Smile at its quickest. */
export const quick = (site: TestSite) =>
  controlSmile(site, 'PATCH', '/settings', { connectDelayMs: 0, taskDelayMs: 0, webhookRetryMs: 0 });

export const signature = (body: string | Uint8Array, secret = WEBHOOK_SECRET): string =>
  createHmac('sha512', secret).update(body).digest('hex');

/** A webhook as Smile sends it. */
export const webhook = (site: TestSite, event: unknown, headers?: Record<string, string>): Promise<ApiResponse> => {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  return send(site, 'POST', '/api/webhooks/smile', body, headers ?? { 'smile-signature': signature(body) });
};

/** Asks again and again until `look` gives something; the test's own time limit ends it. */
export async function eventually<T>(look: () => Promise<T | undefined | null | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Sends many requests over a few connections: `fetch` takes longer for a request than the server does.
 * @param request the bytes of one, by its number from 0; it must leave the connection open
 * @returns the statuses, in no order
 */
export async function flood(port: number, count: number, request: (index: number) => string): Promise<number[]> {
  const statuses: number[] = [];
  let sent = 0;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const next = () => (sent < count ? socket.write(request(sent++)) : socket.end());
      const socket = connect(port, '127.0.0.1', next);
      socket.setEncoding('latin1').on('data', (text: string) => {
        const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
        if (!status) return;
        statuses.push(Number(status));
        next();
      });
      socket.on('close', resolve).on('error', reject);
    });
  await Promise.all(Array.from({ length: 8 }, one));
  return statuses;
}

/** The bytes of a request over a connection that stays open. @param body ASCII */
export const requestOf = (method: string, path: string, headers: Record<string, string> = {}, body = ''): string =>
  [
    `${method} ${path} HTTP/1.1`,
    ...Object.entries({ host: 'localhost', 'content-length': body.length, ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    '',
    body,
  ].join('\r\n');

/** Sends bytes as they are and reads until the server closes, or until `enough`. */
export function raw(port: number, ...parts: (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part);
    });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('close', () => resolve(text));
    socket.on('error', (error) => (text ? resolve(text) : reject(error)));
  });
}
