/** Files are encrypted in chunks, and not a byte of one that was changed is ever read. */
import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openBytes, sealBytes, SealError } from '../../../src/record/crypto/seal-bytes.ts';
import { sealKeys } from '../../../src/record/crypto/seal.ts';
import { joined } from '../../helpers/samples/files.ts';

const [old, current] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const keys = sealKeys([current]);
const PLACE = ['file', 'bytes'] as const;
const CHUNK = 65_536;
/** Version, key id, salt, prefix. */
const HEADER = 1 + 4 + 32 + 7;

const bytesOf = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, n) => (n * 7) % 251));

async function sealed(parts: Uint8Array[], under = keys): Promise<Buffer> {
  return joined(sealBytes(under, PLACE, parts));
}

async function opened(
  bytes: Buffer,
  { under = keys, place = PLACE as readonly [string, string] } = {},
): Promise<Buffer> {
  return joined(openBytes(under, place, () => [bytes]));
}

/** As files were encrypted before they were in chunks: version, key id, iv, ciphertext, tag. */
function inOnePiece(bytes: Buffer): Buffer {
  const [{ id, key }] = keys as [(typeof keys)[number]];
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(JSON.stringify([1, id, ...PLACE])));
  const text = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([Buffer.of(1), Buffer.from(id, 'hex'), iv, text, cipher.getAuthTag()]);
}

describe('the encrypted bytes of a file', () => {
  it.each([0, 1, 15, 16, 17, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])('open to the same %i bytes', async (length) => {
    const bytes = bytesOf(length);
    const whole = await sealed([bytes.subarray(0, 7), new Uint8Array(), bytes.subarray(7)]);
    expect((await opened(whole)).equals(bytes)).toBe(true);
    expect(whole.length).toBe(HEADER + length + 16 * Math.max(1, Math.ceil(length / CHUNK)));
  });

  it('are the same however small the parts are in which they arrive and are read', async () => {
    const bytes = bytesOf(CHUNK + 300);
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    const whole = await sealed(single);
    const parts = Array.from({ length: Math.ceil(whole.length / 100) }, (_, at) =>
      whole.subarray(at * 100, at * 100 + 100),
    );
    expect((await joined(openBytes(keys, PLACE, () => parts))).equals(bytes)).toBe(true);
  });

  it('hold nothing of the file, and differ each time', async () => {
    const bytes = Buffer.from('a secret that is long enough');
    expect((await sealed([bytes])).includes('secret')).toBe(false);
    expect((await sealed([bytes])).subarray(HEADER)).not.toEqual((await sealed([bytes])).subarray(HEADER));
  });

  it('do not open once one byte is changed, or the end is cut off', async () => {
    for (const whole of [await sealed([Buffer.from('Ana Reyes')]), inOnePiece(Buffer.from('Ana Reyes'))]) {
      for (let index = 0; index < whole.length; index++) {
        const bad = Buffer.from(whole);
        bad[index] = (bad[index] ?? 0) ^ 1;
        await expect(opened(bad), String(index)).rejects.toThrow(SealError);
        await expect(opened(whole.subarray(0, index)), String(index)).rejects.toThrow(SealError);
      }
    }
  });

  it('do not open with chunks left out, repeated, in another order, or added, and yield only the chunks before', async () => {
    const bytes = bytesOf(3 * CHUNK);
    const whole = await sealed([bytes]);
    const header = whole.subarray(0, HEADER);
    const chunk = (at: number) => whole.subarray(HEADER + at * (CHUNK + 16), HEADER + (at + 1) * (CHUNK + 16));
    for (const [row, intact] of [[[0, 1], 1], [[0, 2], 1], [[1, 0, 2], 0], [[0, 0, 1, 2], 1], [[0, 1, 2, 2], 2], [[0], 0]] as const) {
      const read: Buffer[] = [];
      const reading = async () => {
        for await (const part of openBytes(keys, PLACE, () => [header, ...row.map(chunk)])) read.push(part);
      };
      await expect(reading(), row.join()).rejects.toThrow('It was changed, shortened or moved');
      expect(Buffer.concat(read).equals(bytes.subarray(0, intact * CHUNK)), row.join()).toBe(true);
    } // prettier-ignore
  });

  it('open in no other place, nor with a chunk of another file', async () => {
    const [one, other] = [await sealed([bytesOf(2 * CHUNK)]), await sealed([bytesOf(2 * CHUNK)])];
    await expect(opened(one, { place: ['other', 'bytes'] })).rejects.toThrow('moved after it was encrypted');
    const mixed = Buffer.concat([one.subarray(0, HEADER + CHUNK + 16), other.subarray(HEADER + CHUNK + 16)]);
    await expect(opened(mixed)).rejects.toThrow('moved after it was encrypted');
  });

  it('open after their key has been followed by another, and say why once it is gone', async () => {
    const whole = await sealed([Buffer.from('Ana')], sealKeys([old]));
    expect((await opened(whole, { under: sealKeys([current, old]) })).toString()).toBe('Ana');
    await expect(opened(whole)).rejects.toThrow(
      /^It was encrypted with another SECRET_KEY \([0-9a-f]{8}\)\. Restore that key/,
    );
  });

  it('fail as their source fails, and close it when the reader stops', async () => {
    let closed = 0;
    async function* source(error?: Error) {
      try {
        yield Buffer.from('a');
        if (error) throw error;
        yield bytesOf(2 * CHUNK);
      } finally {
        closed++;
      }
    }
    await expect(joined(sealBytes(keys, PLACE, source(new Error('cut off'))))).rejects.toThrow('cut off');
    const parts = sealBytes(keys, PLACE, source());
    await parts.next();
    await parts.next();
    await parts.return(undefined);
    expect(closed).toBe(2);
  });
});

describe('a file that was encrypted in one piece', () => {
  it.each([0, 1, 16, CHUNK, 3 * CHUNK + 5])('opens to the same %i bytes, in chunks', async (length) => {
    const bytes = bytesOf(length);
    expect((await opened(inOnePiece(bytes))).equals(bytes)).toBe(true);
  });

  it('yields nothing when its very last byte is changed', async () => {
    const whole = inOnePiece(bytesOf(3 * CHUNK));
    whole[whole.length - 1] = (whole.at(-1) ?? 0) ^ 1;
    const chunks = openBytes(keys, PLACE, () => [whole]);
    await expect(chunks.next()).rejects.toThrow(SealError);
  });
});
