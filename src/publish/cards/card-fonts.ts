/** Finds the fonts for the characters of a text. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CARD_FONTS, cardFile } from './card-files.ts';

/** A file with the characters of some ranges, in all weights. */
export interface CardFont {
  family: string;
  file: string;
  ranges: [first: number, last: number][];
}

/** Emoji, also as text or in sequences. The fonts have none. */
const EMOJI = /\p{RGI_Emoji}|[\p{Emoji_Presentation}\p{Regional_Indicator}\p{Emoji_Modifier}\u{fe0e}\u{fe0f}\u{20e3}\u{e0020}-\u{e007f}]|[\p{Extended_Pictographic}--[\u{0}-\u{22ff}]]/gv; // prettier-ignore

/** Characters that are no text: controls, such as those that change the direction of text, and halves of characters. */
const NO_TEXT = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u{202a}-\u{202e}]/gu;

/**
 * Accents of letters that don't exist with them. Letter and accent can be in different fonts, and then neither font
 * draws them.
 */
const LOOSE_ACCENT = /[\u{300}-\u{36f}]/gu;

/** A character without which a text has another meaning. */
const NEEDED = /[\p{L}\p{M}\p{N}]/u;

let fonts: CardFont[] | undefined;

const cardFonts = (): CardFont[] =>
  (fonts ??= CARD_FONTS.flatMap((family) => {
    const unicode = JSON.parse(readFileSync(cardFile(`${family}/unicode.json`), 'utf8')) as Record<string, string>;
    return Object.entries(unicode).map(([subset, ranges]) => ({
      family,
      file: `${family}/files/${path.basename(family)}-${subset.replace(/[[\]]/g, '')}-wght-normal.woff2`,
      ranges: ranges.split(',').map(parseRange),
    }));
  }));

/** @param range such as `U+0102-0103` or `U+20AB` */
function parseRange(range: string): [number, number] {
  const [first = '', last = first] = range.trim().slice(2).split('-');
  return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
}

/** The first font that has a character. */
const fontOf = (character: string): CardFont | undefined => {
  const code = character.codePointAt(0) ?? 0;
  return cardFonts().find(({ ranges }) => ranges.some(([first, last]) => code >= first && code <= last));
};

/**
 * A text as it can be drawn: on one line, without emoji and signs that the fonts lack.
 * @returns undefined where nothing is left, or the fonts lack a letter or a digit of it
 */
export function drawable(text: string): string | undefined {
  const characters = [...text.normalize('NFC').replace(EMOJI, ' ').replace(NO_TEXT, ' ').replace(LOOSE_ACCENT, '')];
  const lacking = characters.filter((one) => !fontOf(one));
  if (lacking.some((one) => NEEDED.test(one))) return undefined;
  const shown = characters.filter((one) => !lacking.includes(one)).join('').replace(/\s+/gu, ' ').trim(); // prettier-ignore
  return NEEDED.test(shown) ? shown : undefined;
}

/** The fonts that texts need, each once. */
export const fontsFor = (texts: readonly string[]): CardFont[] => [
  ...new Set([...texts.join('')].flatMap((one) => fontOf(one) ?? [])),
];
