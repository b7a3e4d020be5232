/** The slots for calls to Smile. */
import { expect, it } from 'vitest';
import { createLimiter, type CallKind } from '../../src/smile/limiter.ts';

/** Calls for half a minute, each waiting at most 2 s. @returns the slots of each client, and the longest wait in ms */
async function callAll(calls: [CallKind, string][]): Promise<{ got: Record<string, number>; longest: number }> {
  let time = 0;
  const sleep = async (ms: number) => {
    await new Promise((turn) => setImmediate(turn));
    time += ms;
  };
  const limiter = createLimiter(15, 5, { now: () => time, sleep });
  const got: Record<string, number> = {};
  let longest = 0;
  const call = async ([kind, client]: [CallKind, string]) => {
    while (time < 30_000) {
      const began = time;
      if (await limiter.takeSlot(kind, client, 2_000)) got[client] = (got[client] ?? 0) + 1;
      longest = Math.max(longest, time - began);
    }
  };
  await Promise.all(calls.map(call));
  return { got, longest };
}

const callsOf = (kind: CallKind, count: number, clientOf = (n: number) => `${kind} ${n}`) =>
  Array.from({ length: count }, (_, n): [CallKind, string] => [kind, clientOf(n)]);

it('gives a client with many calls its turns, though its first ones have waited too long', async () => {
  const { got, longest } = await callAll([...callsOf('person', 12), ...callsOf('person', 8, () => 'one')]);
  // Each of the 13 clients has a slot in 0.87 s.
  expect(Object.keys(got)).toHaveLength(13);
  for (const slots of Object.values(got)) expect(slots).toBeGreaterThan(30);
  expect(longest).toBeLessThan(2_100);
});

it('gives jobs a third of the slots, and people with a sign-in window half, however many clients look', async () => {
  const jobs = callsOf('job', 8, () => 'job');
  const looks = callsOf('look', 100);
  // Of some 450.
  expect((await callAll([...callsOf('person', 100), ...jobs])).got['job']).toBeGreaterThan(140);
  const { got } = await callAll([...callsOf('person', 20, () => 'person'), ...jobs, ...looks]);
  expect(got['person']).toBeGreaterThan(210);
  expect(got['job']).toBeGreaterThan(105);
});
