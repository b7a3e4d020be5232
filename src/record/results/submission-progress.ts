/**
 * How far one submission came, from its row, its events and its accounts. Pure, so that counting again comes to the same
 * numbers. `docs/publish/results.md` has the definitions.
 */
import type { Selectable } from 'kysely';
import { ACCOUNT_ERRORS } from '../accounts/error-codes.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { RecordedEvent } from '../events.ts';
import { countedAs, doesCount, hasStarted } from '../submissions/which-count.ts';
import type { Tables } from '../db/tables.ts';
import { countedLink } from './sources.ts';

export type SubmissionProgress = Selectable<Tables['submission_progress']>;

/** The parts of a submission that decide its progress. */
export type ProgressRow = Pick<
  Selectable<Tables['submissions']>,
  | 'id'
  | 'form'
  | 'language'
  | 'link'
  | 'params'
  | 'answers'
  | 'smile_user_id'
  | 'outcome'
  | 'quarantined'
  | 'erased_at'
  | 'created_at'
  | 'submitted_at'
>;
export type ProgressEvent = Pick<RecordedEvent, 'name' | 'source' | 'at' | 'receivedAt' | 'data'>;
export type ProgressAccount = Pick<
  Selectable<Tables['accounts']>,
  'screen' | 'provider_id' | 'status' | 'error_code' | 'connected_at' | 'revoked_at'
>;

/** After this time without an act, a person has left. */
export const LEFT_AFTER_MS = 30 * 60_000;

/** A longer pause counts as this long. */
const MAX_PAUSE_MS = 5 * 60_000;
const MAX_SECONDS = 6 * 60 * 60;

/** @returns undefined if it does not count, as an empty or a deleted one */
export function progressOf(
  row: ProgressRow,
  events: readonly ProgressEvent[],
  accounts: readonly ProgressAccount[],
): SubmissionProgress | undefined {
  const as = countedAs({ ...row, started: hasStarted(row) });
  if (as !== 'quarantined' && !doesCount(as)) return undefined;
  const started = events.find(({ name, source }) => name === 'started' && source === 'server')?.data;
  const { at, reached } = placesOf(events);
  const isCounted = as !== 'quarantined';
  const steps = isCounted ? ['started', ...reached.map((id) => `screen:${id}`), ...winkSteps(row, events, accounts, reached), ...endOf(row)] : []; // prettier-ignore
  const last = events.reduce((latest, { receivedAt }) => (receivedAt > latest ? receivedAt : latest), row.created_at);
  return {
    submission_id: row.id,
    form: row.form,
    day: row.created_at.slice(0, 10),
    link: countedLink(row.link, JSON.parse(row.params) as Record<string, string>),
    language: textOf(started, 'language') ?? row.language,
    device: textOf(started, 'device') ?? '',
    state: isCounted ? 'counted' : 'spam',
    steps: ` ${[...new Set(steps)].join(' ')} `,
    at_screen: isCounted && row.submitted_at === null ? at : null,
    last_at: last,
    times: JSON.stringify(isCounted ? timesOf(events, reached, row) : {}),
  };
}

const endOf = ({ submitted_at, outcome }: ProgressRow): string[] =>
  submitted_at === null ? [] : [outcome === 'disqualified' ? 'not_eligible' : 'completed'];

/**
 * The screens that the journey put before the person, in that order, and the one that they are on: empty at the end. Only
 * the server's events count, because a browser can report any screen. Those of earlier versions did not name the next
 * screen. Then the browser's report has to do.
 */
