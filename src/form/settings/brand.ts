/** The colors of a brand's pages, from the one color of the brand: text and buttons that are readable on light and dark. */
import { clampChroma, formatHex, oklch, wcagContrast, type Oklch } from 'culori';

interface Accent {
  /** Links, choices and the button, as `#rrggbb`. */
  accent: string;
  /** The text on the button. */
  on: string;
}

export interface BrandColors {
  light: Accent;
  dark: Accent;
  /** The contrast of the color itself, as text on the light page: 1 to 21. */
  contrast: number;
  /**
   * Whether the color itself is too pale to be text on the light page, so that the page has a darker one. The dark page
   * always has a lighter one: no color is readable on both.
   */
  adjusted: boolean;
}

/** WCAG 2.2, 1.4.3: contrast of text. */
const READABLE = 4.5;

/** Page and card, as in `components/base.css`. */
const LIGHT = ['#fbfaf7', '#ffffff'];
const DARK = ['#151412', '#1e1d1a'];

/**
 * @param hex the brand's color, as `#rrggbb`
 * @returns colors of its hue, dark enough for the light page and light enough for the dark one
 * @throws {Error} if `hex` is not a color
 */
export function brandColors(hex: string): BrandColors {
  const color = oklch(hex);
  if (!color) throw new Error(`${hex} is not a color. Write it as #rrggbb.`);
  const contrast = lowestContrast(hex, LIGHT);
  const adjusted = contrast < READABLE;
  return {
    light: adjusted
      ? accent({ ...color, l: Math.min(color.l, 0.48) }, -0.01, LIGHT, '#ffffff')
      : { accent: hex.toLowerCase(), on: '#ffffff' },
    dark: accent({ ...color, l: Math.max(color.l, 0.8), c: Math.min(color.c, 0.11) }, 0.01, DARK, '#151412'),
    contrast,
    adjusted,
  };
}

/** Moves the lightness of `color` by `step` until it is readable on all `grounds`, and `on` is readable on it. */
function accent(color: Oklch, step: number, grounds: string[], on: string): Accent {
  const shown = formatHex(clampChroma(color, 'oklch'));
  const readable = lowestContrast(shown, [...grounds, on]) >= READABLE;
  return readable ? { accent: shown, on } : accent({ ...color, l: color.l + step }, step, grounds, on);
}

/** The lowest contrast of `color` on `grounds`. */
const lowestContrast = (color: string, grounds: string[]): number =>
  Math.min(...grounds.map((ground) => wcagContrast(color, ground)));
