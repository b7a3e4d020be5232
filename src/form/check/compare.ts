/** Comparisons: a rule compares an answer only with operators and values that its field can have. */
import type { AmountLimits } from '../runtime/amount.ts';
import type { Comparison } from '../runtime/condition.ts';
import { formulaOf, typeOf, type Field } from '../fields/fields.ts';
import { dateSchema } from '../keys.ts';
import { nearest } from '../faults/nearest.ts';
import type { Screen } from '../schema.ts';
import { statesLeft, WINK_STATES } from '../runtime/wink.ts';
import type { Finding } from './finding.ts';

export type ComparisonWords = Pick<Finding, 'message' | 'remedy'>;

/** The problem of a comparison with the state of a Wink screen. */
export function stateFault(screen: Screen, [name, id, wanted]: Comparison): ComparisonWords | undefined {
  if (name !== 'is' && name !== 'not') {
    const message = `\`${id}\` is a Wink screen, so it can only be compared with a state`;
    return { message, remedy: `Write \`{ ${id}: connected }\`.` };
  }
  const states: string[] = statesLeft(screen);
  const is = (list: readonly string[]) => (value: unknown) => list.includes(String(value));
  const unknown = never(id, wanted, is(WINK_STATES), WINK_STATES.join(', '));
  // `not` names no state, so people can't leave the screen by such a rule.
  if (!unknown && name === 'not' && states.every(is(wanted.map(String)))) {
    const message = `everybody who continues from \`${id}\` is ${wanted.join(' or ')}, because no rule of the screen names another state`;
    const others = ['failed', 'skipped'].filter((state) => !wanted.includes(state));
    return { message, remedy: `Write \`{ ${id}: [${others.join(', ')}] }\`. A rule of \`${id}\` itself has to name the states.` }; // prettier-ignore
  }
  // A rule may name any state. Naming it makes it a state in which the person can leave the screen.
  return unknown ?? never(id, wanted, is(states), states.join(', '));
}

/** The problem of a comparison with the answer to `field`. */
export function fieldFault(field: Field, comparison: Comparison): ComparisonWords | undefined {
  const [name, id] = comparison;
  const { kind } = typeOf(field);
  if (kind === 'nothing') {
    return { message: `\`${id}\` is a statement, which has no answer`, remedy: 'Use a field that has an answer.' };
  }
  switch (name) {
    case 'answered':
      return undefined;
    case 'is':
    case 'not': {
      const [, , wanted] = comparison;
      if (kind === 'parts' || kind === 'files') {
        const message = `\`${id}\` is ${kindInWords(field)}, so it cannot be compared with a value`;
        return { message, remedy: instead(field) };
      }
      if (kind !== 'list') return never(id, wanted, (value) => canBe(field, value), possibleWords(field));
      const message = `\`${id}\` can have several answers at once, so it cannot be compared with one value`;
      return { message, remedy: `Write \`{ ${id}: { contains: ${wanted[0]} } }\`.` };
    }
    case 'has': {
      const [, , wanted] = comparison;
      const values = typeOf(field).values(field)?.map(String) ?? [];
      if (kind === 'list') return never(id, wanted, (value) => values.includes(String(value)), values.join(', '));
      return {
        message: `\`contains\` works with checkboxes only, and \`${id}\` is ${kindInWords(field)}`,
        remedy: instead(field),
      };
    }
    case 'before':
    case 'after':
      return kind === 'date'
        ? undefined
        : {
            message: `\`${name}\` works with dates only, and \`${id}\` is ${kindInWords(field)}`,
            remedy: instead(field),
          };
    case 'min':
    case 'max':
    case 'above':
    case 'below':
      if (kind === 'number') return outOfRange(field, comparison);
      return {
        message: `\`${WRITTEN[name]}\` works with numbers only, and \`${id}\` is ${kindInWords(field)}`,
        remedy: instead(field),
      };
  }
}

