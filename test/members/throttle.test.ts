import { describe, expect, it } from 'vitest';
import { createThrottle, type Throttle } from '../../src/members/throttle.ts';
import { createBudget } from '../../src/site-limits/counting/budget.ts';
import { heldBytes } from '../helpers/heap.ts';
import { later } from '../helpers/database.ts';
import { itLong } from '../helpers/run/it-long.ts';

function fail(throttle: Throttle, key: string, times: number) {
  for (let n = 0; n < times; n++) expect(throttle.attempt(key, later(0))).toBe(0);
}

describe('the throttle', () => {
  it('lets five attempts through, then requires a wait in milliseconds', () => {
    const throttle = createThrottle();
    fail(throttle, 'ana', 5);
    expect(throttle.attempt('ana', later(0))).toBe(10_000);
    expect(throttle.attempt('ana', later(4))).toBe(6_000);
    expect(throttle.attempt('ana', later(10))).toBe(0);
  });

  it('doubles the wait after each further attempt, up to 15 minutes', () => {
    const throttle = createThrottle();
    fail(throttle, 'ana', 5);
    let seconds = 0;
    const waits = Array.from({ length: 9 }, () => {
      const wait = throttle.attempt('ana', later(seconds)) / 1000;
      seconds += wait;
      throttle.attempt('ana', later(seconds));
      return wait;
    });
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });

  it('lengthens no wait when the clock is set back', () => {
    const throttle = createThrottle();
    fail(throttle, 'ana', 5);
    expect(throttle.attempt('ana', later(-3600))).toBe(10_000);
    expect(throttle.attempt('ana', later(-3594))).toBe(4_000);
    expect(throttle.attempt('ana', later(-3590))).toBe(0);
  });

  it('does not make anyone else wait', () => {
    const throttle = createThrottle();
    fail(throttle, 'ana', 5);
    expect(throttle.attempt('ben', later(0))).toBe(0);
  });

  it('starts afresh after a success, and after an hour of quiet', () => {
    const throttle = createThrottle();
    fail(throttle, 'ana', 5);
    throttle.succeeded('ana');
    fail(throttle, 'ana', 5);
    expect(throttle.attempt('ana', later(3600))).toBe(0);
    expect(throttle.attempt('ana', later(3600))).toBe(0);
  });

  it('forgets the quietest key first when there are more than it can hold', () => {
    const throttle = createThrottle();
    fail(throttle, 'quiet', 5);
    fail(throttle, 'loud', 5);
    for (let n = 0; n < 9_999; n++) throttle.attempt(`other ${n}`, later(1));
    expect(throttle.attempt('loud', later(1))).toBeGreaterThan(0);
    expect(throttle.attempt('quiet', later(1))).toBe(0);
  });

  it('stores nothing of a refused attempt, so that other keys cannot push out the first one', () => {
    const throttle = createThrottle();
    fail(throttle, 'quiet', 5);
    fail(throttle, 'loud', 5);
    for (let n = 0; n < 20_000; n++) throttle.attempt('loud', later(1));
    expect(throttle.attempt('loud', later(1))).toBe(9_000);
    expect(throttle.attempt('quiet', later(1))).toBe(9_000);
  });

  it('keeps nothing of an attempt that is taken back, so that other keys cannot push out the first one', () => {
    const throttle = createThrottle();
    fail(throttle, 'ana', 5);
    for (let n = 0; n < 10_001; n++) {
      throttle.attempt(`other-${n}`, later(0));
      throttle.takeBack(`other-${n}`, later(0));
    }
    expect(throttle.attempt('ana', later(0))).toBe(10_000);
  });

  it('takes back an attempt that was none, and no other', () => {
    const throttle = createThrottle();
    fail(throttle, 'ana', 5);
    throttle.takeBack('ana', later(0));
    fail(throttle, 'ana', 1);
    expect(throttle.attempt('ana', later(0))).toBe(10_000);
  });
});

