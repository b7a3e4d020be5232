/** The data of the page Results. */
import { languageInWords } from '../../form/changes/change-sentences.ts';
import type { Form } from '../../form/schema.ts';
import type { Database } from '../../record/db/database.ts';
import { providerNames } from '../../record/accounts/providers.ts';
import { listLinks } from '../../record/links/links.ts';
import { SHARED_ROW } from '../../record/results/rows-of-day.ts';
import { firstDay, type ResultFilter } from '../../record/results/read-counts.ts';
import { plainText, resultsOf, shareOf, type Results, type FunnelStep } from '../../record/results/results.ts';
import { OTHER_SOURCES } from '../../record/results/sources.ts';
import { WINK_STEPS, type StepKind } from '../../record/results/steps.ts';
import type { Row } from '../../record/results/sums.ts';
import { mayHere, type DashboardContext } from '../context.ts';
import { findForm } from '../forms/forms.ts';
import { headOf, type FormHead } from '../forms/head.ts';
import { utcDay, daysBefore, filterParams, NO_VALUE, readResultFilter } from './filters.ts';
import { dayInWords, deviceInWords, nameInBreakdown } from './words.ts';

type BreakdownRow = { name: string; count: number; people: string | undefined };

/**
 * One row of the funnel. `people`: the address of the list of its people; absent for a member who may not see them, and
 * for people who have no submission yet. `isInner`: a step within a screen.
 */
export type StepView = Omit<FunnelStep, 'breakdown'> & {
  people: string | undefined;
  leftPeople: string | undefined;
  isInner: boolean;
  isLoss: boolean;
  /** Of the start: its share of the people who opened the form. Most people are lost before it. */
  shareOfOpened: number | null;
  /** Of 100. */
  width: number;
  breakdown: BreakdownRow[];
};

/** A number that is not 0 has the address of the list of its people, as in `StepView`. */
export type RowView = Row & {
  name: string;
  people: Record<'started' | 'connected' | 'completed', string | undefined>;
  share: number | null;
};

export type ResultsView = FormHead & {
  here: string;
  filter: Omit<ResultFilter, 'form'>;
  /** The parameters of the address that keep the filter. */
  query: string;
  isFiltered: boolean;
  /** Whether there is anything at all to show. */
  isEmpty: boolean;
  isComplete: boolean;
  presets: { word: string; query: string; isCurrent: boolean }[];
  links: { id: string; name: string }[];
  languages: { id: string; name: string }[];
  steps: StepView[];
  byLink: RowView[];
  byDay: RowView[];
  byLanguage: RowView[];
  byDevice: RowView[];
  /** Each day of the filter, also those without anyone. */
  chart: { day: string; name: string; started: number; completed: number }[];
  results: Pick<Results, 'active' | 'deleted' | 'leftOut'>;
  /** Openings and clicks that are in no number of a link, a language or a device. */
  inSharedRow: number;
  activePeople: string | undefined;
  spamPeople: string | undefined;
  mayEdit: boolean;
};

/** Steps that lose people. */
const LOSSES: readonly StepKind[] = ['blocked', 'failed', 'not_eligible'];
/** Steps in a sign-in window. They belong to the screen above them. */
const INNER: readonly StepKind[] = WINK_STEPS;

