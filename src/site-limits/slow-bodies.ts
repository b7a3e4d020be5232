/** Bounds how slowly the body of a request may come, and in how many pieces: it takes memory until the last byte is there. */
import { inTooManyPieces } from './pieces.ts';
import type { MemoryPlace } from './memory-place.ts';
import { SITE_LIMITS } from './site-limits.ts';

/** The sender of a body has let the server wait too long. */
export class TooSlow extends Error {
  constructor() {
    super('The body came too slowly.');
  }
}

/** A body has come in more pieces than one of its size that is sent in earnest. */
export class TooManyPieces extends Error {
  constructor() {
    super('The body came in too many pieces.');
  }
}

/** Time in which a small body has to be there, in milliseconds. */
export const SMALL_BODY_MS = SITE_LIMITS.smallBodyMs.value;

/** How long the server waits for a sender in all, in ms, and how much of that each byte gives back. */
const SMALL = { patienceMs: SMALL_BODY_MS, msPerByte: 0 };
const LARGE = { patienceMs: SITE_LIMITS.bodyStallMs.value, msPerByte: 1_000 / SITE_LIMITS.bodyBytesASecond.value };

/**
 * The chunks of a body as they come. Only waiting for the sender counts, and no time that the server takes for a chunk. So a
 * sender that stops is given up after `bodyStallMs`, however fast it was before, and one that is slow for good as well.
 * @param announced how many bytes will come, where that is known
 * @param place that the body takes in memory. A slow sender loses it when others need it
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
  let leftMs: number = patienceMs;
  let ended = false;
  let pieces = 0;
  let bytes = 0;
  try {
    for (;;) {
      const begun = performance.now();
      place?.waits();
      const next = await within(leftMs, Promise.resolve(chunks.next()), place?.signal);
      place?.moved(next.done ? 0 : next.value.length);
      ended = next.done === true;
      if (next.done) return;
      bytes += next.value.length;
      if (inTooManyPieces(++pieces, bytes)) throw new TooManyPieces();
      const waitedMs = performance.now() - begun;
      leftMs = Math.min(patienceMs, Math.max(0, leftMs - waitedMs) + next.value.length * msPerByte);
      yield next.value;
    }
  } finally {
    // Not waited for: it ends once the chunk comes, for which no reader waits any more.
    if (!ended) void Promise.resolve(chunks.return?.()).catch(() => undefined);
  }
}

/** What `promise` comes to within `ms`, and before `signal` is aborted. */
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
