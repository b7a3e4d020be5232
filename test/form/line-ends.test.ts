import { describe, expect, it } from 'vitest';
import { withLineEndsOf } from '../../src/form/line-ends.ts';

describe('the line ends of a text that a browser sends', () => {
  it.each([
    ['a\nb\n', 'a\r\nc\r\n', 'a\nc\n'],
    ['a\r\nb\r\n', 'a\r\nc\r\n', 'a\r\nc\r\n'],
    ['a\r\nb\r\nc\n', 'a\r\nb\r\nd\r\n', 'a\r\nb\r\nd\r\n'],
    ['', 'a\r\nb', 'a\nb'],
    ['a\nb', 'a\r\nb', 'a\nb'],
  ])('are those of most lines before: %j, sent as %j', (before, sent, wanted) => {
    expect(withLineEndsOf(before, sent)).toBe(wanted);
  });
});
