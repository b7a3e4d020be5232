/** Publishes texts of forms that the dashboard or a program sends. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import type { Change } from '../form/changes/changes.ts';
import type { Edit } from '../form/edit/edit.ts';
import type { Imported } from '../form/import/import.ts';
import type { TextReading } from '../form/edit/reading.ts';
import type { FormFault } from '../form/faults/faults.ts';
import type { ExtraCheck, Parsed } from '../form/parse.ts';
import { localize } from '../form/runtime/text.ts';
import type { Form } from '../form/schema.ts';
import { versionOf } from '../form/version.ts';
import type { Database } from '../record/db/database.ts';
import { textHash } from '../record/forms/form-text.ts';
import { latestPublication, latestText, savePublication, type Publication } from '../record/forms/publications.ts';
import { actOnForm, type FormAct } from '../record/forms/form-acts.ts';
import { deleteDraft, findDraft, findDraftState, saveDraft } from '../record/forms/drafts.ts';
import { allVersions } from '../record/versions.ts';
import { currentForm, formState, setManagedIn, type ManagedIn } from '../record/forms/form-states.ts';
import type { Catalog } from './catalog.ts';
import { takesTooLong, type FormChecker } from './check/form-checker.ts';
import type { FormWork } from './check/form-work.ts';
import type { TextDifference } from './check/text-difference.ts';
import { FileNotWritable, writeFormFile } from './form-file.ts';
import { createTurns } from '../site-limits/counting/turns.ts';
import { createFormFileReader, type FormFileText } from './read-form-file.ts';

/** The text of a form: its file, or the latest publication in the dashboard. */
export interface FormSource {
  managedIn: ManagedIn;
  text: string;
  /** See `textHash`. */
  hash: string;
}

export interface PublishRequest {
  slug: string;
  text: string;
  /** The hash of the text that it replaces; null where the form must be new. */
  replaces: string | null;
  note?: string;
  memberId?: string | undefined;
  /** The revision of the draft that gets this text. Without it, only a draft without changes follows the published text. */
  draftRevision?: number;
}

/**
 * `managed in files`: the form is managed in a file. `moved`: the published text is another one than the caller knows, and `hash`
 * names it, if there is one. A form that was deleted since its draft was read has moved too. `unchanged`: this text was live
 * already, so nothing was published, and `publication` is the one that has it.
 */
export type PublishResult =
  | { status: 'published'; changes: Change[]; publication: Publication; unchanged: boolean }
  | { status: 'invalid'; faults: FormFault[] }
  | { status: 'moved'; hash: string | undefined }
  | { status: 'managed in files' };

/** Whether a text could be published. `valid`: with the changes from `before`, which is published now. `unchanged`: it is live. */
export type TriedPublish =
  | Exclude<PublishResult, { status: 'published' }>
  | {
      status: 'valid';
      form: Form;
      doubts: FormFault[];
      before: Form | undefined;
      changes: Change[];
      unchanged: boolean;
    };

export interface Publisher {
  /** Undefined where there is no such form, its file is gone, or the dashboard has published no text of it. */
  source(slug: string): Promise<FormSource | undefined>;
  /** Whether the folder has a file of this form, also if the dashboard manages it. */
  hasFile(slug: string): Promise<boolean>;
  /** Compiles a text as it would be published under `slug`, and stores nothing. */
  check(slug: string, text: string): Promise<Parsed>;
  /** Changes a text, and stores nothing. Undefined where that takes too long. */
  edit(text: string, changes: FormWork['edit'][0]['changes']): Promise<Edit | undefined>;
  /** The outline and the data of a text, also where it has errors. Undefined where that takes too long. */
  read(text: string): Promise<TextReading | undefined>;
  /** The websites that may show the form of a text. Undefined where the text can't be read. */
  websitesIn(text: string): Promise<string[] | undefined>;
  /** Makes a form of a text of any kind that `importForm` knows, and stores nothing. */
  importForm(text: string, title: string): Promise<Imported>;
  /**
   * Publishes a text for all servers, or leaves everything as it is.
   * @param tried the answer of `tryPublish` to the same request, if the caller has it
   * @param before runs first in the transaction that publishes. If it throws, nothing is published
   */
  publish(
    request: PublishRequest,
    tried?: TriedPublish,
    before?: (trx: Database) => Promise<void>,
  ): Promise<PublishResult>;
  /** Describes the changes between two forms. Undefined where that takes too long. */
  compare(before: Form | undefined, after: Form): Promise<Change[] | undefined>;
  /** The lines that differ between two texts. Undefined if there are too many to find quickly. */
  difference(before: string, after: string): Promise<TextDifference | undefined>;
  /** Checks as `publish` does, and stores nothing. */
  tryPublish(request: Pick<PublishRequest, 'slug' | 'text' | 'replaces'>): Promise<TriedPublish>;
  /**
   * Moves a form from its file to the dashboard, unless it is there. The text of its file becomes the draft, and is published
   * if it has no errors. The file stays as it is.
   */
  takeOver(slug: string, memberId: string): Promise<'done' | 'no file'>;
  /**
   * Hands a form back to files, unless it is there: writes its published text to a file. A file that was there is kept under the name
   * `{slug}.yaml.old`. `changed`: the draft has changes, or another text was published meanwhile, so it stays in the dashboard.
   */
  handBack(slug: string): Promise<'done' | 'not published' | 'not writable' | 'changed'>;
  /** Closes, opens or archives a form for all servers. False where it is in that state already. */
  act(slug: string, act: FormAct, memberId: string): Promise<boolean>;
}

