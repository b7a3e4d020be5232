/** The server killed five times in the middle of its work, on PostgreSQL one of two that share it; `npm run crash` does it two hundred times. */
import { expect, it } from 'vitest';
import { postgresFor } from '../helpers/postgres.ts';
import { temporaryFolder } from '../record/temporary.ts';
import { crash } from './crash-run.ts';

it(
  'keeps all that it acknowledged, once, and tells of all of it, when it is killed five times under load',
  { timeout: 300_000 },
  async () => {
    const url = await postgresFor(temporaryFolder());
    const server = { url: () => '', pid: () => 0, kill: async () => {}, start: async () => {}, stop: async () => {} };
    const { acknowledged, deliveries, lost, duplicated } = await crash({
      servers: 5,
      people: 10,
      ...(url && { postgres: { server, url }, together: 2 }),
    });
    expect({ lost, duplicated }).toEqual({ lost: [], duplicated: [] });
    expect(acknowledged.submissions).toBeGreaterThan(50);
    expect(deliveries.arrived).toBe(acknowledged.submissions);
  },
);
