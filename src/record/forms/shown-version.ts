/** The version of a form that decides which answers members and receivers see. */
import type { Form } from '../../form/schema.ts';
import type { Database } from '../db/database.ts';
import { everSensitive, findVersion } from '../versions.ts';

/**
 * A published version in which each field is sensitive that is so in any version of the form. A member may mark a field
 * as sensitive after people have begun, or remove it later, and their answers to it need the same care.
 */
export async function findShownVersion(db: Database, slug: string, version: string): Promise<Form | undefined> {
  const [form, sensitive] = await Promise.all([findVersion(db, slug, version), everSensitive(db, slug)]);
  if (!form || !sensitive.size) return form;
  return {
    ...form,
    screens: form.screens.map((screen) => ({
      ...screen,
      fields: screen.fields.map((field) => (sensitive.has(field.id) ? { ...field, sensitive: true } : field)),
    })),
  };
}
