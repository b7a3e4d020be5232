/** The results of a form: the funnel, and the same people by link, day, language and device. */
import { localize, pieces, type Text } from '../../form/runtime/text.ts';
import type { Language } from '../../form/wording/wording.ts';
import type { Form, Screen } from '../../form/schema.ts';
import type { Database } from '../db/database.ts';
import { medianOf } from './cohort-numbers.ts';
import { activeByScreen, type ResultFilter } from './read-counts.ts';
import { WINK_STEPS, type StepKind, type WinkStep } from './steps.ts';
import { sumsOf, type RowsById, type Row } from './sums.ts';

/**
 * One step of the funnel. Its id is also the value of the filter `reached` of the list of people.
 * @property kind the kind of step, which decides its definition
 * @property share of the people who started; null with fewer than 20, and for steps before the start
 * @property deleted how many of the people were deleted since, so that the list has fewer
 * @property left people who left the form at this screen. Absent for steps that are no screens
 * @property breakdown people by provider or by reason
 */
export type FunnelStep = {
  id: string;
  kind: StepKind;
  label: string;
  count: number;
  share: number | null;
  medianSeconds: number | null;
  deleted: number;
  questions?: string[];
  left?: number;
  breakdown?: { id: string; name: string; count: number }[];
};

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

export type Results = {
  steps: FunnelStep[];
  links: Row[];
  days: Row[];
  languages: Row[];
  devices: Row[];
  /** People who have not finished and did something in the last 30 minutes. */
  active: number;
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
 * The results for one filter. Call `countWaiting` first, so that they are complete.
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
  const [sums, active] = await Promise.all([sumsOf(db, filter), activeByScreen(db, filter, now)]);
  const { counts, times } = sums.all;
  const started = counts['started'] ?? 0;
  const leftOutBy = (kind: 'robot' | 'preview' | 'member') => sums.opened[kind] + sums.clicked[kind];

  const step = (id: string, kind: StepKind, label: string, more: Partial<FunnelStep> = {}): FunnelStep => {
    const count = counts[id] ?? 0;
    return { id, kind, label, count, share: shareOf(count, started), medianSeconds: null, deleted: sums.deleted.counts[id] ?? 0, ...more }; // prettier-ignore
  };
  const leftAt = (screen: string) => Math.max((counts[`at:${screen}`] ?? 0) - (active.get(screen) ?? 0), 0);
  const winkSteps = (screen: string): FunnelStep[] =>
    WINK_STEPS.flatMap((kind) => {
      const one = step(`${kind}:${screen}`, kind, WINK_LABELS[kind]);
      const breakdown = breakdownOf(counts, one.id);
      return one.count || !EXCEPTIONS.includes(kind) ? [{ ...one, ...(breakdown.length && { breakdown }) }] : [];
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
      ...(Object.values(sums.clicked).some((count) => count > 0)
        ? [step('clicks', 'clicks', 'Clicked a campaign link', { count: sums.clicked.person, share: null })]
        : []),
      step('opened', 'opened', 'Opened the page', { count: sums.opened.person, share: null }),
      step('started', 'started', 'Started'),
      ...screens,
      step('not_eligible', 'not_eligible', 'Not eligible'),
      step('completed', 'completed', 'Completed', { medianSeconds: medianOf(times['']), left: leftAt('') }),
    ],
    links: mostFirst(sums.by.link),
    days: rowsIn(sums.by.day).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    languages: mostFirst(sums.by.language),
    devices: mostFirst(sums.by.device),
    active: [...active.values()].reduce((all, count) => all + count, 0),
    deleted: sums.deleted.counts['started'] ?? 0,
    leftOut: {
      robots: leftOutBy('robot'),
      previews: leftOutBy('preview'),
      tests,
      members: leftOutBy('member'),
      spam: counts['spam'] ?? 0,
    },
  };
}

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

/** People by the last part of the id of a step, such as a provider. Most people first. */
function breakdownOf(counts: Record<string, number>, id: string): { id: string; name: string; count: number }[] {
  return Object.entries(counts)
    .flatMap(([step, count]) =>
      step.startsWith(`${id}:`) ? [{ id: step, name: step.slice(id.length + 1), count }] : [],
    )
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

const rowsIn = (rows: RowsById): Row[] =>
  [...rows.values()].filter(({ clicks, opened, started }) => clicks + opened + started > 0);

const mostFirst = (rows: RowsById): Row[] =>
  rowsIn(rows).toSorted((a, b) => b.connected - a.connected || b.started - a.started || b.opened - a.opened || (a.id < b.id ? -1 : 1)); // prettier-ignore
