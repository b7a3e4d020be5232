/** Conditions as a person would read them: "status is none and age is at least 18". */
import type { Comparison, Condition, Scalar } from '../runtime/condition.ts';
import type { WinkState } from '../runtime/wink.ts';

/** The states of a Wink screen, so that "is" and "is not" can stand before them. */
export const STATE_WORDS: Record<WinkState, string> = {
  connected: 'connected',
  uploaded: 'answered with a document',
  failed: 'unsuccessful',
  skipped: 'skipped',
};

export interface ConditionNames {
  /** The name of the field or screen `id`. */
  subject(id: string): string;
  /** The label of the answer `value`. */
  value(id: string, value: Scalar): string;
}

/** As in the file: fields by their ids, and answers by their values. */
const AS_WRITTEN: ConditionNames = {
  subject: (id) => id,
  value: (_id, value) => (value === true ? 'yes' : value === false ? 'no' : String(value)),
};

export function conditionInWords(condition: Condition, names: ConditionNames = AS_WRITTEN): string {
  if (!isGroup(condition)) return comparisonInWords(condition, names);
  const [name, parts] = condition;
  const phrases = parts.map((part) => {
    const phrase = conditionInWords(part, names);
    return isGroup(part) && part[1].length > 1 && part[0] !== 'none' ? `(${phrase})` : phrase;
  });
  if (name === 'none') return parts.length > 1 ? `none of: ${phrases.join('; ')}` : `not: ${phrases.join('')}`;
  return phrases.join(name === 'all' ? ' and ' : ' or ');
}

const isGroup = (condition: Condition): condition is Condition & ['all' | 'any' | 'none', Condition[]] =>
  Array.isArray(condition[1]);

function comparisonInWords(comparison: Comparison, names: ConditionNames): string {
  const [name, id] = comparison;
  const subject = names.subject(id);
  const oneOf = (values: Scalar[], between = ' or ') => values.map((value) => names.value(id, value)).join(between);
  switch (name) {
    case 'is':
      return `${subject} is ${oneOf(comparison[2])}`;
    case 'not':
      return `${subject} is ${comparison[2].length > 1 ? `neither ${oneOf(comparison[2], ' nor ')}` : `not ${oneOf(comparison[2])}`}`;
    case 'has':
      return `${subject} contains ${oneOf(comparison[2])}`;
    case 'answered':
      return `${subject} is ${comparison[2] ? 'answered' : 'not answered'}`;
    default:
      return `${subject} is ${WORDS[name]} ${comparison[2]}`;
  }
}

const WORDS = {
  min: 'at least', max: 'at most', above: 'more than', below: 'less than', before: 'before', after: 'after',
}; // prettier-ignore
