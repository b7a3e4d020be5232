/** The forms that are published: synchronised from the folder, kept in the store, held in memory for serving. */
import { existsSync } from 'node:fs';
import { printFault } from '../form/faults.ts';
import { readForms } from '../form/folder.ts';
import type { Further } from '../form/parse.ts';
import type { Form } from '../form/schema.ts';
import type { Database } from '../record/database.ts';
import { currentForms, findVersion, markFault, markRemoved, saveVersion } from '../record/versions.ts';

export interface Published {
  form: Form;
  version: string;
  /** Its file is gone: no new starts, but drafts can be finished. */
  removed: boolean;
}

/** What came of reading one file. */
export interface Synced {
  slug: string;
  file: string;
  /** What it was published as. */
  version?: string;
  /** Printed faults; then the last good version, if there is one, stays up. */
  faults?: string;
}

export interface Catalog {
  /** Reads the folder and publishes what is good in it. */
  sync(folder: string, now: Date): Promise<Synced[]>;
  current(slug: string): Published | undefined;
  list(): Published[];
  /** A form as it was published under `version`, now or earlier. */
  version(slug: string, version: string): Promise<Form | undefined>;
}

/**
 * The catalog as the store has it; the folder is read by its `sync`.
 * @param further what else keeps a form from being published here
 */
export async function openCatalog(db: Database, further?: Further): Promise<Catalog> {
  let published = new Map<string, Published>();
  const versions = new Map<string, Form>();

  async function load(): Promise<void> {
    const forms = await currentForms(db);
    published = new Map(
      forms.flatMap(({ slug, form, version, removedAt }) =>
        form && version ? [[slug, { form, version, removed: removedAt !== null }]] : [],
      ),
    );
  }
  await load();

  return {
    async sync(folder, now) {
      // A folder that is gone, such as one that is not mounted, removes no form.
      if (!existsSync(folder)) return [];
      const files = readForms(folder, now, further);
      const synced: Synced[] = [];
      for (const { slug, file, parsed } of files) {
        if (parsed.ok) {
          synced.push({ slug, file, version: await saveVersion(db, parsed.form, now) });
        } else {
          const faults = parsed.faults.map(printFault).join('\n\n');
          await markFault(db, slug, faults, now);
          synced.push({ slug, file, faults });
        }
      }
      await markRemoved(db, files.map(({ slug }) => slug), now); // prettier-ignore
      await load();
      return synced;
    },
    current: (slug) => published.get(slug),
    list: () => [...published.values()],
    async version(slug, version) {
      const current = published.get(slug);
      if (current?.version === version) return current.form;
      const known = versions.get(`${slug} ${version}`) ?? (await findVersion(db, slug, version));
      // Old versions are asked for by people who come back to a draft: few at a time.
      if (known && versions.size < 1_000) versions.set(`${slug} ${version}`, known);
      return known;
    },
  };
}
