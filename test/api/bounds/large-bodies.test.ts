/** The memory of large bodies. */
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { RequestContext } from '../../../src/api/body.ts';
import { defineEndpoint, runEndpoint, type EndpointOptions } from '../../../src/api/endpoints/endpoint.ts';
import { done } from '../../../src/respond/errors/api-error.ts';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';

/** Sends a body of `size` bytes from an address, to an endpoint that waits for `work` once it has read it. */
function largeBodies(size: number, work: (address: string) => Promise<void>) {
  const endpoint = defineEndpoint({
    name: 'sendText',
    method: 'PUT',
    path: '/api/large',
    summary: 'Waits.',
    access: 'anyone',
    limits: ['address'],
    body: { schema: z.string(), maxBytes: size },
    async handle({ body, address }) {
      await body();
      await work(address());
      return done(null);
    },
  });
  const json = Buffer.from(JSON.stringify('x'.repeat(size - 2)));
  const header = (name: string) => ({ 'content-type': 'application/json', 'content-length': String(size) })[name];
  return (address: string) => runEndpoint(endpoint, {} as EndpointOptions, { req: { header, raw: { body: [json] } } } as unknown as RequestContext, () => address); // prettier-ignore
}

it('large bodies count until their requests are answered, since a request may wait for its turn', async () => {
  const [size, answered] = [8_000_000, Promise.withResolvers<void>()];
  let read = 0;
  const sendFrom = largeBodies(size, async () => {
    read++;
    await answered.promise;
  });
  let addresses = 0;
  const send = () => sendFrom(`192.0.2.${++addresses}`);

  // Nobody new is let in when more than half is in use.
  const most = Math.floor(SITE_LIMITS.largeBodiesInMemoryBytes.value / 2 / size) + 1;
  const waiting = Array.from({ length: most }, () => send());
  await expect.poll(() => read).toBe(most);
  await expect(send()).rejects.toMatchObject({ error: { code: 'rate_limited' } });
  answered.resolve();
  await Promise.all(waiting);
  expect(await send()).toMatchObject({ ok: true });
});

it('large bodies that wait for an answer keep out only those of their own address', async () => {
  const [size, answered] = [1_000_000, Promise.withResolvers<void>()];
  const send = largeBodies(size, async (address) => {
    if (address === '192.0.2.1') await answered.promise;
  });
  const many = Array.from({ length: 40 }, () => send('192.0.2.1'));
  const ended = Promise.allSettled(many);
  await expect(send('192.0.2.1')).rejects.toMatchObject({ error: { code: 'rate_limited' } });
  await expect(send('192.0.2.2')).resolves.toMatchObject({ ok: true });
  answered.resolve();
  expect((await ended).filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
});

it('a large body takes the places of smaller ones that few addresses send slowly', async () => {
  const [size, ended] = [500_000, Promise.withResolvers<void>()];
  let waiting = 0;
  const endpoint = defineEndpoint({
    name: 'sendText',
    method: 'PUT',
    path: '/api/large',
    summary: 'Reads.',
    access: 'anyone',
    limits: ['address'],
    body: { schema: z.string(), maxBytes: 5 * size },
    async handle({ body }) {
      await body();
      return done(null);
    },
  });
  const send = (address: string, bytes: number, body: unknown) => {
    const header = (name: string) => ({ 'content-type': 'application/json', 'content-length': String(bytes) })[name];
    return runEndpoint(endpoint, {} as EndpointOptions, { req: { header, raw: { body } } } as unknown as RequestContext, () => address); // prettier-ignore
  };
  async function* stopping() {
    yield Buffer.alloc(size, ' ');
    waiting++;
    await ended.promise;
    throw new Error('The sender is gone.');
  }
  const most = Math.floor(SITE_LIMITS.largeBodiesInMemoryBytes.value / 2 / size) + 1;
  const slow = Array.from({ length: most }, (_, n) => send(`192.0.2.${10 + (n % 5)}`, 2 * size, stopping()));
  void Promise.allSettled(slow);
  await expect.poll(() => waiting).toBe(most);

  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2 * SITE_LIMITS.slowPlaceMs.value);
  const larger = Buffer.from(JSON.stringify('x'.repeat(4 * size - 2)));
  await expect(send('192.0.2.2', larger.length, [larger])).resolves.toMatchObject({ ok: true });
  clock.mockRestore();
  ended.resolve();
  await Promise.allSettled(slow);
});
