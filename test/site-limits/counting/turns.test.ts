/** Queues that run the work of a key one after another. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { answerAs, currentClient } from '../../../src/site-limits/counting/current-client.ts';
import { createQueues, createTurnsByKey } from '../../../src/site-limits/counting/turns.ts';

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
    answerAs({ client, goOn: (run) => run() }, () => works.push(inTurn('a', async () => void done.push(client))));
  await Promise.all(works);
  expect(done).toEqual(['many', 'many', 'one', 'many']);
});

it('runs the work that other keys wait for as work of the site', async () => {
  const inTurn = createTurnsByKey(1);
  const clients: Promise<string>[] = [];
  answerAs({ client: 'many', goOn: (run) => run() }, () => clients.push(inTurn('a', async () => currentClient())));
  await vi.runAllTimersAsync();
  expect(await Promise.all(clients)).toEqual(['']);
});
