/** A number and its noun, in the singular or the plural. */
import { expect, it } from 'vitest';
import { formatCount } from '../../src/form/format-count.ts';

it.each([
  [formatCount(0, 'submission'), '0 submissions'],
  [formatCount(1, 'submission'), '1 submission'],
  [formatCount(12_345, 'submission'), '12,345 submissions'],
  [formatCount(2, 'form has', 'forms have'), '2 forms have'],
])('a count has the noun that fits: %s', (text, expected) => expect(text).toBe(expected));
