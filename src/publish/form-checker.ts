/** Checks texts of forms beside the server, so that a text that takes long keeps no respondent waiting. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { fault, readSource } from '../form/faults/faults.ts';
import type { Parsed } from '../form/parse.ts';

export type CheckRequest = { file: string; text: string; now: Date };

export interface FormChecker {
  /**
   * Compiles a text as `compileForm` does. Texts are checked one after another. One that takes longer than ten seconds,
   * or more memory than the thread has, is refused with an error that says so.
   */
  check(request: CheckRequest): Promise<Parsed>;
  close(): Promise<void>;
}

/** Enough for the largest form that passes. In megabytes. */
const MEMORY_MB = 512;

/** The longest form that passes takes about a second. */
const MAX_MS = 10_000;

/** @param maxMs the longest time of one check; another one is for tests */
export function openFormChecker(maxMs = MAX_MS): FormChecker {
  let worker: Worker | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  async function checkNow(request: CheckRequest): Promise<Parsed> {
    worker ??= await startWorker();
    const parsed = await answerOf(worker, request, maxMs);
    if (parsed) return parsed;
    await worker.terminate();
    worker = undefined;
    const remedy = 'Use fewer screens, or fewer rules that depend on one another.';
    return { ok: false, faults: [fault(readSource(request.file, ''), 0, 'the check of this form takes too long', remedy)] }; // prettier-ignore
  }

  return {
    check(request) {
      const checked = queue.then(() => checkNow(request));
      queue = checked.catch(() => undefined);
      return checked;
    },
    async close() {
      await worker?.terminate();
      worker = undefined;
    },
  };
}

/** A thread that has loaded its modules, so that the time of a check is that of the text. */
async function startWorker(): Promise<Worker> {
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  await once(worker, 'message');
  // A server that stops does not wait for it.
  worker.unref();
  return worker;
}

/** Undefined where the thread needs too much time or memory. */
function answerOf(worker: Worker, request: CheckRequest, maxMs: number): Promise<Parsed | undefined> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), maxMs);
  // `once` rejects for an error of the thread too, which has no memory left then.
  const answered = once(worker, 'message', { signal: waiting.signal }).then(
    ([parsed]) => parsed as Parsed,
    () => undefined,
  );
  worker.postMessage(request);
  return answered.finally(() => clearTimeout(timer));
}
