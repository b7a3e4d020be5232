/** The difference between two texts, when two members have changed a form at once. */
import { describe, expect, it } from 'vitest';
import { differenceRows } from '../../src/editor/text/difference.ts';

const LINES = Array.from({ length: 30 }, (_, at) => `line ${at}`);
const text = (lines: string[]) => lines.join('\n');

describe('the difference of two texts', () => {
  it('shows each changed line with the lines around it, and counts those that are left out', () => {
    expect(differenceRows(text(LINES), text(LINES.with(10, 'other')))).toEqual([
      { is: 'skipped', count: 8 },
      { is: 'same', text: 'line 8' },
      { is: 'same', text: 'line 9' },
      { is: 'removed', text: 'line 10' },
      { is: 'added', text: 'other' },
      { is: 'same', text: 'line 11' },
      { is: 'same', text: 'line 12' },
      { is: 'skipped', count: 17 },
    ]);
  });

  it('has every line of both texts, in their order', () => {
    const after = LINES.toSpliced(3, 2).toSpliced(20, 0, 'new', 'newer').with(0, 'first');
    const rows = differenceRows(text(LINES), text(after));
    const lines = (is: string) => rows.flatMap((row) => (row.is === is && 'text' in row ? [row.text] : []));

    expect(lines('removed')).toEqual(['line 0', 'line 3', 'line 4']);
    expect(lines('added')).toEqual(['first', 'new', 'newer']);
    const skipped = rows.reduce((sum, row) => sum + (row.is === 'skipped' ? row.count : 0), 0);
    expect(skipped + lines('same').length + lines('added').length).toBe(after.length);
  });

  it('has whole lines, with any characters', () => {
    expect(differenceRows('🌊 a\nعربي', '🌊 b\nعربي')).toEqual([
      { is: 'removed', text: '🌊 a' },
      { is: 'added', text: '🌊 b' },
      { is: 'same', text: 'عربي' },
    ]);
  });
});