function placesOf(events: readonly ProgressEvent[]): { at: string; reached: string[] } {
  const reached = new Set<string>();
  let at = '';
  let isOld = false;
  const reach = (screen: string | undefined) => screen !== undefined && reached.add(screen);
  for (const { name, source, data } of events) {
    if (source !== 'server') continue;
    const screen = textOf(data, 'screen');
    if (name === 'linkTokenIssued' || name === 'linkTokenFailed') {
      reach(screen);
      at ||= screen ?? '';
    }
    // The first answer can be a file, before its screen is saved.
    if (name === 'fileAdded' && reached.size === 0) {
      reach(screen);
      at = screen ?? '';
    }
    // An invitation can fill in answers, and so begins on the first screen.
    const { next } = data as { next?: unknown };
    if (name === 'started' && next !== undefined) {
      at = textOf(next, 'screen') ?? '';
      reach(at || undefined);
    }
    if (name !== 'answersSaved' && name !== 'screenLeft') continue;
    for (const one of listOf(data, 'path')) reach(one);
    reach(screen);
    isOld ||= next === undefined;
    at = next === undefined ? (screen ?? at) : (textOf(next, 'screen') ?? '');
    reach(textOf(next, 'screen'));
  }
  if (isOld) {
    for (const { name, source, data } of events) {
      const screen = textOf(data, 'screen');
      if (name !== 'screenSeen' || source !== 'page' || !screen || !/^[a-z][a-z0-9_]{0,59}$/.test(screen)) continue;
      reached.add(screen);
      at = screen;
    }
  }
  return { at, reached: [...reached].slice(0, 200) };
}

type Widget = {
  window: boolean;
  blocked: string | undefined;
  providers: Set<string>;
  signedIn: boolean;
  connected: boolean;
  error: string | undefined;
  uploaded: boolean;
};

/**
 * The steps in the sign-in windows of each Wink screen. A later step includes the earlier ones, because a report can be
 * lost.
 */
function winkSteps(
  row: ProgressRow,
  events: readonly ProgressEvent[],
  accounts: readonly ProgressAccount[],
  reached: readonly string[],
): string[] {
  const widgets = new Map<string, Widget>();
  let open: string | undefined;
  const on = (screen: string | undefined): Widget | undefined => {
    const id = screen !== undefined && reached.includes(screen) ? screen : open;
    if (id === undefined) return undefined;
    const known = widgets.get(id) ?? { window: false, blocked: undefined, providers: new Set(), signedIn: false, connected: false, error: undefined, uploaded: false }; // prettier-ignore
    widgets.set(id, known);
    return known;
  };
  for (const { name, source, data } of events) {
    const screen = textOf(data, 'screen');
    if (source === 'server' && name === 'linkTokenIssued') open = screen;
    if (source === 'server' && name === 'linkTokenFailed') Object.assign(on(screen) ?? {}, { blocked: 'unavailable' });
    if (source === 'page' && name === 'widgetBlocked') Object.assign(on(screen) ?? {}, { blocked: knownCode(BLOCKED, textOf(data, 'why')) }); // prettier-ignore
    // No window opens without a token, for which the person becomes a user of Smile. But a browser can report any event.
    if (source === 'widget' && row.smile_user_id !== null) applyToWidget(on(screen), name, data);
  }
  for (const { screen, provider_id, status, error_code, connected_at, revoked_at } of accounts) {
    const widget = on(screen);
    if (!widget) continue;
    choose(widget, provider_id);
    widget.connected ||= connected_at !== null || revoked_at !== null;
    widget.signedIn ||= status === 'CONNECTED';
    if (status === 'ERROR') widget.error = knownCode(ACCOUNT_ERRORS, error_code);
  }
  return [...widgets].flatMap(([id, widget]) => stepsOf(id, widget));
}

function applyToWidget(widget: Widget | undefined, name: string, data: unknown): void {
  if (!widget) return;
  widget.window = true;
  const account = (data as { account?: unknown }).account;
  if (name === 'onUIEvent' && textOf(data, 'eventName') === 'LoginPageOpened') choose(widget, textOf(account, 'providerId')); // prettier-ignore
  if (name.startsWith('onAccount')) choose(widget, textOf(data, 'providerId'));
  if (name === 'onAccountConnected') widget.signedIn = true;
  if (name === 'onAccountError') widget.error = knownCode(ACCOUNT_ERRORS, textOf(data, 'errorCode'));
  if (name === 'onUploadsCreated') widget.uploaded = true;
}

function choose({ providers }: Widget, provider: string | undefined): void {
  const id = provider !== undefined && /^[\w.-]{1,64}$/.test(provider) ? provider : OTHER;
  if (providers.size < SITE_LIMITS.providersPerPerson.value) providers.add(id);
}

