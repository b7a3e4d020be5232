/** Submissions as rows of a table: of one form, or of all forms that a member may see. */
import type { Form } from '../../form/schema.ts';
import { listAccounts, wasConnected, type Account } from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import { formatReference } from '../../record/ids.ts';
import { hasDocuments } from '../../record/accounts/archives.ts';
import { withProvider } from '../../record/accounts/providers.ts';
import { hasInvitations } from '../../record/invitations.ts';
import { narrows, type PeopleFilter } from '../../record/results/people.ts';
import { isCursor, listSubmissions, type SubmissionQuery } from '../../record/submissions/submission-list.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import { stateLabelOf, type StateLabel } from '../display/account-words.ts';
import { titleOfForm } from '../display/form-titles.ts';
import type { FormSummary } from '../forms/forms.ts';
import { pathOfPerson, personOf, type PersonLabel } from '../display/person.ts';
import { filterParams, readPeopleFilter } from '../results/filters.ts';
import { quarantineOf } from './suspicion-words.ts';
import { versionsOf } from '../display/versions.ts';

export type SubmissionRow = {
  id: string;
  /** The page of the person. */
  href: string;
  /** The title of the form, in the version that they filled in. */
  form: string;
  person: PersonLabel;
  reference: string | undefined;
  status: StateLabel;
  /** Present if it is in quarantine. */
  quarantine: ReturnType<typeof quarantineOf>;
  /** Absent if no account is linked. `instead` has the reason. */
  account: (StateLabel & { provider: string }) | undefined;
  instead: string;
  link: string | null;
  /** ISO 8601. */
  lastActivity: string;
};

const ROWS = 25;

const STATUSES = ['submitted', 'draft', 'quarantined', 'deleted'] as const;

/** The filters in the address. `filtered`: whether anything narrows the list. */
export type SubmissionFilters = {
  q: string;
  status: SubmissionQuery['status'];
  cursor: string | undefined;
  /** The slug of the form, in the list of all forms. */
  form?: string | undefined;
  /** The people behind a figure of Results. */
  people: PeopleFilter | undefined;
  filtered: boolean;
};

export function readFilters(search: URLSearchParams, now: Date): SubmissionFilters {
  const q = (search.get('q') ?? '').trim().slice(0, 200);
  const asked = search.get('status');
  const status = STATUSES.find((one) => one === asked);
  const cursor = search.get('cursor') ?? '';
  const wanted = readPeopleFilter(search, now);
  const people = narrows(wanted) ? wanted : undefined;
  const filtered = q !== '' || status !== undefined || people !== undefined;
  return { q, status, cursor: isCursor(cursor) ? cursor : undefined, people, filtered };
}

/** The filters as parameters of an address, without the page. */
export function filterQuery({
  q,
  status,
  people,
  form,
}: Omit<SubmissionFilters, 'cursor' | 'filtered'>): URLSearchParams {
  const query = people ? filterParams(people, people) : new URLSearchParams();
  if (form) query.set('form', form);
  if (q) query.set('q', q);
  if (status) query.set('status', status);
  return query;
}

/**
 * One page of the submissions of a form or of several, newest first, and the query of the next page. `searchedBack`: the time to which a
 * search looked back, if it did not look through all submissions.
 */
export async function submissionRows(
  db: Database,
  form: string | readonly string[],
  { cursor, ...filters }: SubmissionFilters,
): Promise<{ rows: SubmissionRow[]; older: string | undefined; searchedBack: string | null }> {
  const { q, status, people } = filters;
  const query: SubmissionQuery = { form, limit: ROWS, cursor, counted: true, status, search: q, people };
  const { items, nextCursor, searchedBack } = await listSubmissions(db, query);
  const versions = await versionsOf(db, items);
  const rows = await Promise.all(
    items.map(async (item) => {
      const accounts = await withProvider(db, await listAccounts(db, item.id));
      // An account says more.
      const sentDocuments = !accounts.length && (await hasDocuments(db, item.id));
      return toRow(item, versions.get(item.version), accounts, sentDocuments);
    }),
  );
  const older = filterQuery(filters);
  older.set('cursor', nextCursor ?? '');
  return { rows, older: nextCursor === null ? undefined : `?${older}`, searchedBack };
}

