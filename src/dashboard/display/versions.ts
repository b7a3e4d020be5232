/** The versions that submissions were filled in on. */
import type { Form } from '../../form/schema.ts';
import type { Database } from '../../record/db/database.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import { privateFields, withPrivate } from '../../record/forms/shown-version.ts';
import { findVersion } from '../../record/versions.ts';

/** The version of each submission in `items`, by the name of the version; one that is not stored is absent. */
export async function versionsOf(
  db: Database,
  items: Pick<Submission, 'form' | 'version'>[],
): Promise<Map<string, Form>> {
  const wanted = new Map(items.map(({ form, version }) => [version, form]));
  const ids = new Map([...new Set(wanted.values())].map((slug) => [slug, privateFields(db, slug)]));
  const found = await Promise.all(
    [...wanted].map(async ([version, slug]) => {
      const [form, fields = new Set<string>()] = await Promise.all([findVersion(db, slug, version), ids.get(slug)]);
      return form ? [[version, withPrivate(form, fields)] as const] : [];
    }),
  );
  return new Map(found.flat());
}
