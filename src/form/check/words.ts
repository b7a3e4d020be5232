/** Conditions as a person would say them: "status is none and age is at least 18". */
import type { Comparison, Condition, Scalar } from '../runtime/condition.ts';

export function conditionInWords(condition: Condition): string {
  if (!isGroup(condition)) return comparisonInWords(condition);
  const [name, parts] = condition;
  const phrases = parts.map((part) =>
    isGroup(part) && part[1].length > 1 && part[0] !== 'none' ? `(${conditionInWords(part)})` : conditionInWords(part),
  );
  if (name === 'none') return parts.length > 1 ? `none of: ${phrases.join('; ')}` : `not: ${phrases.join('')}`;
  return phrases.join(name === 'all' ? ' and ' : ' or ');
}

const isGroup = (condition: Condition): condition is Condition & ['all' | 'any' | 'none', Condition[]] =>
  Array.isArray(condition[1]);

function comparisonInWords(comparison: Comparison): string {
  const [name, id] = comparison;
  switch (name) {
    case 'is':
      return `${id} is ${oneOf(comparison[2])}`;
    case 'not':
      return `${id} is ${comparison[2].length > 1 ? `neither ${oneOf(comparison[2], ' nor ')}` : `not ${oneOf(comparison[2])}`}`;
    case 'has':
      return `${id} contains ${oneOf(comparison[2])}`;
    case 'answered':
      return `${id} is ${comparison[2] ? 'answered' : 'not answered'}`;
    default:
      return `${id} is ${WORDS[name]} ${comparison[2]}`;
  }
}

const WORDS = {
  min: 'at least', max: 'at most', above: 'more than', below: 'less than', before: 'before', after: 'after',
}; // prettier-ignore

const oneOf = (values: Scalar[], between = ' or '): string =>
  values.map((value) => (value === true ? 'yes' : value === false ? 'no' : String(value))).join(between);
