/** The colors of a drawn card, from the one color of the brand. */
import { clampChroma, formatHex, oklch, wcagContrast } from 'culori';

export interface CardColors {
  /** The whole card. */
  ground: string;
  /** All texts. */
  text: string;
  /** The shape behind the texts: the ground, a little lighter or darker. */
  shape: string;
}

/** WCAG 2.2, 1.4.3: contrast of text. */
const READABLE = 4.5;

const INK = '#151412';
const WHITE = '#ffffff';

/** How far the lightness of the shape is from that of the ground, of 1. */
const SHAPE_STEP = 0.05;

/** On a darker ground, a darker shape would not be seen. */
const DARKEST = 0.3;

/**
 * @param hex the brand's color, as `#rrggbb`; without it, the card has the ink of the pages
 * @returns a ground of this color, and texts that are readable on it and on the shape
 * @throws {Error} if `hex` is not a color
 */
export function cardColors(hex = '#1d1c1a'): CardColors {
  const color = oklch(hex);
  if (!color) throw new Error(`${hex} is not a color. Write it as #rrggbb.`);
  // White looks best on a color, and ink is for those on which it is hard to read.
  const text = wcagContrast(hex, WHITE) >= READABLE ? WHITE : wcagContrast(hex, INK) >= READABLE ? INK : WHITE;
  const away = text === WHITE ? -1 : 1;
  /** Of the brand's hue, moved away from the text until the text is readable. */
  const readable = (lightness: number): string => {
    const shown = formatHex(clampChroma({ ...color, l: lightness }, 'oklch'));
    return wcagContrast(shown, text) >= READABLE ? shown : readable(lightness + away * 0.01);
  };
  const shape = color.l > DARKEST ? color.l - SHAPE_STEP : color.l + SHAPE_STEP;
  return { ground: readable(color.l), text, shape: readable(shape) };
}
