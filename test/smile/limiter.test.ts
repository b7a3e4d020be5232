/** The slots for calls to Smile. */
import { expect, it } from 'vitest';
import { createLimiter } from '../../src/smile/limiter.ts';

/** Calls for half a minute, each waiting at most 2 s. @returns the slots of each client, and the longest wait in ms */
async function callAll(clients: string[]): Promise<{ got: Record<string, number>; longest: number }> {
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
  await Promise.all(clients.map(call));
  return { got, longest };
}

const others = (count: number) => Array.from({ length: count }, (_, n) => `other ${n}`);

it('gives a client with many calls its turns, though its first ones have waited too long', async () => {
  const { got, longest } = await callAll([...others(12), ...Array<string>(8).fill('one')]);
  // Each of the 13 clients has a slot in 0.87 s.
  expect(Object.keys(got)).toHaveLength(13);
  for (const slots of Object.values(got)) expect(slots).toBeGreaterThan(30);
  expect(longest).toBeLessThan(2_100);
});

it('gives jobs a third of the slots, however many clients wait', async () => {
  const { got } = await callAll([...others(100), ...Array<string>(8).fill('')]);
  // Of some 450.
  expect(got['']).toBeGreaterThan(140);
});
