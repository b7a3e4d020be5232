/**
 * Bounds how slowly the body of a request may come, and in how many pieces. It takes memory until its last byte
 * arrives.
 */
import { currentGoOn } from './current-client.ts';
import { inTooManyPieces, joinPieces, PIECES_APART } from './pieces.ts';
import type { MemoryPlace } from './memory-place.ts';
import { SITE_LIMITS } from '../site-limits.ts';

/** Thrown if the sender of a body has let the server wait too long. */
export class TooSlow extends Error {
  constructor() {
    super('The body came too slowly.');
  }
}

/** Thrown for a body in more pieces than a normal client sends. */
export class TooManyPieces extends Error {
  constructor() {
    super('The body came in too many pieces.');
  }
}

/** The time in which a small body has to arrive, in ms. */
export const SMALL_BODY_MS = SITE_LIMITS.smallBodyMs.value;

/** How long the server waits for a sender in all, in ms, and how much of that each byte gives back. */
const SMALL = { patienceMs: SMALL_BODY_MS, msPerByte: 0 };
const LARGE = { patienceMs: SITE_LIMITS.bodyStallMs.value, msPerByte: 1_000 / SITE_LIMITS.bodyBytesPerSecond.value };

/**
 * The chunks of a body as they come. After the first `PIECES_APART`, so many small ones at most are joined to one.
 * Only waiting for the sender counts, not the server's time for a chunk. So a sender that stops fails after
 * `bodyStallMs`, however fast it was before, and so does one that is always slow. After the last chunk, the request waits for
 * its turn.
 * @param announced the announced length in bytes, if it is known
 * @param place the place of the body in memory. A slow sender loses it when others need it
 * @throws {TooSlow} once the sender has used up its time, or lost its place
 * @throws {TooManyPieces} once there are too many for the bytes that have come
 */
export async function* inTime(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  announced: number | undefined,
  place?: MemoryPlace,
): AsyncGenerator<Uint8Array> {
  const { patienceMs, msPerByte } = (announced ?? Infinity) <= SITE_LIMITS.jsonBodyBytes.value ? SMALL : LARGE;
  const chunks = Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]();
  const goOn = currentGoOn();
  let leftMs: number = patienceMs;
  let ended = false;
  let pieces = 0;
  let bytes = 0;
  let small: Uint8Array[] = [];
  let smallBytes = 0;
  try {
    for (;;) {
      const begun = performance.now();
      place?.waits();
      const next = await within(leftMs, Promise.resolve(chunks.next()), place?.signal);
      place?.moved(next.done ? 0 : next.value.length);
      ended = next.done === true;
      if (next.done) {
        if (small.length) yield joinPieces(small);
        await new Promise<void>(goOn);
        return;
      }
      bytes += next.value.length;
      if (inTooManyPieces(++pieces, bytes)) throw new TooManyPieces();
      const waitedMs = performance.now() - begun;
      leftMs = Math.min(patienceMs, Math.max(0, leftMs - waitedMs) + next.value.length * msPerByte);
      small.push(next.value);
      smallBytes += next.value.length;
      const isSmall = small.length < PIECES_APART && smallBytes < SITE_LIMITS.bytesPerPiece.value;
      if (isSmall && pieces > PIECES_APART) continue;
      yield joinPieces(small);
      small = [];
      smallBytes = 0;
    }
  } finally {
    if (!ended) void dropRest(chunks).catch(() => undefined);
  }
}

/** Without this, the chunks that have come would be in memory until the client has taken the answer. */
async function dropRest(chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>): Promise<void> {
  for (;;) if ((await chunks.next()).done) return;
}

/** The result of `promise` within `ms`, and before `signal` is aborted. */
function within<T>(ms: number, promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new TooSlow());
    if (signal?.aborted) giveUp();
    const timer = setTimeout(giveUp, ms);
    signal?.addEventListener('abort', giveUp);
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    });
  });
}
