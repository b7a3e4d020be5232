/** Rules: each one reads an answer that can have been given by then, and compares it with a value it can have. */
import { comparisons, type Condition } from '../runtime/condition.ts';
import type { Field } from '../fields/fields.ts';
import { didYouMean } from '../faults/nearest.ts';
import { fieldCalled, type Form, type Screen } from '../schema.ts';
import { pathOfField, type Finding } from './finding.ts';
import { fieldFault, stateFault, type ComparisonWords } from './compare.ts';
import type { Journeys } from './explore.ts';

export function ruleFaults(form: Form, { before, reached }: Journeys): Finding[] {
  return form.screens.flatMap((screen, at) => {
    const earlier = before.get(screen.id) ?? new Set<string>();
    const own = screen.wink ? [screen.id] : screen.fields.map(({ id }) => id);
    const shows = screen.fields.flatMap((field, index) => {
      const given = new Set([...earlier, ...own.slice(0, index)]);
      return conditionFaults(
        form,
        field.show_when,
        [...pathOfField(screen, at, index), 'show_when'],
        given,
        reached.has(screen.id),
      );
    });
    const rules = screen.next.flatMap((rule, index) => {
      const given = new Set([...earlier, ...own]);
      return conditionFaults(form, rule.when, ['screens', at, 'next', index, 'when'], given, reached.has(screen.id));
    });
    return [...shows, ...rules];
  });
}

/** On a screen that no journey reaches nothing can have been given; that is told once, as unreachable. */
function conditionFaults(
  form: Form,
  condition: Condition | undefined,
  path: PropertyKey[],
  given: Set<string>,
  onAJourney: boolean,
): Finding[] {
  return comparisons(condition).flatMap((comparison) => {
    const id = comparison[1];
    const place = { path, find: id };
    const asked = questionOf(form, id);
    if (!asked) return [{ place, ...unknown(form, id) }];
    if (onAJourney && !given.has(id)) {
      return [
        {
          place,
          message: `this rule reads \`${id}\`, which no journey has asked by then`,
          remedy: `Ask \`${id}\` earlier, or read an answer that comes before.`,
        },
      ];
    }
    const wrong = 'type' in asked ? fieldFault(asked, comparison) : stateFault(asked, comparison);
    return wrong ? [{ place, ...wrong }] : [];
  });
}

function questionOf(form: Form, id: string): Field | Screen | undefined {
  const wink = form.screens.find((screen) => screen.wink && screen.id === id);
  return wink ?? fieldCalled(form, id);
}

function unknown(form: Form, id: string): ComparisonWords {
  const screens = form.screens.filter((screen) => !screen.wink && screen.id === id);
  if (screens.length)
    return {
      message: `a rule cannot read screen \`${id}\``,
      remedy: 'Name one of its fields. Only a screen with a Wink widget has a state of its own.',
    };
  const known = form.screens.flatMap((screen) => (screen.wink ? [screen.id] : screen.fields.map((field) => field.id)));
  return { message: `no field is called \`${id}\``, remedy: didYouMean(id, known, `There are: ${known.join(', ')}.`) };
}
