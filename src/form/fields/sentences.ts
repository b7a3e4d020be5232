/** Shared by the types of field to write sentences in every language. */
import { fillPipes } from '../runtime/text.ts';
import { directionOf, languageCodes, localeOf, type Language } from '../wording/wording.ts';
import type { FieldType, Problem } from './field-type.ts';

type ProblemSentences = Partial<Record<Problem, string>>;

/** The sentences of a type: `write` fills in, for one field, the words of each language. */
export const inEach = <Words, F>(
  words: Record<Language, Words>,
  write: (words: Words, field: F, language: Language) => ProblemSentences,
): FieldType<F>['sentences'] =>
  Object.fromEntries(
    languageCodes.map((language) => [language, (field: F) => write(words[language], field, language)]),
  ) as FieldType<F>['sentences'];

/** For a type with answers that cannot be wrong. */
export const noSentences: FieldType<unknown>['sentences'] = inEach(
  { en: 0, es: 0, fil: 0, id: 0, zh: 0, ar: 0 },
  () => ({}),
);

/** One sentence for any problem of a typed text. It has an example. */
export const alike = (sentence: string): ProblemSentences => ({ type: sentence, pattern: sentence, long: sentence });

/** "14,500.5", as people who read `language` write it. */
export function writtenIn(value: number, language: Language): string {
  // Making one takes as long as checking a whole screen.
  formats[language] ??= new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 10 });
  return formats[language].format(value);
}

const formats: Partial<Record<Language, Intl.NumberFormat>> = {};

/** Text that always runs left to right, such as a phone number, for a sentence that may run the other way. */
export const leftToRight = (text: string, language: Language): string =>
  directionOf(language) === 'rtl' ? `\u2066${text}\u2069` : text;

const LIKE: Record<Language, string> = {
  en: 'Like {example}',
  es: 'Por ejemplo, {example}',
  fil: 'Tulad ng {example}',
  id: 'Seperti {example}',
  zh: '例如 {example}',
  ar: 'مثل {example}',
};

/** A hint that shows what to enter. */
export const likeThis = (example: string, language: Language): string =>
  fillPipes(LIKE[language], { example: leftToRight(example, language) });