/**
 * @param folder the folder of forms, where logos are
 * @param extraCheck see `openCatalog`
 */
export function createPublisher(
  { db, catalog, checker, now }: { db: Database; catalog: Catalog; checker: FormChecker; now: () => Date },
  folder: string,
  extraCheck: ExtraCheck = () => [],
): Publisher {
  // A slash in a slug would name a file, and so a form, in another folder.
  const fileOf = (slug: string, ending = 'yaml') => path.join(folder, `${encodeURIComponent(slug)}.${ending}`);

  /** The answers of the last checks: a text that is saved is shown in the preview, and published, a moment later. */
  const checks = new LRUCache<string, Promise<Parsed>>({ max: CHECKS_KEPT, ttl: CHECK_KEPT_MS });

  function check(slug: string, text: string): Promise<Parsed> {
    const name = `${slug} ${textHash(text)}`;
    const checked = checks.get(name) ?? checkNow(slug, text);
    checks.set(name, checked, { noUpdateTTL: true });
    checked.catch(() => checks.delete(name));
    return checked;
  }

  async function checkNow(slug: string, text: string): Promise<Parsed> {
    const file = fileOf(slug);
    const parsed = await checker.check({ file, text, now: now() });
    // This check reads the environment of the server, which another thread can't do.
    const findings = parsed.ok ? extraCheck(parsed.form) : [];
    return findings.length === 0 ? parsed : { ok: false, faults: await checker.locate({ file, text, findings }) };
  }

  async function source(slug: string): Promise<FormSource | undefined> {
    const managedIn = (await formState(db, slug))?.managedIn;
    if (managedIn === 'files') {
      const file = await readFormFile(slug);
      return file && { managedIn, text: file.text, hash: file.hash };
    }
    const text = managedIn && (await latestText(db, slug));
    return managedIn && text !== undefined ? { managedIn, text, hash: textHash(text) } : undefined;
  }

  const readFile = createFormFileReader();

  /** The folder may be on a network disk. While that hangs, each look takes one of Node's four threads, so they have turns. */
  const inFolder = createTurns();

  async function existing(slug: string): Promise<string | undefined> {
    for (const file of [fileOf(slug), fileOf(slug, 'yml')]) {
      const isThere = await inFolder(() => access(file)).then(
        () => true,
        () => false,
      );
      if (isThere) return file;
    }
    return undefined;
  }

  /** The file of a form, also one with errors that was never published. */
  async function readFormFile(slug: string): Promise<FormFileText | undefined> {
    const file = await existing(slug);
    const isHidden = catalog.list().some(({ form, hidden }) => hidden && form.slug === slug);
    return file && !isHidden ? inFolder(() => readFile(file)) : undefined;
  }

  /** Why the text can't replace the published one, if so. */
  async function conflict(trx: Database, { slug, replaces, draftRevision }: PublishRequest) {
    const state = await formState(trx, slug);
    if (state?.managedIn === 'files' && state.removedAt === null) return { status: 'managed in files' } as const;
    const hash = (await latestPublication(trx, slug))?.textHash;
    // The check of a long text takes a while. Another member may have deleted the form of the draft meanwhile.
    const isDeleted = draftRevision !== undefined && !state;
    return (hash ?? null) === replaces && !isDeleted ? undefined : ({ status: 'moved', hash } as const);
  }

  /**
   * The latest publication, if it is live and has this text. The same text becomes another version where a picture that it
   * names has changed. A file may have replaced the publication since.
   */
  async function liveAlready(trx: Database, text: string, form: Form): Promise<Publication | undefined> {
    const latest = await latestPublication(trx, form.slug);
    if (latest?.textHash !== textHash(text)) return undefined;
    const state = await formState(trx, form.slug);
    return state?.managedIn === 'dashboard' && state.version === versionOf(form) ? latest : undefined;
  }

  /** Publishes a text, and lets the draft follow, so that its next publication does not bring the former text back. */
  async function publishAndFollow(trx: Database, request: PublishRequest, form: Form): Promise<Publication> {
    const { slug, text, replaces, memberId, draftRevision } = request;
    const draft = await findDraft(trx, slug);
    const follows = !draft || draft.textHash === replaces || draft.revision === draftRevision;
    const title = localize(form.title, form.languages[0]);
    if (follows && draft?.text !== text)
      await saveDraft(trx, { form: slug, text, title, memberId }, draft?.revision ?? 0, now());
    return savePublication(trx, { ...request, form }, now());
  }

  const tryPublish: Publisher['tryPublish'] = async (request) => {
    const found = await conflict(db, request);
    if (found) return found;
    const parsed = await check(request.slug, request.text);
    if (!parsed.ok) return { status: 'invalid', faults: parsed.faults } as const;
    const { form, doubts } = parsed;
    const { slug } = form;
    const earlier = [...(await allVersions(db, slug)).values()];
    const before = await currentForm(db, slug);
    const changes = await checker.compare({ before, after: form, earlier });
    if (!changes) return { status: 'invalid' as const, faults: [takesTooLong(fileOf(slug))] };
    const unchanged = (await liveAlready(db, request.text, form)) !== undefined;
    return { status: 'valid', form, doubts, before, changes, unchanged };
  };

  return {
    source,
    hasFile: async (slug) => (await existing(slug)) !== undefined,
    check,
    edit: (text, changes) => checker.edit({ text, changes }),
    compare: (before, after) => checker.compare({ before, after, earlier: [] }),
    difference: (before, after) => checker.difference({ before, after }),
    read: (text) => checker.read({ text }),
    websitesIn: (text) => checker.websites({ text }),
    importForm: (text, title) => checker.import({ text, title, now: now() }),
    tryPublish,
    async publish(request, known, before) {
      const tried = known ?? (await tryPublish(request));
      if (tried.status !== 'valid') return tried;
      const { form, changes } = tried;
      const stored = await db.transaction(async (trx) => {
        await before?.(trx);
        const found = await conflict(trx, request);
        if (found) return found;
        const live = await liveAlready(trx, request.text, form);
        return { unchanged: live !== undefined, publication: live ?? (await publishAndFollow(trx, request, form)) };
      });
      if ('status' in stored) return stored;
      await catalog.refresh();
      return { status: 'published', changes, ...stored };
    },
    async act(slug, act, memberId) {
      const isChanged = await actOnForm(db, slug, act, memberId, now());
      if (isChanged) await catalog.refresh();
      return isChanged;
    },
    async takeOver(slug, memberId) {
      const file = await source(slug);
      if (!file) return 'no file';
      const { text } = file;
      const parsed = await check(slug, text);
      const title = parsed.ok ? localize(parsed.form.title, parsed.form.languages[0]) : slug;
      await db.transaction(async (trx) => {
        // Another request may have moved it, and a member may have changed the draft since.
        if ((await formState(trx, slug))?.managedIn === 'dashboard') return;
        await setManagedIn(trx, slug, 'dashboard', now());
        const revision = (await findDraft(trx, slug))?.revision ?? 0;
        await saveDraft(trx, { form: slug, text, title, memberId }, revision, now());
        if (parsed.ok) await savePublication(trx, { form: parsed.form, text, note: NOTE_OF_COPY, memberId }, now());
      });
      await catalog.refresh();
      return 'done';
    },
    async handBack(slug) {
      const published = await source(slug);
      if (!published) return 'not published';
      if (published.managedIn === 'files') return 'done';
      let undo: (() => void) | undefined;
      const run = async (trx: Database): Promise<'done' | 'changed'> => {
        if ((await formState(trx, slug))?.managedIn === 'files') return 'done';
        const { latest, isChanged } = await findDraftState(trx, slug);
        if (isChanged || latest?.textHash !== published.hash) return 'changed';
        await setManagedIn(trx, slug, 'files', now());
        await deleteDraft(trx, slug);
        // Before the commit, because Flipsite archives a form that is managed in files and has none.
        const undoWrite = writeFormFile(fileOf(slug), fileOf(slug, 'yml'), published.text);
        undo ??= undoWrite;
        return 'done';
      };
      try {
        const result = await db.transaction(run);
        if (result === 'changed') {
          // The transaction ran twice, and the draft was changed in between.
          undo?.();
          return result;
        }
      } catch (error) {
        // After another error, the commit may have been stored, so the file stays.
        if (!(error instanceof FileNotWritable)) throw error;
        // A transaction that ran twice has written the file before.
        undo?.();
        return 'not writable';
      }
      await catalog.refresh();
      return 'done';
    },
  };
}

const CHECKS_KEPT = 8;
/** A logo may change meanwhile, which the text only names. */
const CHECK_KEPT_MS = 5_000;

const NOTE_OF_COPY = 'Copied from the file of the form';
