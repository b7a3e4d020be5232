/** The server killed several times in the middle of its work, on PostgreSQL one of two that share it; `npm run crash` does it two hundred times. */
import { expect, it } from 'vitest';
import { LONG } from '../../helpers/run/long.ts';
import { postgresFor } from '../../helpers/postgres/postgres.ts';
import { temporaryFolder } from '../../helpers/database.ts';
import { PAUSE_MS } from './crash-clients.ts';
import { crash } from './crash-run.ts';

const KILLS = LONG ? 5 : 2;

it(
  `keeps all that it acknowledged, once, and delivers all of it, when it is killed ${KILLS} times under load`,
  { timeout: 300_000 },
  async () => {
    const url = await postgresFor(temporaryFolder());
    const server = { url: () => '', pid: () => 0, kill: async () => {}, start: async () => {}, stop: async () => {} };
    const { acknowledged, deliveries, lost, duplicated } = await crash({
      servers: KILLS,
      people: LONG ? 10 : 4,
      pauseMs: PAUSE_MS,
      ...(url && { postgres: { server, url }, together: 2 }),
    });
    expect({ lost, duplicated }).toEqual({ lost: [], duplicated: [] });
    expect(acknowledged.submissions).toBeGreaterThan(10 * KILLS);
    expect(deliveries.arrived).toBe(acknowledged.submissions);
  },
);
