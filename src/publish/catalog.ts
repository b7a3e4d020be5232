/** The published forms: synchronized from the folder, stored in the database, cached in memory. */
import { existsSync } from 'node:fs';
import { printFault } from '../form/faults/faults.ts';
import { createFolderReader, readForm } from '../form/folder.ts';
import { closedLimits } from '../form/settings/limits.ts';
import type { ExtraCheck } from '../form/parse.ts';
import type { Form } from '../form/schema.ts';
import type { Database } from '../record/db/database.ts';
import { findVersion, saveVersion, versionBytes } from '../record/versions.ts';
import {
  currentForms,
  formStates,
  markFault,
  markFormRemoved,
  type ManagedIn,
  type FormState,
} from '../record/forms/form-states.ts';
import type { FormChecker } from './check/form-checker.ts';
import { asSite } from '../site-limits/counting/current-client.ts';
import { openEarlierForms, versionHeadOf, type VersionHead } from './earlier-forms.ts';

export interface Published {
  /** With the limits that hold now. */
  form: Form;
  version: string;
  /** Its file is gone. It accepts no new submissions, but drafts can be finished. */
  removed: boolean;
  /** An example on a site that does not show examples. */
  hidden: boolean;
  managedIn: ManagedIn;
}

/** The result of reading one file. */
export interface Synced {
  slug: string;
  file: string;
  /** The version under which it was published. */
  version?: string;
  /** The errors as text. The last valid version, if any, stays published. */
  faults?: string;
  /** The file could not be read, so another call may find another result. */
  isUnread?: true;
  /** The form is managed in the dashboard, so the file is not published. */
  ignored?: true;
}

export interface Catalog {
  /**
   * Reads the folder and publishes its valid forms. A form whose file is gone is removed.
   * @param options.checker checks the files that have changed. Without it, they are checked in this thread
   * @param options.isStart the site starts. Then a folder without any form is probably that of a disk which is not mounted, so
   * no form is removed
   */
  sync(
    folder: string,
    now: Date,
    options?: { checker?: Pick<FormChecker, 'readForm'>; isStart?: boolean },
  ): Promise<Synced[]>;
  /** Loads the forms that another server on the same database published. */
  refresh(): Promise<void>;
  /** The published form; undefined if there is none or it is hidden. */
  current(slug: string): Published | undefined;
  /** An object that is replaced after each change of a published form. */
  readonly generation: object;
  /** All forms, including removed and hidden ones. */
  list(): Published[];
  /** Calls `listener` for each version that any server publishes from now on. */
  onPublish(listener: (published: Published) => void): void;
  /**
   * A form as it was published under `version`, now or earlier.
   * @param trx the caller's transaction, if any
   */
  version(slug: string, version: string, trx?: Database): Promise<Form | undefined>;
  /** The form of `version` if it is in memory. */
  versionKept(slug: string, version: string): Form | undefined;
  /** The parts of the form of `version` that a start needs. They stay in memory for many more versions. */
  versionHead(slug: string, version: string): Promise<VersionHead | undefined>;
  /** The size of a form as it was published under `version`, in bytes. Undefined if it was not. It does not read the form. */
  versionBytes(slug: string, version: string): Promise<number | undefined>;
}

/**
 * Opens the catalog with the forms of the database. `sync` reads the folder.
 * @param extraCheck finds more errors that prevent publishing
 * @param examples whether example forms are available
 */
