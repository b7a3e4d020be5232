/** Changes of the keys of one question. */
import type { Condition, Answer } from '../runtime/condition.ts';
import type { Choice } from '../fields/field-type.ts';
import { moduleOf, typeOf, type Field } from '../fields/fields.ts';
import { fieldCalled, type Form } from '../schema.ts';
import {
  changesOfText, compareKeys, flag, inLanguage, losing, forPeople, setting, noSentence, textOf, type Change, type Described, type Pair, type Table,
} from './compare.ts'; // prettier-ignore
import { optionChanges } from './options.ts';
import { titleIn, whenIn, type Quote } from './change-sentences.ts';

const isAlike = (one: Field['type'], other: Field['type']): boolean => {
  const { storedLike } = moduleOf(one);
  return storedLike !== undefined && storedLike === moduleOf(other).storedLike;
};

const condition = (pair: Pair<Field>, was: Condition | undefined, is: Condition | undefined): Described[] => {
  const { after, subject } = pair;
  if (!is) return [forPeople((q) => `${subject(q)} now always appears.`)];
  const only = was ? 'under another condition' : 'under a condition';
  return [
    forPeople(
      (q) => `${subject(q)} now appears only if ${whenIn(after, is, q)}.`,
      (q) => `${subject(q)} now appears only ${only}.`,
    ),
  ];
};

const shownAnswer = (form: Form, id: string, answer: Answer): string => {
  const field = fieldCalled(form, id);
  return field ? typeOf(field).show(field, answer, form.languages[0]) : String(answer);
};

/** The label of a statement is its text. That of a hidden field is its id. */
const label: Table<Field>['label'] = (pair, was = '', is = '') => {
  if (typeOf(pair.is).unseen) return [];
  return changesOfText(pair, was, is, (change) =>
    forPeople((q) => {
      const [old, now] = q.both(change.before, change.after);
      return `${inLanguage(change)}${old} is now ${now}.`;
    }),
  );
};

const limit =
  (at: 0 | 1): Table<Field>['min'] =>
  (pair, was, is) =>
    setting<string | number>((typeOf(pair.is).limitNouns ?? ['smallest number', 'largest number'])[at], String)(
      pair,
      was,
      is,
    );

const TABLE: Table<Field> = {
  // Fields are compared under one id, and `follows` is part of that id.
  id: noSentence,
  follows: noSentence,
  type: (pair, was, is) => typeChanges(pair, was, is),
  label,
  help: textOf('hint'),
  // The label of a statement.
  text: noSentence,
  placeholder: textOf('example in the field'),
  required: flag(
    (s) => `${s} is now required.`,
    (s) => `${s} is now optional.`,
  ),
  default: ({ before, after, subject, is: { id } }, was, is) => {
    const shown = (form: Form, answer: Answer) => shownAnswer(form, id, answer);
    if (is === undefined) return [forPeople((q) => `${subject(q)} no longer starts with an answer.`)];
    const instead = (q: Quote) => (was === undefined ? '' : ` instead of ${q(shown(before, was))}`);
    return [forPeople((q) => `${subject(q)} now starts with the answer ${q(shown(after, is))}${instead(q)}.`)];
  },
  // A calculation from sensitive answers is sensitive too, so this is compared for the complete form.
  sensitive: noSentence,
  show_when: condition,
  autocomplete: setting('kind of data that browsers fill in'),
  options: (pair, was = [], is = []) => optionChanges(pair, was as Choice[], is as Choice[]),
  // Both add options and a field, which are described like any other.
  other: noSentence,
  none_of_these: (pair, was, is) => {
    const noneOf = (options: unknown) => (options as Choice[]).find(({ value }) => value === 'none_of_these');
    const option = 'options' in pair.is && 'options' in pair.was && noneOf(pair.was.options) && noneOf(pair.is.options);
    if (!option || Boolean(was) === Boolean(is)) return [];
    const can = is ? 'can no longer' : 'can now';
    return [forPeople((q) => `people ${can} combine ${q(titleIn(pair.after, option.label))} with other options of ${pair.subject(q)}.`)]; // prettier-ignore
  },
  min: limit(0),
  max: limit(1),
  step: (pair, was, is) => setting<number>(typeOf(pair.is).stepNoun ?? 'step')(pair, was, is),
  min_length: setting('smallest number of characters'),
  max_length: setting('largest number of characters'),
  pattern: ({ subject }, _was, is) => [
    forPeople((q) =>
      is ? `${subject(q)} now accepts only answers of another pattern.` : `${subject(q)} now accepts any text.`,
    ),
  ],
  pattern_hint: textOf('error message'),
  format: setting('official format'),
  currency: setting('currency'),
  country: setting('country'),
  accept: setting('list of accepted files', (kinds) => kinds.join(', ')),
  max_size: setting('largest size of a file', String),
  max_files: setting('largest number of files'),
  min_label: textOf('meaning of the first number'),
  max_label: textOf('meaning of the last number'),
  value: ({ subject }) => [forPeople((q) => `${subject(q)} is now calculated in another way.`)],
};

/** Keys that mean the same in every type. The others come and go with the type. */
const COMMON = ['type', 'label', 'help', 'required', 'default', 'show_when', 'sensitive'];

function typeChanges(pair: Pair<Field>, was: Field['type'] | undefined, is: Field['type'] | undefined): Described[] {
  if (!was || !is) return [];
  const { subject } = pair;
  return [
    forPeople((q) => `${subject(q)} is now ${moduleOf(is).noun} instead of ${moduleOf(was).noun}.`),
    ...(isAlike(was, is) || typeOf(pair.was).kind === 'nothing'
      ? []
      : [losing((q) => `earlier answers to ${subject(q)} stay, but they are not ${moduleOf(is).noun}.`)]),
  ];
}

/** The changes of a field whose id is the same in both forms. */
export function keyChanges(pair: Pair<Field>): Change[] {
  const { was, is } = pair;
  const isCompared = (key: string) => was.type === is.type || COMMON.includes(key) || (key in was && key in is);
  return compareKeys(TABLE, pair, isCompared);
}
