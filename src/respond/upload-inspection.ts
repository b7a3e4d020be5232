/** Looks at the bytes of one file as they arrive: what they are, how many, and whether a field takes them. */
import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import type { Problem } from '../form/fields/field-type.ts';
import type { FileLimits } from '../form/fields/files.ts';

export type InspectedFile = { type: string; size: number; sha256: string };

/** What a file is can be told from its beginning. */
const HEAD_BYTES = 65_536;

/**
 * Passes the file in `body` on to `keep`, and says what it is, or what is wrong with it: `short` without a byte, `type`
 * not of a kind that is taken, `size` too large. Then `keep` is given an error to throw. Holds only its beginning in
 * memory. Throws what `body` throws, and what `keep` does.
 */
export async function inspectUpload(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: FileLimits,
  keep: (bytes: AsyncIterable<Uint8Array>) => Promise<void> = drain,
): Promise<InspectedFile | { problem: Problem }> {
  const hash = createHash('sha256');
  let size = 0;
  let type: string | undefined;

  async function* checked(): AsyncGenerator<Uint8Array> {
    // Joined once: a file that arrives byte by byte costs no more than another one.
    let head: Uint8Array[] = [];
    for await (const chunk of body) {
      size += chunk.length;
      if (size > limits.largest) throw new RejectedFile('size');
      hash.update(chunk);
      if (type !== undefined) {
        yield chunk;
        continue;
      }
      head.push(chunk);
      if (size < HEAD_BYTES) continue;
      const beginning = Buffer.concat(head);
      head = [];
      type = await takenType(beginning, limits);
      yield beginning;
    }
    if (size === 0) throw new RejectedFile('short');
    if (type !== undefined) return;
    const whole = Buffer.concat(head);
    type = await takenType(whole, limits);
    yield whole;
  }

  try {
    await keep(checked());
  } catch (error) {
    if (error instanceof RejectedFile) return { problem: error.problem };
    throw error;
  }
  return { type: type ?? '', size, sha256: hash.digest('hex') };
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _chunk of bytes);
}

async function takenType(head: Uint8Array, { types }: FileLimits): Promise<string> {
  const found = await fileTypeFromBuffer(head.subarray(0, HEAD_BYTES));
  const type = found && (ALSO[found.mime] ?? found.mime);
  if (type === undefined || !types.includes(type)) throw new RejectedFile('type');
  return type;
}

/** Other names for what a form may ask for: an animated PNG is a PNG, and a burst of HEIC photos is shown as one. */
const ALSO: Record<string, string> = {
  'image/apng': 'image/png',
  'image/heif': 'image/heic',
  'image/heic-sequence': 'image/heic',
  'image/heif-sequence': 'image/heic',
};

class RejectedFile extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem);
    this.problem = problem;
  }
}
