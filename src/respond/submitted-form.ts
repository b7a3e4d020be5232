/** The ending of a submission, as the API returns it. */
import type { SubmittedForm } from '../contract/api.ts';
import { typeOf } from '../form/fields/fields.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import { fillPipes, isolated, localize } from '../form/runtime/text.ts';
import type { Language } from '../form/wording/wording.ts';
import { formatReference } from '../record/ids.ts';
import type { Submission } from '../record/submissions/submissions.ts';

/** The ending of a submitted submission in the language of the person; undefined for a draft. */
export function submittedFormOf(
  form: Form,
  { reference, submittedAt, ending: id, language, answers, params }: Submission,
): SubmittedForm | undefined {
  const ending = form.endings.find((one) => one.id === id);
  if (!reference || !submittedAt || !ending) return undefined;
  const shownReference = formatReference(reference);
  const values = { ...params, ...formatAnswers(form, answers, language as Language), reference: shownReference };
  const each = (change: (value: string) => string) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
  const inText = (text: string) => {
    const plain = fillPipes(text, values);
    return fillPipes(
      text,
      each((value) => isolated(value, plain)),
    );
  };
  return {
    reference: shownReference,
    submittedAt,
    ending: {
      id: ending.id,
      title: inText(localize(ending.title, language)),
      ...(ending.text && { text: inText(localize(ending.text, language)) }),
      ...(ending.redirect && { redirect: fillPipes(ending.redirect, each(encodeURIComponent)) }),
    },
  };
}

function formatAnswers(form: Form, answers: Submission['answers'], language: Language): Record<string, string> {
  return Object.fromEntries(
    fieldsOf(form).flatMap((field) => {
      const answer = answers[field.id];
      return answer === undefined ? [] : [[field.id, typeOf(field).show(field, answer, language)]];
    }),
  );
}
