/** When a form takes answers: a last day is over at its end, where the form is. */
import { describe, expect, it } from 'vitest';
import {
  availabilityOf,
  closedLimits,
  momentInWords,
  momentOf,
  type FormLimits,
} from '../../src/form/settings/limits.ts';
import { compile, messages } from '../helpers/compile.ts';

const at = (time: string) => new Date(time);
const opening = (limits: FormLimits, time: string, sent = 0) => availabilityOf(limits, at(time), sent);

describe('a last day', () => {
  it('is over at its end in UTC', () => {
    const limits = { closes: '2026-12-31' };
    expect(opening(limits, '2026-12-31T23:59:59.999Z')).toBe('open');
    expect(opening(limits, '2027-01-01T00:00:00.000Z')).toBe('grace');
  });

  it('is over at its end in the zone of the form, also when the clocks change', () => {
    expect(momentOf({ closes: '2026-12-31', timezone: 'Asia/Manila' }, 'closes')?.toISOString()).toBe('2026-12-31T16:00:00.000Z'); // prettier-ignore
    expect(momentOf({ closes: '2026-10-24', timezone: 'Europe/Berlin' }, 'closes')?.toISOString()).toBe('2026-10-24T22:00:00.000Z'); // prettier-ignore
    expect(momentOf({ closes: '2026-10-25', timezone: 'Europe/Berlin' }, 'closes')?.toISOString()).toBe('2026-10-25T23:00:00.000Z'); // prettier-ignore
  });

  it('is that day in every time zone', () => {
    const limits = { closes: '2026-12-31', timezone: 'Pacific/Auckland' };
    expect(momentInWords(limits, 'closes', 'en')).toBe('December 31, 2026');
    expect(momentInWords(limits, 'closes', 'es')).toBe('31 de diciembre de 2026');
  });
});

describe('a time with its zone', () => {
  it('is that moment, and is shown in the zone of the form', () => {
    const limits = { opens: '2026-12-01T09:00+08:00', timezone: 'Asia/Manila' };
    expect(opening(limits, '2026-12-01T00:59:59Z')).toBe('not_open');
    expect(opening(limits, '2026-12-01T01:00:00Z')).toBe('open');
    expect(momentInWords(limits, 'opens', 'en')).toMatch(/^December 1, 2026 at 9:00\sAM GMT\+8$/);
  });

  it('is shown in its own zone where the form has none', () => {
    expect(momentInWords({ closes: '2026-12-31T18:00+08:00' }, 'closes', 'en')).toMatch(/^December 31, 2026 at 6:00\sPM GMT\+8$/); // prettier-ignore
    expect(momentInWords({ closes: '2026-12-31T18:00Z' }, 'closes', 'en')).toMatch(/^December 31, 2026 at 6:00\sPM UTC$/); // prettier-ignore
  });
});

describe('the hour after the close', () => {
  it('is for people who have started, and then ends', () => {
    const limits = { closes: '2026-12-31T12:00Z' };
    expect(opening(limits, '2026-12-31T12:59:59Z')).toBe('grace');
    expect(opening(limits, '2026-12-31T13:00:00Z')).toBe('closed');
  });

  it('ends sooner for a form that is full by then', () => {
    const limits = { closes: '2026-12-31T12:00Z', max: 2 };
    expect(opening(limits, '2026-12-31T12:30:00Z', 1)).toBe('grace');
    expect(opening(limits, '2026-12-31T12:30:00Z', 2)).toBe('full');
    expect(opening(limits, '2026-12-31T13:00:00Z', 2)).toBe('closed');
  });
});

it('a form that a member closed stays closed while the clock is behind that moment', () => {
  const limits = closedLimits({}, '2026-12-31T12:00:00Z');
  expect(opening(limits, '2026-12-31T11:00:00Z')).toBe('grace');
  expect(opening(limits, '2026-12-31T13:00:00Z')).toBe('closed');
});

it('a form is full at its limit, not before, and a form without limits never', () => {
  expect(opening({ max: 2 }, '2026-12-31T00:00Z', 1)).toBe('open');
  expect(opening({ max: 2 }, '2026-12-31T00:00Z', 2)).toBe('full');
  expect(availabilityOf(undefined, new Date(), 1_000_000)).toBe('open');
});

const form = (limits: string, field = 'type: email, required: true') => `
title: Limited
limits: ${limits}
screens:
  - { id: one, title: One, fields: [{ id: email, label: Email, ${field} }] }
endings:
  - { id: done, title: Done }
`;

describe('the written key', () => {
  it.each([
    '{ opens: 2026-12-01, closes: 2026-12-31, max: 500, one_per: email, timezone: Asia/Manila, contact: a@acme.example }',
    '{ closes: "2026-12-31T18:00:00Z" }',
    '{ closes: 2026-12-31T18:00-05:00 }',
  ])('%s has no fault', (limits) => {
    expect(messages(form(limits))).toEqual([]);
  });

  it.each([
    ['2026-13-01', 'closes'],
    ['2026-02-30', 'closes'],
    ['2026-12-31T18:00', 'closes'],
    // Browsers and Node know no such second, and people would read “Invalid Date”.
    ['2026-12-31T23:59:60Z', 'closes'],
    ['31.12.2026', 'closes'],
    ['20261231', 'closes'],
  ])('%s is no date', (text, key) => {
    expect(messages(form(`{ ${key}: ${text} }`))).toEqual([
      expect.stringMatching(/is neither a date nor a date and time/),
    ]);
  });

  it.each(['PST', 'CST', 'IST', 'Manila', 'GMT+8'])('%s is no time zone', (name) => {
    expect(messages(form(`{ closes: 2026-12-31, timezone: ${name} }`))).toEqual([
      '`timezone` of `limits` is not a time zone',
    ]);
  });

  it('gives the same version at every start, and keeps no password', () => {
    const yaml = `password: open sesame\n${form('{ max: 5 }')}`;
    const [one, other] = [compile(yaml), compile(yaml)];
    expect(one.password).toBe(other.password);
    expect(JSON.stringify(one)).not.toContain('sesame');
    expect(compile(yaml, 'other.yaml').password).not.toBe(one.password);
  });
});
