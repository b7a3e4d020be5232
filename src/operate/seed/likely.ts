/** Likely answers of people who do not exist. The same number is always the same person. */
import type { Answer, Answers } from '../../form/runtime/condition.ts';
import { typeOf } from '../../form/fields/fields.ts';
import type { Screen } from '../../form/schema.ts';

/** Numbers from 0 to 1 that follow from `seed` alone (Mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function answersTo(screens: Screen[], number: number): Answers {
  const entries = screens
    .flatMap(({ fields }) => fields)
    .map((field): [string, Answer | undefined] => [field.id, typeOf(field).sample?.(field, number)]);
  return Object.fromEntries(entries.filter((one): one is [string, Answer] => one[1] !== undefined));
}
