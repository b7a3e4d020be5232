/** Keeps the published forms up to date with the folder, and with other servers on the same database. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import type { Catalog, Synced } from '../publish/catalog.ts';
import type { FormChecker } from '../publish/check/form-checker.ts';
import { watchForms } from '../publish/watch-forms.ts';
import type { Database } from '../record/db/database.ts';

/** How soon a server sees the forms that another one published. */
const FOLLOW_MS = 500;

/** Says whether a form's file is live, and if not, the reason and the fix. */
export function describeSynced({ slug, file, faults, ignored }: Synced, catalog: Catalog): string {
  if (ignored)
    return `${file} is not published, because /${slug} is managed in the dashboard. To hand it back to files, open /admin/forms/${slug}/settings.`;
  if (!faults) return `${file} is live at /${slug}`;
  const before = catalog.current(slug);
  return `${file} has errors. ${before ? 'The last valid version stays live' : 'It is not published yet'}:\n\n${faults}`;
}

export interface FollowedForms {
  db: Database;
  catalog: Catalog;
  checker: FormChecker;
  /** The folder of forms. */
  folder: string;
  /** The results that are printed already. */
  synced: Synced[];
  now(): Date;
  log: Logger;
  /** Prints a message for the authors of forms, in plain lines. */
  print(text: string): void;
}

/** Publishes each form that is saved, until it is closed. */
export function followForms({ db, catalog, checker, folder, synced, now, log, print }: FollowedForms): {
  close(): void;
} {
  const stateOf = ({ version, faults, ignored }: Synced) => (ignored ? 'ignored' : (faults ?? version));
  const lastResults = new Map(synced.map((result) => [result.file, stateOf(result)]));
  /**
   * Reads the folder again, and prints a file's result once, when its version or errors have changed.
   * @returns whether a file could not be read
   */
  async function publish(): Promise<boolean> {
    const results = await catalog.sync(folder, now(), { checker });
    for (const result of results) {
      if (lastResults.get(result.file) === stateOf(result)) continue;
      lastResults.set(result.file, stateOf(result));
      print(describeSynced(result, catalog));
    }
    for (const file of lastResults.keys()) {
      const slug = path.basename(file).replace(/\.ya?ml$/, '');
      if (existsSync(file) || !existsSync(folder)) continue;
      lastResults.delete(file);
      if (catalog.current(slug)?.removed)
        print(`${file} was removed, so /${slug} no longer accepts new submissions. People who have started can finish. Nothing is deleted.`); // prettier-ignore
    }
    return results.some(({ isUnread }) => isUnread);
  }
  const watcher = watchForms(folder, publish, (error) => log.error({ err: error }, 'Could not read the forms'));

  // Another server on the same database may have published.
  const timer =
    db.engine.kind === 'postgres'
      ? setInterval(() => {
          catalog.refresh().catch((error: unknown) => log.warn({ err: error }, 'Could not read the published forms'));
        }, FOLLOW_MS).unref()
      : undefined;

  return {
    close() {
      watcher.close();
      clearInterval(timer);
    },
  };
}
