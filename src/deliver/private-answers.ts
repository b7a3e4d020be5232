/** Finds private answers in the text of a receiver. The store would have them as plain text. */
import { sensitiveFields } from '../form/inspect/sensitive.ts';
import type { Answer, Answers } from '../form/runtime/condition.ts';
import type { Form } from '../form/schema.ts';

/** Whether a text has a private answer of 4 characters or more, or ends in the middle of one. */
export const repeatsPrivate = (text: string, form: Form, answers: Answers): boolean =>
  [...sensitiveFields(form)].flatMap((id) => textsIn(answers[id])).some((answer) => isIn(answer, text));

const textsIn = (answer: Answer | undefined): string[] =>
  typeof answer === 'object'
    ? Object.values(answer).flatMap(textsIn)
    : answer === undefined || typeof answer === 'boolean'
      ? []
      : [String(answer)];

/** Fewer characters are in too many words. */
const MIN_CHARACTERS = 4;

/** Whether `text` has the answer, as it is or as JSON writes it, or ends in the middle of it. */
function isIn(answer: string, text: string): boolean {
  return [answer, JSON.stringify(answer).slice(1, -1)].some((one) => {
    if (one.length < MIN_CHARACTERS) return false;
    const from = text.lastIndexOf(one.slice(0, MIN_CHARACTERS));
    return text.includes(one) || (from >= 0 && one.startsWith(text.slice(from)));
  });
}
