import { expect, it } from 'vitest';
import { openInTurns } from '../../../src/record/crypto/open-in-turns.ts';

it('answers others after each megabyte of the data of one person, and keeps its order', async () => {
  let turns = 0;
  const count = () => (turns++, (counting = setImmediate(count)));
  let counting = setImmediate(count);
  const rows = Array.from({ length: 6 }, (_, n) => ({ n, sealed: n === 3 ? null : 'x'.repeat(600_000) }));
  const seen = await openInTurns(rows, ({ n }) => [n, turns]);
  clearImmediate(counting);
  expect(seen.map(([n]) => n)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(new Set(seen.map(([, turn]) => turn)).size).toBe(3);
});
