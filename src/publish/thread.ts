/** A thread of its own for slow work, so that it delays no respondent. */
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';

/** Runs work one after another, and ends work that takes more time or memory than it may. */
export interface Thread<Input, Answer> {
  /** Undefined if the work is ended. */
  work(input: Input): Promise<Answer | undefined>;
  close(): Promise<void>;
}

export interface ThreadOptions<Input> {
  /** Of objects, in megabytes. */
  memoryMb: number;
  /** The longest time of one piece of work. */
  maxMs: number;
  /** The thread ends after this time without work, and starts again for the next. Without it, the thread stays. */
  idleMs?: number;
  /**
   * The same text for the same work. Work that was ended is not started again for a minute, because all other work waits
   * for it. Undefined, or without the option: it is always started.
   */
  keyOf?(input: Input): string | undefined;
}

/** Work that was ended, by the hash of its key. */
const MAX_ENDED = 100;

/** Good work can be ended too, on a busy machine. */
const ENDED_MS = 60_000;

/**
 * Starts the thread at the first work.
 * @param file a module that posts a message once it is loaded, and then one for each that it gets
 */
export function openThread<Input, Answer>(file: URL, options: ThreadOptions<Input>): Thread<Input, Answer> {
  let worker: Worker | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;
  const endedWork = new LRUCache<string, true>({ max: MAX_ENDED, ttl: ENDED_MS });

  function hashOf(input: Input): string | undefined {
    const key = options.keyOf?.(input);
    return key === undefined ? undefined : hash('sha256', key);
  }

  async function end(): Promise<void> {
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  }

  async function workNow(input: Input): Promise<Answer | undefined> {
    // Hashes are only needed once some work was ended.
    if (endedWork.size > 0 && endedWork.has(hashOf(input) ?? '')) return undefined;
    clearTimeout(idle);
    worker ??= await startWorker(file, options.memoryMb);
    const answer = await answerOf<Answer>(worker, input, options.maxMs);
    if (answer === undefined) {
      const key = hashOf(input);
      if (key !== undefined) endedWork.set(key, true);
      await end();
    }
    if (options.idleMs !== undefined) idle = setTimeout(() => void end(), options.idleMs).unref();
    return answer;
  }

  return {
    work(input) {
      const answer = queue.then(() => workNow(input));
      queue = answer.catch(() => undefined);
      return answer;
    },
    close() {
      clearTimeout(idle);
      return end();
    },
  };
}

/** A thread with loaded modules, so that the time limit counts only the work itself. */
async function startWorker(file: URL, memoryMb: number): Promise<Worker> {
  const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
  await once(worker, 'message');
  // An error after the end of its work would stop the server.
  worker.on('error', () => undefined);
  // The server does not wait for it when it stops.
  worker.unref();
  return worker;
}

/** Undefined where the thread needs too much time or memory. */
function answerOf<Answer>(worker: Worker, work: unknown, maxMs: number): Promise<Answer | undefined> {
  const waiting = new AbortController();
  const giveUp = () => waiting.abort();
  const timer = setTimeout(giveUp, maxMs);
  worker.once('exit', giveUp);
  // `once` also rejects for an error of the thread, which has no memory left then.
  const answered = once(worker, 'message', { signal: waiting.signal }).then(
    ([answer]) => answer as Answer,
    () => undefined,
  );
  worker.postMessage(work);
  return answered.finally(() => {
    clearTimeout(timer);
    worker.off('exit', giveUp);
  });
}
