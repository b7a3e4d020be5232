/** The validators of SurveyJS → the limits of a field. */
import { Words, type DraftKeys } from '../draft.ts';
import { quoted } from '../report.ts';
import { readKeys, type SourceKeys } from '../source-keys.ts';
import type { ImportContext } from './import-context.ts';

interface Validators {
  isNumber: boolean;
  isEmail: boolean;
  counts: { min?: number | undefined; max?: number | undefined };
  /** @returns the keys of a field of this type */
  keys(type: string): DraftKeys;
}

/** Reads the validators of a question. */
export function validatorsOf(keys: SourceKeys, name: string, { report, words }: ImportContext): Validators {
  const found: Validators = { isNumber: false, isEmail: false, counts: {}, keys: () => ({}) };
  const number: DraftKeys = {};
  const text: DraftKeys = {};
  for (const one of keys.list('validators').slice(0, 50)) {
    const validator = readKeys(one);
    const type = validator.text('type')?.replace(/validator$/, '');
    const hasOwnWords =
      ['numeric', 'text', 'answercount', 'email'].includes(type ?? '') && words(validator.get('text'));
    if (hasOwnWords) report.about(name, `its error message ${quoted(hasOwnWords.main)} was left out.`);
    const range = (low: string, high: string) => [validator.number(low), validator.number(high)] as const;
    if (type === 'numeric') {
      found.isNumber = true;
      const [min, max] = range('minValue', 'maxValue');
      if (min !== undefined) number.min = min;
      if (max !== undefined) number.max = max;
    } else if (type === 'text') {
      const [min, max] = range('minLength', 'maxLength');
      if (min) text.min_length = min;
      if (max) text.max_length = max;
      if (validator.get('allowDigits') === false) report.about(name, 'digits are allowed in it now.');
    } else if (type === 'email') found.isEmail = true;
    else if (type === 'answercount') {
      const [min, max] = range('minCount', 'maxCount');
      found.counts = { min, max };
    } else if (type === 'regex') {
      const regex = validator.text('regex');
      const pattern = regex && patternOf(regex);
      if (validator.isTrue('insensitive', 'caseInsensitive')) report.about(name, 'its pattern takes only the letters as they are written now, small or capital.'); // prettier-ignore
      if (pattern && text.pattern) report.about(name, `its pattern ${quoted(regex)} was left out. A question has one.`);
      else if (pattern) Object.assign(text, { pattern, pattern_hint: words(validator.get('text')) ?? new Words('Check this answer') }); // prettier-ignore
    } else report.about(name, `a rule for its answers was left out: ${JSON.stringify(one).slice(0, 200)}.`);
  }
  found.keys = (type) => {
    if (type === 'text') return text;
    const { pattern, pattern_hint: _hint, ...lengths } = text;
    if (pattern) report.about(name, 'its pattern was left out. Only short texts have one.');
    if (type === 'textarea') return lengths;
    if (Object.keys(lengths).length) report.about(name, 'its limits of length were left out. Only texts have them.');
    return type === 'number' ? number : {};
  };
  return found;
}

/** A regular expression that is looked for in an answer → one that the complete answer matches. */
function patternOf(regex: string): string {
  const inner = /^\^([^]*?)\$$/.exec(regex)?.[1];
  const isComplete = inner !== undefined && !/(?<!\\)(?:\\\\)*\\$/.test(inner) && !hasAlternatives(inner);
  return isComplete ? inner : `.*(?:${regex}).*`;
}

/** Whether a `|` outside of brackets divides a regular expression. */
function hasAlternatives(regex: string): boolean {
  let depth = 0;
  for (const [sign] of regex.matchAll(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|[^]/g)) {
    if (sign === '(') depth++;
    if (sign === ')') depth--;
    if (sign === '|' && depth === 0) return true;
  }
  return false;
}
