/** When a Wink screen can be left. The check, the browser and the server ask this one function. */
import { comparisons, holds, type Answers } from './condition.ts';
import type { Rule } from './journey.ts';
import type { DataPoint, Form, Screen, Wink } from './schema.ts';

/** What a Wink screen can come to, decided on the server. */
const WINK_STATES = ['connected', 'uploaded', 'failed', 'skipped'] as const;
export type WinkState = (typeof WINK_STATES)[number];

interface WinkScreen {
  id: string;
  wink?: { require: 'connected' | 'uploaded' | 'any' | 'none' } | undefined;
  next: Rule[];
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

/** The widgets of a screen; none where no account is connected. */
export const widgetsOf = ({ wink }: Pick<Screen, 'wink'>): Wink[] => (wink ? [wink].flat() : []);

/** What is read from accounts that were linked on `screen`, each once. */
export const retrievedOn = (form: Form, screen: string): DataPoint[] => [
  ...new Set(widgetsAt(form, screen).flatMap(({ retrieve }) => retrieve)),
];

/** Whether accounts that were linked on `screen` are disconnected at Smile once all of that is stored. */
export const isRevokedAfter = (form: Form, screen: string): boolean =>
  widgetsAt(form, screen).some(({ revoke }) => revoke === 'after_retrieval');

const widgetsAt = (form: Form, screen: string): Wink[] =>
  form.screens.filter(({ id }) => id === screen).flatMap(widgetsOf);
