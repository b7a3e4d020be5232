/** Watches the folder of forms, so that a saved file is published without a restart. */
import { existsSync, watch, type FSWatcher } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Editors save in several steps. Steps within this time are one change. */
const DEBOUNCE_MS = 150;

/** The time to the next call after one that failed, such as while the database is away. */
const RETRY_MS = 10_000;

/** How often it looks at the folder itself. The system does not report all changes, such as of a folder that is replaced. */
const LOOK_MS = 5_000;

/** The names of forms and of their pictures. */
const NAME = /\.(ya?ml|svg|png|jpe?g|webp)$/i;

/** A line of `stateOf` about a form. */
const FORM = /^[^.].*\.ya?ml( |$)/m;

/** Other times are for tests. */
interface Times {
  retryMs: number;
  lookMs: number;
}

/**
 * Calls `changed` after a form was saved, added or removed, one call at a time. Errors go to `failed`, and the call is
 * repeated until it succeeds.
 * @param changed returns `true` if a file could not be read. It is called again while the folder has forms: its disk may be gone
 */
export function watchForms(
  folder: string,
  changed: () => Promise<boolean | void>,
  failed: (error: unknown) => void,
  { retryMs = RETRY_MS, lookMs = LOOK_MS }: Partial<Times> = {},
): { close(): void } {
  if (!existsSync(folder)) return { close: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  let queue = Promise.resolve();
  let isClosed = false;
  /** The state that the last call has seen, or a later one. */
  let known = stateOf(folder);
  const call = async () => {
    known = stateOf(folder);
    await known;
    // The next look then finds another state.
    if (await changed()) known = Promise.resolve('');
  };
  const callAfter = (ms: number) => {
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(() => (queue = queue.then(call).catch(retry)), ms);
  };
  const retry = (error: unknown) => {
    failed(error);
    callAfter(retryMs);
  };
  let isLooking = false;
  const look = async () => {
    const [before, now] = [await known, await stateOf(folder)];
    // Without any form, the folder may be one that is not mounted any more. The system reports a file that is deleted.
    if (before === now || before !== (await known) || !FORM.test(now)) return;
    known = Promise.resolve(now);
    callAfter(DEBOUNCE_MS);
  };
  const looking = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => (isLooking = false));
  }, lookMs).unref();
  const watcher = watchFolder(folder, failed, (name) => {
    if (!name || NAME.test(name)) callAfter(DEBOUNCE_MS);
  });
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      clearInterval(looking);
      watcher?.close();
    },
  };
}

/** Undefined if the system watches no more folders. */
function watchFolder(
  folder: string,
  failed: (error: unknown) => void,
  changed: (name: string | null) => void,
): FSWatcher | undefined {
  try {
    return watch(folder, (_event, name) => changed(name)).on('error', failed);
  } catch (error) {
    failed(error);
    return undefined;
  }
}

/** The names, times and sizes of the forms and pictures in a folder, as one text. The same text: nothing was changed. */
async function stateOf(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const lines: string[] = [];
  // One after another: while a network disk hangs, all of Node's threads would wait for it, and sign-ins need one.
  for (const name of names.filter((one) => NAME.test(one)).toSorted()) {
    const about = await stat(path.join(folder, name)).catch(() => undefined);
    lines.push(about ? [name, about.ino, about.size, about.mtimeMs, about.ctimeMs].join(' ') : name);
  }
  return lines.join('\n');
}
