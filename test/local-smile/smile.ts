/** A running local Smile, and a client of its API. */
import { serve } from '@hono/node-server';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalSmile, defaultKeys, type LocalSmileOptions } from '../../src/local-smile/local-smile.ts';
import type { Settings } from '../../src/local-smile/control/settings.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read loosely, as a client would
  body: any;
}

export type RunningSmile = Awaited<ReturnType<typeof startSmile>>;

/** A Local Smile on a free port of this machine, quick unless a test sets delays, and a client that holds its keys. */
export async function startSmile(settings: Partial<Settings> = {}, options: Partial<LocalSmileOptions> = {}) {
  let origin = '';
  const smile = createLocalSmile({
    origin: () => origin,
    ...defaultKeys,
    controlApi: true,
    settings: { connectDelayMs: 0, taskDelayMs: 0, webhookRetryMs: 0, ...settings },
    ...options,
  });
  const server = serve({
    fetch(request, env) {
      const { socket } = env.incoming as IncomingMessage;
      return smile.fetch(request, { remoteAddress: socket.remoteAddress ?? '', hangUp: () => socket.destroy() });
    },
    hostname: '127.0.0.1',
    port: 0,
  });
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const basic = `Basic ${btoa(`${defaultKeys.apiKey}:${defaultKeys.apiSecret}`)}`;

  /** A request with the key pair; a body is sent as JSON. */
  function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    return fetch(origin + path, {
      method,
      headers: {
        authorization: basic,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  /** The same, with the answer read. */
  async function call(...request: Parameters<typeof ask>) {
    const response = await ask(...request);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) } as Answer;
  }

  async function newUser(): Promise<{ userId: string; accessToken: string }> {
    const { body } = await call('POST', '/v1/users', {});
    return { userId: body.data.user.id, accessToken: body.data.token.accessToken };
  }

  /** The account, once it has the status. */
  async function accountWhen(id: string, status: string) {
    return eventually(async () => {
      const { body } = await call('GET', `/v1/accounts/${id}`);
      return body.data.connectionStatus === status ? body.data : undefined;
    });
  }

  async function stop() {
    await smile.close();
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }

  return { smile, origin, ask, call, newUser, accountWhen, stop };
}

/** Asks again and again until there is an answer; the test's own time limit ends it. */
export async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