/** A reason, or a provider, that Flipsite does not know. */
export const OTHER = 'other';

/** The reasons of the page for a window that did not open. */
const BLOCKED = ['blocked', 'slow', 'broken', 'silent', 'popup', 'offline', 'unavailable'];

const knownCode = (list: readonly string[], code: string | null | undefined): string =>
  code && list.includes(code) ? code : OTHER;

function stepsOf(id: string, widget: Widget): string[] {
  const { blocked, providers, connected, error, uploaded } = widget;
  const signedIn = widget.signedIn || connected;
  const chose = providers.size > 0;
  const window = widget.window || chose;
  return [
    ...(window ? [`window:${id}`] : []),
    ...(!window && blocked ? [`blocked:${id}`, `blocked:${id}:${blocked}`] : []),
    ...(chose ? [`provider:${id}`] : []),
    ...[...providers].map((provider) => `provider:${id}:${provider}`),
    ...(signedIn ? [`signed_in:${id}`] : []),
    ...(error && !signedIn ? [`failed:${id}`, `failed:${id}:${error}`] : []),
    ...(connected ? [`connected:${id}`, 'connected'] : []),
    ...(uploaded ? [`uploaded:${id}`] : []),
  ];
}

/**
 * The active seconds on each screen that the person left, and in all (under an empty name) once the form is completed. The
 * browser's clock measures them, and the order is that of the reports, because a clock can jump back. The end is by the
 * server's clock, corrected by the smallest delay of a report.
 */
function timesOf(
  events: readonly ProgressEvent[],
  reached: readonly string[],
  row: ProgressRow,
): Record<string, number> {
  const acts = events
    .filter(({ source }) => source === 'page' || source === 'widget')
    .map(({ name, at, receivedAt, data }) => ({
      time: Date.parse(at),
      lateMs: Date.parse(receivedAt) - Date.parse(at),
      screen: name === 'screenSeen' ? textOf(data, 'screen') : undefined,
    }))
    .filter(({ time, lateMs }) => !Number.isNaN(time + lateMs));
  if (!acts.length) return {};
  const skewMs = acts.reduce((least, { lateMs }) => Math.min(least, lateMs), Infinity);
  const end = row.submitted_at === null ? [] : [{ time: Date.parse(row.submitted_at) - skewMs, screen: '' }];
  const spentMs = new Map<string, number>();
  const left = new Set<string>();
  let current: string | undefined;
  let before: number | undefined;
  for (const { time, screen } of [...acts, ...end]) {
    const passed = before === undefined ? 0 : Math.min(Math.max(time - before, 0), MAX_PAUSE_MS);
    if (current !== undefined) spentMs.set(current, (spentMs.get(current) ?? 0) + passed);
    before = time;
    if (screen === undefined || screen === current) continue;
    if (current !== undefined) left.add(current);
    current = reached.includes(screen) ? screen : undefined;
  }
  const times = Object.fromEntries(
    [...spentMs].flatMap(([id, ms]): [string, number][] => (left.has(id) ? [[id, roundedSeconds(ms)]] : [])),
  );
  const total = [...spentMs.values()].reduce((sum, ms) => sum + ms, 0);
  return row.submitted_at !== null && row.outcome !== 'disqualified' ? { ...times, '': roundedSeconds(total) } : times;
}

/** Values in each decade: 10, 12, 15 s and so on. So a cohort has few different times, however many people it has. */
const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The nearest step. Below 10 s, it is the second. */
function roundedSeconds(ms: number): number {
  const seconds = Math.min(Math.round(ms / 1_000), MAX_SECONDS);
  if (seconds < 10) return seconds;
  const decade = 10 ** Math.floor(Math.log10(seconds));
  const away = (step: number) => Math.abs(step * decade - seconds);
  return Math.round(STEPS.reduce((best, step) => (away(step) < away(best) ? step : best)) * decade);
}

function textOf(data: unknown, key: string): string | undefined {
  const value = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function listOf(data: unknown, key: string): string[] {
  const value = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : undefined;
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
