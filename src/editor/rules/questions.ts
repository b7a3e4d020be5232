/** The questions, answers and targets that a rule can name at its place in a form. */
import type { Scalar } from '../../form/runtime/condition.ts';
import type { Path, Value } from '../../form/edit/edit.ts';
import { languagesOf } from '../../form/edit/value.ts';
import { STATE_WORDS, type ConditionNames } from '../../form/check/words.ts';
import { endingsOf, fieldsOfScreen, idOf, listOf, mapOf, screensOf, textIn, type DataMap } from '../form-data.ts'; // prettier-ignore
import { reachedFrom } from '../map/graph.ts';
import type { Clause, RuleOperator, Sentence } from './sentence.ts';

/** How answers to a type of field are compared. */
export type AnswerKind = 'text' | 'number' | 'boolean' | 'list' | 'date' | 'parts' | 'files' | 'nothing' | 'state';

export interface RuleAnswer {
  value: Scalar;
  label: string;
}

export interface Question {
  id: string;
  /** The label of the field, or the title of the Wink screen. */
  title: string;
  kind: AnswerKind;
  /** All possible answers, if there are few. */
  answers: RuleAnswer[] | undefined;
  screen: number;
}

/** The kind of answer of each type of field, by its name. */
export type AnswerKinds = Readonly<Partial<Record<string, AnswerKind>>>;

/** The possible states of a Wink screen. */
export const STATES = Object.entries(STATE_WORDS).map(([value, label]): RuleAnswer => ({ value, label }));

const YES_NO: RuleAnswer[] = [
  { value: true, label: 'Yes' },
  { value: false, label: 'No' },
];

/** Every question of a form, in its order. */
export function questionsOf(data: Value, kinds: AnswerKinds, language = languagesOf(data)[0]): Question[] {
  return screensOf(data).flatMap((screen, at): Question[] => {
    const title = (map: DataMap, ...keys: string[]) => keys.map((key) => textIn(map[key], language)).find(Boolean) ?? idOf(map); // prettier-ignore
    if (screen['wink']) return [{ id: idOf(screen), title: title(screen, 'title'), kind: 'state', answers: STATES, screen: at }]; // prettier-ignore
    return fieldsOfScreen(screen, at)
      .filter(({ id }) => id !== '')
      .flatMap(({ id, field }): Question[] => {
        const kind = kinds[String(field['type'])] ?? 'text';
        if (kind === 'nothing') return [];
        return [{ id, title: title(field, 'label', 'text'), kind, answers: answersOf(field, kind, language), screen: at }]; // prettier-ignore
      });
  });
}

function answersOf(field: DataMap, kind: AnswerKind, language: string): RuleAnswer[] | undefined {
  if (kind === 'boolean') return YES_NO;
  if (!Array.isArray(field['options'])) return undefined;
  const own = listOf(field['options']).map((option): RuleAnswer => {
    if (typeof option === 'string') return { value: option, label: option };
    const value = String(mapOf(option)['value'] ?? '');
    return { value, label: textIn(mapOf(option)['label'], language) || value };
  });
  const extra = (key: string, value: string, label: string): RuleAnswer[] =>
    field[key] ? [{ value, label: textIn(field[key], language) || label }] : [];
  return [...own, ...extra('other', 'other', 'Other'), ...extra('none_of_these', 'none_of_these', 'None of these')];
}

/** The names of questions and answers in sentences. */
export function namesFor(questions: readonly Question[]): ConditionNames {
  const byId = new Map(questions.map((question) => [question.id, question]));
  return {
    subject: (id) => byId.get(id)?.title ?? id,
    value: (id, value) =>
      byId.get(id)?.answers?.find((answer) => answer.value === value)?.label ??
      (value === true ? 'Yes' : value === false ? 'No' : String(value)),
  };
}

/**
 * The questions that people answer before a rule is read.
 * @param path of a rule (`screens, 2, next, 0`) or of a field with `show_when` (`screens, 2, fields, 1`)
 */
export function questionsBefore(
  data: Value,
  path: Path,
  questions: readonly Question[],
  kinds: AnswerKinds,
): Question[] {
  const screen = Number(path[1]);
  const before = reachedFrom(data, kinds).before(screen);
  const fields = fieldsOfScreen(screensOf(data)[screen], screen);
  const own = path[2] === 'fields' ? fields.slice(0, Number(path[3])).map(({ id }) => id) : undefined;
  return questions.filter((one) => {
    if (one.screen !== screen) return before.has(one.screen);
    return own === undefined || own.includes(one.id);
  });
}

export interface Target {
  id: string;
  title: string;
  kind: 'screen' | 'ending';
}

/** The screens after `screen`, and all endings. Those with the same title have their id behind it. */
export function targetsAfter(data: Value, screen: number, language = languagesOf(data)[0]): Target[] {
  const target = (kind: Target['kind']) => (map: DataMap) => ({ id: idOf(map), title: textIn(map['title'], language) || idOf(map), kind }); // prettier-ignore
  const later = screensOf(data).slice(screen + 1).map(target('screen')); // prettier-ignore
  const all = [...later, ...endingsOf(data).map(target('ending'))].filter(({ id }) => id);
  const isShared = (title: string) => all.filter((one) => one.title === title).length > 1;
  return all.map((one) => (isShared(one.title) ? { ...one, title: `${one.title} (${one.id})` } : one));
}

/** The comparisons that make sense for answers of a kind, in the order in which they are offered. */
export const OPERATORS: Record<AnswerKind, readonly RuleOperator[]> = {
  text: ['is', 'is_not', 'answered', 'not_answered'],
  number: ['is', 'is_not', 'at_least', 'at_most', 'more_than', 'less_than', 'answered', 'not_answered'],
  boolean: ['is', 'answered', 'not_answered'],
  list: ['contains', 'answered', 'not_answered'],
  date: ['is', 'before', 'after', 'answered', 'not_answered'],
  parts: ['answered', 'not_answered'],
  files: ['answered', 'not_answered'],
  nothing: [],
  state: ['is', 'is_not'],
};

export const OPERATOR_WORDS: Record<RuleOperator, string> = {
  is: 'is',
  is_not: 'is not',
  at_least: 'is at least',
  at_most: 'is at most',
  more_than: 'is more than',
  less_than: 'is less than',
  before: 'is before',
  after: 'is after',
  contains: 'includes',
  answered: 'is answered',
  not_answered: 'is not answered',
};

/** Whether several values can be chosen with `operator`. */
export const takesSeveral = (operator: RuleOperator): boolean => ['is', 'is_not', 'contains'].includes(operator);

export const takesValue = (operator: RuleOperator): boolean => operator !== 'answered' && operator !== 'not_answered';

/** A clause without a question yet. */
export const EMPTY_CLAUSE: Clause = { question: '', operator: 'is', values: [''] };

/** A new sentence with one such clause. */
export const EMPTY_SENTENCE: Sentence = { join: 'and', clauses: [EMPTY_CLAUSE] };

/** The first clause for a question: its first comparison, with an answer to choose. */
export function firstClause({ id, kind }: Question): Clause {
  const operator = OPERATORS[kind][0] ?? 'answered';
  return { question: id, operator, values: takesValue(operator) ? [''] : [] };
}

/** Whether each clause of a sentence has a question and all answers. */
export const isComplete = ({ clauses }: Sentence): boolean =>
  clauses.every(({ question, values }) => question !== '' && !values.includes(''));
