import { existsSync, watch } from 'node:fs';

/** Editors save in several steps; what they do within this time is one change. */
const SETTLE_MS = 150;

/** Calls `changed` after a form was saved, added or removed; one call at a time. What it throws goes to `failed`. */
export function watchForms(
  folder: string,
  changed: () => Promise<void>,
  failed: (error: unknown) => void,
): { close(): void } {
  if (!existsSync(folder)) return { close: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  let turn = Promise.resolve();
  const watcher = watch(folder, (_event, name) => {
    if (name && !/\.(ya?ml|svg|png|jpe?g|webp)$/i.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => (turn = turn.then(changed).catch(failed)), SETTLE_MS);
  });
  watcher.on('error', failed);
  return {
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
