/** Texts by language, and the piping of answers into them. */

/** What an author may write for a text: one string for every language, or one per language. */
export type Text = string | Record<string, string>;

/** `text` in `language`. A text without that language, which the check refuses, falls back to the first one it has. */
export function localize(text: Text, language: string): string {
  if (typeof text === 'string') return text;
  return (Object.hasOwn(text, language) ? text[language] : Object.values(text)[0]) ?? '';
}

export const PIPE = /\{([a-z][a-z0-9_]*)\}/g;

/** The names piped into `text`, in any of its languages, in order of appearance. */
export function pipes(text: Text): string[] {
  const strings = typeof text === 'string' ? [text] : Object.values(text);
  return [...new Set(strings.flatMap((string) => [...string.matchAll(PIPE)].map((match) => match[1] ?? '')))];
}

/** Takes a string apart: plain pieces as strings, piped names as `{ pipe }`. */
export function pieces(string: string): (string | { pipe: string })[] {
  return string.split(PIPE).map((piece, index) => (index % 2 ? { pipe: piece } : piece));
}

/** `string` with each `{name}` replaced by `values[name]`, or by nothing. The result is plain text: escape it where it is shown. */
export function fillPipes(string: string, values: Record<string, string | number>): string {
  return string.replace(PIPE, (_, name: string) => (Object.hasOwn(values, name) ? `${values[name]}` : ''));
}

/** How many answers are to be corrected, in words. */
export const errorsInWords = (words: { checkOne: string; checkSome: string }, n: number): string =>
  n > 1 ? fillPipes(words.checkSome, { n }) : words.checkOne;
