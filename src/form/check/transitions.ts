/** The transitions from each screen, for the list and the picture. */
import type { Form, Screen } from '../schema.ts';
import type { Journeys } from './explore.ts';
import { conditionInWords } from './words.ts';

export interface Transition {
  /** The condition: "status is none". Empty if nothing else could happen. */
  when: string;
  to: string;
  /** Whether it needs no arrow of its own: it leads to the next one in the file, whatever the answers. */
  straight: boolean;
  /** Whether some journey takes it. */
  taken: boolean;
}

/** The transitions from `screen`: its rules in order, then the next screen, if some journey continues there. */
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
 * The number of paths from the first screen to an ending. Undefined if some paths never end, or pass the same screens
 * in another order. It is an upper limit, because rules on different screens may exclude each other.
 */
export function countJourneys(form: Form, { edges, loops }: Journeys): bigint | undefined {
  if (loops.length) return undefined;
  const onwards = new Map<string, Set<string>>();
  for (const { from, to } of edges) onwards.set(from, (onwards.get(from) ?? new Set()).add(to));
  const counted = new Map<string, bigint | undefined>(form.endings.map(({ id }) => [id, 1n]));
  const count = (id: string): bigint | undefined => {
    if (counted.has(id)) return counted.get(id);
    // A screen without a count yet was reached again, so the path loops.
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
