/** An accent, or one of the two half-width signs that `normalize` makes accents of. */
const ACCENT = '[\\p{M}\\uff9e\\uff9f]';

const ACCENTS = new RegExp(`${ACCENT}+`, 'gu');

/** Whether a text has more than `most` accents in a row. */
export function hasAccentsInRow(most: number): (text: string) => boolean {
  // Counted only from the first of a row. From each one, it would take ten times as long as `normalize`.
  const row = new RegExp(`(?<!${ACCENT})${ACCENT}{${most + 1}}`, 'u');
  return (text) => row.test(text);
}

/** NFKD without accents. They go before `normalize` too, which sorts those in a row and takes seconds for a long one. */
export const withoutAccents = (text: string): string =>
  text.replace(ACCENTS, '').normalize('NFKD').replace(ACCENTS, '');
