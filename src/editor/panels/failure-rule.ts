/** The rule of a Wink screen for people who could not connect an account. */
import type { Value } from '../../form/edit/edit.ts';
import { mapOf } from '../form-data.ts';

/** The states of people who could not connect. */
export const FAILURES = ['failed', 'skipped'];

/**
 * @param rules those of the screen `id`
 * @returns the index of the rule about both states; -1 if no rule is about them alone; -2 if the first such rule names only one
 */
export function failureRuleOf(rules: readonly Value[], id: string): number {
  const statesOf = (rule: Value | undefined) => {
    const entries = Object.entries(mapOf(mapOf(rule)['when']));
    return entries.flatMap(([key, value]) => (key === id ? value : ''));
  };
  const at = rules.findIndex((rule) => isFailure(statesOf(rule)));
  return at < 0 || statesOf(rules[at]).length > 1 ? at : -2;
}

const isFailure = (states: Value[]): boolean => !!states[0] && states.every((one) => FAILURES.includes(one as string));
