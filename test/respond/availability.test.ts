/** The count of a form with a limit, while the database is away. */
import { expect, it } from 'vitest';
import { keepRecent } from '../../src/respond/availability.ts';

const NEVER = new Promise<number>(() => undefined);

/** @param answers the counts of the database, one after the other */
function counting(...answers: (() => Promise<number>)[]) {
  let time = 0;
  const counts = keepRecent(
    () => (answers.shift() ?? (() => NEVER))(),
    () => new Date((time += 2_000)),
    5,
  );
  return () => counts('club');
}

const refused = () => Promise.reject(new Error('gone'));

it('is the last one while the database refuses or says nothing, so that its page is served', async () => {
  const count = counting(() => Promise.resolve(3), refused, () => NEVER, () => Promise.resolve(4)); // prettier-ignore
  expect([await count(), await count(), await count(), await count()]).toEqual([3, 3, 3, 4]);
});

it('is unknown where there was none yet', async () => {
  const count = counting(refused, () => Promise.resolve(1));
  await expect(count()).rejects.toThrow('gone');
  expect(await count()).toBe(1);
});
