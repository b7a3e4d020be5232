/** Checks texts of forms beside the server, so that a text that takes long keeps no respondent waiting. */
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
  /** Ends the wait for the text that is being checked. */
  let answer: (parsed?: Parsed) => void = () => undefined;

  function start(): Worker {
    const started = new Worker(new URL('./check-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    // A server that stops does not wait for it.
    started.unref();
    // A thread that was given up says nothing of later texts.
    started.on('message', (parsed: Parsed) => worker === started && answer(parsed));
    // Without memory it ends by itself.
    started.on('error', () => worker === started && answer());
    return started;
  }

  async function checkNow(request: CheckRequest): Promise<Parsed> {
    const current = (worker ??= start());
    const answered = Promise.withResolvers<Parsed | undefined>();
    answer = answered.resolve;
    const timer = setTimeout(answer, maxMs);
    current.postMessage(request);
    const parsed = await answered.promise;
    clearTimeout(timer);
    if (parsed) return parsed;
    worker = undefined;
    await current.terminate();
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
