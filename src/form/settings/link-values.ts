/** Values that a link fills in, before anyone answers. */
import { possibleWords } from '../check/compare.ts';
import { todayAround } from '../fields/dates/date.ts';
import { canBeFilled, linksCanFill, typeOf, type Field } from '../fields/fields.ts';
import { answerIn, parseAnswer } from '../fields/parse-answer.ts';
import { sentence } from '../fields/problem-sentences.ts';
import type { Form } from '../schema.ts';

/** The reason why a link can't fill in `value`, and the fix; undefined if it can. */
export function prefillFault(
  form: Pick<Form, 'languages'>,
  field: Field,
  value: string,
  now: Date,
): { why: string; remedy: string } | undefined {
  if (!linksCanFill(field)) {
    const reserved = canBeFilled(field) && 'Flipsite uses this name in addresses';
    const why = typeOf(field).kind === 'list' ? 'people can choose several answers' : 'only the person can answer it';
    return { why: reserved || why, remedy: 'Delete it from the link.' };
  }
  const raw = answerIn(field, form.languages[0], [[field.id, value]]);
  const read = parseAnswer(field, raw, todayAround(now));
  if ('answer' in read && read.answer !== undefined) return undefined;
  const why =
    'problem' in read ? sentence(field, read.problem, 'en', read.also, raw, form.languages[0]) : 'it is empty';
  return { why, remedy: `Write a possible answer (${possibleWords(field)}).` };
}
