/** The titles of a form's screens, endings and fields, with one person's answers in them, and the names of providers and links. */
import { typeOf, type Field } from '../../form/fields/fields.ts';
import type { Answer } from '../../form/runtime/condition.ts';
import { fieldsOf, type Form } from '../../form/schema.ts';
import { sensitiveFields } from '../../form/inspect/sensitive.ts';
import { pieces, localize, type Text } from '../../form/runtime/text.ts';
import type { Language } from '../../form/wording/wording.ts';
import { formatDay } from '../../linked/words.ts';
import { formatReference } from '../../record/ids.ts';
import type { Submission } from '../../record/submissions/submissions.ts';

/** By id. An unknown id is shown as it is. */
export type Title = (id: string) => string;
export type Titles = { screen: Title; ending: Title; field: Title; provider: Title; link: Title };

type Person = Pick<Submission, 'answers' | 'params' | 'reference'>;

/** In the form's first language. An ellipsis replaces a sensitive or missing answer. */
export function titlesOf(
  form: Form | undefined,
  { answers, params, reference }: Person,
  providers: ReadonlyMap<string, string> = new Map(),
  link: Title = (id) => id,
): Titles {
  const language = form?.languages[0] ?? 'en';
  const fields = form ? fieldsOf(form) : [];
  const sensitive = form ? sensitiveFields(form) : new Set<string>();
  const value = (name: string): string => {
    if (name === 'reference' && reference) return formatReference(reference);
    if (sensitive.has(name)) return '…';
    const field = fields.find(({ id }) => id === name);
    const answer = answers[name];
    return (field && answer !== undefined ? answerInWords(field, answer, language) : params[name]) ?? '…';
  };
  const filled = (text: Text): string =>
    pieces(localize(text, language))
      .map((piece) => (typeof piece === 'string' ? piece : value(piece.pipe)))
      .join('');
  const titleIn = (list: { id: string; title: Text }[] | undefined) => (id: string) => {
    const found = list?.find((one) => one.id === id);
    return found ? filled(found.title) : id;
  };
  const labels = new Map(fields.map(({ id, label }) => [id, filled(label)]));
  return {
    screen: titleIn(form?.screens),
    ending: titleIn(form?.endings),
    field: (id) => labels.get(id) ?? id,
    provider: (id) => providers.get(id) ?? id,
    link,
  };
}

/** An answer as text. A date looks like all dates of the dashboard. */
export const answerInWords = (field: Field, answer: Answer, language: Language): string =>
  (typeOf(field).kind === 'date' && formatDay(String(answer))) || typeOf(field).show(field, answer, language);
