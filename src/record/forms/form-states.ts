/** The state of each form: its current version, where it is managed, and whether it has errors, is closed, archived or removed. */
import { randomUUID } from 'node:crypto';
import { sql, type Selectable } from 'kysely';
import type { Form } from '../../form/schema.ts';
import { locked, type Database } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import { withdrawPreviewLinks } from './preview-generations.ts';

export type FormState = {
  slug: string;
  version: string | undefined;
  /** The printed faults, while its file has some. The last good version stays live. */
  fault: string | null;
  removedAt: string | null;
  managedIn: ManagedIn;
  /** When a member closed it; null while it is open. An archived form is closed. */
  closedAt: string | null;
  archivedAt: string | null;
  /** Tells the form from a deleted one that had its link. */
  instance: string;
};

/** The place where the text of a form is changed: a file in the folder of forms, or the dashboard. Never both. */
export type ManagedIn = 'files' | 'dashboard';

/** The current state of a form. `version` and `form` are absent while no good version was ever published. */
export type CurrentForm = FormState & { form: Form | undefined };

/** Stores that the file of `slug` has errors. The version that was published last stays current. */
export async function markFault(db: Database, slug: string, fault: string, now: Date): Promise<void> {
  const current = { fault, removed_at: null, updated_at: now.toISOString() };
  await db.query
    .insertInto('forms')
    .values({ slug, instance: randomUUID(), ...current })
    .onConflict((conflict) => conflict.column('slug').doUpdateSet(current))
    .execute();
}

/**
 * Marks each form of files whose slug is not in `present` as removed. A form that was removed before keeps its time. The errors
 * of its file are forgotten. So is a form that was never published, unless members or unused codes have roles for it, or
 * colleagues have commented on it. A member can delete such a form.
 */
export async function markFormRemoved(db: Database, present: string[], now: Date): Promise<void> {
  const isGone = sql<boolean>`owner = 'files' ${present.length ? sql`and slug not in (${sql.join(present)})` : sql``}`;
  const forgotten = await db.query
    .deleteFrom('forms')
    .where(isGone)
    .where('version', 'is', null)
    .where('slug', 'not in', db.query.selectFrom('grants').select('form').where('form', 'is not', null))
    .where('slug', 'not in', db.query.selectFrom('form_comments').select('form'))
    .where(sql<boolean>`not exists (select 1 from member_codes where grants like '%"form":"' || slug || '"%')`)
    .returning('slug')
    .execute();
  // Or they would lead to another form that gets the name.
  for (const { slug } of forgotten) await withdrawPreviewLinks(db, slug);
  const time = now.toISOString();
  const forms = db.query.updateTable('forms').where(isGone);
  await forms.set({ fault: null, updated_at: time }).where('fault', 'is not', null).execute();
  await forms.set({ removed_at: time, updated_at: time }).where('removed_at', 'is', null).execute();
}

/**
 * Locks a form until `trx` ends. Transactions that decide by the other submissions of a form begin with this lock, after that
 * of their own submission. Each then sees all that the earlier ones have stored.
 */
export async function lockForm(trx: Database, slug: string): Promise<void> {
  if (trx.engine.kind !== 'postgres') return;
  await locked(trx, trx.query.selectFrom('forms').select('slug').where('slug', '=', slug)).execute();
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
    .select(['slug', 'forms.version', 'definition', 'fault', 'removed_at', 'owner', 'closed_at', 'archived_at', 'instance']); // prettier-ignore

const toCurrent = (row: StateRow & { definition: string | null }): CurrentForm => ({
  ...toState(row),
  form: row.definition === null ? undefined : (JSON.parse(row.definition) as Form),
});

/** The same without the definitions, which are most of it. */
export async function formStates(db: Database): Promise<FormState[]> {
  return (await db.query.selectFrom('forms').select(STATE).orderBy('slug').execute()).map(toState);
}

const STATE = ['slug', 'version', 'fault', 'removed_at', 'owner', 'closed_at', 'archived_at', 'instance'] as const;

type StateRow = Pick<Selectable<Tables['forms']>, (typeof STATE)[number]>;

const toState = ({
  slug,
  version,
  fault,
  removed_at,
  owner,
  closed_at,
  archived_at,
  instance,
}: StateRow): FormState => ({
  slug,
  version: version ?? undefined,
  fault,
  removedAt: removed_at,
  managedIn: owner as ManagedIn,
  closedAt: closed_at,
  archivedAt: archived_at,
  instance,
});

/** The state of one form. */
export async function formState(db: Database, slug: string): Promise<FormState | undefined> {
  const row = await db.query.selectFrom('forms').select(STATE).where('slug', '=', slug).executeTakeFirst();
  return row && toState(row);
}

/** Changes the place where a form is managed. A form that the site does not know yet becomes known, without a version. */
export async function setManagedIn(db: Database, slug: string, place: ManagedIn, now: Date): Promise<void> {
  const change = { owner: place, fault: null, removed_at: null, updated_at: now.toISOString() };
  await db.query
    .insertInto('forms')
    .values({ slug, version: null, instance: randomUUID(), ...change })
    .onConflict((conflict) => conflict.column('slug').doUpdateSet(change))
    .execute();
}

/** A form as it was published last, also one that is removed since. */
export async function currentForm(db: Database, slug: string): Promise<Form | undefined> {
  return (await findCurrentForm(db, slug))?.form;
}
