/** The forms as the dashboard tells of them. */
import type { Form } from '../form/schema.ts';
import { say } from '../form/text.ts';
import type { Database } from '../record/database.ts';
import { countByForm, submittedPerDay, type Counts } from '../record/tallies.ts';
import { currentForms, type CurrentForm } from '../record/versions.ts';

/** `open`; `fix`: its file has faults, so the last good version stays up, if there is one; `removed`: no new starts. */
export type FormState = 'open' | 'fix' | 'removed';

export type FormSummary = {
  slug: string;
  title: string;
  state: FormState;
  /** Whether people can reach it at its address. */
  reachable: boolean;
  /** The printed faults. */
  fault: string | null;
  counts: Pick<Counts, 'started' | 'connected' | 'submitted'>;
  /** How many are in quarantine; they are in none of the counts. */
  quarantined: number;
  /** Submitted per day in UTC, the last 14 days, today last. */
  perDay: number[];
};

/** Every form ever seen: those in the folder first, then the removed ones, each group by title. */
export async function formSummaries(db: Database, now: Date): Promise<FormSummary[]> {
  const [forms, counts] = await Promise.all([currentForms(db), countByForm(db)]);
  const summaries = await Promise.all(forms.map((form) => summary(db, form, counts.get(form.slug), now)));
  const order = (one: FormSummary) => (one.state === 'removed' ? '1' : '0') + one.title;
  return summaries.sort((a, b) => order(a).localeCompare(order(b)));
}

/** One form, or undefined when there never was one of this slug. */
export async function findForm(
  db: Database,
  slug: string,
  now: Date,
): Promise<(FormSummary & { form: Form | undefined }) | undefined> {
  const [forms, counts] = await Promise.all([currentForms(db), countByForm(db, slug)]);
  const current = forms.find((form) => form.slug === slug);
  return current && { ...(await summary(db, current, counts.get(slug), now)), form: current.form };
}

async function summary(
  db: Database,
  { slug, form, fault, removedAt }: CurrentForm,
  counts: Counts | undefined,
  now: Date,
): Promise<FormSummary> {
  const from = new Date(now.getTime() - 13 * 24 * 60 * 60 * 1000);
  const perDay = await submittedPerDay(db, slug, from);
  return {
    slug,
    title: form ? say(form.title, form.languages[0] ?? 'en') : slug,
    state: removedAt !== null ? 'removed' : fault !== null ? 'fix' : 'open',
    reachable: form !== undefined && removedAt === null,
    fault,
    counts: counts ?? { started: 0, connected: 0, submitted: 0 },
    quarantined: counts?.held ?? 0,
    perDay: perDay.map(({ submitted }) => submitted),
  };
}

/** The line of a sparkline through `values`, as the `d` of a path in a box of `width` by `height` with a margin of 2. */
export function sparkline(values: number[], width: number, height: number): string {
  const most = Math.max(1, ...values);
  const step = (width - 4) / Math.max(1, values.length - 1);
  const points = values.map((value, index) => [2 + index * step, height - 2 - (value / most) * (height - 4)]);
  return `M${points.map((point) => point.map((part) => Number(part.toFixed(1))).join(' ')).join(' ')}`;
}
