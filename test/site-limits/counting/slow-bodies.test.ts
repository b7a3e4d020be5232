/** The chunks of a body as they come. */
import { expect, it } from 'vitest';
import { inTime } from '../../../src/site-limits/counting/slow-bodies.ts';

async function lengthsOf(lengths: number[]): Promise<number[]> {
  const found: number[] = [];
  for await (const chunk of inTime(
    lengths.map((length) => Buffer.alloc(length)),
    undefined,
  ))
    found.push(chunk.length);
  return found;
}

it('are joined where there are many small ones, because each takes memory of its own', async () => {
  const chunks = await lengthsOf(Array.from({ length: 1_000 }, () => 1));
  expect(chunks.length).toBeLessThan(100);
  expect(chunks.reduce((sum, length) => sum + length)).toBe(1_000);
});

it('are passed on as they come where they are few or large', async () => {
  expect(await lengthsOf([10, 1_400, 3])).toEqual([10, 1_400, 3]);
  const large = Array.from({ length: 100 }, () => 1_400);
  expect(await lengthsOf(large)).toEqual(large);
  expect(await lengthsOf([])).toEqual([]);
});

it('are dropped as they come after their reader has stopped, and do not wait in memory', async () => {
  let left = 100;
  async function* body() {
    for (; left > 0; left--) yield Buffer.alloc(1_400);
  }
  for await (const _chunk of inTime(body(), undefined)) break;
  await new Promise((turn) => setTimeout(turn, 50));
  expect(left).toBe(0);
});