export async function openCatalog(db: Database, extraCheck?: ExtraCheck, examples = true): Promise<Catalog> {
  const read = createFolderReader();
  let published = new Map<string, Published>();
  /** The forms as they were published. */
  const definitions = new WeakMap<Published, Form>();
  const earlier = openEarlierForms(db);
  const listeners: ((published: Published) => void)[] = [];
  const isHidden = (form: Form) => Boolean(form.example) && !examples;

  /** Loads changed forms. Definitions are read only for new versions. */
  async function load(states: FormState[]): Promise<void> {
    const next = new Map<string, Published>();
    for (const state of states) {
      const { slug, version } = state;
      const cached = published.get(slug);
      const known = cached && cached.version === version ? definitions.get(cached) : undefined;
      const definition = version && (known ?? (await findVersion(db, slug, version)));
      if (version && definition) next.set(slug, toPublished(definition, version, state));
    }
    const before = published;
    published = next;
    for (const [slug, one] of next) {
      if (before.get(slug)?.version !== one.version) for (const listener of listeners) listener(one);
    }
  }

  /** The form with a past closing date, if a member has closed it. */
  function toPublished(definition: Form, version: string, { removedAt, managedIn, closedAt }: FormState): Published {
    const limits = closedAt === null ? undefined : closedLimits(definition.limits ?? {}, closedAt);
    const form = limits ? { ...definition, limits } : definition;
    const shown = { form, version, removed: removedAt !== null, hidden: isHidden(definition), managedIn };
    definitions.set(shown, definition);
    return shown;
  }

  const initial = await currentForms(db);
  for (const { form, ...state } of initial) {
    if (form && state.version) published.set(state.slug, toPublished(form, state.version, state));
  }
  let loadedStates = JSON.stringify(initial.map(({ form: _form, ...state }) => state));

  let running: Promise<void> | undefined;
  let queued: Promise<void> | undefined;

  /**
   * One at a time, because an older answer of the database must not replace a newer one. A call during one waits for
   * the next.
   */
  function refresh(): Promise<void> {
    if (!running) return (running = asSite(refreshNow).finally(() => (running = undefined)));
    const after = running.catch(() => undefined);
    return (queued ??= after.then(() => {
      queued = undefined;
      return refresh();
    }));
  }

  async function refreshNow(): Promise<void> {
    const states = await formStates(db);
    const now = JSON.stringify(states);
    if (now === loadedStates) return;
    await load(states);
    loadedStates = now;
  }

  function versionKept(slug: string, version: string): Form | undefined {
    const current = published.get(slug);
    return current?.version === version ? (definitions.get(current) ?? current.form) : earlier.kept(slug, version);
  }

  return {
    refresh,
    async sync(folder, now, { checker, isStart = false } = {}) {
      // If the folder is missing, no form is removed either.
      if (!existsSync(folder)) return [];
      const files = await read(folder, now, (file) =>
        checker ? checker.readForm({ file, now }, extraCheck) : readForm(file, now, extraCheck),
      );
      const states = new Map((await formStates(db)).map((state) => [state.slug, state]));
      const synced = files.map(({ slug, file, parsed, version, isUnread }): Synced => {
        if (states.get(slug)?.managedIn === 'dashboard') return { slug, file, ignored: true };
        if (parsed.ok) return { slug, file, version };
        return { slug, file, faults: parsed.faults.map(printFault).join('\n\n'), ...(isUnread && { isUnread }) };
      });
      const present = new Set(synced.map(({ slug }) => slug));
      const changed = files.flatMap(({ slug, parsed }, index) => {
        const { version, faults, ignored } = synced[index] as Synced;
        if (ignored) return [];
        const cached = states.get(slug);
        const isUnchanged = cached?.removedAt === null && cached.fault === (faults ?? null) && (!version || cached.version === version); // prettier-ignore
        return isUnchanged ? [] : [{ slug, parsed, faults: faults ?? '' }];
      });
      const keepsAll = isStart && files.length === 0;
      const hasMissing =
        !keepsAll &&
        [...states.values()].some(
          ({ slug, removedAt, managedIn, version, fault }) =>
            managedIn === 'files' && !present.has(slug) && (removedAt === null || !version || fault !== null),
        );
      if (changed.length || hasMissing) {
        await db.transaction(async (trx) => {
          // A member may have moved the form to the dashboard in the meantime.
          const owned = new Set(
            (await formStates(trx)).flatMap((one) => (one.managedIn === 'dashboard' ? [one.slug] : [])),
          );
          for (const { slug, parsed, faults } of changed) {
            if (owned.has(slug)) continue;
            if (parsed.ok) await saveVersion(trx, parsed.form, now);
            else await markFault(trx, slug, faults, now);
          }
          if (hasMissing) await markFormRemoved(trx, [...present], now);
        });
      }
      await refresh();
      return synced;
    },
    current(slug) {
      const cached = published.get(slug);
      return cached?.hidden ? undefined : cached;
    },
    get generation() {
      return published;
    },
    list: () => [...published.values()],
    onPublish: (listener) => void listeners.push(listener),
    versionBytes: (slug, version) => versionBytes(db, slug, version),
    async version(slug, version, trx = db) {
      return versionKept(slug, version) ?? earlier.form(slug, version, trx);
    },
    versionKept,
    async versionHead(slug, version) {
      const current = published.get(slug);
      return current?.version === version ? versionHeadOf(current.form) : earlier.head(slug, version);
    },
  };
}
