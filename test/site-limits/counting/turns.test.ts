/** Queues that run the work of a key one after another. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createHashQueue } from '../../../src/members/hash-queue.ts';
import { answerAs, currentClient } from '../../../src/site-limits/counting/current-client.ts';
import { createQueues, createTurns, createTurnsByKey } from '../../../src/site-limits/counting/turns.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('runs the work of a key one after another, also after an error', async () => {
  const inTurn = createQueues(1_000);
  const done: number[] = [];
  const work = (n: number) => async () => {
    await new Promise((resolve) => setTimeout(resolve, 100 - n));
    done.push(n);
    if (n === 1) throw new Error('This one fails.');
  };
  const all = Promise.allSettled([1, 2, 3].map((n) => inTurn('a', work(n))));
  const other = inTurn('b', work(9));
  await vi.advanceTimersByTimeAsync(300);
  await other;
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(done).toEqual([9, 1, 2, 3]);
});

it('lets the next work begin where the one before it does not end in time', async () => {
  const inTurn = createQueues(1_000);
  const done: string[] = [];
  const hung = Promise.withResolvers<void>();
  const first = inTurn('a', () => hung.promise);
  const others = ['second', 'third'].map((name) => inTurn('a', async () => void done.push(name)));
  await vi.advanceTimersByTimeAsync(999);
  expect(done).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await Promise.all(others);
  expect(done).toEqual(['second', 'third']);
  hung.resolve();
  await first;
});

it('gives clients their turns one after another', async () => {
  const inTurn = createQueues();
  const done: string[] = [];
  const works: Promise<void>[] = [];
  for (const client of ['many', 'many', 'many', 'one'])
    answerAs(client, () => works.push(inTurn('a', async () => void done.push(client))));
  await Promise.all(works);
  expect(done).toEqual(['many', 'many', 'one', 'many']);
});

it('runs the work that others wait for as work of the site', async () => {
  const [inTurn, byKey, hashing] = [createTurns(), createTurnsByKey(1), createHashQueue(1, 1)];
  const client = async () => currentClient();
  const clients = answerAs('many', () => Promise.all([inTurn(client), byKey('a', client), hashing(client), client()]));
  await vi.runAllTimersAsync();
  expect(await clients).toEqual(['shared', 'shared', 'shared', 'many']);
});

it('leaves others some time after a piece of work, before the next one', async () => {
  const byKey = createTurnsByKey(1, 200);
  const before = performance.now();
  const began: number[] = [];
  const work = async () => {
    began.push(Math.round(performance.now() - before));
    await new Promise((resolve) => setTimeout(resolve, 100));
  };
  const both = Promise.all([byKey('a', work), byKey('b', work)]);
  await vi.runAllTimersAsync();
  await both;
  expect(began).toEqual([0, 300]);
});

it('leaves others as much time as a piece of work kept them waiting', async () => {
  vi.useRealTimers();
  const inTurn = createTurnsByKey(1);
  const began: number[] = [];
  let rounds = 0;
  const work = async () => {
    began.push(rounds);
    for (const until = performance.now() + 50; performance.now() < until;);
  };
  const both = Promise.all([inTurn('a', work), inTurn('b', work)]);
  while (began.length < 2) {
    await new Promise((turn) => setImmediate(turn));
    rounds++;
  }
  await both;
  // Without work, a round takes far less than a millisecond. A connection is accepted in each.
  expect((began[1] as number) - (began[0] as number)).toBeGreaterThan(20);
});
