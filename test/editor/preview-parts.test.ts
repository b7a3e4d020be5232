/** The preview and the editor name the same part of a form. */
import { expect, it } from 'vitest';
import { pathOfPart, openScreen, paceAfter, pauseAfter } from '../../src/editor/preview/parts.ts';
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

it('no new page of the preview loads between two keys of a person who types', () => {
  for (const between of [0, 30, 120, 165, 250, 290]) expect(pauseAfter(between)).toBeGreaterThan(between);
  // A key after a while stands alone, and its page comes soon.
  expect(pauseAfter(120)).toBeLessThan(200);
  expect(pauseAfter(2_000)).toBe(pauseAfter(0));
});

it('one quick key does not make the preview expect that all are quick', () => {
  const pace = [120, 200, 120, 130].reduce(paceAfter, 0);
  expect(pauseAfter(pace)).toBeGreaterThan(200);
  // It follows a person who types faster, and begins again after a pause.
  expect(pauseAfter(Array<number>(20).fill(90).reduce(paceAfter, pace))).toBe(150);
  expect(paceAfter(pace, 2_000)).toBe(2_000);
  expect(paceAfter(2_000, 90)).toBe(90);
});
