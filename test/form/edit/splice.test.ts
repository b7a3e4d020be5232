/** The difference of two texts as one replacement. */
import { expect, it } from 'vitest';
import { applySplices, spliceBetween } from '../../../src/form/edit/splice.ts';

it('the difference of two long texts is as small as that of short ones', () => {
  const long = Array.from({ length: 4_321 }, (_, at) => String.fromCodePoint(0x61 + (at % 23))).join('');
  for (const at of [0, 1, 999, 1_000, 1_001, 2_000, 3_320, 3_321, 4_320, 4_321]) {
    const longer = `${long.slice(0, at)}ÄÖ${long.slice(at)}`;
    expect(spliceBetween(long, longer), String(at)).toEqual([{ from: at, to: at, insert: 'ÄÖ' }]);
    expect(spliceBetween(longer, long), String(at)).toEqual([{ from: at, to: at + 2, insert: '' }]);
  }
  expect(spliceBetween(long, long)).toEqual([]);
  expect(spliceBetween(long, long + long)).toEqual([{ from: 4_321, to: 4_321, insert: long }]);
});

it('a pair of units stays together in it, wherever it is in a long text', () => {
  for (const at of [998, 999, 1_000, 1_001]) {
    const [one, other] = ['😀', '😁'].map((sign) => `${'x'.repeat(at)}${sign}${'y'.repeat(at)}`) as [string, string];
    const splices = spliceBetween(one, other);
    expect(splices).toEqual([{ from: at, to: at + 2, insert: '😁' }]);
    expect(applySplices(one, splices)).toBe(other);
  }
});
