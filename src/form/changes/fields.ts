/** Changes of the questions: added, removed and moved ones, and those that become sensitive. */
import { typeOf, type Field } from '../fields/fields.ts';
import { fieldCalled, fieldsOf, type Form, type Screen } from '../schema.ts';
import { sensitiveFields } from '../inspect/sensitive.ts';
import { pathOfField } from '../check/finding.ts';
import {
  compareLists, forExports, losing, forPeople, forStarted, type Change, type Described, type Forms, type Pair,
} from './compare.ts'; // prettier-ignore
import { keyChanges } from './field-keys.ts';
import { nameOf, say, titleIn, type Phrase } from './change-sentences.ts';

/** A field that people see, and that has an answer. */
export const isAsked = (field: Field): boolean =>
  typeOf(field).kind !== 'nothing' && !typeOf(field).unseen && !typeOf(field).formula;

/** Where each field is, by its id. */
function places(form: Form): Map<string, { field: Field; screen: Screen; path: PropertyKey[] }> {
  return new Map(
    form.screens.flatMap((screen, at) =>
      screen.fields.map((field, index) => [field.id, { field, screen, path: pathOfField(screen, at, index) }] as const),
    ),
  );
}

/** The changes of all fields. Fields have the same id in both forms, or they are different fields. */
export function fieldChanges(forms: Forms): Change[] {
  const { before, after } = forms;
  const [were, are] = [places(before), places(after)];
  const kept = [...are].flatMap(([id, { field, path }]): Change[] => {
    const was = were.get(id)?.field;
    if (!was) return [];
    const subject: Pair<Field>['subject'] = (q) => q(titleIn(after, field.label));
    return keyChanges({ ...forms, was, is: field, subject, path });
  });
  return [...addedFields(forms, were, are), ...movedFields(forms, were, are), ...kept, ...removedFields(were, are, forms), ...sensitiveChanges(forms, are)]; // prettier-ignore
}

type Places = ReturnType<typeof places>;

/** New fields on existing screens. Fields of a new screen are counted with the screen. */
function addedFields({ before, after }: Forms, were: Places, are: Places): Change[] {
  return [...are].flatMap(([id, { field, screen, path }]): Change[] => {
    if (were.has(id) || typeOf(field).unseen || !before.screens.some((one) => one.id === screen.id)) return [];
    const asked = field.required ? 'required question' : 'question';
    const what = isAsked(field) ? asked : typeOf(field).formula ? 'calculated number' : 'text';
    const on = titleIn(after, screen.title);
    const sentence = say((q) => `there is a new ${what} on the screen ${q(on)}: ${q(titleIn(after, field.label))}.`);
    return [{ area: 'people', sentence, path }];
  });
}

function movedFields({ before, after }: Forms, were: Places, are: Places): Change[] {
  return after.screens.flatMap((screen): Change[] => {
    const old = before.screens.find(({ id }) => id === screen.id);
    const came = screen.fields.filter(({ id }) => were.has(id) && were.get(id)?.screen.id !== screen.id);
    const { moved } = compareLists(old?.fields ?? [], screen.fields, ({ id }) => id);
    return [...came, ...moved]
      .filter((field) => !typeOf(field).unseen)
      .map((field) => {
        const previous = screen.fields[screen.fields.indexOf(field) - 1];
        const where: Phrase = (q) => {
          if (came.includes(field)) return `is now on the screen ${q(titleIn(after, screen.title))}`;
          return previous ? `now comes after ${q(titleIn(after, previous.label))}` : 'now comes first on its screen';
        };
        const { path = [] } = are.get(field.id) ?? {};
        return { ...forPeople((q) => `${q(titleIn(after, field.label))} ${where(q)}.`), path };
      });
  });
}

const collected = (field: Field): string =>
  typeOf(field).unseen ? 'collected' : typeOf(field).formula ? 'calculated' : 'asked';

function removedFields(were: Places, are: Places, { before, after }: Forms): Change[] {
  return [...were].flatMap(([id, { field, screen, path }]): Change[] => {
    if (are.has(id)) return [];
    const name = titleIn(before, field.label);
    // The sentence about a removed screen covers its fields.
    const isSeen = !typeOf(field).unseen && after.screens.some((one) => one.id === screen.id);
    const gone: Change[] = isSeen ? [{ area: 'people', sentence: say((q) => `${q(name)} is removed from the screen ${q(titleIn(before, screen.title))}.`), path }] : []; // prettier-ignore
    if (typeOf(field).kind === 'nothing') return gone;
    const renamed = fieldsOf(after).find(
      (one) => !were.has(one.id) && one.type === field.type && titleIn(after, one.label) === name,
    );
    const lost: Described[] = renamed
      ? [
          losing((q) => `${q(name)} has another id, so Flipsite treats it as a new question without earlier answers.`),
          forStarted((q) => `earlier answers to ${q(name)} stay under the id ${q(id)}.`),
        ]
      : [losing((q) => `${q(name)} is no longer ${collected(field)}. Earlier answers stay.`)];
    return [...gone, ...lost.map((one) => ({ ...one, path }))];
  });
}

/** Answers that become sensitive, or that are no longer sensitive. */
function sensitiveChanges({ before, after }: Forms, are: Places): Change[] {
  const [were, now] = [sensitiveFields(before), sensitiveFields(after)];
  const pathOf = (id: string) => [...(are.get(id)?.path ?? []), 'sensitive'];
  return [...are.keys()]
    .filter((id) => fieldCalled(before, id) && were.has(id) !== now.has(id))
    .flatMap((id) => {
      const name = nameOf(after, id);
      const described = now.has(id)
        ? [
            forPeople((q) => `Flipsite now encrypts new answers to ${q(name)} and hides them in the dashboard.`),
            forStarted((q) => `answers to ${q(name)} stay unencrypted if people started before.`),
            forExports((q) => `downloads hide all answers to ${q(name)} unless a member asks for sensitive answers.`),
          ]
        : [
            forPeople((q) => `Flipsite no longer encrypts or hides new answers to ${q(name)}.`),
            forStarted((q) => `answers to ${q(name)} stay encrypted if people started before.`),
            forExports(
              (q) => `downloads still hide all answers to ${q(name)} unless a member asks for sensitive answers.`,
            ),
          ];
      return described.map((one) => ({ ...one, path: pathOf(id) }));
    });
}

/** How many questions a screen asks. A question that follows from an option is counted with its question. */
export const countQuestions = ({ fields }: Screen): number =>
  fields.filter((field) => isAsked(field) && !field.follows).length;