const WRITTEN = { min: 'at_least', max: 'at_most', above: 'more_than', below: 'less_than' };

function outOfRange(field: Field, comparison: Comparison): ComparisonWords | undefined {
  const [name, id, wanted] = comparison as ['min' | 'max' | 'above' | 'below', string, number];
  const { min = -Infinity, max = Infinity } = typeOf(field).limits?.(field) ?? {};
  const impossible = { min: wanted > max, above: wanted >= max, max: wanted < min, below: wanted <= min }[name];
  if (!impossible) return undefined;
  const limit = name === 'min' || name === 'above' ? `at most ${max}` : `at least ${min}`;
  return {
    message: `no answer to \`${id}\` can be ${WRITTEN[name].replace('_', ' ')} ${wanted}`,
    remedy: `Write another number. Answers to \`${id}\` are ${limit}.`,
  };
}

const ANY_DAY = { earliest: '0001-01-01', latest: '9999-12-31' };

/** Whether `value` can be the answer to `field`. A computed number has no limits. */
export function canBe(field: Field, value: unknown): boolean {
  if (formulaOf(field) !== undefined) return typeof value === 'number';
  if (typeOf(field).kind === 'date') return dateSchema.safeParse(value).success;
  const read = typeOf(field).read(field, value, ANY_DAY);
  return 'answer' in read && read.answer === value;
}

/** The possible answers to `field`, to follow "a possible answer:". */
export function possibleWords(field: Field): string {
  const { kind, ...type } = typeOf(field);
  const like = type.like?.(field);
  const few = like ? undefined : type.values(field);
  if (few) return few.map(String).join(', ');
  if (kind !== 'number') return like ?? 'any text';
  const { min, max }: Partial<AmountLimits> = typeOf(field).limits?.(field) ?? {};
  return `a number${min === undefined ? '' : ` from ${min}`}${max === undefined ? '' : ` to ${max}`}`;
}

/** A comparison that fits the field. */
function instead(field: Field): string {
  const { id } = field;
  const { kind, values } = typeOf(field);
  const first = values(field)?.[0];
  if (kind === 'date') return `Write \`{ ${id}: { after: 2026-12-31 } }\`.`;
  if (kind === 'number') return `Write \`{ ${id}: { at_least: 3 } }\`.`;
  if (kind === 'list') return `Write \`{ ${id}: { contains: ${first} } }\`.`;
  return `Write \`{ ${id}: ${kind === 'boolean' || first !== undefined ? String(first) : '{ answered: true }'} }\`.`;
}

/** The kind of `field`, in a word or two: "a date field", "a choice". */
export function kindInWords(field: Field): string {
  const { kind, values } = typeOf(field);
  if (kind === 'text') return values(field) ? 'a choice' : 'a text field';
  return {
    number: 'a number field', boolean: 'a yes/no field', list: 'a checkboxes field', date: 'a date field', parts: 'an address', files: 'a file field', nothing: 'a statement',
  }[kind]; // prettier-ignore
}

/** The replacement for `value`, among all possible values. */
export function insteadOf(value: unknown, possible: string): string {
  // An option is a text, also where it looks like a number.
  if (typeof value !== 'string' && possible.split(', ').includes(String(value)))
    return `Put it in quotes: \`"${String(value)}"\`.`;
  const near = nearest(String(value), possible.split(', '));
  return near ? `Write ${near}. Possible answers: ${possible}.` : `Write a possible answer: ${possible}.`;
}

function never(
  id: string,
  wanted: unknown[],
  can: (value: unknown) => boolean,
  possible: string,
): ComparisonWords | undefined {
  const impossible = wanted.filter((value) => !can(value));
  if (!impossible.length) return undefined;
  const [first] = impossible;
  const message = `\`${id}\` can never be ${typeof first === 'string' ? `"${first}"` : String(first)}`;
  return { message, remedy: insteadOf(first, possible) };
}
