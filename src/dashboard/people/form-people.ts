/** The data of a form's list of people. */
import type { Database } from '../../record/db/database.ts';
import { mayHere, linkNamesOfSite, type DashboardContext } from '../context.ts';
import { languageInWords } from '../../form/changes/change-sentences.ts';
import { sensitiveFields } from '../../form/inspect/sensitive.ts';
import { fieldsOf, type Form } from '../../form/schema.ts';
import type { PeopleFilter } from '../../record/results/people.ts';
import { plainText } from '../../record/results/results.ts';
import { everSensitive } from '../../record/versions.ts';
import { linkNamesOfResults, stepTitle } from '../results/view.ts';
import { dayInWords, deviceInWords } from '../results/words.ts';
import { leavesOutInvited, readFilters, submissionRows, type SubmissionFilters, type SubmissionRow } from './submission-rows.ts'; // prettier-ignore

/** `mayExportSensitive`: whether there is a second CSV file, with sensitive answers, for this member. */
export type SubmissionsView = {
  filters: SubmissionFilters;
  /** The filter that a figure of Results set, as words. */
  behind: string[];
  /** Whether Flipsite still counts people, so that the list behind a figure may miss some. */
  isCounting: boolean;
  rows: SubmissionRow[];
  older: string | undefined;
  searchedBack: string | null;
  /** Whether nothing is found, and someone is invited. */
  leavesOutInvited: boolean;
  mayExportSensitive: boolean;
  /** The labels of fields that the CSV file hides although this version of the form does not: an earlier one did. */
  hiddenInCsv: string[];
};

/** One page of the list, by the filters in the address. */
export async function listSubmissionsOf(
  c: DashboardContext,
  slug: string,
  form: Form | undefined,
): Promise<SubmissionsView> {
  const { db } = c.var.options;
  const filters = readFilters(new URL(c.req.url).searchParams, c.var.now);
  const isCounting = filters.people !== undefined && !(await c.var.options.results.countWaiting());
  const sensitive = await everSensitive(db, slug);
  const nameOfLink = linkNamesOfSite(c);
  const { rows, ...page } = await submissionRows(db, slug, filters);
  return {
    filters,
    behind: filters.people ? await peopleInWords(db, slug, form, filters.people) : [],
    isCounting,
    ...page,
    leavesOutInvited: await leavesOutInvited(db, [slug], filters, rows),
    rows: rows.map((row) => ({ ...row, link: row.link && nameOfLink(row.link) })),
    mayExportSensitive: sensitive.size > 0 && mayHere(c, 'revealAnswers', slug),
    hiddenInCsv: form ? hiddenInCsv(form, sensitive) : [],
  };
}

/** The CSV file hides a column for all people if any version marks its field: someone has answered it as private. */
function hiddenInCsv(form: Form, everPrivate: ReadonlySet<string>): string[] {
  const now = sensitiveFields(form);
  const fields = fieldsOf(form).filter(({ id }) => everPrivate.has(id) && !now.has(id));
  return fields.map(({ label }) => plainText(label, form.languages[0]));
}

async function peopleInWords(
  db: Database,
  slug: string,
  form: Form | undefined,
  people: PeopleFilter,
): Promise<string[]> {
  const { from, to, link, language, device, reached, left, active, now } = people;
  const screen = left ? await stepTitle(db, form, `screen:${left}`) : undefined;
  const days = daysInWords(from, to, now);
  return [
    reached !== undefined && (await stepTitle(db, form, reached)),
    left !== undefined && (screen ? screen.replace('Reached', 'Left at') : 'All screens done, not sent'),
    active && 'May still finish',
    link !== undefined && `Link: ${(await linkNamesOfResults(db, slug, form))(link)}`,
    language !== undefined && `Language: ${languageInWords(language)}`,
    device !== undefined && `Device: ${deviceInWords(device)}`,
    days && `Started: ${days}`,
  ].filter((one) => typeof one === 'string');
}

function daysInWords(from: string | undefined, to: string | undefined, now: Date): string | undefined {
  const [first, last] = [from, to].map((day) => day && dayInWords(day, now));
  if (!first) return last && `until ${last}`;
  if (!last) return `since ${first}`;
  return first === last ? first : `${first} to ${last}`;
}
