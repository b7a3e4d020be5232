/** Evaluates a submission: its path through the form, the answers that count, and the errors. */
import { answerTo, comparisons, type Answers } from '../form/runtime/condition.ts';
import { reads } from '../form/runtime/expression.ts';
import { todayAround } from '../form/fields/dates/date.ts';
import { typeOf, type Field } from '../form/fields/fields.ts';
import { parseAnswer } from '../form/fields/parse-answer.ts';
import { sentence } from '../form/fields/problem-sentences.ts';
import { withSharedTime } from '../form/fields/text/pattern.ts';
import { readScreen, walk, type FlowDefinition, type Walk } from '../form/runtime/journey.ts';
import type { Form, Screen } from '../form/schema.ts';
import type { Language } from '../form/wording/wording.ts';
import { mayLeave } from '../form/runtime/wink.ts';

/**
 * Reads the answers to one screen.
 * @param pathAnswers those of earlier screens
 * @returns the answers to store, without those of hidden fields, and a sentence for each field with an error
 */
export function validateScreen(
  screen: Screen,
  pathAnswers: Answers,
  input: Record<string, unknown>,
  language: Language,
  now: Date,
): { answers: Answers; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const today = todayAround(now);
  const readField = (field: Field) => {
    const raw = Object.hasOwn(input, field.id) ? input[field.id] : undefined;
    const read = parseAnswer(field, raw, today);
    if (!('problem' in read)) return read.answer;
    // The person cannot see a hidden field, so its bad value is left out.
    if (!typeOf(field).unseen) errors[field.id] = sentence(field, read.problem, language, read.also, raw);
    return undefined;
  };
  const { answers: screenAnswers } = withSharedTime(() =>
    readScreen(screen, decidingAnswers(screen, pathAnswers), readField),
  );
  return { answers: screenAnswers, errors };
}

/** The answers that the conditions and formulas of `screen` read. A copy of all of them for each screen would take long. */
function decidingAnswers({ fields }: FlowDefinition['screens'][number], pathAnswers: Answers): Answers {
  const ids = fields.flatMap(({ show_when: when, value }) => [
    ...comparisons(when).map(([, id]) => id),
    ...(value === undefined ? [] : reads(value)),
  ]);
  const deciding: Answers = {};
  for (const id of ids) {
    const answer = answerTo(id, pathAnswers);
    if (answer !== undefined) deciding[id] = answer;
  }
  return deciding;
}

/**
 * Walks the form as far as its screens are complete.
 * @param answers include the states of Wink screens, under the ids of the screens
 * @param to the screen at which the walk ends, if it comes so far. A save reads no later ones
 * @returns the path, the errors of its last screen by field, and the answers that count before `to`, if the walk ended there
 */
export function evaluateForm(
  form: Form,
  answers: Answers,
  language: Language,
  now: Date,
  to?: Screen,
): Walk & { errors: Record<string, string>; before?: Answers | undefined } {
  let errors: Record<string, string> = {};
  let before: Answers | undefined;
  const readScreenOf = (id: string, pathAnswers: Answers) => {
    const screen = screenOf(form, id);
    if (!screen) return false;
    if (screen === to) {
      before = { ...pathAnswers };
      errors = {};
      return false;
    }
    if (screen.wink) return mayLeave(screen, pathAnswers);
    ({ errors } = validateScreen(screen, pathAnswers, answers, language, now));
    return Object.keys(errors).length === 0;
  };
  const journey = withSharedTime(() => walk(form, answers, readScreenOf));
  return { ...journey, errors, before };
}

export const screenOf = (form: Form, id: string): Screen | undefined => form.screens.find((screen) => screen.id === id);
