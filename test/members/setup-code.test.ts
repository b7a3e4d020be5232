import { describe, expect, it } from 'vitest';
import { isSetupCode, setupCode } from '../../src/members/setup-code.ts';

describe('the setup code', () => {
  it('is the given one', () => {
    const code = setupCode('open sesame');
    expect(code).toEqual({ code: 'open sesame', generated: false });
    expect(isSetupCode(code, 'open sesame')).toBe(true);
    expect(isSetupCode(code, 'open')).toBe(false);
  });

  it('is generated when none is given, readable, and different each time', () => {
    const code = setupCode(undefined);
    expect(code).toMatchObject({ generated: true, code: expect.stringMatching(/^\w{4}-\w{4}-\w{4}$/) });
    expect(setupCode(undefined).code).not.toBe(code.code);
  });

  it('may be typed with spaces and in small letters', () => {
    const code = setupCode(undefined);
    expect(isSetupCode(code, ` ${code.code.toLowerCase().replaceAll('-', ' ')} `)).toBe(true);
  });

  it('is never empty, so that an empty attempt does not open the dashboard', () => {
    for (const given of ['', '  ', ' - ']) expect(setupCode(given).generated).toBe(true);
    expect(isSetupCode(setupCode(''), '')).toBe(false);
  });
});
