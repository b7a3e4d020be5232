/** The versions that submissions were filled in on. */
import type { Form } from '../../form/schema.ts';
import type { Database } from '../../record/db/database.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import { findShownVersion } from '../../record/forms/shown-version.ts';

/** The version of each submission in `items`, by the name of the version; one that is not stored is absent. */
export async function versionsOf(db: Database, items: Submission[]): Promise<Map<string, Form>> {
  const wanted = new Map(items.map(({ form, version }) => [version, form]));
  const found = await Promise.all(
    [...wanted].map(async ([version, slug]) => [version, await findShownVersion(db, slug, version)] as const),
  );
  return new Map(found.flatMap(([version, form]) => (form ? [[version, form]] : [])));
}
