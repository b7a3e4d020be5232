/** The data of the list of people of all forms. */
import { formsWith } from '../../members/roles.ts';
import { countByForm } from '../../record/submissions/tallies.ts';
import { memberOf, linkNamesOfSite, type DashboardContext } from '../context.ts';
import { byTitle, formTitles } from '../display/form-titles.ts';
import { leavesOutInvited, readFilters, submissionRows, type PeopleTotals, type SubmissionFilters, type SubmissionRow } from './submission-rows.ts'; // prettier-ignore

export type AllPeopleView = {
  filters: SubmissionFilters;
  /** The forms with people whom the member may see, by title. */
  forms: { slug: string; title: string }[];
  totals: PeopleTotals;
  rows: SubmissionRow[];
  older: string | undefined;
  searchedBack: string | null;
  /** Whether nothing is found, and someone is invited. */
  leavesOutInvited: boolean;
};

/** One page of the people of all forms that the member may see, by the filters in the address. */
export async function allPeopleView(c: DashboardContext): Promise<AllPeopleView> {
  const { db } = c.var.options;
  const search = new URL(c.req.url).searchParams;
  const allowed = formsWith(memberOf(c).grants, 'seePeople');
  const [counts, titles] = await Promise.all([countByForm(db), formTitles(c.var.options)]);
  const forms = byTitle(titles, (slug) => counts.has(slug) && (allowed?.includes(slug) ?? true));
  const chosen = forms.find(({ slug }) => slug === search.get('form'))?.slug;
  // The figures of Results are of one form.
  const { people: _, ...read } = readFilters(search, c.var.now);
  const filtered = read.q !== '' || read.status !== undefined || chosen !== undefined;
  const filters: SubmissionFilters = { ...read, form: chosen, people: undefined, filtered };
  const slugs = chosen === undefined ? forms.map(({ slug }) => slug) : [chosen];
  const nameOfLink = linkNamesOfSite(c);
  const { rows, ...page } = await submissionRows(db, chosen ?? slugs, filters);
  const sum = (count: (slug: string) => number | undefined) => slugs.reduce((all, slug) => all + (count(slug) ?? 0), 0);
  return {
    filters,
    forms,
    totals: {
      counts: {
        started: sum((slug) => counts.get(slug)?.started),
        connected: sum((slug) => counts.get(slug)?.connected),
        submitted: sum((slug) => counts.get(slug)?.submitted),
        completed: sum((slug) => counts.get(slug)?.completed),
      },
      quarantined: sum((slug) => counts.get(slug)?.quarantined),
      deleted: sum((slug) => counts.get(slug)?.deleted),
    },
    ...page,
    leavesOutInvited: await leavesOutInvited(db, allowed, filters, rows),
    rows: rows.map((row) => ({ ...row, link: row.link && nameOfLink(row.link) })),
  };
}
