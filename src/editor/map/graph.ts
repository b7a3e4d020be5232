/**
 * The journeys of a form as a graph, from the data as its author typed it. It needs no check, and errors do not stop
 * it.
 */
import type { Path, Value } from '../../form/edit/edit.ts';
import type { AnswerKinds } from '../rules/questions.ts';
import { endingsOf, fieldsOfScreen, idOf, listOf, mapOf, screensOf } from '../form-data.ts';

/** A transition from a screen to a screen or an ending. */
export interface MapTransition {
  from: string;
  to: string;
  /** The condition as it is written; undefined if the transition needs none. */
  when: Value | undefined;
  /** The rule; undefined for the transition to the next screen. */
  rule: Path | undefined;
  /** Whether it applies only if the rules before it do not. */
  isOtherwise: boolean;
}

/** Every transition in the order of the file. Rules with an unknown target are left out. */
export function transitionsOf(data: Value, kinds: AnswerKinds): MapTransition[] {
  const screens = screensOf(data);
  const known = new Set([...screens, ...endingsOf(data)].map(idOf));
  return screens.flatMap((screen, at): MapTransition[] => {
    const from = idOf(screen);
    const next = screen['next'];
    if (typeof next === 'string') return [{ from, to: next, when: undefined, rule: ['screens', at, 'next'], isOtherwise: false }];
    const rules = listOf(next).map((rule, index): MapTransition => {
      const { when, go } = mapOf(rule);
      return { from, to: typeof go === 'string' ? go : '', when, rule: ['screens', at, 'next', index], isOtherwise: index > 0 && when === undefined };
    });
    const end = rules.findIndex(({ when }) => when === undefined);
    if (end >= 0) return rules.slice(0, end + 1);
    if (rules.length && coversAll(screen, at, rules, kinds)) return rules;
    const onward = idOf(screens[at + 1] ?? endingsOf(data)[0]);
    return [...rules, { from, to: onward, when: undefined, rule: undefined, isOtherwise: rules.length > 0 }];
  }).filter(({ from, to }) => from !== '' && known.has(to)); // prettier-ignore
}

/** Whether `rules` name each possible answer to one required question of the screen, so that the next screen never follows. */
function coversAll(screen: Value, at: number, rules: readonly MapTransition[], kinds: AnswerKinds): boolean {
  return fieldsOfScreen(screen, at).some(({ id, field }) => {
    const options = listOf(field['options']).map((one) =>
      typeof one === 'string' ? one : (mapOf(one)['value'] ?? ''),
    );
    const possible: Value[] = kinds[String(field['type'])] === 'boolean' ? [true, false] : options;
    if (!possible.length || field['required'] !== true || field['show_when'] || field['other']) return false;
    const named = rules.flatMap(({ when }) => {
      const [[key, value] = [], ...more] = Object.entries(mapOf(when));
      return key === id && !more.length && value !== undefined ? [value].flat() : [];
    });
    return possible.every((one) => named.includes(one));
  });
}

export interface Reached {
  /** The indexes of the screens that can come before the screen at index `at`. */
  before(at: number): Set<number>;
  /** Whether a journey can come to the screen or ending `id`. */
  has(id: string): boolean;
}

/** The screens and endings that the transitions of a form lead to, whatever people answer. */
export function reachedFrom(data: Value, kinds: AnswerKinds): Reached {
  const screens = screensOf(data).map(idOf);
  const transitions = transitionsOf(data, kinds);
  const to = new Map<string, string[]>();
  const from = new Map<string, string[]>();
  for (const transition of transitions) {
    to.set(transition.from, [...(to.get(transition.from) ?? []), transition.to]);
    from.set(transition.to, [...(from.get(transition.to) ?? []), transition.from]);
  }
  const [first] = screens;
  const reached = first === undefined ? new Set<string>() : closure(first, to).add(first);
  return {
    before: (at) => new Set([...closure(screens[at] ?? '', from)].map((id) => screens.indexOf(id)).filter((one) => one >= 0 && one !== at)), // prettier-ignore
    has: (id) => reached.has(id),
  };
}

function closure(start: string, links: ReadonlyMap<string, string[]>): Set<string> {
  const found = new Set<string>();
  const open = [...(links.get(start) ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(links.get(id) ?? []));
  }
  return found;
}
