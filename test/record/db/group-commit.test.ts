/** Writes that share one transaction of SQLite. */
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { groupCommits } from '../../../src/record/db/group-commit.ts';
import { answerAs } from '../../../src/site-limits/counting/current-client.ts';

it('those of a client with many delay the one of another client by few', async () => {
  const group = groupCommits(new DatabaseSync(':memory:'));
  const order: string[] = [];
  const writes: Promise<unknown>[] = [];
  const write = (client: string) => answerAs(client, () => writes.push(group.run(async () => order.push(client))));
  for (let n = 0; n < 100; n++) write('many');
  write('one');
  await Promise.all(writes);
  expect(order.indexOf('one')).toBe(1);
});

it('take turns with other work if they take long', async () => {
  const group = groupCommits(new DatabaseSync(':memory:'));
  let turn = 0;
  let immediate = setImmediate(function next() {
    turn += 1;
    immediate = setImmediate(next);
  });
  const work = async () => {
    const end = performance.now() + 10;
    while (performance.now() < end);
    return turn;
  };
  const turns = await Promise.all(Array.from({ length: 12 }, () => group.run(work)));
  clearImmediate(immediate);
  expect(new Set(turns).size).toBeGreaterThanOrEqual(4);
});
