/** Watches the folder of forms, so that a saved file is published without a restart. */
import { existsSync, watch } from 'node:fs';

/** Editors save in several steps. Steps within this time are one change. */
const DEBOUNCE_MS = 150;

/** The time to the next call after one that failed, such as while the database is away. */
const RETRY_MS = 10_000;

/**
 * Calls `changed` after a form was saved, added or removed, one call at a time. Errors go to `failed`, and the call is
 * repeated until it succeeds.
 */
export function watchForms(
  folder: string,
  changed: () => Promise<void>,
  failed: (error: unknown) => void,
  retryMs = RETRY_MS,
): { close(): void } {
  if (!existsSync(folder)) return { close: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  let queue = Promise.resolve();
  let isClosed = false;
  const callAfter = (ms: number) => {
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(() => (queue = queue.then(changed).catch(retry)), ms);
  };
  const retry = (error: unknown) => {
    failed(error);
    callAfter(retryMs);
  };
  const watcher = watch(folder, (_event, name) => {
    if (!name || /\.(ya?ml|svg|png|jpe?g|webp)$/i.test(name)) callAfter(DEBOUNCE_MS);
  });
  watcher.on('error', failed);
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      watcher.close();
    },
  };
}
