/** The contrast of a brand's color, as a sentence. The formula is that of WCAG 2.2, small enough for the browser. */

/** The light page and its cards, as in `components/base.css`. */
const GROUNDS = ['#fbfaf7', '#ffffff'];

/** WCAG 2.2, 1.4.3: contrast of text. */
const READABLE = 4.5;

/** The contrast of `color`, as `#rrggbb`, as text on the light page: 1 to 21. */
export const contrastOnPage = (color: string): number =>
  Math.min(
    ...GROUNDS.map((ground) => {
      const [light, dark] = [luminance(color), luminance(ground)].sort((one, other) => other - one);
      return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
    }),
  );

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** "Contrast 6.1 to 1: easy to read." */
export function contrastInWords(color: string): string {
  const contrast = contrastOnPage(color);
  const ratio = `${contrast.toFixed(1)} to 1`;
  return contrast < READABLE
    ? `Contrast ${ratio}: too pale for text. On the page, Flipsite uses a darker tone of it.`
    : `Contrast ${ratio}: easy to read.`;
}
