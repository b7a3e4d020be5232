/** Works on texts of forms outside of the server's thread, so that a slow text delays no respondent. */
import type { Change } from '../../form/changes/changes.ts';
import { fault, readSource, type FormFault } from '../../form/faults/faults.ts';
import type { Edit } from '../../form/edit/edit.ts';
import type { TextReading } from '../../form/edit/reading.ts';
import type { Imported } from '../../form/import/import.ts';
import { readForm, slugOf, type FormFile } from '../../form/folder.ts';
import type { ExtraCheck, Parsed } from '../../form/parse.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { openThread } from '../thread.ts';
import type { FormWork } from './form-work.ts';
import type { TextDifference } from './text-difference.ts';

/**
 * Runs work one after another. It ends work that takes longer than ten seconds, or more memory than the thread has. For a
 * minute after that, the same work on the same text is answered at once, as if it was ended again.
 * Each call throws CheckerBusy if too much work waits already.
 */
export interface FormChecker {
  /** Compiles a text as `compileForm` does. If the work is ended, the result has an error that says so. */
  check(input: FormWork['check'][0]): Promise<Parsed>;
  /**
   * Reads a file as `readForm` does, however much work waits. If the work is ended, the result has an error that says so.
   * @param extraCheck runs in the thread of the caller
   * @throws {Error} where the checker was closed meanwhile
   */
  readForm(input: FormWork['file'][0], extraCheck?: ExtraCheck): Promise<FormFile>;
  /** The faults of `findings`, with their places in a text. */
  locate(input: FormWork['locate'][0]): Promise<FormFault[]>;
  /** Describes the changes between two forms. Undefined if the work is ended. */
  compare(input: FormWork['compare'][0]): Promise<Change[] | undefined>;
  /** The lines that differ between two texts. Undefined if there are too many, or the work is ended. */
  difference(input: FormWork['difference'][0]): Promise<TextDifference | undefined>;
  /** Changes a text as `editAll` does. Undefined if the work is ended. */
  edit(input: FormWork['edit'][0]): Promise<Edit | undefined>;
  /** Reads a text as `readAll` does. Undefined if the work is ended. */
  read(input: FormWork['read'][0]): Promise<TextReading | undefined>;
  /**
   * Makes a form of a text of another program, as `importForm` does. If the work is ended, the result is a refusal with
   * a sentence.
   */
  import(input: FormWork['import'][0]): Promise<Imported>;
  /** The websites that may show the form of a text. Undefined if the text can't be read, or the work is ended. */
  websites(input: FormWork['websites'][0]): Promise<string[] | undefined>;
  close(): Promise<void>;
}

/** Thrown instead of letting more work wait than `formWorkWaiting` allows. */
export class CheckerBusy extends Error {
  constructor() {
    super('Too many texts of forms wait for their check. Try again in a few seconds.');
  }
}

/** Enough for the largest valid form. In megabytes. */
const MEMORY_MB = 512;

/** The largest valid form takes about a second. */
const MAX_MS = 10_000;

/** The error of a form if its check is ended. */
export const takesTooLong = (file: string): FormFault =>
  fault(readSource(file, ''), 0, 'the check of this form takes too long', 'Use fewer screens, or fewer rules that depend on one another.'); // prettier-ignore

const IMPORT_TAKES_TOO_LONG = 'The import takes too long. Split the form into several.';

type Work = { [Name in keyof FormWork]: { name: Name; input: FormWork[Name][0] } }[keyof FormWork];

/** Neither a file, which may change, nor the time is the same text. */
const keyOf = ({ name, input }: Work): string | undefined =>
  name === 'file' ? undefined : JSON.stringify([name, { ...input, now: undefined }]);

/** @param maxMs the longest time of one piece of work; another one is for tests */
export function openFormChecker(maxMs = MAX_MS): FormChecker {
  const file = new URL('./check-worker.ts', import.meta.url);
  const thread = openThread<Work, FormWork[keyof FormWork][1]>(file, { memoryMb: MEMORY_MB, maxMs, keyOf });
  let waiting = 0;
  let isClosed = false;

  function work<Name extends keyof FormWork>(name: Name, input: FormWork[Name][0]) {
    if (waiting >= SITE_LIMITS.formWorkWaiting.value) return Promise.reject(new CheckerBusy());
    waiting++;
    const answer = thread.work({ name, input } as Work).finally(() => waiting--);
    return answer as Promise<FormWork[Name][1] | undefined>;
  }

  return {
    check: async (input) => (await work('check', input)) ?? { ok: false, faults: [takesTooLong(input.file)] },
    async readForm(input, extraCheck) {
      const { file } = input;
      const read = (await thread.work({ name: 'file', input })) as FormFile | undefined;
      if (isClosed) throw new Error(`Flipsite was stopped while it checked ${file}.`);
      if (!read) return { slug: slugOf(file), file, parsed: { ok: false, faults: [takesTooLong(file)] } };
      const findings = read.parsed.ok ? (extraCheck?.(read.parsed.form) ?? []) : [];
      // It is a good form, so its places are found within a second.
      return findings.length ? readForm(file, input.now, extraCheck) : read;
    },
    locate: async (input) => (await work('locate', input)) ?? [takesTooLong(input.file)],
    compare: (input) => work('compare', input),
    difference: async (input) => (await work('difference', input)) ?? undefined,
    edit: (input) => work('edit', input),
    read: (input) => work('read', input),
    import: async (input) => (await work('import', input)) ?? { ok: false, message: IMPORT_TAKES_TOO_LONG },
    websites: async (input) => (await work('websites', input)) ?? undefined,
    close() {
      isClosed = true;
      return thread.close();
    },
  };
}
