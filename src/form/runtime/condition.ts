/**
 * Conditions are data. The author writes `{ status: none }`, and Flipsite compiles it once to a small JSON tree. This
 * one evaluator reads that tree in the check, in the browser and on the server. It imports nothing, to stay small on
 * the page.
 */

export type Scalar = string | number | boolean;
/** A list has chosen options or ids of files. A record is an answer of several parts, such as an address. */
export type Answer = Scalar | string[] | Record<string, string>;
export type Answers = Record<string, Answer>;

export type Comparison =
  | ['is', string, Scalar[]]
  | ['not', string, Scalar[]]
  | ['min' | 'max' | 'above' | 'below', string, number]
  | ['before' | 'after', string, string]
  | ['has', string, string[]]
  | ['answered', string, boolean];

export type Condition = Comparison | Group;
type Group = ['all' | 'any' | 'none', Condition[]];

const isGroup = (condition: Condition): condition is Group => Array.isArray(condition[1]);

/**
 * Whether `condition` holds for `answers`. An absent condition holds. A comparison with an unanswered field is false,
 * except `answered: false`. Dates compare as `YYYY-MM-DD` text.
 */
export function holds(condition: Condition | undefined, answers: Answers): boolean {
  if (!condition) return true;
  if (isGroup(condition)) {
    const [name, parts] = condition;
    return name === 'all'
      ? parts.every((part) => holds(part, answers))
      : parts.some((part) => holds(part, answers)) === (name === 'any');
  }
  const [name, field, wanted] = condition;
  const answer = answerTo(field, answers);
  if (name === 'answered') return (answer !== undefined) === wanted;
  if (answer === undefined) return false;
  if (name === 'has') return Array.isArray(answer) && wanted.some((value) => answer.includes(value));
  if (typeof answer === 'object') return false;
  if (name === 'is') return wanted.includes(answer);
  if (name === 'not') return !wanted.includes(answer);
  if (name === 'min') return (answer as number) >= wanted;
  if (name === 'max') return (answer as number) <= wanted;
  if (name === 'above' || name === 'after') return answer > wanted;
  return answer < wanted;
}

/** The answer to `id`, never an inherited property of the object. Browsers of 2021 have no `Object.hasOwn`. */
export const answerTo = (id: string, answers: Answers): Answer | undefined =>
  ({}).hasOwnProperty.call(answers, id) ? answers[id] : undefined;

/** Every comparison in `condition`, without the nesting. */
export function comparisons(condition: Condition | undefined): Comparison[] {
  if (!condition) return [];
  if (isGroup(condition)) return condition[1].flatMap((part) => comparisons(part));
  return [condition];
}
