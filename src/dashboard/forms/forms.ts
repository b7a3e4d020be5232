/** The forms as the dashboard shows them. */
import { momentInShort, availabilityOf, type Availability, type FormLimits } from '../../form/settings/limits.ts';
import type { Form } from '../../form/schema.ts';
import type { Database } from '../../record/db/database.ts';
import { listDrafts, type DraftSummary } from '../../record/forms/drafts.ts';
import { numbersSince, type Week } from '../../record/results/read-counts.ts';
import { countByForm, submittedPerDay, type Counts } from '../../record/submissions/tallies.ts';
import { currentForms, findCurrentForm, type CurrentForm } from '../../record/forms/form-states.ts';
import type { StateLabel } from '../display/account-words.ts';
import { titleOfForm } from '../display/form-titles.ts';
import { daysBefore } from '../results/filters.ts';

/**
 * `example`: it does not answer here. `draft`: it was never published. `fix`: its file has errors, so the last good version
 * stays live, if there is one. `archived`: it takes no new submissions, because a member archived it or its file is gone.
 */
export type DashboardFormState = 'open' | 'draft' | 'fix' | 'archived' | 'example';

/** `isChanged`: of a live form, whether its draft has changes that are not published. */
type FormPill = StateLabel & { isChanged?: boolean };

/**
 * The state that people find at the form's address, as a word with a sign. A form with errors says so.
 * @param isLive whether it has a version that people can use
 * @param isChanged whether the draft has changes that are not published
 * @param isClosed whether a member has closed it
 * @param sent how many have been sent that count to its limit
 */
function pillOf(
  state: DashboardFormState,
  isLive: boolean,
  isChanged: boolean,
  isClosed: boolean,
  limits: FormLimits | undefined,
  availability: Availability,
  sent: number,
): FormPill {
  if (state === 'archived') return { icon: 'dash', word: 'Archived' };
  if (isClosed && isLive) return { icon: 'dash', word: 'Closed' };
  if (state === 'example') return { icon: 'dash', word: 'Example' };
  if (state === 'draft') return { icon: 'pen', word: 'Draft' };
  if (state === 'fix')
    return { icon: 'warn', word: isLive ? 'Live, its file has errors' : 'Not live yet', tone: 'warn' };
  if (!limits || availability === 'open') return { icon: 'ok', word: 'Live', tone: 'ok', isChanged };
  if (availability === 'full') return { icon: 'dash', word: `Full: ${number(sent)} of ${number(limits.max ?? 0)}` };
  if (availability === 'not_open') return { icon: 'half', word: `Opens ${momentInShort(limits, 'opens')}` };
  return { icon: 'dash', word: `Closed after ${momentInShort(limits, 'closes')}` };
}

const number = (value: number): string => value.toLocaleString('en-GB');

export type FormSummary = {
  slug: string;
  title: string;
  state: DashboardFormState;
  pill: FormPill;
  /** Whether it is an example that came with Flipsite. */
  isExample: boolean;
  /** Whether people can reach it at its address. */
  reachable: boolean;
  /** Whether new people can start it now. */
  isOpen: boolean;
  /** Whether people who have started can finish it, however late. */
  isFinishable: boolean;
  /** Whether its text is still there, so that it can be copied. The text of a file that is gone is not. */
  hasText: boolean;
  /** The printed faults. */
  fault: string | null;
  counts: Pick<Counts, 'started' | 'connected' | 'submitted' | 'completed'>;
  /** How many are in quarantine, and how many were deleted after they were sent. They are in none of the counts. */
  quarantined: number;
  deleted: number;
  /** Submitted per day in UTC, the last 14 days, today last. */
  perDay: number[];
  /** The people who started in the last 7 days, today included. Only in the list of all forms. */
  week?: Week | undefined;
};

/**
 * Every form that the site ever had: those in the folder first, then the archived ones, then hidden examples, each group
 * by title.
 */
export async function formSummaries(db: Database, now: Date, examples = true): Promise<FormSummary[]> {
  const [forms, counts, drafts, weeks] = await Promise.all([currentForms(db), countByForm(db), listDrafts(db), numbersSince(db, daysBefore(now, 6))]); // prettier-ignore
  const bySlug = new Map(drafts.map((draft) => [draft.form, draft]));
  const summaries = await Promise.all(
    forms.map(async (form) => ({
      ...(await summary(db, form, bySlug.get(form.slug), counts.get(form.slug), now, examples)),
      week: weeks.get(form.slug),
    })),
  );
  const order = (one: FormSummary) =>
    (one.state === 'archived' ? '1' : one.state === 'example' ? '2' : '0') + one.title;
  return summaries.sort((a, b) => order(a).localeCompare(order(b)));
}

/** One form, or undefined if there never was one with this slug. */
export async function findForm(
  db: Database,
  slug: string,
  now: Date,
  examples = true,
): Promise<(FormSummary & { form: Form | undefined }) | undefined> {
  const [current, counts, [draft]] = await Promise.all([
    findCurrentForm(db, slug),
    countByForm(db, slug),
    listDrafts(db, slug),
  ]);
  return current && { ...(await summary(db, current, draft, counts.get(slug), now, examples)), form: current.form };
}

async function summary(
  db: Database,
  { slug, form, fault, removedAt, closedAt, archivedAt }: CurrentForm,
  draft: DraftSummary | undefined,
  counts: Counts | undefined,
  now: Date,
  examples: boolean,
): Promise<FormSummary> {
  const from = new Date(now.getTime() - 13 * 24 * 60 * 60 * 1000);
  const perDay = await submittedPerDay(db, slug, from);
  const hidden = Boolean(form?.example) && !examples;
  const isDraft = form === undefined && draft !== undefined;
  const isArchived = removedAt !== null || archivedAt !== null;
  const reachable = form !== undefined && !isArchived && !hidden;
  const completed = counts?.completed ?? 0;
  const availability = availabilityOf(form?.limits, now, completed);
  const state = isArchived ? 'archived' : hidden ? 'example' : isDraft ? 'draft' : fault !== null ? 'fix' : 'open';
  return {
    slug,
    title: titleOfForm(slug, form, draft),
    state,
    pill: pillOf(
      state,
      form !== undefined,
      draft?.isChanged ?? false,
      closedAt !== null,
      form?.limits,
      availability,
      completed,
    ),
    isExample: Boolean(form?.example),
    reachable,
    isOpen: reachable && closedAt === null && availability === 'open',
    isFinishable: closedAt === null && availability === 'open',
    hasText: removedAt === null,
    fault,
    counts: counts ?? { started: 0, connected: 0, submitted: 0, completed: 0 },
    quarantined: counts?.quarantined ?? 0,
    deleted: counts?.deleted ?? 0,
    perDay: perDay.map(({ submitted }) => submitted),
  };
}
