/** Keeps what is published up with the folder of forms, and with other servers on the same database. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import type { Catalog, Synced } from '../publish/catalog.ts';
import { watchForms } from '../publish/watch-forms.ts';
import type { Database } from '../record/db/database.ts';

/** How soon a server sees what another one has published. */
const FOLLOW_MS = 2_000;

/** Says whether a form's file is live, and if not, why. */
export function toldOf({ slug, file, faults }: Synced, catalog: Catalog): string {
  if (!faults) return `${file} is live at /${slug}`;
  const before = catalog.current(slug);
  return `${file} has errors. ${before ? 'The last valid version stays live' : 'It is not published yet'}:\n\n${faults}`;
}

export interface FollowedForms {
  db: Database;
  catalog: Catalog;
  /** The folder of forms. */
  folder: string;
  /** What has come of the forms so far, and been told. */
  synced: Synced[];
  log: Logger;
  /** Tells whoever works on the forms, in plain lines. */
  tell(text: string): void;
}

/** Publishes each form that is saved from now on, until it is closed. */
export function followForms({ db, catalog, folder, synced, log, tell }: FollowedForms): { close(): void } {
  const told = new Map(synced.map(({ file, version, faults }) => [file, faults ?? version]));
  /** Reads the folder again; tells once of each file that is published anew, or whose faults have changed. */
  async function publish(): Promise<void> {
    for (const { slug, file, version, faults } of await catalog.sync(folder, new Date())) {
      if (told.get(file) === (faults ?? version)) continue;
      told.set(file, faults ?? version);
      tell(toldOf({ slug, file, version, faults }, catalog));
    }
    for (const file of told.keys()) {
      const slug = path.basename(file).replace(/\.ya?ml$/, '');
      if (existsSync(file) || !existsSync(folder)) continue;
      told.delete(file);
      if (catalog.current(slug)?.removed)
        tell(`${file} was removed, so /${slug} no longer accepts new submissions. People who have started can finish. Nothing is deleted.`); // prettier-ignore
    }
  }
  const watching = watchForms(folder, publish, (error) => log.error({ err: error }, 'Could not read the forms'));

  // Another server on the same database may have published.
  const following =
    db.engine.kind === 'postgres'
      ? setInterval(() => {
          catalog.refresh().catch((error: unknown) => log.warn({ err: error }, 'Could not read the published forms'));
        }, FOLLOW_MS).unref()
      : undefined;

  return {
    close() {
      watching.close();
      clearInterval(following);
    },
  };
}
