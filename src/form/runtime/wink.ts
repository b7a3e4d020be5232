/** When a Wink screen can be left, and what it has come to. The check, the browser and the server ask these functions. */
import { comparisons, holds, type Answers } from './condition.ts';
import type { Rule } from './journey.ts';

/** What a Wink screen can come to, decided on the server. */
export const WINK_STATES = ['connected', 'uploaded', 'failed', 'skipped'] as const;
export type WinkState = (typeof WINK_STATES)[number];

/** What a widget asks for before its screen can be left. */
export type Require = 'connected' | 'uploaded' | 'any' | 'none';

/**
 * Whether the person connected an account, by its status at Smile. An account that Flipsite disconnected after reading
 * it (`revoked`) counts.
 */
export const countsAsConnected = ({ status, revoked }: { status: string; revoked?: boolean | undefined }): boolean =>
  status === 'CONNECTED' || (status === 'DISCONNECTED' && revoked === true);

interface Asking {
  require: Require;
}

interface WinkScreen {
  id: string;
  wink?: Asking | Asking[] | undefined;
  next: Rule[];
}

/** The widgets of a screen, in order; none where it has none. */
export function widgetsOf<W extends object>(wink: W | W[] | undefined): W[] {
  if (!wink) return [];
  return Array.isArray(wink) ? wink : [wink];
}

/** May `screen` be left with `known`, its own state included? Unmet, only through a rule that holds and names its state. */
export function mayLeave({ id, wink, next }: WinkScreen, known: Answers): boolean {
  if (!wink) return true;
  const state = known[id];
  if (statesMet(widgetsOf(wink)).some((met) => met === state)) return true;
  const rule = next.find((one) => holds(one.when, known));
  return rule !== undefined && named([rule], id).includes(state);
}

/** The states that a Wink screen can be left in: those that meet its widgets' `require`, and those that a rule of its own names. */
export function statesLeft({ id, wink, next }: WinkScreen): WinkState[] {
  const widgets = widgetsOf(wink);
  const met = statesMet(widgets);
  // Of several widgets, `screenState` calls what is not met failed or skipped.
  const unmet: readonly string[] = widgets.length > 1 ? ['failed', 'skipped'] : WINK_STATES;
  return WINK_STATES.filter(
    (state) => met.includes(state) || (unmet.includes(state) && named(next, id).includes(state)),
  );
}

/**
 * What a screen has come to, given what each of its widgets has. Of one widget it is that widget's own. Of several it is
 * `connected` or `uploaded` only once each has what it requires; before that it is `failed` when one that lacks it
 * failed, else `skipped`.
 */
export function screenState(widgets: (Asking & { state: WinkState })[]): WinkState {
  const [first, second] = widgets;
  if (first && !second) return first.state;
  const lacking = widgets.filter((widget) => !isMet(widget.require, widget.state));
  if (lacking.length) return lacking.some(({ state }) => state === 'failed') ? 'failed' : 'skipped';
  return WINK_STATES.find((state) => widgets.some((widget) => widget.state === state)) ?? 'skipped';
}

/** Whether a widget that has come to `state` has what it requires. */
export const isMet = (require: Require, state: WinkState): boolean => statesMet([{ require }]).includes(state);

/** The states of a screen in which every widget of it has what it requires. */
function statesMet(widgets: Asking[]): readonly WinkState[] {
  const asked = widgets.map(({ require }) => require);
  if (asked.every((require) => require === 'none')) return WINK_STATES;
  const connected = asked.some((require) => require !== 'uploaded');
  return [
    ...(connected ? (['connected'] as const) : []),
    ...(asked.includes('connected') ? [] : (['uploaded'] as const)),
  ];
}

const named = (rules: Rule[], id: string): unknown[] =>
  rules
    .flatMap((rule) => comparisons(rule.when))
    .flatMap(([name, of, wanted]) => (of === id && name === 'is' ? wanted : []));
