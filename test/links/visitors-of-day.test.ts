import { describe, expect, it } from 'vitest';
import { createIsNewToday } from '../../src/links/visitors-of-day.ts';

const at = (time: string) => new Date(time);
const NOON = at('2026-11-27T12:00:00Z');

function remembered() {
  let ms = 0;
  const isNew = createIsNewToday(() => ms);
  return {
    visit: (now: Date, address = '203.0.113.7', link = 'fb-nov', agent = 'Chrome') => isNew(link, address, agent, now),
    wait: (hours: number) => void (ms += hours * 3_600_000),
  };
}

describe('a visitor', () => {
  it('is new once a day, for each link', () => {
    const { visit } = remembered();
    expect([visit(NOON), visit(NOON), visit(NOON)]).toEqual([true, false, false]);
    expect([visit(NOON, '203.0.113.7', 'sms'), visit(NOON, '203.0.113.8')]).toEqual([true, true]);
    expect([visit(NOON, '203.0.113.7', 'fb-nov', 'Safari'), visit(NOON)]).toEqual([true, false]);
  });

  it('is new again on the next day (UTC)', () => {
    const { visit } = remembered();
    expect(visit(at('2026-11-27T23:59:59Z'))).toBe(true);
    expect([visit(at('2026-11-28T00:00:01Z')), visit(at('2026-11-28T00:00:02Z'))]).toEqual([true, false]);
  });

  it('is not new again because the clock was set back over midnight', () => {
    const { visit } = remembered();
    expect(visit(at('2026-11-28T00:00:01Z'))).toBe(true);
    const jumps = ['2026-11-27T23:59:59Z', '2026-11-28T00:00:02Z', '2026-11-27T12:00:00Z', '2026-11-28T01:00:00Z'];
    expect(jumps.map((time) => visit(at(time)))).toEqual([false, false, false, false]);
  });

  it('is new again a day later, although the clock was far ahead for a while', () => {
    const { visit, wait } = remembered();
    expect([visit(at('2036-01-01T00:00:00Z')), visit(NOON)]).toEqual([true, false]);
    wait(24);
    expect([visit(at('2026-11-28T12:00:00Z')), visit(at('2026-11-28T13:00:00Z'))]).toEqual([true, false]);
  });
});
