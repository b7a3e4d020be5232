/** Forms and their published versions. The store keeps every version that was ever current. */
import type { Selectable } from 'kysely';
import type { Form } from '../form/schema.ts';
import { sensitiveFields } from '../form/inspect/sensitive.ts';
import { definitionOf, versionOf } from '../form/version.ts';
import type { Database } from './db/database.ts';
import type { Tables } from './db/tables.ts';

export type FormState = {
  slug: string;
  version: string | undefined;
  /** The printed faults, while its file has some; the last good version is served. */
  fault: string | null;
  removedAt: string | null;
  owner: FormOwner;
  /** When a member closed it; null while it is open. An archived form is closed. */
  closedAt: string | null;
  archivedAt: string | null;
};

/** The place where the text of a form is changed: a file in the folder of forms, or the dashboard. Never both. */
export type FormOwner = 'files' | 'dashboard';

/** The current state of a form. `version` and `form` are absent while no good version was ever published. */
export type CurrentForm = FormState & { form: Form | undefined };

/**
 * Publishes `form` as the current version of its slug, and clears its fault and removal. Returns the version: 16
 * hexadecimal digits made from the definition, the same whatever the order of its keys. Examples are no part of it.
 */
export async function saveVersion(db: Database, form: Form, now: Date): Promise<string> {
  const version = versionOf(form);
  const current = { version, fault: null, removed_at: null, updated_at: now.toISOString() };
  await db.transaction(async (trx) => {
    await trx.query
      .insertInto('versions')
      .values({ form: form.slug, version, definition: definitionOf(form), created_at: now.toISOString() })
      .onConflict((conflict) => conflict.columns(['form', 'version']).doNothing())
      .execute();
    const others = trx.query.updateTable('versions').set({ replaced_at: now.toISOString() });
    await others
      .where('form', '=', form.slug)
      .where('version', '!=', version)
      .where('replaced_at', 'is', null)
      .execute();
    await trx.query
      .updateTable('versions')
      .set({ replaced_at: null })
      .where('form', '=', form.slug)
      .where('version', '=', version)
      .execute();
    await trx.query
      .insertInto('forms')
      .values({ slug: form.slug, ...current })
      .onConflict((conflict) => conflict.column('slug').doUpdateSet(current))
      .execute();
  });
  return version;
}

/** Notes that the file of `slug` is there but faulty; the version published last stays current. */
export async function markFault(db: Database, slug: string, fault: string, now: Date): Promise<void> {
  const current = { fault, removed_at: null, updated_at: now.toISOString() };
  await db.query
    .insertInto('forms')
    .values({ slug, ...current })
    .onConflict((conflict) => conflict.column('slug').doUpdateSet(current))
    .execute();
}

/** Marks each form of files whose slug is not in `present` as removed; one that was removed before keeps its time. */
export async function markFormRemoved(db: Database, present: string[], now: Date): Promise<void> {
  let update = db.query
    .updateTable('forms')
    .set({ removed_at: now.toISOString(), updated_at: now.toISOString() })
    .where('removed_at', 'is', null)
    .where('owner', '=', 'files');
  if (present.length > 0) update = update.where('slug', 'not in', present);
  await update.execute();
}

/** Every form that the site ever had, by slug, including removed ones and those with errors. Reads all definitions. */
export async function currentForms(db: Database): Promise<CurrentForm[]> {
  return (await selectCurrent(db).orderBy('slug').execute()).map(toCurrent);
}

/** One form as `currentForms` has it, without reading the others. */
export async function findCurrentForm(db: Database, slug: string): Promise<CurrentForm | undefined> {
  const row = await selectCurrent(db).where('slug', '=', slug).executeTakeFirst();
  return row && toCurrent(row);
}

