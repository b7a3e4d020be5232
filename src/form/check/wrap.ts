/** Lines for texts in pictures, whose font is unknown. It imports nothing, for the editor. */

/**
 * Breaks `text` into at most `maxLines` lines of `maxWidth` pixels, by an estimate, because the font is unknown. The last line may be cut.
 * @param size the size of the font in pixels
 */
export function wrap(text: string, size: number, maxWidth: number, maxLines: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\s)/).flatMap((one) => broken(one, size, maxWidth))) {
    if (line && widthOf(line + word.trimEnd(), size) > maxWidth) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
  }
  lines.push(line.trimEnd());
  if (lines.length <= maxLines) return lines;
  return [...lines.slice(0, maxLines - 1), cut(lines.slice(maxLines - 1).join(' '), size, maxWidth)];
}

/** Breaks a word that is longer than a line into pieces. */
function broken(word: string, size: number, maxWidth: number): string[] {
  if (widthOf(word, size) <= maxWidth) return [word];
  const pieces = [''];
  for (const letter of word) {
    const piece = pieces.at(-1) ?? '';
    if (piece && widthOf(piece + letter, size) > maxWidth) pieces.push(letter);
    else pieces[pieces.length - 1] = piece + letter;
  }
  return pieces;
}

function cut(text: string, size: number, maxWidth: number): string {
  let kept = '';
  for (const letter of text) {
    if (widthOf(`${kept}${letter}…`, size) > maxWidth) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}

/** An estimate of the width of `text` in pixels, rather too wide than too narrow. */
export function widthOf(text: string, size: number): number {
  let width = 0;
  for (const letter of text) {
    width += /[\u1100-\uffdc\u{1f000}-\u{3ffff}]/u.test(letter)
      ? 1
      : /[A-Z@%MWmw—…→]/.test(letter)
        ? 0.8
        : /[ .,:;'iljtfrI()]/.test(letter)
          ? 0.36
          : 0.58;
  }
  return width * size;
}
