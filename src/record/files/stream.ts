/** The bytes of a file as the body of an answer. */

const ASK_EACH_MS = 5_000;

interface StreamOptions {
  /** How long it may take to read all of it; without it, as long as the reader likes. */
  maxMs?: number;
  /** Asked now and then whether a reader that has taken nothing for so many milliseconds is to be cut off. */
  isTooSlow?(idleMs: number): boolean;
  /** How often that is asked, in milliseconds. */
  askEachMs?: number;
  /** Called once, when nothing more is read: at the end, after an error, or when the reader has gone. */
  ended?(): void;
}

/** The chunks as a stream that reads none before it is asked for. Errors after `maxMs`, and where `chunks` does. */
export function streamOf(
  chunks: AsyncGenerator<Uint8Array>,
  { maxMs, isTooSlow, askEachMs = ASK_EACH_MS, ended = () => undefined }: StreamOptions = {},
): ReadableStream<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  let asking: NodeJS.Timeout | undefined;
  let takenAt = performance.now();
  let over = false;
  const end = () => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    clearInterval(asking);
    ended();
  };
  const source: UnderlyingDefaultSource<Uint8Array> = {
    start(controller) {
      const cutOff = () => {
        controller.error(new Error('The file was not read in time.'));
        end();
      };
      if (maxMs !== undefined) timer = setTimeout(cutOff, maxMs);
      if (isTooSlow) asking = setInterval(() => isTooSlow(performance.now() - takenAt) && cutOff(), askEachMs);
    },
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        takenAt = performance.now();
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
