/** Inspects the bytes of one file while they arrive: type, size, hash, and whether a field accepts it. */
import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import type { FileLimits, Problem } from '../../form/fields/field-type.ts';
import { currentClient } from '../../site-limits/counting/current-client.ts';
import { createTurnsByKey } from '../../site-limits/counting/turns.ts';

export type InspectedFile = { type: string; size: number; sha256: string };

/** The beginning of a file shows its type. */
const HEAD_BYTES = 65_536;

/** To find a type can take milliseconds. Other requests are answered between two files, also of one post. */
const inTurn = createTurnsByKey(1);

/**
 * Passes the file in `body` on to `write`, and holds only its beginning in memory.
 * @returns the type, size in bytes and SHA-256, or the problem: `short` if it is empty, `type` if the field does not
 * accept its type, `size` if it is too large. With a problem, the bytes that `write` reads end in an error. Throws the
 * errors of `body` and of `write`.
 */
export async function inspectUpload(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: FileLimits,
  write: (bytes: AsyncIterable<Uint8Array>) => Promise<void> = drain,
): Promise<InspectedFile | { problem: Problem }> {
  // Some stores read `checked` outside of the request.
  const client = currentClient();
  const findType = (head: Uint8Array) => inTurn(client, () => detectType(head, limits));
  const hash = createHash('sha256');
  let size = 0;
  let type: string | undefined;

  async function* checked(): AsyncGenerator<Uint8Array> {
    // Joined once, so that a file that arrives byte by byte costs no more.
    let head: Uint8Array[] = [];
    for await (const chunk of body) {
      size += chunk.length;
      if (size > limits.maxBytes) throw new RejectedFile('size');
      hash.update(chunk);
      if (type !== undefined) {
        yield chunk;
        continue;
      }
      head.push(chunk);
      if (size < HEAD_BYTES) continue;
      const beginning = Buffer.concat(head);
      head = [];
      type = await findType(beginning);
      yield beginning;
    }
    if (size === 0) throw new RejectedFile('short');
    if (type !== undefined) return;
    const complete = Buffer.concat(head);
    type = await findType(complete);
    yield complete;
  }

  try {
    await write(checked());
  } catch (error) {
    if (error instanceof RejectedFile) return { problem: error.problem };
    throw error;
  }
  return { type: type ?? '', size, sha256: hash.digest('hex') };
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _chunk of bytes);
}

async function detectType(head: Uint8Array, { types }: FileLimits): Promise<string> {
  // To know the kind of a compressed file, a part of it is inflated, which can be 1 MB for a file of 1 kB.
  if (isGzip(head) || (isZip(head) && !types.some(isZipType))) throw new RejectedFile('type');
  const detected = await fileTypeFromBuffer(head.subarray(0, HEAD_BYTES));
  const type = detected && (ALIASES[detected.mime] ?? detected.mime);
  if (type === undefined || !types.includes(type)) throw new RejectedFile('type');
  return type;
}

const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b;
const isZip = ([first, second]: Uint8Array): boolean => first === 0x50 && second === 0x4b;
const isZipType = (type: string): boolean => /officedocument|opendocument/.test(type);

/** Other types of accepted files: an animated PNG is a PNG, and a burst of HEIC photos is shown as one. */
const ALIASES: Record<string, string> = {
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
