/** Cuts a text that takes too many lines. */

/**
 * @param lines the most lines that the text may take
 * @param linesOf measures how many lines a text takes
 * @returns the text, or as many of its words as fit, with an ellipsis. A first word that is too long itself is cut
 */
export async function fitText(
  text: string,
  lines: number,
  locale: string,
  linesOf: (text: string) => Promise<number>,
): Promise<string> {
  const fits = async (shown: string) => (await linesOf(shown)) <= lines;
  if (await fits(text)) return text;
  for (const granularity of ['word', 'grapheme'] as const) {
    const ends = [...new Intl.Segmenter(locale, { granularity }).segment(text)].flatMap(
      ({ index, segment, isWordLike = true }) => (isWordLike ? [index + segment.length] : []),
    );
    const shortened = (count: number) => `${text.slice(0, ends[count - 1])}…`;
    let [fitting, tooMany] = [0, ends.length];
    while (tooMany - fitting > 1) {
      const middle = (fitting + tooMany) >> 1;
      if (await fits(shortened(middle))) fitting = middle;
      else tooMany = middle;
    }
    if (fitting > 0) return shortened(fitting);
  }
  return '…';
}