type Named = Account & { provider: string };

function toRow(
  submission: Submission,
  form: Form | undefined,
  accounts: Named[],
  sentDocuments: boolean,
): SubmissionRow {
  const account = mostUsefulAccount(accounts);
  return {
    id: submission.id,
    href: pathOfPerson(submission.form, submission.id),
    form: titleOfForm(submission.form, form),
    person: personOf(form, submission),
    reference: submission.reference ? formatReference(submission.reference) : undefined,
    status: statusOf(submission),
    quarantine: quarantineOf(submission),
    account: account && { ...stateLabelOf(account), provider: account.provider },
    instead: sentDocuments ? 'Sent documents' : withoutAccount(submission, form),
    link: submission.link,
    lastActivity: submission.updatedAt,
  };
}

/** Submitted, not eligible, not finished, or deleted. */
export function statusOf({
  submittedAt,
  outcome,
  erasedAt,
}: Pick<Submission, 'submittedAt' | 'outcome' | 'erasedAt'>): StateLabel {
  if (erasedAt) return { icon: 'dash', word: 'Deleted' };
  if (!submittedAt) return { icon: 'half', word: 'Not finished' };
  return outcome === 'disqualified'
    ? { icon: 'dash', word: 'Not eligible' }
    : { icon: 'ok', word: 'Submitted', tone: 'ok' };
}

/** The most useful account: a confirmed connection, otherwise a claimed one, otherwise the latest. */
function mostUsefulAccount(accounts: Named[]): Named | undefined {
  const connected = accounts.filter(wasConnected);
  return connected.find(({ confirmed }) => confirmed) ?? connected[0] ?? accounts.at(-1);
}

function withoutAccount({ submittedAt, outcome, smileUserId, erasedAt }: Submission, form: Form | undefined): string {
  if (form && !form.screens.some((screen) => screen.wink)) return 'No account asked for';
  if (erasedAt) return 'Data deleted';
  if (outcome === 'disqualified') return 'Account not needed';
  if (smileUserId) return 'Opened, then left';
  return submittedAt ? 'Not connected' : 'Not connected yet';
}

/**
 * Whether to say where invited people are who have not answered yet. A search of submissions does not find them.
 * @param forms the forms that the member may see. Undefined for all
 */
export const leavesOutInvited = async (
  db: Database,
  forms: readonly string[] | undefined,
  { q }: SubmissionFilters,
  rows: readonly SubmissionRow[],
): Promise<boolean> => q !== '' && rows.length === 0 && (await hasInvitations(db, forms));

/** Whether the list has submissions in quarantine among others. See `SubmissionQuery.search`. */
export const searchesQuarantine = ({ q, status, people }: Omit<SubmissionFilters, 'cursor' | 'filtered'>): boolean =>
  q !== '' && status === undefined && people === undefined;

/** How many people there are without filters. */
export type PeopleTotals = Pick<FormSummary, 'counts' | 'quarantined' | 'deleted'>;

/** The caption of a list, with the numbers that are known without reading every submission. */
export function captionOf(filters: SubmissionFilters, { counts, quarantined, deleted }: PeopleTotals): string {
  const { q, status, cursor, people } = filters;
  const { started, submitted } = counts;
  if (people) return `People behind a number of Results, newest first${cursor ? ', older ones' : ''}`;
  const total = submissions(started + (searchesQuarantine(filters) ? quarantined : 0));
  const listed =
    status === 'quarantined'
      ? `${submissions(quarantined)} in quarantine, not counted`
      : status === 'deleted'
        ? `${submissions(deleted, 'deleted ')}, not counted`
        : status && !q
          ? `${number(status === 'submitted' ? submitted : started - submitted)} of ${number(started)}`
          : total;
  return `${q ? `Searched ${listed}` : listed}, newest first${cursor ? ', older ones' : ''}`;
}

const number = (value: number): string => value.toLocaleString('en-GB');

export const submissions = (value: number, kind = ''): string =>
  `${number(value)} ${kind}${value === 1 ? 'submission' : 'submissions'}`;
