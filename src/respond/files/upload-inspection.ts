/** Inspects the bytes of one file while they arrive: type, size, hash, and whether a field accepts it. */
import { createHash } from 'node:crypto';
import { constants, inflateRawSync } from 'node:zlib';
import { fileTypeFromBuffer } from 'file-type';
import type { FileLimits, Problem } from '../../form/fields/field-type.ts';
import { currentClient } from '../../site-limits/counting/current-client.ts';
import { createTurnsByKey } from '../../site-limits/counting/turns.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

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
  const findType = (head: Buffer) => inTurn(client, () => detectType(head, limits));
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

async function detectType(file: Buffer, { types }: FileLimits): Promise<string> {
  const head = file.subarray(0, HEAD_BYTES);
  // The library reads all of some files that no field accepts, such as tag after tag of music.
  if (!types.some((type) => beginsAs(type, head))) throw new RejectedFile('type');
  const detected = await fileTypeFromBuffer(isZip(head) ? sampleOfZip(head) : head);
  const type = detected && (ALIASES[detected.mime] ?? detected.mime);
  if (type === undefined || !types.includes(type)) throw new RejectedFile('type');
  return type;
}

/** How files of a type begin. Those of the other types are ZIP files. */
const BEGINNINGS: Record<string, RegExp> = {
  'image/jpeg': /^\u00ff\u00d8\u00ff/,
  'image/png': /^\u0089PNG/,
  'image/webp': /^RIFF.{4}WEBP/s,
  'image/heic': /^.{4}ftyp/s,
  // Some programs write a byte order mark first.
  'application/pdf': /^(\u00ef\u00bb\u00bf)?%PDF/,
};

const beginsAs = (type: string, head: Buffer): boolean =>
  BEGINNINGS[type]?.test(head.toString('latin1', 0, 12)) ?? isZip(head);

const ENTRY = 'PK\u0003\u0004';
const ENTRY_BYTES = 30;
const isZip = (head: Buffer): boolean => head.toString('latin1', 0, ENTRY.length) === ENTRY;

/** The entries of a Word, Excel or OpenDocument file that name its type. */
const TYPE_ENTRIES = ['mimetype', '[Content_Types].xml'];
/** The library leaves out a byte order mark before a name. */
const MARK_BYTES = 3;
const LONGEST_NAME = MARK_BYTES + Math.max(...TYPE_ENTRIES.map(({ length }) => length));

/**
 * The part of a ZIP file that the library reads: a number of entries, and one of them that names the type. The library
 * takes milliseconds for a thousand entries, and for an entry of 1 kB that is 1 MB when it is inflated.
 */
function sampleOfZip(head: Buffer): Buffer {
  let entries = 0;
  let hasTypeEntry = false;
  for (let at = 0; at >= 0 && at + ENTRY_BYTES <= head.length; at = head.indexOf(ENTRY, at + 1)) {
    if (++entries > SITE_LIMITS.readEntriesPerFile.value) return head.subarray(0, at);
    const nameEnd = at + ENTRY_BYTES + head.readUInt16LE(at + 26);
    // Each of many entries can name the rest of the file as its name.
    const isLong = nameEnd - at > ENTRY_BYTES + LONGEST_NAME;
    if (isLong || !TYPE_ENTRIES.includes(new TextDecoder().decode(head.subarray(at + ENTRY_BYTES, nameEnd)))) continue;
    if (hasTypeEntry) return head.subarray(0, at);
    hasTypeEntry = true;
    const content = nameEnd + head.readUInt16LE(at + 28);
    const isStored = head.readUInt16LE(at + 8) === 0;
    if (!isStored && isLarge(head.subarray(content))) throw new RejectedFile('type');
  }
  return head;
}

/** Whether a compressed entry is too large. `packed` may end in the middle of it or later. */
function isLarge(packed: Buffer): boolean {
  const maxOutputLength = SITE_LIMITS.typeEntryBytes.value;
  try {
    inflateRawSync(packed, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
    return false;
  } catch (error) {
    return error instanceof RangeError;
  }
}

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
