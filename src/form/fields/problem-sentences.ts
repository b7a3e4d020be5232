/** The sentences about the problems of an answer. */
import { explainAmbiguity } from '../runtime/amount.ts';
import { fillPipes, localize } from '../runtime/text.ts';
import { isQuestion } from '../wording/question.ts';
import { betweenSentences, wordings, type Language } from '../wording/wording.ts';
import type { Problem } from './field-type.ts';
import { typeOf, type Field } from './fields.ts';

/**
 * The sentence that tells a person the problem of an answer and the fix. For parts, it has one sentence for each
 * problem.
 * @param raw the answer as the person typed it
 * @param typedIn the language in which an amount was read
 */
export function sentence(
  field: Field,
  problem: Problem,
  language: Language,
  also: Problem[] = [],
  raw?: unknown,
  typedIn: Language = language,
): string {
  const byProblem = sentences(field, language);
  const amount = typeof raw === 'string' ? typeOf(field).amount?.(field, typedIn) : undefined;
  const unclear = amount && explainAmbiguity(String(raw), amount, byProblem.unclear);
  if (unclear) return unclear;
  const { checkAnswer } = wordings[language].page;
  return [...new Set([problem, ...also].map((one) => byProblem[one] ?? checkAnswer))].join(betweenSentences(language));
}

/** All sentences of a field, by problem, in `language`. */
export function sentences(field: Field, language: Language): Partial<Record<Problem, string>> {
  const known = sentenceCache.get(field) ?? {};
  sentenceCache.set(field, known);
  return (known[language] ??= makeSentences(field, language));
}

/** A compiled field never changes, and neither do its sentences. */
const sentenceCache = new WeakMap<Field, Partial<Record<Language, Partial<Record<Problem, string>>>>>();

function makeSentences(field: Field, language: Language): Partial<Record<Problem, string>> {
  const { missing } = wordings[language];
  const control = typeOf(field).control(field, language);
  const ask =
    control.kind === 'tick'
      ? missing.tick
      : control.kind === 'files'
        ? missing[control.signature ? 'sign' : 'file']
        : control.kind === 'choices' || control.kind === 'select'
          ? missing.choose
          : missing.enter;
  return {
    ...(field.required && { missing: ask(cut(unpiped(localize(field.label, language)))) }),
    ...typeOf(field).sentences[language](field),
  };
}

/** Most of a label that a sentence repeats, in characters. */
const MAX_LABEL = 60;

/** A label between two words, cut so that people recognize it. The complete label is right above. */
function cut(label: string): string {
  if (label.length <= MAX_LABEL) return label;
  const begins = label.slice(0, MAX_LABEL).replace(/[\s,]+\S*$/, '');
  return `${begins}…${isQuestion(label) ? label.trim().slice(-1) : ''}`;
}

/** A label without piped answers, for a sentence that is made in advance. */
const unpiped = (label: string): string => fillPipes(label, {}).replace(/^[\s,.:;–-]+|\s+(?=[,.?])/g, '');
