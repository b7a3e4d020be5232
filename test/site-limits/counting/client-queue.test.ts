/** A queue in which clients have turns. */
import { expect, it } from 'vitest';
import { createClientQueue } from '../../../src/site-limits/counting/client-queue.ts';

it('gives clients their turns one after another, and the items of each in order', () => {
  const queue = createClientQueue<string>();
  for (const item of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) queue.add(item.charAt(0), item);
  queue.remove('b', 'b1');
  queue.remove('b', 'b1');
  expect(Array.from({ length: 6 }, () => queue.next())).toEqual(['a1', 'b2', 'c1', 'a2', 'a3', undefined]);
  expect(queue.size()).toBe(0);
});

it('has no room for the newest of the client that has the most', () => {
  const queue = createClientQueue<string>();
  for (const item of ['a1', 'a2', 'b1']) expect(queue.add(item.charAt(0), item, 3)).toBeUndefined();
  expect(queue.add('b', 'b2', 3)).toBe('b2');
  expect(queue.add('a', 'a3', 3)).toBe('a3');
  expect(queue.add('c', 'c1', 3)).toBe('a2');
  expect([queue.size(), queue.next(), queue.next(), queue.next()]).toEqual([3, 'a1', 'b1', 'c1']);
});
