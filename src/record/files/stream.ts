/** The bytes of a file as the body of an answer. */
import type { MemoryPlace } from '../../site-limits/counting/memory-place.ts';

interface StreamOptions {
  /** How long reading all of it may take, in ms; without it, there is no bound. */
  maxMs?: number;
  /** The place that the chunks take in memory. The stream ends with an error when it loses the place. */
  place?: MemoryPlace;
  /** Called once when reading ends: at the end, after an error, or when the reader is gone. */
  ended?(): void;
}

/**
 * The chunks as a stream, which reads a chunk only when it is asked for. Fails after `maxMs`, and with the errors of
 * `chunks`.
 */
export function streamOf(
  chunks: AsyncGenerator<Uint8Array>,
  { maxMs, place, ended = () => undefined }: StreamOptions = {},
): ReadableStream<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  let givenBytes = 0;
  let over = false;
  const end = () => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    ended();
  };
  const source: UnderlyingDefaultSource<Uint8Array> = {
    start(controller) {
      const cutOff = () => {
        controller.error(new Error('The file was not read in time.'));
        end();
      };
      if (maxMs !== undefined) timer = setTimeout(cutOff, maxMs);
      place?.signal.addEventListener('abort', cutOff, { once: true });
      place?.waits();
    },
    async pull(controller) {
      // A reader that asks for the next chunk has taken the one before.
      place?.moved(givenBytes);
      try {
        const { done, value } = await chunks.next();
        givenBytes = value?.length ?? 0;
        place?.waits();
        if (!done) return controller.enqueue(value);
        controller.close();
        end();
      } catch (error) {
        end();
        throw error;
      }
    },
    cancel: end,
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}
