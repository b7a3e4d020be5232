/** The memory of large bodies. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { RequestContext } from '../../../src/api/body.ts';
import { defineEndpoint, runEndpoint, type EndpointOptions } from '../../../src/api/endpoints/endpoint.ts';
import { done } from '../../../src/respond/errors/api-error.ts';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';

it('counts until their requests are answered, since a request may wait for its turn', async () => {
  const [size, answered] = [8_000_000, Promise.withResolvers<void>()];
  let read = 0;
  const endpoint = defineEndpoint({
    method: 'PUT',
    path: '/api/large',
    summary: 'Waits.',
    access: 'anyone',
    limits: ['address'],
    body: { schema: z.string(), maxBytes: size },
    async handle({ body }) {
      await body();
      read++;
      await answered.promise;
      return done(null);
    },
  });
  const json = Buffer.from(JSON.stringify('x'.repeat(size - 2)));
  const header = (name: string) => ({ 'content-type': 'application/json', 'content-length': String(size) })[name];
  const send = () => runEndpoint(endpoint, {} as EndpointOptions, { req: { header, raw: { body: [json] } } } as unknown as RequestContext, () => ''); // prettier-ignore

  // Nobody new is let in when more than half is in use.
  const most = Math.floor(SITE_LIMITS.largeBodiesInMemoryBytes.value / 2 / size) + 1;
  const waiting = Array.from({ length: most }, send);
  await expect.poll(() => read).toBe(most);
  await expect(send()).rejects.toMatchObject({ error: { code: 'rate_limited' } });
  answered.resolve();
  await Promise.all(waiting);
  expect(await send()).toMatchObject({ ok: true });
});