describe('an attempt that is taken back', () => {
  const attemptAfter = (seconds: number, throttle: Throttle) => throttle.attempt('ana', later(seconds));

  it('leaves the wait as it was, however often that happens', () => {
    const throttle = createThrottle();
    fail(throttle, 'ana', 5);
    for (let second = 10; second < 40; second++) {
      expect(attemptAfter(second, throttle)).toBe(0);
      throttle.takeBack('ana', later(second));
    }
    expect(attemptAfter(40, throttle)).toBe(0);
    expect(attemptAfter(40, throttle)).toBe(20_000);
  });

  it('leaves the longest wait as it was', () => {
    const throttle = createThrottle();
    for (let n = 0; n < 50; n++) expect(attemptAfter(n * 900, throttle)).toBe(0);
    for (let n = 0; n < 30; n++) {
      expect(attemptAfter(50 * 900 + n, throttle)).toBe(0);
      throttle.takeBack('ana', later(50 * 900 + n));
    }
    expect(attemptAfter(51 * 900, throttle)).toBe(0);
    expect(attemptAfter(51 * 900, throttle)).toBe(900_000);
  });

  it('does not delay the hour of quiet after which all is forgotten', () => {
    const throttle = createThrottle();
    fail(throttle, 'ana', 5);
    expect(attemptAfter(3_000, throttle)).toBe(0);
    throttle.takeBack('ana', later(3_000));
    for (let n = 0; n < 5; n++) expect(attemptAfter(3_600, throttle)).toBe(0);
    expect(attemptAfter(3_600, throttle)).toBe(10_000);
  });

  it('leaves the wait after an attempt that came since', () => {
    const throttle = createThrottle();
    fail(throttle, 'ana', 5);
    expect(attemptAfter(10, throttle)).toBe(0);
    expect(attemptAfter(30, throttle)).toBe(0);
    throttle.takeBack('ana', later(10));
    expect(attemptAfter(30, throttle)).toBe(20_000);
  });
});

describe('a budget', () => {
  it('lets as many attempts through as it has, then one each time that one has come back', () => {
    const budget = createBudget(4, 60_000);
    for (let n = 0; n < 4; n++) expect(budget.consume('ana', later(0))).toBe(0);
    expect(budget.consume('ana', later(0))).toBe(15_000);
    expect(budget.consume('ana', later(5))).toBe(10_000);
    expect(budget.consume('ana', later(15))).toBe(0);
    expect(budget.consume('ana', later(15))).toBe(15_000);
    expect(budget.consume('ben', later(15))).toBe(0);
  });

  it('keeps nothing of attempts that are given back, so that other keys cannot push out the first one', () => {
    const budget = createBudget(1, 1_000);
    expect(budget.consume('ana', later(0))).toBe(0);
    for (let n = 0; n < 10_001; n++) {
      budget.consume(`other-${n}`, later(0));
      budget.refund(`other-${n}`);
    }
    expect(budget.consume('ana', later(0))).toBe(1_000);
  });

  it('is not used up by attempts that are given back', () => {
    const budget = createBudget(2, 60_000);
    for (let n = 0; n < 10; n++) {
      expect(budget.consume('ana', later(0))).toBe(0);
      budget.refund('ana');
    }
  });

  it('lengthens no wait when the clock is set back', () => {
    const budget = createBudget(1, 60_000);
    expect(budget.consume('ana', later(0))).toBe(0);
    expect(budget.consume('ana', later(-3_600))).toBe(60_000);
    expect(budget.consume('ana', later(-3_540))).toBe(0);
  });
});

itLong('keeps neither long keys nor the long texts that keys are parts of', () => {
  const throttle = createThrottle();
  const budget = createBudget(1_000, 60_000);
  const before = heldBytes();
  for (let n = 0; n < 1_000; n++) {
    const body = Buffer.alloc(60_000, `${n} an email that nobody has `).toString('latin1');
    throttle.attempt(body, later(0));
    budget.consume(body.slice(0, 30), later(0));
  }
  expect(heldBytes() - before).toBeLessThan(10_000_000);
  expect(throttle.attempt('another', later(0)) + budget.consume('another', later(0))).toBe(0);
});
