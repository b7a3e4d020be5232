/** A brand's one colour → the colours of its pages: text and buttons, on light and on dark, always readable. */
import { clampChroma, formatHex, oklch, wcagContrast, type Oklch } from 'culori';

interface Accent {
  /** Links, choices and the button, as `#rrggbb`. */
  accent: string;
  /** What is written on the button. */
  on: string;
}

export interface BrandColors {
  light: Accent;
  dark: Accent;
  /** The contrast of the colour itself, as text on the light page: 1 to 21. */
  contrast: number;
  /**
   * Whether the colour itself is too pale to be text on the light page, and so another one stands there. On the dark page
   * it is always another one: no colour can be read on both.
   */
  adjusted: boolean;
}

/** WCAG 2.2, 1.4.3: contrast of text. */
const READABLE = 4.5;

/** Page and card, as the page's style sheet has them. */
const LIGHT = ['#fbfaf7', '#ffffff'];
const DARK = ['#151412', '#1e1d1a'];

/**
 * @param hex `#rrggbb`
 * @returns its hue, dark enough for the light page and light enough for the dark one, with white or ink on the button
 */
export function brandColors(hex: string): BrandColors {
  const color = oklch(hex);
  if (!color) throw new Error(`${hex} is no colour`);
  const contrast = least(hex, LIGHT);
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

/** `color`, moved by `step` in lightness until it is readable on all of `grounds`, and `on` on it. */
function accent(color: Oklch, step: number, grounds: string[], on: string): Accent {
  const shown = formatHex(clampChroma(color, 'oklch'));
  const readable = least(shown, [...grounds, on]) >= READABLE;
  return readable ? { accent: shown, on } : accent({ ...color, l: color.l + step }, step, grounds, on);
}

const least = (color: string, grounds: string[]): number =>
  Math.min(...grounds.map((ground) => wcagContrast(color, ground)));
