/** Sentences with texts of a form in them, short enough to read: at most 25 words, with long texts cut. */
import { conditionInWords, STATE_WORDS, type ConditionNames } from '../check/words.ts';
import type { Condition, Scalar } from '../runtime/condition.ts';
import { fillPipes, localize, type Text } from '../runtime/text.ts';
import type { WinkState } from '../runtime/wink.ts';
import { typeOf } from '../fields/fields.ts';
import { fieldCalled, type Form } from '../schema.ts';
import type { Language } from '../wording/wording.ts';
import { capitalize } from '../capitalize.ts';

/** The most words of a sentence. */
const MAX_WORDS = 25;

/** How many words of each quoted text are tried, until the sentence is short enough. */
const QUOTED_WORDS = [16, 10, 7, 5, 3];

/** Puts a text between quotation marks, and cuts it to a number of words that the sentence has room for. */
export interface Quote {
  (text: string): string;
  /** Two texts, of which the second replaces the first. They are cut so that a difference is visible. */
  both(before: string, after: string): [before: string, after: string];
}

/** Builds a sentence, with more or less of the texts that it quotes. */
export type Phrase = (q: Quote) => string;

/**
 * The first of `phrases` that fits, with as much of its quotations as fits. The last of several phrases always fits.
 */
export function say(...phrases: Phrase[]): string {
  let sentence = '';
  for (const phrase of phrases) {
    for (const words of QUOTED_WORDS) {
      sentence = capitalize(phrase(quoteOf(words)));
      if (countWords(sentence) <= MAX_WORDS) return sentence;
    }
  }
  return sentence;
}

const countWords = (text: string): number => text.trim().split(/\s+/).length;

function quoteOf(words: number): Quote {
  const quote = (text: string) => `“${cut(text, words)}”`;
  const both = (before: string, after: string): [string, string] => {
    if (cut(before, words) !== cut(after, words)) return [quote(before), quote(after)];
    const from = lastWordBefore(before, after);
    return [`“…${cut(before.slice(from), words)}”`, `“…${cut(after.slice(from), words)}”`];
  };
  return Object.assign(quote, { both });
}

/** Words of most languages have fewer characters. A text without spaces is cut by its characters. */
const CHARACTERS_PER_WORD = 12;

function cut(text: string, words: number): string {
  const flat = text.trim().replace(/\s+/g, ' ');
  const some = flat.split(' ').slice(0, words).join(' ').slice(0, words * CHARACTERS_PER_WORD); // prettier-ignore
  return some === flat ? flat : `${some.replace(/[\s,.:;–-]+$/, '')}…`;
}

/** The index at which the last common word at the beginning of both texts begins. */
function lastWordBefore(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return one.slice(0, at).search(/\s\S*\s*\S*$/) + 1;
}

/** The text that people read for `text` in the first language of `form`, without the answers in it. */
export function titleIn(form: Form, text: Text): string {
  const title = localize(text, form.languages[0]);
  return fillPipes(title, {}).replace(/^[\s,.:;–-]+|\s+(?=[,.?!])|[\s,:;–-]+$/g, '') || title;
}

/** The name of a field, screen or ending: the text that people read, or the id if there is no text. */
export function nameOf(form: Form, id: string): string {
  const field = fieldCalled(form, id);
  if (field) return titleIn(form, field.label);
  const titled = [...form.screens, ...form.endings].find((one) => one.id === id);
  return titled ? titleIn(form, titled.title) : id;
}

/** `condition` with the texts that people read. */
export function whenIn(form: Form, condition: Condition, q: Quote): string {
  const names: ConditionNames = {
    subject: (id) => q(nameOf(form, id)),
    value: (id, value) => valueIn(form, id, value, q),
  };
  return conditionInWords(condition, names);
}

function valueIn(form: Form, id: string, value: Scalar, q: Quote): string {
  const field = fieldCalled(form, id);
  // The state of a Wink screen is a word of the product.
  if (!field) return STATE_WORDS[value as WinkState];
  return typeof value === 'number' ? String(value) : q(typeOf(field).show(field, value, form.languages[0]));
}

/** A language in English. A text that is no code of a language stays as it is. */
export const languageInWords = (language: string): string =>
  (/^[a-z]{2,3}$/.test(language) && new Intl.DisplayNames('en', { type: 'language' }).of(language)) || language;

export interface TextChange {
  before: string;
  after: string;
  /** Set where other languages have another change, or none. */
  language?: Language;
}

/** How a text changes for the people of each language that both forms have. */
export function textChanges(forms: { before: Form; after: Form }, before: Text, after: Text): TextChange[] {
  const languages = forms.after.languages.filter((one) => forms.before.languages.includes(one));
  const all = languages.map((language) => ({
    language,
    before: localize(before, language),
    after: localize(after, language),
  }));
  const changed = all.filter((one) => one.before !== one.after);
  const [first] = changed;
  const same = all.every((one) => one.before === first?.before && one.after === first.after);
  return same && first ? [{ before: first.before, after: first.after }] : changed;
}

/** `a` or `an` with the noun behind it. */
export const withArticle = (noun: string): string => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;

/** `“A”`, `“A” and “B”`, `“A”, “B” and 3 more`. */
export function listInWords(texts: string[], q: Quote, max = 3): string {
  const shown = texts.length > max ? texts.slice(0, max - 1) : texts;
  const parts = [...shown.map((text) => q(text)), ...(texts.length > max ? [`${texts.length - max + 1} more`] : [])];
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? '');
}
