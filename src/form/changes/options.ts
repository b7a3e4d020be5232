/** Changes of the options of a question. */
import type { Choice } from '../fields/field-type.ts';
import type { Field } from '../fields/fields.ts';
import {
  changesOfText,
  compareLists,
  forExports,
  inLanguage,
  losing,
  forPeople,
  type Described,
  type Pair,
} from './compare.ts';
import { listInWords, titleIn } from './change-sentences.ts';

/** The changes of a list of options. Options with the same value are the same option. */
export function optionChanges(pair: Pair<Field>, was: Choice[], is: Choice[]): Described[] {
  const { before, after, subject } = pair;
  const { added, removed, moved, inBoth } = compareLists(was, is, ({ value }) => value);
  const renamed = removed.filter((one) => newValueOf(one) !== undefined);
  const gone = removed.filter((one) => !renamed.includes(one)).map(({ label }) => titleIn(before, label));
  const fresh = added.filter((one) => !renamed.some((old) => newValueOf(old) === one));

  function newValueOf({ label }: Choice): Choice | undefined {
    return added.find((one) => titleIn(after, one.label) === titleIn(before, label));
  }

  const names = fresh.map(({ label }) => titleIn(after, label));
  const several = names.length > 1 ? 'new options' : 'a new option';
  return [
    ...(names.length ? [forPeople((q) => `${subject(q)} has ${several}: ${listInWords(names, q)}.`)] : []),
    ...(gone.length ? [forPeople((q) => `${subject(q)} no longer offers ${listInWords(gone, q)}.`)] : []),
    ...gone.map((name) =>
      losing((q) => `new people cannot choose ${q(name)} for ${subject(q)}. Earlier answers stay.`),
    ),
    ...renamed.map((one) =>
      losing(
        (q) => `the option ${q(titleIn(before, one.label))} of ${subject(q)} has another value, so Flipsite treats it as a new option.`, // prettier-ignore
      ),
    ),
    ...(moved.length ? [forPeople((q) => `the options of ${subject(q)} are in another order.`)] : []),
    ...inBoth.flatMap(([old, now]) => labelChanges(pair, old, now)),
    ...inBoth.flatMap(([old, now]) => helpChanges(pair, old, now)),
    ...(inBoth.some(([old, now]) => titleIn(before, old.label) !== titleIn(after, now.label))
      ? [forExports((q) => `earlier answers to ${subject(q)} keep the old names of the options.`)]
      : []),
  ];
}

const labelChanges = (pair: Pair<Field>, was: Choice, is: Choice): Described[] =>
  changesOfText(pair, was.label, is.label, (change) =>
    forPeople((q) => {
      const [old, now] = q.both(change.before, change.after);
      return `${inLanguage(change)}the option ${old} of ${pair.subject(q)} is now ${now}.`;
    }),
  );

const helpChanges = (pair: Pair<Field>, was: Choice, is: Choice): Described[] =>
  changesOfText(pair, was.help ?? '', is.help ?? '', (change) =>
    forPeople((q) => {
      const of = `the option ${q(titleIn(pair.after, is.label))} of ${pair.subject(q)}`;
      if (!change.after) return `${inLanguage(change)}${of} no longer has a hint.`;
      return `${inLanguage(change)}${of} has another hint: ${q(change.after)}.`;
    }),
  );