/** The results of the form `slug` for the filter in the address; undefined when there is no such form. */
export async function resultsView(c: DashboardContext, slug: string): Promise<ResultsView | undefined> {
  const { options, now } = c.var;
  const { db } = options;
  const found = await findForm(db, slug, now, options.examples);
  if (!found) return undefined;
  const search = new URL(c.req.url).searchParams;
  const filter = readResultFilter(search, now);
  const isComplete = await options.results.countWaiting();
  const tests = await options.results.countTests({ form: slug, ...filter });
  const [results, start] = await Promise.all([resultsOf(db, found.form, { form: slug, ...filter }, now, tests), firstDay(db, slug)]); // prettier-ignore
  const linkTo = peopleLinks(c, slug, filter);
  const names = await providerNames(db, providersIn(results));
  const all = { ...filter, link: undefined, language: undefined };
  const unfiltered = filter.link === undefined && filter.language === undefined ? results : await resultsOf(db, found.form, { form: slug, ...all }, now); // prettier-ignore
  const linkName = await linkNamesOfResults(db, slug, found.form);
  const row = rowView(linkName, linkTo, now);
  return {
    ...headOf(c, found),
    here: `/admin/forms/${slug}/results`,
    filter,
    query: String(filterParams(filter)),
    isFiltered: filter.link !== undefined || filter.language !== undefined || search.has('from') || search.has('to'),
    isEmpty: start === undefined,
    isComplete,
    presets: presetsOf(filter, start, now),
    links: choicesOf(unfiltered.links, filter.link).map((id) => ({ id: id || NO_VALUE, name: linkName(id) })),
    languages: choicesOf(unfiltered.languages, filter.language).map((id) => ({ id, name: nameOf('language', id, now) })), // prettier-ignore
    steps: stepViews(results, linkTo, names),
    byLink: results.links.map((one) => row('link', one)),
    byDay: results.days.map((one) => row('day', one)),
    byLanguage: results.languages.map((one) => row('language', one)),
    byDevice: results.devices.map((one) => row('device', one)),
    chart: chartOf(results.days, filter.from && start && filter.from > start ? filter.from : '', now),
    results,
    // Earlier versions also counted clicks without their link. A click has no language.
    inSharedRow: (sharedIn(results.links)?.clicks ?? 0) + (sharedIn(results.languages)?.opened ?? 0),
    activePeople: linkTo({ active: true }),
    spamPeople: linkTo({}, 'quarantined'),
    mayEdit: mayHere(c, 'editForms', slug),
  };
}

/** The ids to choose from, with the chosen one. It may have no one in these days. */
const choicesOf = (rows: Row[], chosen: string | undefined): string[] => [
  ...new Set([...rows.map(({ id }) => id), ...(chosen === undefined ? [] : [chosen])]),
];

const sharedIn = (rows: Row[]): Row | undefined => rows.find(({ id }) => id === SHARED_ROW);

type LinkTo = (more: Parameters<typeof filterParams>[1] & Partial<ResultFilter>, status?: string) => string | undefined;

/** Makes addresses of the list of people under the same filter. */
function peopleLinks(c: DashboardContext, slug: string, filter: Omit<ResultFilter, 'form'>): LinkTo {
  const maySee = mayHere(c, 'seePeople', slug);
  return (more, status) => {
    if (!maySee) return undefined;
    const query = filterParams({ ...filter, ...more }, more);
    if (status) query.set('status', status);
    return `/admin/forms/${slug}/people?${query}`;
  };
}

function stepViews({ steps }: Results, linkTo: LinkTo, names: ReadonlyMap<string, string>): StepView[] {
  const highest = Math.max(1, ...steps.map(({ count }) => count));
  const opened = steps.find(({ kind }) => kind === 'opened')?.count ?? 0;
  return steps.map(({ breakdown = [], ...step }) => ({
    ...step,
    people: step.kind === 'opened' || step.kind === 'clicks' || !step.count ? undefined : linkTo({ reached: step.id }),
    leftPeople: step.left ? linkTo({ left: step.kind === 'screen' ? step.id.slice('screen:'.length) : '' }) : undefined,
    isInner: INNER.includes(step.kind),
    isLoss: LOSSES.includes(step.kind),
    shareOfOpened: step.kind === 'started' ? shareOf(step.count, opened) : null,
    width: Math.round((step.count / highest) * 1_000) / 10,
    breakdown: breakdown.map(({ id, name, count }) => ({ name: nameInBreakdown(step.kind, name, names), count, people: linkTo({ reached: id }) })), // prettier-ignore
  }));
}

/** The providers that steps name. */
const providersIn = ({ steps }: Results): string[] =>
  steps.flatMap(({ kind, breakdown = [] }) => (kind === 'provider' ? breakdown.map(({ name }) => name) : []));

const rowView =
  (linkName: (id: string) => string, linkTo: LinkTo, now: Date) =>
  (dimension: 'link' | 'day' | 'language' | 'device', row: Row): RowView => {
    const only = dimension === 'day' ? { from: row.id, to: row.id } : { [dimension]: row.id };
    const listOf = (reached: keyof RowView['people']) => (row[reached] ? linkTo({ reached, ...only }) : undefined);
    return {
      ...row,
      name: dimension === 'link' ? linkName(row.id) : nameOf(dimension, row.id, now),
      people: { started: listOf('started'), connected: listOf('connected'), completed: listOf('completed') },
      share: shareOf(row.completed, row.started),
    };
  };

