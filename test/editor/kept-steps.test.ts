/** The steps of undo that the tab keeps. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findSteps, keepSteps } from '../../src/editor/kept-steps.ts';
import type { HistoryStep } from '../../src/editor/model/history.ts';

const KEY = 'flipsite:undo:driver:ana@acme.example';
const TEXT = 'title: Become a driver\n';

/** A step that adds `characters`. */
const step = (at: number, characters = 10): HistoryStep => ({
  forward: [{ from: 0, to: 0, insert: '#'.repeat(characters) }],
  back: [{ from: 0, to: characters, insert: '' }],
  selection: { before: undefined, after: undefined },
  isTyping: false,
  at,
});

let values: Map<string, string>;
beforeEach(() => {
  values = new Map();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

it('are there for the text that they lead to, and for no other text or form', () => {
  keepSteps(KEY, TEXT, [step(1), step(2)]);
  expect(findSteps(KEY, TEXT)).toEqual([step(1), step(2)]);
  expect(findSteps(KEY, `${TEXT}# Changed elsewhere\n`)).toEqual([]);
  expect(findSteps(`${KEY}2`, TEXT)).toEqual([]);
});

it('are the newest ones that fit in 1,000,000 characters', () => {
  const steps = [1, 2, 3, 4, 5, 6, 7].map((at) => step(at, 300_000));
  keepSteps(KEY, TEXT, steps);
  expect(findSteps(KEY, TEXT)).toEqual(steps.slice(-3));
  expect(values.get(KEY)?.length).toBeLessThanOrEqual(1_000_000);
});

it.each([
  ['there are none', []],
  ['one alone is too large', [step(3, 1_000_000)]],
])('leave none of before behind if %s', (_, steps) => {
  keepSteps(KEY, TEXT, [step(1)]);
  keepSteps(KEY, TEXT, steps);
  expect(values.size).toBe(0);
});

it.each([
  ['is blocked', undefined],
  ['is full', { getItem: () => null, setItem: () => { throw new Error('full'); }, removeItem: () => {} }],
  ['has another value', { getItem: () => '{"a":', setItem: () => {}, removeItem: () => {} }],
])('are left out where the storage %s', (_, storage) => {
  vi.stubGlobal('sessionStorage', storage);
  keepSteps(KEY, TEXT, [step(1)]);
  expect(findSteps(KEY, TEXT)).toEqual([]);
}); // prettier-ignore
