/** When a Wink screen can be left. The check, the browser and the server ask this one function. */
import { comparisons, holds, type Answers } from './condition.ts';
import type { Rule } from './journey.ts';

/** What a Wink screen can come to, decided on the server. */
const WINK_STATES = ['connected', 'uploaded', 'failed', 'skipped'] as const;
export type WinkState = (typeof WINK_STATES)[number];

interface WinkScreen {
  id: string;
  wink?: { require: 'connected' | 'uploaded' | 'any' | 'none' } | undefined;
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
  if (statesMet(wink.require).some((met) => met === state)) return true;
  const rule = next.find((one) => holds(one.when, known));
  return rule !== undefined && named([rule], id).includes(state);
}

/** The states that a Wink screen can be left in: those that meet its `require`, and those that a rule of its own names. */
export function statesLeft({ id, wink, next }: WinkScreen): WinkState[] {
  const met = statesMet(wink?.require ?? 'any');
  return WINK_STATES.filter((state) => met.includes(state) || named(next, id).includes(state));
}

function statesMet(require: NonNullable<WinkScreen['wink']>['require']): readonly WinkState[] {
  if (require === 'none') return WINK_STATES;
  return require === 'any' ? ['connected', 'uploaded'] : [require];
}

const named = (rules: Rule[], id: string): unknown[] =>
  rules
    .flatMap((rule) => comparisons(rule.when))
    .flatMap(([name, of, wanted]) => (of === id && name === 'is' ? wanted : []));
