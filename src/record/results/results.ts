/** The results of a form: the funnel, and the same people by link, day, language and device. */
import { localize, pieces, type Text } from '../../form/runtime/text.ts';
import type { Language } from '../../form/wording/wording.ts';
import type { Form, Screen } from '../../form/schema.ts';
import type { Database } from '../db/database.ts';
import { addNumbers, medianOf, noNumbers } from './numbers.ts';
import { clicksOf, cohortsOf, openBy, openingsOf, type ClickCount, type Cohort, type OpeningCount, type ResultFilter } from './read.ts'; // prettier-ignore

/**
 * One step of the funnel. Its id is also the value of the filter `reached` of the list of people.
 * @property kind the kind of step, which decides its definition
 * @property share of the people who started; null with fewer than 20, and for steps before the start
 * @property kept how many of the people were deleted since, so that the list has fewer
 * @property left people who left the form at this screen. Absent for steps that are no screens
 * @property parts people by provider or by reason
 */
export type FunnelStep = {
  id: string;
  kind: StepKind;
  label: string;
  count: number;
  share: number | null;
  medianSeconds: number | null;
  kept: number;
  questions?: string[];
  left?: number;
  parts?: { id: string; name: string; count: number }[];
};

export type StepKind = 'clicks' | 'opened' | 'started' | 'screen' | 'end' | WinkStep | 'not_eligible' | 'completed';

/** The steps in a sign-in window, in their order. */
const WINK_STEPS = ['window', 'blocked', 'provider', 'signed_in', 'failed', 'connected', 'uploaded'] as const;
type WinkStep = (typeof WINK_STEPS)[number];

const WINK_LABELS: Record<WinkStep, string> = {
  window: 'Sign-in window opened',
  blocked: 'Window did not open',
  provider: 'Chose a provider',
  signed_in: 'Signed in',
  failed: 'Could not sign in',
  connected: 'Connected',
  uploaded: 'Sent documents',
};

/** Shown only if someone reached them. */
const EXCEPTIONS: readonly WinkStep[] = ['blocked', 'failed', 'uploaded'];

/** The numbers of one link, day, language or device. */
export type Row = {
  id: string;
  /** Clicks on campaign links; a click has no language. */
  clicks: number;
  opened: number;
  started: number;
  connected: number;
  notEligible: number;
  completed: number;
};

export type Results = {
  steps: FunnelStep[];
  links: Row[];
  days: Row[];
  languages: Row[];
  devices: Row[];
  /** People who have not finished, and did something in the last 30 minutes. */
  open: number;
  /** How many of the people were deleted since. */
  deleted: number;
  leftOut: { robots: number; previews: number; tests: number; members: number; spam: number };
};

/** With fewer people a share means little. */
const LEAST_FOR_SHARE = 20;

/** @returns `part` of `whole`, to a thousandth; null with fewer than 20 */
export const shareOf = (part: number, whole: number): number | null =>
  whole < LEAST_FOR_SHARE ? null : Math.round((part / whole) * 1_000) / 1_000;

/**
 * The results for one filter. Call `countChanges` before it, so that they are complete.
 * @param form the current version; its screens are listed first, then those that only earlier versions had
 * @param tests how many test answers there are for the filter
 */
