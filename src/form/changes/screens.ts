/** Changes of the screens and endings: added and removed ones, their order, and the transitions. */
import { fieldCalled, type Ending, type Form, type Screen } from '../schema.ts';
import {
  compareKeys, compareLists, forPeople, noSentence, textOf, type Change, type Described, type Describer, type Forms, type Pair, type Table,
} from './compare.ts'; // prettier-ignore
import { countQuestions } from './fields.ts';
import { formatCount } from '../format-count.ts';
import { nameOf, titleIn, whenIn, type Quote } from './change-sentences.ts';
import { widgetChanges } from './widgets.ts';

type Rule = Screen['next'][number];

/** “The screen About you”, or “the ending Thank you”. */
const called = (noun: string, form: Form, { title }: Pick<Screen, 'title'>) => {
  const name = titleIn(form, title);
  return (q: Quote) => `the ${noun} ${q(name)}`;
};

/** The title is the name of its part, so a sentence about it does not name the part. */
const titleOf =
  (noun: string): Describer<unknown, Screen['title']> =>
  (pair, was, is) =>
    textOf('title')({ ...pair, subject: () => noun }, was, is);

const SCREEN: Table<Screen> = {
  id: noSentence,
  title: titleOf('a screen'),
  text: textOf('text'),
  // Fields can move from one screen to another, so they are compared for the complete form.
  fields: noSentence,
  wink: (pair, was, is) => widgetChanges(pair, was, is),
  next: (pair, was = [], is = []) => ruleChanges(pair, was, is),
};

const ENDING: Table<Ending> = {
  id: noSentence,
  title: titleOf('an ending'),
  text: textOf('text'),
  outcome: ({ subject }, _was, is) => [
    forPeople((q) => `people who reach ${subject(q)} now count as ${is === 'disqualified' ? 'disqualified' : 'completed'}.`), // prettier-ignore
  ],
  redirect: ({ subject }, _was, is) => [
    forPeople((q) =>
      is ? `after ${subject(q)}, the browser now opens ${q(is)}.` : `the browser stays on ${subject(q)}.`,
    ),
  ],
};

/** The changes of all screens, apart from their fields. */
export function screenChanges(forms: Forms): Change[] {
  const { before, after } = forms;
  const { added, removed, moved, inBoth } = compareLists(before.screens, after.screens, ({ id }) => id);
  const pathIn = (form: Form, screen: Screen) => ['screens', form.screens.indexOf(screen)];
  const asking = (screen: Screen, fields = screen.fields) => {
    const count = countQuestions({ ...screen, fields });
    return count
      ? ` with ${formatCount(count, 'question')}`
      : screen.wink
        ? ', on which people connect an account'
        : '';
  };
  // Questions that are on another screen now have sentences of their own.
  const gone = ({ fields }: Screen) => fields.filter(({ id }) => !fieldCalled(after, id));
  return [
    ...added.map((screen) => ({ ...forPeople((q) => `there is a new screen, ${q(titleIn(after, screen.title))}${asking(screen)}.`), path: pathIn(after, screen) })), // prettier-ignore
    ...removed.map((screen) => ({ ...forPeople((q) => `${called('screen', before, screen)(q)} is removed${asking(screen, gone(screen))}.`), path: pathIn(before, screen) })), // prettier-ignore
    ...moved.map((screen) => ({ ...forPeople((q) => moveInWords(after, screen, q)), path: pathIn(after, screen) })),
    ...inBoth.flatMap(([was, is]) =>
      compareKeys(SCREEN, { ...forms, was, is, subject: called('screen', after, is), path: pathIn(after, is) }),
    ),
  ];
}

function moveInWords(form: Form, screen: Screen, q: Quote): string {
  const previous = form.screens[form.screens.indexOf(screen) - 1];
  const where = previous ? `after ${q(titleIn(form, previous.title))}` : 'first';
  return `${called('screen', form, screen)(q)} now comes ${where}.`;
}

