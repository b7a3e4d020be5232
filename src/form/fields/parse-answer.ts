/** Reads an answer to a field, from JSON or from the controls of a posted form. */
import { parseAmount } from '../runtime/amount.ts';
import type { Answer } from '../runtime/condition.ts';
import { fromEntries, type Entries } from '../runtime/from-entries.ts';
import type { Language } from '../wording/wording.ts';
import type { Today, Wrong } from './field-type.ts';
import { typeOf, type Field } from './fields.ts';

/**
 * Reads one answer. Absent, `null`, a text without a character that people see, an empty list and only empty parts mean unanswered.
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

/** A character that people see. Some phones and chats leave invisible ones in a text that was deleted. */
const SEEN = /[^\s\p{Default_Ignorable_Code_Point}\u2800]/u;

const isBlank = (raw: unknown): boolean =>
  raw === undefined ||
  raw === null ||
  (typeof raw === 'string' && !SEEN.test(raw)) ||
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
