/** A thread of its own for slow work, so that it delays no respondent. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Runs work one after another, and ends work that takes more time or memory than it may. */
export interface Thread<Input, Answer> {
  /** Undefined if the work is ended. */
  work(input: Input): Promise<Answer | undefined>;
  close(): Promise<void>;
}

export interface ThreadOptions {
  /** Of objects, in megabytes. */
  memoryMb: number;
  /** The longest time of one piece of work. */
  maxMs: number;
  /** The thread ends after this time without work, and starts again for the next. Without it, the thread stays. */
  idleMs?: number;
}

/**
 * Starts the thread at the first work.
 * @param file a module that posts a message once it is loaded, and then one for each that it gets
 */
export function openThread<Input, Answer>(file: URL, options: ThreadOptions): Thread<Input, Answer> {
  let worker: Worker | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  async function end(): Promise<void> {
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  }

  async function workNow(input: Input): Promise<Answer | undefined> {
    clearTimeout(idle);
    worker ??= await startWorker(file, options.memoryMb);
    const answer = await answerOf<Answer>(worker, input, options.maxMs);
    if (answer === undefined) await end();
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
