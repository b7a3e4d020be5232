/** The bytes of a file as the body of an answer. */

interface StreamOptions {
  /** How long it may take to read all of it; without it, as long as the reader likes. */
  maxMs?: number;
  /** Called once, when nothing more is read: at the end, after an error, or when the reader has gone. */
  ended?(): void;
}

/** The chunks as a stream that reads none before it is asked for. Errors after `maxMs`, and where `chunks` does. */
export function streamOf(
  chunks: AsyncGenerator<Uint8Array>,
  { maxMs, ended = () => undefined }: StreamOptions = {},
): ReadableStream<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    clearTimeout(timer);
    ended();
  };
  const source: UnderlyingDefaultSource<Uint8Array> = {
    start(controller) {
      if (maxMs === undefined) return;
      timer = setTimeout(() => {
        controller.error(new Error('The file was not read in time.'));
        end();
      }, maxMs);
    },
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
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
