/** All types of field. A new type is a module in a folder here and a line in this list. */
import { z } from 'zod';
import { parseAmount, sayUnclear } from '../runtime/amount.ts';
import type { Answer } from '../runtime/condition.ts';
import type { Expression } from '../runtime/expression.ts';
import { fromEntries, type Entries } from '../runtime/from-entries.ts';
import { fillPipes, localize } from '../runtime/text.ts';
import { isQuestion } from '../wording/question.ts';
import { betweenSentences, wordings, type Language } from '../wording/wording.ts';
import type { FieldType, FileLimits, Kind, PersonFact, Problem, Today, Wrong } from './field-type.ts';
import { money } from './amounts/money.ts';
import { number } from './amounts/number.ts';
import { checkboxes } from './choices/checkboxes.ts';
import { consent } from './choices/consent.ts';
import { radio } from './choices/radio.ts';
import { rating } from './choices/rating.ts';
import { scale } from './choices/scale.ts';
import { select } from './choices/select.ts';
import { yesNo } from './choices/yes-no.ts';
import { date } from './dates/date.ts';
import { time } from './dates/time.ts';
import { fileType, signature } from './files/files.ts';
import { address } from './places/address.ts';
import { country } from './places/country.ts';
import { email } from './text/email.ts';
import { phone } from './text/phone.ts';
import { text } from './text/text.ts';
import { textarea } from './text/textarea.ts';
import { url } from './text/url.ts';
import { computed } from './no-input/computed.ts';
import { hidden } from './no-input/hidden.ts';
import { statement } from './no-input/statement.ts';

const types = {
  text,
  textarea,
  email,
  phone,
  url,
  number,
  money,
  date,
  time,
  radio,
  checkboxes,
  select,
  yes_no: yesNo,
  consent,
  country,
  address,
  rating,
  scale,
  file: fileType,
  signature,
  hidden,
  computed,
  statement,
};

export const fieldTypeNames = Object.keys(types) as (keyof typeof types)[];

export const fieldSchema = z.discriminatedUnion(
  'type',
  Object.values(types).map(({ schema }) => schema) as never,
) as unknown as z.ZodType<Field>;

/** A compiled field of any type. A field that was written as a key of another field names that field in `follows`. */
export type Field = { [T in keyof typeof types]: z.infer<(typeof types)[T]['schema']> }[keyof typeof types] & {
  follows?: string;
};

/** The module of a field's type. */
export const typeOf = (field: Field): FieldType<Field> => moduleOf(field.type);

/** The module of a type. */
export const moduleOf = (type: keyof typeof types): FieldType<Field> => types[type] as unknown as FieldType<Field>;

/** The calculation of a computed field. */
export const formulaOf = (field: Field): Expression | undefined => typeOf(field).formula?.(field);

/** The limits on the files of a field that takes files. */
export const fileLimits = (field: Field): FileLimits | undefined => typeOf(field).files?.(field);

/** Whether an answer to the field can be this fact about a person. */
export const canHold = (field: Field, fact: PersonFact): boolean => typeOf(field).facts?.includes(fact) ?? false;

/** Whether the answer is a full name, because the author named the field so, in a form of any language. */
export const isFullName = (field: Field): boolean =>
  canHold(field, 'name') && 'autocomplete' in field && field.autocomplete === 'name';

const FILLED: Kind[] = ['text', 'number', 'boolean', 'date'];

/** Whether a link or a file of invitations can fill in the answer: one value that people can see and change. */
export const canBeFilled = (field: Field): boolean => {
  const { kind, formula, personal } = typeOf(field);
  return FILLED.includes(kind) && !formula && !personal;
};

/** The type that has `name` as another name. */
export const typeCalled = (name: string): string | undefined =>
  fieldTypeNames.find((type) => moduleOf(type).otherNames?.includes(name));

/**
 * Reads one answer. Absent, `null`, an empty text, an empty list and only empty parts mean unanswered.
 * @returns the answer to store, `undefined` if it may stay unanswered, or the problem
 */
export function parseAnswer(field: Field, raw: unknown, today: Today): { answer: Answer | undefined } | Wrong {
  const { kind, blank: ownBlank } = typeOf(field);
  const parts = kind === 'parts' && typeof raw === 'object' && raw !== null && !Array.isArray(raw);
  const blank = parts ? Object.values(raw).every(isBlank) : isBlank(raw) || raw === ownBlank;
  if (!blank) return typeOf(field).read(field, raw, today);
  if (!field.required) return { answer: undefined };
  // The type knows which of its parts an answer needs.
  return kind === 'parts' ? typeOf(field).read(field, {}, today) : { problem: 'missing' };
}

const isBlank = (raw: unknown): boolean =>
  raw === undefined ||
  raw === null ||
  (typeof raw === 'string' && raw.trim() === '') ||
  (Array.isArray(raw) && raw.length === 0);

/**
 * The answer in the controls of a field, as a JSON value. A text that is no number, or that can be two, stays text.
 * Reading it refuses it.
 */
export function answerIn(field: Field, language: Language, entries: Entries): Answer | undefined {
  const { kind, amount } = typeOf(field);
  const typed = amount && fromEntries('text', field.id, entries);
  const number = typed && parseAmount(String(typed), amount(field, language));
  return typeof number === 'number' ? number : (typed ?? fromEntries(kind, field.id, entries));
}

/**
 * The sentence that tells a person the problem of an answer and the fix. For parts, it has one sentence for each
 * problem.
 * @param raw the answer as the person typed it
 */
export function sentence(
  field: Field,
  problem: Problem,
  language: Language,
  also: Problem[] = [],
  raw?: unknown,
): string {
  const byProblem = sentences(field, language);
  const amount = typeof raw === 'string' ? typeOf(field).amount?.(field, language) : undefined;
  const unclear = amount && sayUnclear(String(raw), amount, byProblem.unclear);
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
  const { kind } = typeOf(field).control(field, language);
  const ask = kind === 'tick' ? missing.tick : kind === 'choices' || kind === 'select' ? missing.choose : missing.enter;
  return {
    ...(field.required && { missing: ask(cut(unpiped(localize(field.label, language)))) }),
    ...typeOf(field).sentences[language](field),
  };
}

/** Most of a label that a sentence repeats, in characters. */
const LONGEST_TOLD = 60;

/** A label between two words, cut so that people recognize it. The complete label is right above. */
function cut(label: string): string {
  if (label.length <= LONGEST_TOLD) return label;
  const begins = label.slice(0, LONGEST_TOLD).replace(/[\s,]+\S*$/, '');
  return `${begins}…${isQuestion(label) ? label.trim().slice(-1) : ''}`;
}

/** A label without piped answers, for a sentence that is made in advance. */
const unpiped = (label: string): string => fillPipes(label, {}).replace(/^[\s,.:;–-]+|\s+(?=[,.?])/g, '');
