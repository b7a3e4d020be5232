/** The server judges speed by the times that it has seen itself, and only if it can know them. */
import { describe, expect, it } from 'vitest';
import type { EventSource, RecordedEvent } from '../../src/record/events.ts';
import { startReasons, trapOf, isTooFast } from '../../src/respond/spam-signs.ts';
import { compile } from '../helpers/compile.ts';

const YAML = `
title: Three
screens:
  - { id: one, title: One, fields: [{ id: a, type: text, label: A }] }
  - id: two
    title: Two
    fields: [{ id: b, type: text, label: B }, { id: c, type: email, label: C }, { id: d, type: yes_no, label: D }]
endings:
  - { id: done, title: Done }
`;
const form = compile(YAML);

const BEGIN = Date.parse('2026-12-15T12:00:00Z');
const event = (name: string, after: number, data: unknown = {}, source: EventSource = 'server'): RecordedEvent => {
  const at = new Date(BEGIN + after).toISOString();
  return { id: `${name}${after}`, submissionId: 's', smileUserId: null, name, source, at, receivedAt: at, data };
};
const saved = (after: number, ...fields: string[]) => event('answersSaved', after, { fields });
const fast = (events: RecordedEvent[], after: number) => isTooFast(form, events, new Date(BEGIN + after));

describe('a second screen with two typed fields', () => {
  const events = [event('started', 0), saved(0, 'a'), saved(100, 'b', 'c', 'd')];

  it('takes three seconds', () => {
    expect(fast(events, 2_999)).toBe(true);
    expect(fast(events, 3_000)).toBe(false);
  });

  it('is counted from the first save, however long ago the start was', () => {
    expect(fast([event('started', -60_000), ...events.slice(1)], 2_000)).toBe(true);
  });

  it('takes half a second less for each field that the link fills in', () => {
    const prefilled = [event('started', 0, { prefilled: ['b'] }), ...events.slice(1)];
    expect([2_499, 2_500].map((after) => fast(prefilled, after))).toEqual([true, false]);
  });

  it('takes half a second less for each field that begins with a default', () => {
    const usual = compile(YAML.replace('label: B', 'label: B, default: Usual'));
    const isFast = (after: number) => isTooFast(usual, events, new Date(BEGIN + after));
    expect([2_499, 2_500].map(isFast)).toEqual([true, false]);
  });

  it('is not judged after the clock was set back', () => {
    expect(fast(events, -3_600_000)).toBe(false);
  });

  it('takes longer only for fields that were not on the first screen saved', () => {
    expect(fast([...events, saved(200, 'a')], 3_000)).toBe(false);
  });
});

describe('nothing is held against', () => {
  it.each<[string, RecordedEvent[]]>([
    ['a form of one screen', [event('started', 0), saved(0, 'a', 'b')]],
    ['a form without answers', [event('started', 0)]],
    ['a person who was invited', [event('started', 0, { invitation: 'i' }), saved(0, 'a'), saved(1, 'b')]],
    ['a page that a browser posted', [event('started', 0, { native: true }), saved(0, 'a'), saved(1, 'b')]],
    [
      'who has connected a work account, as Smile says',
      [event('started', 0), saved(0, 'a'), event('ACCOUNT_CONNECTED', 1, {}, 'webhook'), saved(2, 'b')],
    ],
  ])('%s', (_who, events) => {
    expect(fast(events, 10)).toBe(false);
  });

  it('a page that was open for long, and had no network until it was sent', () => {
    const burst = [event('started', 0), saved(0, 'a'), saved(100, 'b', 'c', 'd')];
    expect([2_999, 3_000].map((openMs) => isTooFast(form, burst, new Date(BEGIN + 200), openMs))).toEqual([true, false]); // prettier-ignore
  });

  it('but a claim of the browser to have connected one is worth nothing', () => {
    expect(fast([saved(0, 'a'), event('ACCOUNT_CONNECTED', 1, {}, 'page'), saved(2, 'b')], 10)).toBe(true);
  });
});

it('an empty trap marks no person, and spaces do not fill it', () => {
  expect(startReasons(undefined, true)).toEqual([]);
  expect(startReasons('  ', true)).toEqual([]);
  expect(startReasons('x', false)).toEqual(['trap', 'no_proof']);
  expect(trapOf([['website_url_2', ' ']])).toBeUndefined();
  expect(trapOf([['other', 'x'], ['website_url_2', 'x']])).toBe('x'); // prettier-ignore
});
