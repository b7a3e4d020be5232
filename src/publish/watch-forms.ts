/** Watches the folder of forms, so that a saved file is published without a restart. */
import { existsSync, watch } from 'node:fs';

/** Editors save in several steps. Steps within this time are one change. */
const DEBOUNCE_MS = 150;

/** Calls `changed` after a form was saved, added or removed, one call at a time. Errors go to `failed`. */
export function watchForms(
  folder: string,
  changed: () => Promise<void>,
  failed: (error: unknown) => void,
): { close(): void } {
  if (!existsSync(folder)) return { close: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  let queue = Promise.resolve();
  const watcher = watch(folder, (_event, name) => {
    if (name && !/\.(ya?ml|svg|png|jpe?g|webp)$/i.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => (queue = queue.then(changed).catch(failed)), DEBOUNCE_MS);
  });
  watcher.on('error', failed);
  return {
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