const selectCurrent = (db: Database) =>
  db.query
    .selectFrom('forms')
    .leftJoin('versions', (join) =>
      join.onRef('versions.form', '=', 'forms.slug').onRef('versions.version', '=', 'forms.version'),
    )
    .select(['slug', 'forms.version', 'definition', 'fault', 'removed_at', 'owner', 'closed_at', 'archived_at']);

const toCurrent = (row: StateRow & { definition: string | null }): CurrentForm => ({
  ...toState(row),
  form: row.definition === null ? undefined : (JSON.parse(row.definition) as Form),
});

/** The same without the definitions, which are most of it. */
export async function formStates(db: Database): Promise<FormState[]> {
  return (await db.query.selectFrom('forms').select(STATE).orderBy('slug').execute()).map(toState);
}

const STATE = ['slug', 'version', 'fault', 'removed_at', 'owner', 'closed_at', 'archived_at'] as const;

type StateRow = Pick<Selectable<Tables['forms']>, (typeof STATE)[number]>;

const toState = ({ slug, version, fault, removed_at, owner, closed_at, archived_at }: StateRow): FormState => ({
  slug,
  version: version ?? undefined,
  fault,
  removedAt: removed_at,
  owner: owner as FormOwner,
  closedAt: closed_at,
  archivedAt: archived_at,
});

/** The state of one form. */
export async function formState(db: Database, slug: string): Promise<FormState | undefined> {
  const row = await db.query.selectFrom('forms').select(STATE).where('slug', '=', slug).executeTakeFirst();
  return row && toState(row);
}

/** Changes the owner of a form. A form that the site does not know yet becomes known, without a version. */
export async function setOwner(db: Database, slug: string, owner: FormOwner, now: Date): Promise<void> {
  const change = { owner, fault: null, removed_at: null, updated_at: now.toISOString() };
  await db.query
    .insertInto('forms')
    .values({ slug, version: null, ...change })
    .onConflict((conflict) => conflict.column('slug').doUpdateSet(change))
    .execute();
}

/** A form as it was published last, also one that is removed since. */
export async function currentForm(db: Database, slug: string): Promise<Form | undefined> {
  return (await findCurrentForm(db, slug))?.form;
}

/** A published version, without its examples; for a form removed since, too. */
export async function findVersion(db: Database, slug: string, version: string): Promise<Form | undefined> {
  const row = await db.query
    .selectFrom('versions')
    .select('definition')
    .where('form', '=', slug)
    .where('version', '=', version)
    .executeTakeFirst();
  return row && (JSON.parse(row.definition) as Form);
}

/** Every version of a form that was ever published, by its name, the newest first. */
export async function allVersions(db: Database, slug: string): Promise<Map<string, Form>> {
  const rows = await db.query
    .selectFrom('versions')
    .select(['version', 'definition'])
    .where('form', '=', slug)
    .orderBy('created_at', 'desc')
    .orderBy('version')
    .execute();
  return new Map(rows.map((row) => [row.version, JSON.parse(row.definition) as Form]));
}

/** Whether a published version was current at `since` or later. */
export async function wasReplacedSince(db: Database, slug: string, version: string, since: Date): Promise<boolean> {
  const row = await db.query
    .selectFrom('versions')
    .select('replaced_at')
    .where('form', '=', slug)
    .where('version', '=', version)
    .where('replaced_at', '>=', since.toISOString())
    .executeTakeFirst();
  return row !== undefined;
}

/** By form and version. The name of a version comes from its content, so its data never changes. */
const sensitive = new Map<string, ReadonlySet<string>>();

/** The ids of the fields of a published version with sealed answers. */
export async function sealedFields(db: Database, slug: string, version: string): Promise<ReadonlySet<string>> {
  const name = `${slug} ${version}`;
  const known = sensitive.get(name);
  if (known) return known;
  const form = await findVersion(db, slug, version);
  if (!form)
    throw new Error(`There is no version ${version} of ${slug}, so Flipsite cannot know its sensitive fields.`);
  const ids = sensitiveFields(form);
  sensitive.set(name, ids);
  return ids;
}
