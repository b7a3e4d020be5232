/** The version of a form that decides which answers members and receivers see. */
import { sensitiveFields } from '../../form/inspect/sensitive.ts';
import { fieldsOf, type Form } from '../../form/schema.ts';
import type { Database } from '../db/database.ts';
import { everSensitive, findVersion } from '../versions.ts';
import { currentForm } from './form-states.ts';

/**
 * The ids of the fields whose answers are private whatever version they were given on: those that the current version
 * marks as sensitive, and those that it no longer has and an earlier one marked.
 */
export async function privateFields(db: Database, slug: string): Promise<ReadonlySet<string>> {
  const current = await currentForm(db, slug);
  const asked = new Set(current && fieldsOf(current).map(({ id }) => id));
  const removed = [...(await everSensitive(db, slug))].filter((id) => !asked.has(id));
  return new Set([...removed, ...(current ? sensitiveFields(current) : [])]);
}

/**
 * A published version in which the private fields of the form are sensitive too. A member may mark a field as sensitive
 * after people have begun, and their answers to it need the same care.
 */
export async function findShownVersion(db: Database, slug: string, version: string): Promise<Form | undefined> {
  const [form, fields] = await Promise.all([findVersion(db, slug, version), privateFields(db, slug)]);
  return form && withPrivate(form, fields);
}

/** A version in which the fields called `ids` are sensitive too. */
export function withPrivate(form: Form, ids: ReadonlySet<string>): Form {
  if (!ids.size) return form;
  return {
    ...form,
    screens: form.screens.map((screen) => ({
      ...screen,
      fields: screen.fields.map((field) => (ids.has(field.id) ? { ...field, sensitive: true } : field)),
    })),
  };
}
