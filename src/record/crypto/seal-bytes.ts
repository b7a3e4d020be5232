/**
 * Encrypts the bytes of files as they arrive, and decrypts them without holding a whole file in memory. A file is a row of
 * chunks, each authenticated by itself: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, 2015) with
 * AES-256-GCM and a key of its own for each file, as in Tink's "AES-GCM-HKDF streaming". A chunk's nonce has its number
 * and whether it is the last one, so chunks can't be reordered, left out, or cut off.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { PieceReader } from './piece-reader.ts';
import { aadOf, CIPHER, currentKey, DAMAGED, findKey, ID_BYTES, IV_BYTES, TAG_BYTES, UNKNOWN_SEAL, type SealContext, type SealKeys } from './seal.ts'; // prettier-ignore

/** Plain bytes of each chunk but the last one, which may be shorter. */
const CHUNK_BYTES = 65_536;
const SALT_BYTES = 32;
/** The nonce of a chunk is this many random bytes of the file, then 4 bytes of its number, then 1 if it's the last one, else 0. */
const PREFIX_BYTES = 7;

/** The first byte of an encrypted file. Files of one piece were written until November 2026. */
const ONE_PIECE = 1;
const CHUNKED = 2;

/** Thrown for bytes that can't be decrypted. The message says why. */
export class SealError extends Error {}

/**
 * Encrypts the bytes of `source` as they come: the version, the key's id, a salt, a prefix, then the chunks, each with its
 * tag. Throws without a key, and the errors of `source`.
 */
export async function* sealBytes(
  keys: SealKeys,
  place: SealContext,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { id, key } = currentKey(keys);
  const salt = randomBytes(SALT_BYTES);
  const prefix = randomBytes(PREFIX_BYTES);
  const fileKey = fileKeyOf(key, salt, id, place);
  const pieces = new PieceReader(source);
  try {
    yield Buffer.concat([Buffer.of(CHUNKED), Buffer.from(id, 'hex'), salt, prefix]);
    for (let number = 0, last = false; !last; number++) {
      const chunk = await pieces.take(CHUNK_BYTES);
      last = await pieces.isAtEnd();
      const cipher = createCipheriv(CIPHER, fileKey, nonceOf(prefix, number, last));
      yield Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
    }
  } finally {
    await pieces.close();
  }
}

/**
 * The bytes that `sealBytes` has encrypted for the same place. Yields a chunk only after it has proved to be intact, and
 * throws SealError at the first one that isn't: a reader who gets all chunks has the whole file.
 * @param read reads the encrypted bytes from their beginning; called twice for a file of one piece
 */
export async function* openBytes(
  keys: SealKeys,
  place: SealContext,
  read: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const pieces = new PieceReader(read());
  try {
    const version = (await pieces.take(1))[0];
    if (version === CHUNKED) yield* openChunks(keys, place, pieces);
    else if (version === ONE_PIECE) yield* openProved(keys, place, pieces, read);
    else throw new SealError(UNKNOWN_SEAL);
  } finally {
    await pieces.close();
  }
}

async function* openChunks(keys: SealKeys, place: SealContext, pieces: PieceReader): AsyncGenerator<Buffer> {
  const { id, key } = await keyOf(keys, pieces);
  const salt = await pieces.take(SALT_BYTES);
  const prefix = await pieces.take(PREFIX_BYTES);
  if (prefix.length < PREFIX_BYTES) throw new SealError(DAMAGED);
  const fileKey = fileKeyOf(key, salt, id, place);
  for (let number = 0, last = false; !last; number++) {
    const chunk = await pieces.take(CHUNK_BYTES + TAG_BYTES);
    last = await pieces.isAtEnd();
    yield openChunk(fileKey, nonceOf(prefix, number, last), chunk);
  }
}

function openChunk(fileKey: Buffer, nonce: Buffer, chunk: Buffer): Buffer {
  if (chunk.length < TAG_BYTES) throw new SealError(DAMAGED);
  const decipher = createDecipheriv(CIPHER, fileKey, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(chunk.subarray(-TAG_BYTES));
  const plain = decipher.update(chunk.subarray(0, -TAG_BYTES));
  // In this mode, the end has no further bytes. To join them would copy the chunk.
  finished(() => decipher.final());
  return plain;
}

/** A file of one piece proves to be intact at its end only, so it's read once to prove it, and again to yield it. */
async function* openProved(
  keys: SealKeys,
  place: SealContext,
  pieces: PieceReader,
  read: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  for await (const _chunk of openOnePiece(keys, place, pieces));
  const again = new PieceReader(read());
  try {
    await again.take(1);
    yield* openOnePiece(keys, place, again);
  } finally {
    await again.close();
  }
}

/** Yields bytes before they are proved to be intact; throws SealError at the end of a file that isn't. */
async function* openOnePiece(keys: SealKeys, place: SealContext, pieces: PieceReader): AsyncGenerator<Buffer> {
  const { id, key } = await keyOf(keys, pieces);
  const iv = await pieces.take(IV_BYTES);
  if (iv.length < IV_BYTES) throw new SealError(DAMAGED);
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(aadOf(ONE_PIECE, id, place));
  // The tag is at the very end, so as many bytes are held back.
  let held = await pieces.take(TAG_BYTES);
  while (!(await pieces.isAtEnd())) {
    const bytes = Buffer.concat([held, await pieces.take(CHUNK_BYTES)]);
    yield decipher.update(bytes.subarray(0, -TAG_BYTES));
    held = bytes.subarray(-TAG_BYTES);
  }
  if (held.length < TAG_BYTES) throw new SealError(DAMAGED);
  decipher.setAuthTag(held);
  finished(() => decipher.final());
}

async function keyOf(keys: SealKeys, pieces: PieceReader) {
  const id = (await pieces.take(ID_BYTES)).toString('hex');
  const found = findKey(keys, id);
  if ('fault' in found) throw new SealError(found.fault);
  return found;
}

const fileKeyOf = (key: KeyObject, salt: Buffer, id: string, place: SealContext): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, aadOf(CHUNKED, id, place), 32));

function nonceOf(prefix: Buffer, number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(IV_BYTES);
  prefix.copy(nonce);
  nonce.writeUInt32BE(number, PREFIX_BYTES);
  nonce[IV_BYTES - 1] = last ? 1 : 0;
  return nonce;
}

/** What `open` returns; a SealError when the tag doesn't fit. */
function finished(open: () => Buffer): Buffer {
  try {
    return open();
  } catch {
    throw new SealError(DAMAGED);
  }
}
