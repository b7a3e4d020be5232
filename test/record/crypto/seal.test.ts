import { describe, expect, it } from 'vitest';
import { fingerprint, openText, sealKeys, sealText } from '../../../src/record/crypto/seal.ts';

const [old, current] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const keys = sealKeys([current]);
const PLACE = ['submission', 'field'] as const;

/** `text` with its character at `index` changed. */
const changed = (text: string, index: number): string =>
  text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1);

describe('a sealed text', () => {
  it.each(['', 'Ana', '"12-34 …\u0000"', '😀'.repeat(5_000)])('opens to the same text: %j', (text) => {
    expect(openText(keys, PLACE, sealText(keys, PLACE, text))).toEqual({ ok: true, value: text });
  });

  it('names its version and key, and differs each time', () => {
    const [one, other] = [sealText(keys, PLACE, 'Ana'), sealText(keys, PLACE, 'Ana')];
    expect(one).toMatch(new RegExp(`^sealed:1:${keys[0]?.id}:[\\w-]{16}:[\\w-]{4}:[\\w-]{22}$`));
    expect(other).not.toBe(one);
    expect(keys[0]?.id).toMatch(/^[0-9a-f]{8}$/);
  });

  it('opens in no other place', () => {
    const text = sealText(keys, PLACE, 'Ana');
    for (const place of [
      ['submission', 'other'],
      ['other', 'field'],
      ['submissionfield', ''],
    ] as const) {
      expect(openText(keys, place, text).ok).toBe(false);
    }
  });

  it('does not open once any part of it is changed, cut off or made up', () => {
    const text = sealText(keys, PLACE, 'Ana Reyes');
    for (let index = 0; index < text.length; index++) {
      const opened = openText(keys, PLACE, changed(text, index));
      // The last character of a part in base64url holds bits that mean nothing.
      const last = /^(:|$)/.test(text.slice(index + 1));
      expect(opened.ok ? last && opened.value : 'refused', String(index)).toMatch(/^(refused|Ana Reyes)$/);
    }
    for (const bad of ['', 'Ana', 'sealed:', 'sealed:1:', 'sealed:2:a:b:c:d', text.slice(0, -4), text.split(':').slice(0, 5).join(':'), `${text.slice(0, text.lastIndexOf(':'))}:AAAA`]) {
      expect(openText(keys, PLACE, bad).ok, bad).toBe(false);
    } // prettier-ignore
  });

  it('opens with an earlier key, and names the error once that key is gone', () => {
    const text = sealText(sealKeys([old]), PLACE, 'Ana');
    expect(openText(sealKeys([current, old]), PLACE, text)).toEqual({ ok: true, value: 'Ana' });
    expect(openText(keys, PLACE, text)).toEqual({
      ok: false,
      fault: expect.stringMatching(/^It was encrypted with another SECRET_KEY \([0-9a-f]{8}\)\. Restore that key, or add it to FORMER_SECRET_KEYS\.$/),
    }); // prettier-ignore
    expect(sealText(sealKeys([current, old]), PLACE, 'Ana')).toContain(`:${keys[0]?.id}:`);
  });

  it('cannot be made without a key', () => {
    expect(() => sealText([], PLACE, 'Ana')).toThrow('was opened without SECRET_KEY');
  });
});

describe('a fingerprint', () => {
  it('is the same for the same text, and cannot be worked out without the key', () => {
    expect(fingerprint(keys, 'Ana')).toBe(fingerprint(sealKeys([current]), 'Ana'));
    expect(fingerprint(keys, 'Ana')).not.toBe(fingerprint(keys, 'Ann'));
    expect(fingerprint(keys, 'Ana')).not.toBe(fingerprint(sealKeys([old]), 'Ana'));
  });
});
