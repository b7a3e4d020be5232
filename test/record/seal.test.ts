import { describe, expect, it } from 'vitest';
import { fingerprint, openBytes, openText, sealBytes, sealKeys, sealText } from '../../src/record/seal.ts';

const [old, current] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const keys = sealKeys([current]);
const PLACE = ['submission', 'field'] as const;

async function sealed(bytes: Uint8Array[], under = keys): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of sealBytes(under, PLACE, bytes)) parts.push(part);
  return Buffer.concat(parts);
}

/** `text` with its character at `index` changed. */
const changed = (text: string, index: number): string =>
  text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1);

describe('a sealed text', () => {
  it.each(['', 'Ana', '"12-34 …\u0000"', '😀'.repeat(5_000)])('opens to what it was: %j', (text) => {
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

  it('opens after its key has been followed by another, and says what is wrong once it is gone', () => {
    const text = sealText(sealKeys([old]), PLACE, 'Ana');
    expect(openText(sealKeys([current, old]), PLACE, text)).toEqual({ ok: true, value: 'Ana' });
    expect(openText(keys, PLACE, text)).toEqual({
      ok: false,
      fault: expect.stringMatching(/^It was sealed with another SECRET_KEY \([0-9a-f]{8}\)\. Put that key back, or add it to FORMER_SECRET_KEYS\.$/),
    }); // prettier-ignore
    expect(sealText(sealKeys([current, old]), PLACE, 'Ana')).toContain(`:${keys[0]?.id}:`);
  });

  it('cannot be made without a key', () => {
    expect(() => sealText([], PLACE, 'Ana')).toThrow('was opened without SECRET_KEY');
  });
});

describe('sealed bytes', () => {
  it.each([0, 1, 15, 16, 17, 100_000])('open to what they were: %i of them', async (length) => {
    const bytes = Buffer.alloc(length, 'abc');
    const opened = openBytes(keys, PLACE, await sealed([bytes.subarray(0, 7), bytes.subarray(7)]));
    expect(opened.ok && opened.value.equals(bytes)).toBe(true);
  });

  it('hold nothing of what they were', async () => {
    expect((await sealed([Buffer.from('a secret that is long enough')])).includes('secret')).toBe(false);
  });

  it('do not open once one byte is changed, or the end is cut off', async () => {
    const whole = await sealed([Buffer.from('Ana Reyes')]);
    for (let index = 0; index < whole.length; index++) {
      const bad = Buffer.from(whole);
      bad[index] = (bad[index] ?? 0) ^ 1;
      expect(openBytes(keys, PLACE, bad).ok, String(index)).toBe(false);
      expect(openBytes(keys, PLACE, whole.subarray(0, index)).ok, String(index)).toBe(false);
    }
  });

  it('fail as their source fails', async () => {
    async function* broken() {
      yield Buffer.from('a');
      throw new Error('cut off');
    }
    const reading = async () => {
      for await (const _part of sealBytes(keys, PLACE, broken()));
    };
    await expect(reading()).rejects.toThrow('cut off');
  });
});

describe('a fingerprint', () => {
  it('is the same for the same text, and cannot be worked out without the key', () => {
    expect(fingerprint(keys, 'Ana')).toBe(fingerprint(sealKeys([current]), 'Ana'));
    expect(fingerprint(keys, 'Ana')).not.toBe(fingerprint(keys, 'Ann'));
    expect(fingerprint(keys, 'Ana')).not.toBe(fingerprint(sealKeys([old]), 'Ana'));
  });
});
