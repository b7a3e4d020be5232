/** Texts by language, and the piping of answers into them. */

/** A text as an author writes it: one string for every language, or one per language. */
export type Text = string | Record<string, string>;

/** `text` in `language`. Without that language, as in the preview of a form that is not translated yet, it is the first one. */
export function localize(text: Text, language: string): string {
  if (typeof text === 'string') return text;
  return (Object.keys(text).includes(language) ? text[language] : Object.values(text)[0]) ?? '';
}

export const PIPE = /\{([a-z][a-z0-9_]*)\}/g;

/** The names piped into `text`, in any of its languages, in order of appearance. */
export function pipes(text: Text): string[] {
  const strings = typeof text === 'string' ? [text] : Object.values(text);
  return [...new Set(strings.flatMap((string) => [...string.matchAll(PIPE)].map((match) => match[1] ?? '')))];
}

/** Splits a string: plain pieces as strings, piped names as `{ pipe }`. */
export function pieces(string: string): (string | { pipe: string })[] {
  return string.split(PIPE).map((piece, index) => (index % 2 ? { pipe: piece } : piece));
}

/**
 * `string` with each `{name}` replaced by `values[name]`, or by nothing. The result is plain text, so escape it in
 * HTML.
 */
export function fillPipes(string: string, values: Record<string, string | number>): string {
  // Browsers of 2021 have no `Object.hasOwn`.
  return string.replace(PIPE, (_, name: string) => (Object.keys(values).includes(name) ? `${values[name]}` : ''));
}

const FROM_RIGHT = /[\u0590-\u08ff]/;

/**
 * An answer with a direction of its own (Unicode, UAX #9, isolates), for a text with Arabic or Hebrew letters. Beside them, the
 * groups of a number would be in reverse order.
 */
export const isolated = (answer: string, text: string): string =>
  FROM_RIGHT.test(text) ? `\u2068${answer}\u2069` : answer;

/** The number of answers to correct, as a sentence. */
export const errorsInWords = (words: { checkOne: string; checkSome: string }, n: number): string =>
  n > 1 ? fillPipes(words.checkSome, { n }) : words.checkOne;
