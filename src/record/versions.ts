/** The published versions of forms. The store keeps every version that was ever current. */
import { setImmediate as otherWork } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Form } from '../form/schema.ts';
import { sensitiveFields } from '../form/inspect/sensitive.ts';
import { definitionOf, versionOf } from '../form/version.ts';
import type { Database } from './db/database.ts';

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

const versionNamed = (db: Database, slug: string, version: string) =>
  db.query.selectFrom('versions').where('form', '=', slug).where('version', '=', version);

/** A published version, without its examples; for a form removed since, too. */
export async function findVersion(db: Database, slug: string, version: string): Promise<Form | undefined> {
  return (await readVersion(db, slug, version))?.form;
}

/** The same, with the number of characters of its definition. */
export async function readVersion(
  db: Database,
  slug: string,
  version: string,
): Promise<{ form: Form; characters: number } | undefined> {
  const row = await versionNamed(db, slug, version).select('definition').executeTakeFirst();
  return row && { form: JSON.parse(row.definition) as Form, characters: row.definition.length };
}

/** Whether a version of a form was ever published. It reads no definition, which may have 1 MB. */
export async function hasVersion(db: Database, slug: string, version: string): Promise<boolean> {
  return (await versionNamed(db, slug, version).select('version').executeTakeFirst()) !== undefined;
}

/** Whether a version of a form was first published at `at` (ISO 8601) or before. */
export async function wasPublishedBy(db: Database, slug: string, version: string, at: string): Promise<boolean> {
  const row = await versionNamed(db, slug, version).select('version').where('created_at', '<=', at).executeTakeFirst();
  return row !== undefined;
}

/** The size of the definition of a version, in bytes. Undefined if it was never published. It reads no definition either. */
export async function versionBytes(db: Database, slug: string, version: string): Promise<number | undefined> {
  const size = sql<number>`octet_length(definition)`.as('size');
  return (await versionNamed(db, slug, version).select(size).executeTakeFirst())?.size;
}

/** Definitions that are read in one turn. A form with pictures may have 1 MB. */
const READ_AT_ONCE = 5;

/**
 * Every version of a form that was ever published, by its name, the newest first. Without pictures, which can be most of
 * hundreds of megabytes. Others are answered meanwhile.
 */
export async function allVersions(db: Database, slug: string): Promise<Map<string, Form>> {
  const ofForm = db.query.selectFrom('versions').where('form', '=', slug);
  const names = (await ofForm.select('version').execute()).map(({ version }) => version);
  const all: { name: string; at: string; form: Form }[] = [];
  for (let read = 0; read < names.length; read += READ_AT_ONCE) {
    if (read) await otherWork();
    const some = names.slice(read, read + READ_AT_ONCE);
    const rows = await ofForm.select(['version', 'created_at', 'definition']).where('version', 'in', some).execute();
    for (const { version, created_at, definition } of rows)
      all.push({ name: version, at: created_at, form: withoutPictures(JSON.parse(definition) as Form) });
  }
  // SQLite would read all definitions to sort them: the time of a version is stored behind its definition.
  all.sort((a, b) => (a.at === b.at ? (a.name < b.name ? -1 : 1) : a.at > b.at ? -1 : 1));
  return new Map(all.map(({ name, form }) => [name, form]));
}

function withoutPictures(form: Form): Form {
  delete form.brand?.logo;
  delete form.share?.image;
  return form;
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

/** The ids of the fields that are sensitive in any published version of a form. */
export async function everSensitive(db: Database, slug: string): Promise<ReadonlySet<string>> {
  const rows = await db.query.selectFrom('versions').select('version').where('form', '=', slug).execute();
  const ids = new Set<string>();
  for (const { version } of rows) {
    // The first time, each of many versions is read. Others are answered meanwhile.
    if (!sensitive.has(`${slug} ${version}`)) await otherWork();
    for (const id of await sealedFields(db, slug, version)) ids.add(id);
  }
  return ids;
}
