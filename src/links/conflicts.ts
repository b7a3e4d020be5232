/** Links of a form's text whose ids are used elsewhere on the site. */
import { linkConflict } from '../form/check/links.ts';
import type { Finding } from '../form/check/finding.ts';
import type { Form } from '../form/schema.ts';
import type { Catalog } from '../publish/catalog.ts';
import type { Links, SiteLink } from './registry.ts';

/** An error for each link of `form` that another form has, or that was made under Share. */
export function linkConflicts(form: Form, links: Links, catalog: Catalog): Finding[] {
  return conflicts(form, links, catalog, () => true);
}

/** The same for a file. The folder itself reports two files with the same link, and a file may get another name. */
export function linkConflictsOfFile(form: Form, links: Links, catalog: Catalog): Finding[] {
  const inDashboard = new Set(catalog.list().filter(({ managedIn }) => managedIn === 'dashboard').map(({ form: { slug } }) => slug)); // prettier-ignore
  return conflicts(form, links, catalog, (site) => site.madeIn === 'share' || inDashboard.has(site.form));
}

function conflicts(form: Form, links: Links, catalog: Catalog, counts: (site: SiteLink) => boolean): Finding[] {
  const removed = new Set(catalog.list().filter((one) => one.removed).map((one) => one.form.slug)); // prettier-ignore
  return (form.links ?? []).flatMap(({ id }, at) => {
    const site = links.find(id);
    if (!site || (site.form === form.slug && site.madeIn === 'text') || !counts(site)) return [];
    if (site.madeIn === 'text' && removed.has(site.form)) return [];
    const where =
      site.madeIn === 'share' ? `a link made under Share, for the form ${site.form}` : `the form ${site.form}`;
    return [linkConflict(id, at, where)];
  });
}