/** The changes of all endings. */
export function endingChanges(forms: Forms): Change[] {
  const { before, after } = forms;
  const { added, removed, moved, inBoth } = compareLists(before.endings, after.endings, ({ id }) => id);
  const pathIn = (form: Form, ending: Ending) => ['endings', form.endings.indexOf(ending)];
  const [first] = after.endings;
  const at = (ending: Ending, described: Described): Change => ({ ...described, path: pathIn(after, ending) });
  return [
    ...added.map((ending) =>
      at(
        ending,
        forPeople((q) => `there is a new ending: ${q(titleIn(after, ending.title))}.`),
      ),
    ),
    ...removed.map((ending) => ({ ...forPeople((q) => `${called('ending', before, ending)(q)} is removed.`), path: pathIn(before, ending) })), // prettier-ignore
    ...(first && first.id !== before.endings[0]?.id
      ? [
          at(
            first,
            forPeople((q) => `journeys without another rule now end at ${q(titleIn(after, first.title))}.`),
          ),
        ]
      : moved.slice(0, 1).map((ending) =>
          at(
            ending,
            forPeople(() => 'the endings are in another order.'),
          ),
        )),
    ...inBoth.flatMap(([was, is]) =>
      compareKeys(ENDING, { ...forms, was, is, subject: called('ending', after, is), path: pathIn(after, is) }),
    ),
  ];
}

/**
 * Two rules with the same condition are the same rule. Of the others, the only rule with a target has another condition if
 * there was one with it before.
 */
function ruleChanges(pair: Pair<Screen>, was: Rule[], is: Rule[]): Described[] {
  const { before, after, subject } = pair;
  const { added, removed, moved, inBoth } = compareLists(was, is, ({ when }) => JSON.stringify(when ?? null));
  const isOnly = (rules: Rule[], target: string) => rules.filter(({ go }) => go === target).length === 1;
  const changed = added.flatMap((rule) => {
    const old = removed.find(({ go }) => go === rule.go);
    // “Only if” is not true beside another rule with the same target.
    return old && isOnly(was, rule.go) && isOnly(is, rule.go) ? [{ old, rule }] : [];
  });
  const fresh = added.filter((rule) => !changed.some((one) => one.rule === rule));
  const gone = removed.filter((rule) => !changed.some((one) => one.old === rule));
  const to = (form: Form, { go }: Rule, q: Quote) => q(nameOf(form, go));
  const when = (form: Form, rule: Rule, q: Quote) =>
    rule.when ? `if ${whenIn(form, rule.when, q)}` : `after ${subject(q)}`;
  const some = (q: Quote) => `under a condition on ${subject(q)}`;
  return [
    ...fresh.map((rule) =>
      forPeople(
        (q) => `${when(after, rule, q)}, people now go to ${to(after, rule, q)}.`,
        (q) => `${some(q)}, people now go to ${to(after, rule, q)}.`,
      ),
    ),
    ...gone.map((rule) =>
      forPeople(
        (q) => `${when(before, rule, q)}, people no longer go straight to ${to(before, rule, q)}.`,
        (q) => `${some(q)}, people no longer go straight to ${to(before, rule, q)}.`,
      ),
    ),
    ...changed.map(({ rule }) =>
      forPeople(
        (q) => `people now go from ${subject(q)} to ${to(after, rule, q)} ${rule.when ? `only if ${whenIn(after, rule.when, q)}` : 'in all other cases'}.`, // prettier-ignore
        (q) => `people now go to ${to(after, rule, q)} ${when(after, rule, q)}.`,
        (q) => `people now go from ${subject(q)} to ${to(after, rule, q)} under another condition.`,
      ),
    ),
    ...inBoth
      .filter(([old, rule]) => old.go !== rule.go)
      .map(([old, rule]) =>
        forPeople(
          (q) => `${when(after, rule, q)}, people now go to ${to(after, rule, q)} instead of ${to(before, old, q)}.`,
          (q) => `${some(q)}, people now go to ${to(after, rule, q)} instead of ${to(before, old, q)}.`,
        ),
      ),
    ...(moved.length ? [forPeople((q) => `the rules of ${subject(q)} are tried in another order.`)] : []),
  ];
}
