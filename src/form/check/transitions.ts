/** The ways on from each screen, as they are told and drawn. */
import type { Form, Screen } from '../schema.ts';
import type { Journeys } from './explore.ts';
import { conditionInWords } from './words.ts';

export interface Transition {
  /** When it is taken: "status is none"; empty where nothing else could happen. */
  when: string;
  to: string;
  /** Whether it is no turning: it goes to what comes next in the file, whatever was answered. */
  straight: boolean;
  /** Whether some journey takes it. */
  taken: boolean;
}

/** The ways on from `screen`: its rules in order, then the next screen, where some journey falls through to it. */
export function transitionsFrom(form: Form, { edges }: Journeys, screen: Screen): Transition[] {
  const onward = form.screens[form.screens.indexOf(screen) + 1]?.id ?? form.endings[0]?.id ?? '';
  const rules = screen.next.map(({ when, go }, rule) => ({
    when: when ? conditionInWords(when) : otherwise(rule),
    to: go,
    straight: !when && go === onward,
    taken: edges.some((edge) => edge.from === screen.id && edge.rule === rule),
  }));
  const falls = edges.some((edge) => edge.from === screen.id && edge.rule < 0);
  return falls ? [...rules, { when: otherwise(rules.length), to: onward, straight: true, taken: true }] : rules;
}

const otherwise = (before: number): string => (before ? 'otherwise' : '');

/**
 * The number of sequences of screens that lead from the first screen to an ending, or nothing where that
 * cannot be told: when some never end, or pass the same screens in another order. Rules that exclude each other on different screens may make it less, so it is an upper limit.
 */
export function countJourneys(form: Form, { edges, loops }: Journeys): bigint | undefined {
  if (loops.length) return undefined;
  const onwards = new Map<string, Set<string>>();
  for (const { from, to } of edges) onwards.set(from, (onwards.get(from) ?? new Set()).add(to));
  const counted = new Map<string, bigint | undefined>(form.endings.map(({ id }) => [id, 1n]));
  const count = (id: string): bigint | undefined => {
    if (counted.has(id)) return counted.get(id);
    // Until it is counted: who comes here again has come round.
    counted.set(id, undefined);
    let sum = 0n;
    for (const to of onwards.get(id) ?? []) {
      const more = count(to);
      if (more === undefined) return undefined;
      sum += more;
    }
    counted.set(id, sum);
    return sum;
  };
  return count(form.screens[0]?.id ?? '');
}

/** "7 screens, 3 endings, up to 12 journeys" */
export function formSizeInWords(form: Form, journeys: Journeys): string {
  const many = (count: number | bigint, one: string): string =>
    `${count.toLocaleString('en')} ${one}${BigInt(count) === 1n ? '' : 's'}`;
  const count = countJourneys(form, journeys);
  return [
    many(form.screens.length, 'screen'),
    many(form.endings.length, 'ending'),
    ...(count === undefined ? [] : [`${count > 1n ? 'up to ' : ''}${many(count, 'journey')}`]),
  ].join(', ');
}
