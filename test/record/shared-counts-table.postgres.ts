/** Servers on one PostgreSQL pass their counts on to each other. */
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { shareCounts } from '../../src/record/shared-counts-table.ts';
import { eventually } from '../helpers/api/client.ts';
import { afterwards, NOW, temporaryDatabase } from '../helpers/database.ts';

/** A server that reports texts, and remembers those of others. */
function serverOn(db: Parameters<typeof shareCounts>[0], now = () => NOW) {
  const due: string[] = [];
  const got: string[] = [];
  const problems: string[] = [];
  const exchange = { drain: () => due.shift(), add: (text: string) => void got.push(text) };
  const sharing = shareCounts(db, exchange, {
    now,
    everyMs: 50,
    log: { warn: (_, message) => void problems.push(message) },
  });
  afterwards(() => sharing.close());
  return { due, got, problems, sharing };
}

it('read the counts of the others once, and in their order', async () => {
  const db = await temporaryDatabase();
  const [one, other, third] = [serverOn(db), serverOn(db), serverOn(db)];
  one.due.push('a', 'b');
  other.due.push('c');
  await eventually(async () => one.got.length === 1 && other.got.length === 2 && third.got.length === 3);
  await wait(300);
  expect([one.got, other.got, third.got.toSorted()]).toEqual([['c'], ['a', 'b'], ['a', 'b', 'c']]);
  expect(third.got.filter((text) => text !== 'c')).toEqual(['a', 'b']);
});

it('leave no row behind, neither of their own nor of a server that was killed', async () => {
  const db = await temporaryDatabase();
  let now = NOW;
  await db.query.insertInto('shared_counts').values({ server: 'killed', number: 1, at: NOW.toISOString(), counts: 'd' }).execute(); // prettier-ignore
  const one = serverOn(db, () => now);
  one.due.push('a');
  const numbers = async () => (await db.query.selectFrom('shared_counts').select('counts').execute()).map(({ counts }) => counts); // prettier-ignore
  await eventually(async () => (await numbers()).includes('a') && one.got.includes('d'));
  now = new Date(now.getTime() + 20_000);
  await eventually(async () => !(await numbers()).includes('a'));
  expect(await numbers()).toEqual(['d']);
  now = new Date(now.getTime() + 300_000);
  await eventually(async () => (await numbers()).length === 0);
});

it('go on without the database, and log it once', async () => {
  const db = await temporaryDatabase();
  await db.query.schema.alterTable('shared_counts').renameTo('away').execute();
  const [one, other] = [serverOn(db), serverOn(db)];
  one.due.push('a');
  await wait(300);
  expect([one.problems.length, other.problems.length]).toEqual([1, 1]);
  await db.query.schema.alterTable('away').renameTo('shared_counts').execute();
  await eventually(async () => other.got.join() === 'a');
});