export async function resultsOf(
  db: Database,
  form: Form | undefined,
  filter: ResultFilter,
  now: Date,
  tests = 0,
): Promise<Results> {
  const [cohorts, open, openings, clicks] = await Promise.all([cohortsOf(db, filter), openBy(db, filter, now), openingsOf(db, filter), clicksOf(db, filter)]); // prettier-ignore
  const [sum, kept] = [noNumbers(), noNumbers()];
  for (const cohort of cohorts) addNumbers(sum, cohort);
  for (const cohort of cohorts) if (cohort.kept) addNumbers(kept, cohort);
  const { counts, times } = sum;
  const started = counts['started'] ?? 0;
  const people = openings.filter(({ visitor }) => visitor === 'person');
  const opened = total(people);
  const clicked = clicks.filter((one) => one.class === 'person');
  const leftOutBy = (kind: 'robot' | 'preview' | 'member') =>
    total(openings.filter(({ visitor }) => visitor === kind)) + total(clicks.filter((one) => one.class === kind));

  const step = (id: string, kind: StepKind, label: string, more: Partial<FunnelStep> = {}): FunnelStep => {
    const count = counts[id] ?? 0;
    return { id, kind, label, count, share: shareOf(count, started), medianSeconds: null, kept: kept.counts[id] ?? 0, ...more }; // prettier-ignore
  };
  const leftAt = (screen: string) => Math.max((counts[`at:${screen}`] ?? 0) - (open.get(screen) ?? 0), 0);
  const winkSteps = (screen: string): FunnelStep[] =>
    WINK_STEPS.flatMap((kind) => {
      const one = step(`${kind}:${screen}`, kind, WINK_LABELS[kind]);
      const parts = partsOf(counts, one.id);
      return one.count || !EXCEPTIONS.includes(kind) ? [{ ...one, ...(parts.length && { parts }) }] : [];
    });
  const screens = screensIn(form, counts).flatMap(({ id, screen }) => {
    const label = screen && form ? plainText(screen.title, form.languages[0]) : id;
    const more = { medianSeconds: medianOf(times[id]), left: leftAt(id), questions: form && screen ? questionsOf(form, screen) : [] }; // prettier-ignore
    const own = step(`screen:${id}`, 'screen', label, more);
    const isWink = screen?.wink !== undefined || (counts[`window:${id}`] ?? 0) > 0;
    return [own, ...(isWink ? winkSteps(id) : [])];
  });
  return {
    steps: [
      ...(clicks.length
        ? [step('clicks', 'clicks', 'Clicked a campaign link', { count: total(clicked), share: null })]
        : []),
      step('opened', 'opened', 'Opened the page', { count: opened, share: null }),
      step('started', 'started', 'Started'),
      ...screens,
      step('not_eligible', 'not_eligible', 'Not eligible'),
      step('completed', 'completed', 'Completed', { medianSeconds: medianOf(times['']), left: leftAt('') }),
    ],
    links: rowsBy('link', cohorts, people, clicked),
    days: rowsBy('day', cohorts, people, clicked),
    languages: rowsBy('language', cohorts, people, []),
    devices: rowsBy('device', cohorts, people, clicked),
    open: [...open.values()].reduce((all, count) => all + count, 0),
    deleted: kept.counts['started'] ?? 0,
    leftOut: {
      robots: leftOutBy('robot'),
      previews: leftOutBy('preview'),
      tests,
      members: leftOutBy('member'),
      spam: counts['spam'] ?? 0,
    },
  };
}

const total = (counts: { count: number }[]): number => counts.reduce((sum, { count }) => sum + count, 0);

/** The screens of the form in their order, then those of earlier versions that people reached. */
function screensIn(form: Form | undefined, counts: Record<string, number>): { id: string; screen?: Screen }[] {
  const current = (form?.screens ?? []).map((screen) => ({ id: screen.id, screen }));
  const reached = Object.keys(counts).flatMap((step) =>
    step.startsWith('screen:') ? step.slice('screen:'.length) : [],
  );
  return [...current, ...reached.filter((id) => !current.some((one) => one.id === id)).map((id) => ({ id }))];
}

const questionsOf = (form: Form, { fields }: Screen): string[] =>
  fields.map(({ label }) => plainText(label, form.languages[0])).slice(0, 20);

/** A text of the form without the answers of a person in it. */
export const plainText = (text: Text, language: Language): string =>
  pieces(localize(text, language))
    .map((piece) => (typeof piece === 'string' ? piece : '…'))
    .join('');

/** People by what follows the id of a step, such as a provider; the most first. */
function partsOf(counts: Record<string, number>, id: string): { id: string; name: string; count: number }[] {
  return Object.entries(counts)
    .flatMap(([step, count]) =>
      step.startsWith(`${id}:`) ? [{ id: step, name: step.slice(id.length + 1), count }] : [],
    )
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

function rowsBy<Part extends 'link' | 'day' | 'language' | 'device'>(
  part: Part,
  cohorts: Cohort[],
  openings: OpeningCount[],
  clicks: Pick<ClickCount, Exclude<Part, 'language'> | 'count'>[],
): Row[] {
  const rows = new Map<string, Row>();
  const row = (id: string): Row => {
    const known = rows.get(id) ?? { id, clicks: 0, opened: 0, started: 0, connected: 0, notEligible: 0, completed: 0 };
    rows.set(id, known);
    return known;
  };
  for (const opening of openings) row(opening[part]).opened += opening.count;
  for (const click of clicks) row(String(click[part as keyof typeof click])).clicks += click.count;
  for (const { [part]: id, counts } of cohorts) {
    const own = row(id);
    own.started += counts['started'] ?? 0;
    own.connected += counts['connected'] ?? 0;
    own.notEligible += counts['not_eligible'] ?? 0;
    own.completed += counts['completed'] ?? 0;
  }
  const all = [...rows.values()].filter(({ clicks: clicked, opened, started }) => clicked + opened + started > 0);
  return all.toSorted((a, b) => (part === 'day' ? (a.id < b.id ? -1 : 1) : b.connected - a.connected || b.started - a.started || b.opened - a.opened || (a.id < b.id ? -1 : 1))); // prettier-ignore
}
