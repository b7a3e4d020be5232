/** The forms that are published: synchronised from the folder, kept in the store, held in memory for serving. */
import { existsSync } from 'node:fs';
import { printFault } from '../form/faults/faults.ts';
import { createFolderReader } from '../form/folder.ts';
import type { ExtraCheck } from '../form/parse.ts';
import type { Form } from '../form/schema.ts';
import type { Database } from '../record/db/database.ts';
import {
  currentForms,
  findVersion,
  formStates,
  markFault,
  markFormRemoved,
  saveVersion,
  type FormState,
} from '../record/versions.ts';

export interface Published {
  form: Form;
  version: string;
  /** Its file is gone: no new starts, but drafts can be finished. */
  removed: boolean;
  /** It is an example, and examples don't answer here. */
  hidden: boolean;
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
  /** Takes in what another server on the same store has published. */
  refresh(): Promise<void>;
  /** The form as people meet it; nothing for one that is hidden. */
  current(slug: string): Published | undefined;
  /** Every form, also those that are removed or hidden. */
  list(): Published[];
  /**
   * A form as it was published under `version`, now or earlier.
   * @param trx the transaction that asks, where one does
   */
  version(slug: string, version: string, trx?: Database): Promise<Form | undefined>;
}

/**
 * The catalog as the store has it; the folder is read by its `sync`.
 * @param further what else keeps a form from being published here
 * @param examples whether forms that are examples answer here
 */
export async function openCatalog(db: Database, further?: ExtraCheck, examples = true): Promise<Catalog> {
  const read = createFolderReader(further);
  let published = new Map<string, Published>();
  const versions = new Map<string, Form>();
  const isHidden = (form: Form) => Boolean(form.example) && !examples;

  /** Takes in what has changed in the store since it was last looked at. Definitions are read only where they are new. */
  async function load(states: FormState[]): Promise<void> {
    const next = new Map<string, Published>();
    for (const { slug, version, removedAt } of states) {
      const known = published.get(slug);
      const form = version && (known?.version === version ? known.form : await findVersion(db, slug, version));
      if (version && form) next.set(slug, { form, version, removed: removedAt !== null, hidden: isHidden(form) });
    }
    published = next;
  }

  const begun = await currentForms(db);
  for (const { slug, form, version, removedAt } of begun) {
    if (form && version) published.set(slug, { form, version, removed: removedAt !== null, hidden: isHidden(form) });
  }
  let seen = JSON.stringify(begun.map(({ form: _form, ...state }) => state));

  async function refresh(): Promise<void> {
    const states = await formStates(db);
    const now = JSON.stringify(states);
    if (now === seen) return;
    await load(states);
    seen = now;
  }

  return {
    refresh,
    async sync(folder, now) {
      // A folder that is gone, such as one that is not mounted, removes no form.
      if (!existsSync(folder)) return [];
      const files = read(folder, now);
      const synced = files.map(({ slug, file, parsed, version }): Synced =>
        parsed.ok ? { slug, file, version } : { slug, file, faults: parsed.faults.map(printFault).join('\n\n') },
      );
      const states = new Map((await formStates(db)).map((state) => [state.slug, state]));
      const present = new Set(synced.map(({ slug }) => slug));
      const changed = files.flatMap(({ slug, parsed }, index) => {
        const { version, faults } = synced[index] as Synced;
        const known = states.get(slug);
        const same = known?.removedAt === null && known.fault === (faults ?? null) && (!version || known.version === version); // prettier-ignore
        return same ? [] : [{ slug, parsed, faults: faults ?? '' }];
      });
      const gone = [...states.values()].some(({ slug, removedAt }) => removedAt === null && !present.has(slug));
      if (changed.length || gone) {
        await db.transaction(async (trx) => {
          for (const { slug, parsed, faults } of changed) {
            if (parsed.ok) await saveVersion(trx, parsed.form, now);
            else await markFault(trx, slug, faults, now);
          }
          if (gone) await markFormRemoved(trx, [...present], now);
        });
      }
      await refresh();
      return synced;
    },
    current(slug) {
      const known = published.get(slug);
      return known?.hidden ? undefined : known;
    },
    list: () => [...published.values()],
    async version(slug, version, trx = db) {
      const current = published.get(slug);
      if (current?.version === version) return current.form;
      const known = versions.get(`${slug} ${version}`) ?? (await findVersion(trx, slug, version));
      // Old versions are asked for by people who come back to a draft: few at a time.
      if (known && versions.size < 1_000) versions.set(`${slug} ${version}`, known);
      return known;
    },
  };
}
