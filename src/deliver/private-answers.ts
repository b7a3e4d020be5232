/** Finds private answers in the text of a receiver. The store would have them as plain text. */
import { sensitiveFields } from '../form/inspect/sensitive.ts';
import type { Answer, Answers } from '../form/runtime/condition.ts';
import type { Form } from '../form/schema.ts';
import { inOneLine } from './in-one-line.ts';

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
  // The text of a receiver comes in one line.
  const spellings = [answer, JSON.stringify(answer).slice(1, -1)].map(inOneLine);
  return [text, inOneLine(unescaped(text))].some((message) =>
    spellings.some((one) => one.length >= MIN_CHARACTERS && (message.includes(one) || endsWithin(one, message))),
  );
}

/** Whether `text` ends with the beginning of the answer. */
function endsWithin(answer: string, text: string): boolean {
  for (let length = Math.min(answer.length, text.length); length >= MIN_CHARACTERS; length--)
    if (text.endsWith(answer.slice(0, length))) return true;
  return false;
}

/** A text without the escapes of JSON, which the libraries of some languages use for all but ASCII. The last one may be cut off. */
const unescaped = (text: string): string =>
  text
    .replace(/\\(?:u[\da-f]{0,3})?$/i, '')
    .replace(/\\(?:u([\da-f]{4})|(["\\/])|[bfnrt])/gi, (_, code?: string, sign = ' ') =>
      code ? String.fromCharCode(parseInt(code, 16)) : sign,
    );
