import { describe, expect, it } from 'vitest';
import { createThrottle, type Throttle } from '../../src/members/throttle.ts';
import { later } from '../record/temporary.ts';

function fail(throttle: Throttle, key: string, times: number) {
  for (let n = 0; n < times; n++) expect(throttle.attempt(key, later(0))).toBe(0);
}

describe('the throttle', () => {
  it('lets five attempts through, then asks for a wait that is told in milliseconds', () => {
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

  it('lets nobody wait longer when the clock is set back', () => {
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

  it('holds nothing of an attempt that had to wait, so that nobody can make it forget by trying other keys', () => {
    const throttle = createThrottle();
    for (let n = 0; n < 5; n++) expect(throttle.attempt(['address', 'ana'], later(0))).toBe(0);
    for (let n = 0; n < 20_000; n++) throttle.attempt(['address', `other ${n}`], later(1));
    expect(throttle.attempt('address', later(1))).toBe(9_000);
    expect(throttle.attempt('ana', later(1))).toBe(9_000);
    expect(throttle.attempt('other 1', later(1))).toBe(0);
  });
});
