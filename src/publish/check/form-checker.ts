/** Works on texts of forms beside the server, so that a text that takes long keeps no respondent waiting. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Change } from '../../form/changes/changes.ts';
import { fault, readSource, type FormFault } from '../../form/faults/faults.ts';
import type { Edit } from '../../form/edit/edit.ts';
import type { Imported } from '../../form/import/import.ts';
import type { Parsed } from '../../form/parse.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { FormWork } from './form-work.ts';

/**
 * Work is done one after another. Work that takes longer than ten seconds, or more memory than the thread has, is given up.
 * Each piece throws CheckerBusy where too many wait already.
 */
export interface FormChecker {
  /** Compiles a text as `compileForm` does. One that is given up has an error that says so. */
  check(given: FormWork['check'][0]): Promise<Parsed>;
  /** The faults of `findings`, with their places in a text. */
  locate(given: FormWork['locate'][0]): Promise<FormFault[]>;
  /** Describes the changes between two forms. Undefined where it is given up. */
  compare(given: FormWork['compare'][0]): Promise<Change[] | undefined>;
  /** Changes a text as `editAll` does. Undefined where it is given up. */
  edit(given: FormWork['edit'][0]): Promise<Edit | undefined>;
  /** Makes a form of a text of another program, as `importForm` does. One that is given up is refused with a sentence. */
  import(given: FormWork['import'][0]): Promise<Imported>;
  /** The websites that may show the form of a text. Undefined where the text can't be read, or the work is given up. */
  websites(given: FormWork['websites'][0]): Promise<string[] | undefined>;
  close(): Promise<void>;
}

/** Thrown instead of letting more work wait than `formWorkWaiting` allows. */
export class CheckerBusy extends Error {
  constructor() {
    super('Too many texts of forms wait for their check. Try again in a few seconds.');
  }
}

/** Enough for the largest form that passes. In megabytes. */
const MEMORY_MB = 512;

/** The longest form that passes takes about a second. */
const MAX_MS = 10_000;

/** The error of a form whose check is given up. */
export const takesTooLong = (file: string): FormFault =>
  fault(readSource(file, ''), 0, 'the check of this form takes too long', 'Use fewer screens, or fewer rules that depend on one another.'); // prettier-ignore

const IMPORT_TAKES_TOO_LONG = 'The import takes too long. Split the form into several.';

/** @param maxMs the longest time of one piece of work; another one is for tests */
export function openFormChecker(maxMs = MAX_MS): FormChecker {
  let worker: Worker | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function workNow<Name extends keyof FormWork>(name: Name, given: FormWork[Name][0]) {
    worker ??= await startWorker();
    const answer = await answerOf<FormWork[Name][1]>(worker, { name, given }, maxMs);
    if (answer !== undefined) return answer;
    await worker.terminate();
    worker = undefined;
    return undefined;
  }

  function work<Name extends keyof FormWork>(name: Name, given: FormWork[Name][0]) {
    if (waiting >= SITE_LIMITS.formWorkWaiting.value) return Promise.reject(new CheckerBusy());
    waiting++;
    const answer = queue.then(() => workNow(name, given)).finally(() => waiting--);
    queue = answer.catch(() => undefined);
    return answer;
  }

  return {
    check: async (given) => (await work('check', given)) ?? { ok: false, faults: [takesTooLong(given.file)] },
    locate: async (given) => (await work('locate', given)) ?? [takesTooLong(given.file)],
    compare: (given) => work('compare', given),
    edit: (given) => work('edit', given),
    import: async (given) => (await work('import', given)) ?? { ok: false, message: IMPORT_TAKES_TOO_LONG },
    websites: async (given) => (await work('websites', given)) ?? undefined,
    async close() {
      await worker?.terminate();
      worker = undefined;
    },
  };
}

/** A thread that has loaded its modules, so that the time of its work is that of the text. */
async function startWorker(): Promise<Worker> {
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  await once(worker, 'message');
  // An error that comes after its work was given up would end the server.
  worker.on('error', () => undefined);
  // A server that stops does not wait for it.
  worker.unref();
  return worker;
}

/** Undefined where the thread needs too much time or memory. */
function answerOf<Answer>(worker: Worker, work: object, maxMs: number): Promise<Answer | undefined> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), maxMs);
  // `once` rejects for an error of the thread too, which has no memory left then.
  const answered = once(worker, 'message', { signal: waiting.signal }).then(
    ([answer]) => answer as Answer,
    () => undefined,
  );
  worker.postMessage(work);
  return answered.finally(() => clearTimeout(timer));
}
