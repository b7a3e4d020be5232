/** The preview and the editor name the same part of a form. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { createFollower, pathOfPart, openScreen } from '../../src/editor/preview/preview-parts.ts';
import { dataOf } from './forms.ts';

const FORM = dataOf('screens: [{ id: a, fields: [{ id: x }] }, { id: b, fields: [{ id: y }, { id: z }] }]');

it('a question that is clicked in the preview has its path in the text', () => {
  expect(pathOfPart(FORM, 'b', 'z')).toEqual(['screens', 1, 'fields', 1]);
  expect(pathOfPart(FORM, 'a')).toEqual(['screens', 0]);
  expect(pathOfPart(FORM, 'b', 'gone')).toEqual(['screens', 1]);
  expect(pathOfPart(FORM, 'gone', 'x')).toBeUndefined();
  expect(pathOfPart(undefined, 'a')).toBeUndefined();
});

it('a part that is open in the editor has its screen in the preview', () => {
  expect(openScreen(FORM, ['screens', 1, 'fields', 0])).toBe('b');
  expect(openScreen(FORM, ['endings', 0])).toBeUndefined();
  expect(openScreen(FORM, ['screens', 7])).toBeUndefined();
  expect(openScreen(undefined, ['screens', 0])).toBeUndefined();
});

describe('a new page of the preview', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** @returns the times of a load after keys with these pauses before them, while each key is saved at once. In ms */
  function loadsAfter(pauses: readonly number[]): number[] {
    const start = Date.now();
    const loads: number[] = [];
    const follower = createFollower(
      (what) => what === 'saved' && loads.push(Date.now() - start),
      () => Date.now(),
    );
    for (const pause of pauses) {
      vi.advanceTimersByTime(pause);
      follower.noteKey(Date.now());
      follower.follow();
    }
    vi.advanceTimersByTime(1_000);
    return loads;
  }

  it('does not load between two keys of a person who types', () => {
    // The first key may stand alone. The second one shows that it does not.
    for (const between of [30, 120, 165, 250, 290])
      expect(loadsAfter(Array<number>(9).fill(between)).filter((at) => at > 2 * between)).toHaveLength(1);
    // Nor does one quick key make it expect that all are quick.
    expect(loadsAfter([0, 140, 200, 120, 120, 200]).filter((at) => at > 340)).toHaveLength(1);
  });

  it('loads before the server forgets its version, while a person types for long', () => {
    const between = 120;
    const loads = loadsAfter(Array<number>(100).fill(between));
    const keys = [0, ...loads].map((at) => at / between);
    const gaps = keys.slice(1).map((at, index) => at - (keys[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(SITE_LIMITS.previewVersions.value);
    expect(loads.length).toBeLessThan(10);
  });

  it('loads soon after a key that stands alone', () => {
    expect(loadsAfter([0])).toEqual([150]);
    expect(loadsAfter([0, 2_000])).toEqual([150, 2_150]);
    expect(loadsAfter([0, 90, 90, 90])).toEqual([270 + 150]);
  });

  it('does not load because the page before it is ready, while a person types', () => {
    const sent: string[] = [];
    const follower = createFollower(
      (what) => sent.push(what),
      () => Date.now(),
    );
    follower.noteKey(Date.now());
    follower.follow();
    expect(sent).toEqual(['wait']);
    vi.advanceTimersByTime(150);
    expect(sent).toEqual(['wait', 'saved']);
  });
});
