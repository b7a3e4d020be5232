/** The version of a form that decides which answers members and receivers see. */
import { sensitiveFields } from '../../form/inspect/sensitive.ts';
import type { Form } from '../../form/schema.ts';
import type { Database } from '../db/database.ts';
import { findVersion } from '../versions.ts';
import { currentForm } from './form-states.ts';

/**
 * A published version in which the sensitive fields of the current version are sensitive too. A member may mark a field
 * as sensitive after people have begun, and their answers to it need the same care.
 */
export async function findShownVersion(db: Database, slug: string, version: string): Promise<Form | undefined> {
  const [form, current] = await Promise.all([findVersion(db, slug, version), currentForm(db, slug)]);
  const sensitive = current && sensitiveFields(current);
  if (!form || !sensitive?.size) return form;
  return {
    ...form,
    screens: form.screens.map((screen) => ({
      ...screen,
      fields: screen.fields.map((field) => (sensitive.has(field.id) ? { ...field, sensitive: true } : field)),
    })),
  };
}
