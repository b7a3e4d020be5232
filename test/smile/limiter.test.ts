/** The slots for calls to Smile. */
import { expect, it } from 'vitest';
import { createLimiter } from '../../src/smile/limiter.ts';

it('gives a client with many calls its turns, though its first ones have waited too long', async () => {
  let time = 0;
  const sleep = async (ms: number) => {
    await new Promise((turn) => setImmediate(turn));
    time += ms;
  };
  const limiter = createLimiter(15, 5, { now: () => time, sleep });
  const got: Record<string, number> = {};
  let longest = 0;
  const call = async (client: string) => {
    while (time < 30_000) {
      const began = time;
      if (await limiter.takeSlot(client, 2_000)) got[client] = (got[client] ?? 0) + 1;
      longest = Math.max(longest, time - began);
    }
  };
  const others = Array.from({ length: 12 }, (_, n) => `other ${n}`);
  await Promise.all([...others, ...Array<string>(8).fill('')].map(call));
  // Each of the 13 clients has a slot in 0.87 s.
  expect(Object.keys(got)).toHaveLength(13);
  for (const slots of Object.values(got)) expect(slots).toBeGreaterThan(30);
  expect(longest).toBeLessThan(2_100);
});
