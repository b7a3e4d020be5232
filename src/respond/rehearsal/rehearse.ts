/** Tries one submission with another version of its form. Pure. */
import { HIDDEN_OPTION } from '../../form/changes/rehearsal.ts';
import { answerTo, type Answers } from '../../form/runtime/condition.ts';
import type { Choice } from '../../form/fields/field-type.ts';
import { typeOf } from '../../form/fields/fields.ts';
import { fieldCalled, fieldsOf, type Form } from '../../form/schema.ts';
import type { Language } from '../../form/wording/wording.ts';
import { evaluateForm, screenOf } from '../evaluate.ts';

/** A version of a form, and the answers of a submission with the states of the Wink screens of that version. */
export interface Attempt {
  form: Form;
  answers: Answers;
}

/** The result for a submission. */
export type Fate =
  /** It would end or wait where it does now. */
  | { kind: 'same' }
  /** It would end at another ending, or at one where it does not end yet. */
  | { kind: 'ends'; ending: string }
  /** It would stop at questions, or at a Wink screen, that do not stop it now. */
  | { kind: 'asked'; stops: { id: string; again: boolean }[] }
  /** It would neither reach an ending nor a question. */
  | { kind: 'breaks' };

/**
 * Compares the journey in two versions with the same answers at the same moment, so that only the versions differ.
 * @param before the published version
 * @param after the version to publish
 * @param now the moment that limits such as `today` count from
 * @param ended the ending of a sent submission. It counts where the published version would ask for more
 */
export function rehearse(before: Attempt, after: Attempt, language: Language, now: Date, ended?: string | null): Fate {
  const was = evaluateForm(before.form, before.answers, language, now);
  const is = evaluateForm(after.form, after.answers, language, now);
  if (is.ending !== undefined)
    return is.ending === (was.ending ?? ended) ? { kind: 'same' } : { kind: 'ends', ending: is.ending };
  const screen = screenOf(after.form, is.path.at(-1) ?? '');
  const isAnswered = (id: string) => answerTo(id, after.answers) !== undefined;
  const fields = Object.keys(is.errors);
  if (!screen || (!screen.wink && !fields.length)) return { kind: 'breaks' };
  const stopsOn = (ids: string[], again: (id: string) => boolean): Fate =>
    ids.length ? { kind: 'asked', stops: ids.map((id) => ({ id, again: again(id) })) } : { kind: 'same' };

  const waiting = was.ending === undefined ? (was.path.at(-1) ?? '') : undefined;
  // A draft asks for the rest of its screen anyway. An answer that it has counts no more.
  if (waiting === screen.id)
    return stopsOn(
      fields.filter((id) => !(id in was.errors) && isAnswered(id)),
      () => true,
    );
  if (waiting !== undefined && !was.path.includes(screen.id)) {
    // It would be past the screen where it waits, or that screen is gone.
    if (is.path.includes(waiting) || !screenOf(after.form, waiting)) return { kind: 'same' };
  }
  return screen.wink ? stopsOn([screen.id], () => was.path.includes(screen.id)) : stopsOn(fields, isAnswered);
}

/**
 * Answers to questions that `after` no longer has, and options that it no longer offers.
 * @param sensitive the fields whose answers are not named
 */
export function lostAnswers(
  { form, answers }: Attempt,
  after: Form,
  sensitive: ReadonlySet<string>,
): { field: string; option?: string }[] {
  return fieldsOf(form).flatMap((field): { field: string; option?: string }[] => {
    const answer = answerTo(field.id, answers);
    if (answer === undefined || typeOf(field).formula) return [];
    const next = fieldCalled(after, field.id);
    if (!next || typeOf(next).kind === 'nothing') return [{ field: field.id }];
    if (!('options' in field && 'options' in next)) return [];
    const offers = (options: Choice[], value: unknown) => options.some((option) => option.value === value);
    const gone = [answer].flat().filter((value) => offers(field.options, value) && !offers(next.options, value));
    if (sensitive.has(field.id)) return gone.length ? [{ field: field.id, option: HIDDEN_OPTION }] : [];
    return gone.map((option) => ({ field: field.id, option: String(option) }));
  });
}
