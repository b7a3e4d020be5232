/** Defaults: each one is an answer that its own field takes. */
import { todayAround } from '../fields/dates/date.ts';
import type { Field } from '../fields/fields.ts';
import { parseAnswer } from '../fields/parse-answer.ts';
import { sentence } from '../fields/problem-sentences.ts';
import type { Form } from '../schema.ts';
import type { Language } from '../wording/wording.ts';
import { possibleWords, type ComparisonWords } from './compare.ts';
import { pathOfField, type Finding } from './finding.ts';

export function defaultFaults(form: Form, now: Date): Finding[] {
  const [language = 'en'] = form.languages;
  return form.screens.flatMap((screen, at) =>
    screen.fields.flatMap((field, index) => {
      const wrong = 'default' in field ? defaultFault(field, field.default, language, now) : undefined;
      return wrong ? [{ place: { path: [...pathOfField(screen, at, index), 'default'] }, ...wrong }] : [];
    }),
  );
}

function defaultFault(field: Field, value: unknown, language: Language, now: Date): ComparisonWords | undefined {
  if (value === undefined) return undefined;
  const read = parseAnswer(field, value, todayAround(now));
  if ('answer' in read && read.answer !== undefined) return undefined;
  const why = 'problem' in read ? sentence(field, read.problem, language, read.also) : 'It is empty';
  return {
    message: `\`default\` of field \`${field.id}\` is not a possible answer: ${why}`,
    remedy: `Write a possible answer (${possibleWords(field)}), or delete \`default\`.`,
  };
}
