/** The server killed five times in the middle of its work; `npm run crash` does it two hundred times. */
import { expect, it } from 'vitest';
import { postgresFor } from '../helpers/postgres.ts';
import { temporaryFolder } from '../record/temporary.ts';
import { crash } from './crash-run.ts';

it('keeps all that it acknowledged, once, when it is killed five times under load', { timeout: 120_000 }, async () => {
  const url = await postgresFor(temporaryFolder());
  const server = { url: () => '', kill: async () => {}, start: async () => {}, stop: async () => {} };
  const { acknowledged, lost, duplicated } = await crash({
    servers: 5,
    people: 10,
    ...(url && { postgres: { server, url } }),
  });
  expect({ lost, duplicated }).toEqual({ lost: [], duplicated: [] });
  expect(acknowledged.submissions).toBeGreaterThan(50);
});
