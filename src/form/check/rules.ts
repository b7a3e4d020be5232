/** Rules: each one reads an answer that the person can have given before, and compares it with a possible value. */
import { comparisons, type Condition } from '../runtime/condition.ts';
import type { Field } from '../fields/fields.ts';
import { didYouMean } from '../faults/nearest.ts';
import { fieldCalled, type Form, type Screen } from '../schema.ts';
import { pathOfField, type Finding } from './finding.ts';
import type { Doubts } from './doubts.ts';
import { fieldFault, stateFault, type ComparisonWords } from './compare.ts';
import type { Journeys } from './explore.ts';

/** The fault of a rule by itself, whatever leads to its screen. */
export function ruleFaults(form: Form, { kinds }: Doubts): Finding[] {
  return conditionsOf(form).flatMap(({ condition, path }) =>
    comparisons(condition).flatMap((comparison): Finding[] => {
      const id = comparison[1];
      const place = { path, find: id };
      const asked = questionOf(form, id);
      if (!asked) return [{ place, ...unknown(form, id), unknown: true }];
      if (kinds.has(id)) return [];
      const wrong = 'type' in asked ? fieldFault(asked, comparison) : stateFault(asked, comparison);
      return wrong ? [{ place, ...wrong }] : [];
    }),
  );
}

/**
 * The rules that read an answer before its question. A screen that no journey reaches has one fault of its own instead.
 */
export function earlyFaults(form: Form, { before, reached }: Journeys, { kinds }: Doubts): Finding[] {
  return conditionsOf(form)
    .filter(({ screen }) => reached.has(screen.id))
    .flatMap(({ screen, condition, path, own }) => {
      const answered = new Set([...(before.get(screen.id) ?? []), ...own]);
      return comparisons(condition)
        .map(([, id]) => id)
        .filter((id) => questionOf(form, id) && !kinds.has(id) && !answered.has(id))
        .map((id) => ({
          place: { path, find: id },
          message: `this rule uses \`${id}\` before it is asked`,
          remedy: `Ask \`${id}\` earlier, or use an earlier answer.`,
        }));
    });
}

interface Placed {
  screen: Screen;
  condition: Condition | undefined;
  path: PropertyKey[];
  /** The questions of its own screen that come before it. */
  own: string[];
}

function conditionsOf(form: Form): Placed[] {
  return form.screens.flatMap((screen, at) => {
    const own = screen.wink ? [screen.id] : screen.fields.map(({ id }) => id);
    const shows = screen.fields.map((field, index) => ({
      screen,
      condition: field.show_when,
      path: [...pathOfField(screen, at, index), 'show_when'],
      own: own.slice(0, index),
    }));
    const rules = screen.next.map(({ when }, index) => ({
      screen,
      condition: when,
      path: ['screens', at, 'next', index, 'when'],
      own,
    }));
    return [...shows, ...rules];
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
      message: `a rule cannot use screen \`${id}\``,
      remedy: 'Use one of its fields. Only a screen with a Wink widget has a state.',
    };
  const known = form.screens.flatMap((screen) => (screen.wink ? [screen.id] : screen.fields.map((field) => field.id)));
  return { message: `there is no field \`${id}\``, remedy: didYouMean(id, known, `Use one of: ${known.join(', ')}.`) };
}
