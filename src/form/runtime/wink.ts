/**
 * The state of a Wink screen, and whether the person can leave it. The check, the browser and the server ask these
 * functions.
 */
import { comparisons, holds, type Answers } from './condition.ts';
import type { Rule } from './journey.ts';

/** The states of a Wink screen, decided on the server. */
export const WINK_STATES = ['connected', 'uploaded', 'failed', 'skipped'] as const;
export type WinkState = (typeof WINK_STATES)[number];

/** The requirement of a widget before the person can leave its screen. */
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

/**
 * Whether the person can leave `screen` with `pathAnswers`, which includes the screen's own state. If a requirement is not
 * met, only through a rule that holds and names its state.
 */
export function mayLeave({ id, wink, next }: WinkScreen, pathAnswers: Answers): boolean {
  if (!wink) return true;
  const state = pathAnswers[id];
  if (statesMet(widgetsOf(wink)).some((met) => met === state)) return true;
  const rule = next.find((one) => holds(one.when, pathAnswers));
  return rule !== undefined && named([rule], id).includes(state);
}

/**
 * The states in which people can leave a Wink screen: those that meet the `require` of its widgets, and those that a
 * rule of the screen names.
 */
export function statesLeft({ id, wink, next }: WinkScreen): WinkState[] {
  const widgets = widgetsOf(wink);
  const met = statesMet(widgets);
  // With several widgets, `screenState` calls an unmet requirement failed or skipped.
  const unmet: readonly string[] = widgets.length > 1 ? ['failed', 'skipped'] : WINK_STATES;
  return WINK_STATES.filter(
    (state) => met.includes(state) || (unmet.includes(state) && named(next, id).includes(state)),
  );
}

/**
 * The state of a screen from the states of its widgets. With one widget it is that state. With several it is
 * `connected` or `uploaded` once each widget meets its requirement. Before that it is `failed` if a widget without its
 * requirement failed, or else `skipped`.
 */
export function screenState(widgets: (Asking & { state: WinkState })[]): WinkState {
  const [first, second] = widgets;
  if (first && !second) return first.state;
  const lacking = widgets.filter((widget) => !isMet(widget.require, widget.state));
  if (lacking.length) return lacking.some(({ state }) => state === 'failed') ? 'failed' : 'skipped';
  return WINK_STATES.find((state) => widgets.some((widget) => widget.state === state)) ?? 'skipped';
}

/** Whether a widget in `state` meets its requirement. */
export const isMet = (require: Require, state: WinkState): boolean => statesMet([{ require }]).includes(state);

/** The states of a screen in which every widget meets its requirement. */
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