function nameOf(part: 'day' | 'language' | 'device', id: string, now: Date): string {
  if (part === 'day') return dayInWords(id, now);
  if (part === 'device') return deviceInWords(id);
  return id === SHARED_ROW ? NOT_COUNTED_APART : languageInWords(id);
}

const NOT_COUNTED_APART = 'Not counted apart';

/** The rows of people and visits that belong to no link. */
const NO_LINK_NAMES = [
  ['', 'Without a campaign link'],
  [OTHER_SOURCES, 'Other sources'],
  [SHARED_ROW, NOT_COUNTED_APART],
] as const;

/** Finds the name of a link of a form. A link without one has its id. */
export async function linkNamesOfResults(
  db: Database,
  slug: string,
  form: Form | undefined,
): Promise<(id: string) => string> {
  const links = [...(await listLinks(db, slug)).map(({ link }) => link), ...(form?.links ?? [])];
  const names = new Map<string, string>([...NO_LINK_NAMES, ...links.map(({ id, name }) => [id, name ?? id] as const)]);
  return (id) => names.get(id) ?? id;
}

function presetsOf(filter: Omit<ResultFilter, 'form'>, start: string | undefined, now: Date): ResultsView['presets'] {
  const to = utcDay(now);
  const spans = [
    { word: 'Last 7 days', from: daysBefore(now, 6) },
    { word: 'Last 30 days', from: daysBefore(now, 29) },
    { word: 'All time', from: start ?? to },
  ];
  return spans.map(({ word, from }) => ({
    word,
    query: `?${filterParams({ ...filter, from, to })}`,
    isCurrent: filter.from === from && filter.to === to,
  }));
}

/** A step of the funnel as the title of a list of people, such as "Reached “About you”". @param step its id */
export async function stepTitle(db: Database, form: Form | undefined, step: string): Promise<string> {
  const [kind = '', screen = '', part] = step.split(':');
  const found = form?.screens.find(({ id }) => id === screen);
  const title = found ? plainText(found.title, form?.languages[0] ?? 'en') : screen;
  const titles: Record<StepKind, string> = {
    clicks: 'Clicked a campaign link',
    opened: 'Opened the page',
    started: 'Started',
    screen: `Reached “${title}”`,
    window: `Opened the sign-in window of “${title}”`,
    blocked: `The sign-in window of “${title}” did not open`,
    provider: `Chose a provider in “${title}”`,
    signed_in: `Signed in at “${title}”`,
    failed: `Could not sign in at “${title}”`,
    connected: 'Connected',
    uploaded: `Sent documents at “${title}”`,
    not_eligible: 'Not eligible',
    completed: 'Completed',
  };
  const names = kind === 'provider' && part ? await providerNames(db, [part]) : new Map<string, string>();
  const detail = part ? `: ${nameInBreakdown(kind as StepKind, part, names)}` : '';
  return (Object.hasOwn(titles, kind) ? titles[kind as StepKind] : step) + detail;
}

/** More days than this are too thin to see. */
const MAX_CHART_DAYS = 400;

/** A bar of fewer days would be a block. */
const MIN_CHART_DAYS = 14;

/**
 * The days from the first to the last one with people, and up to two weeks before it. Of more than `MAX_CHART_DAYS`, the
 * last ones.
 * @param from the first day that may be shown, because the filter leaves out people before it; or empty
 */
function chartOf(days: Row[], from: string, now: Date): ResultsView['chart'] {
  const [start, last] = [days[0]?.id, days.at(-1)?.id];
  if (!start || !last) return [];
  const twoWeeks = daysBefore(new Date(last), MIN_CHART_DAYS - 1);
  const earliest = from > twoWeeks ? from : twoWeeks;
  const longest = daysBefore(new Date(last), MAX_CHART_DAYS - 1);
  const wanted = start < earliest ? start : earliest;
  const first = wanted > longest ? wanted : longest;
  const count = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
  const byDay = new Map(days.map((row) => [row.id, row]));
  return Array.from({ length: count }, (_, at) => {
    const day = utcDay(new Date(Date.parse(first) + at * 86_400_000));
    const { started = 0, completed = 0 } = byDay.get(day) ?? {};
    return { day, name: dayInWords(day, now), started, completed };
  });
}
