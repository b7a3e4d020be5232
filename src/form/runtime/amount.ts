/**
 * Amounts as people type them. The page and the server read them with this one parser, so that neither the browser nor
 * its language has an influence. It imports nothing, to stay small on the page.
 */

/** How people type the amounts of one field in one language. The page has it as JSON. */
export interface Amount extends AmountLimits {
  /** The tag for `Intl`. */
  locale: string;
  /** The most decimals that a number may have. */
  decimals: number;
  /** The fewest decimals that a number with decimals is written with. */
  cents: number;
  /** The signs among `.` and `,` that separate thousands here. */
  groups: string;
  /** A regular expression for the signs of the currency before and after the digits, in small letters. */
  signs: string;
}

/** The numbers that a field takes: from `min` to `max`, in steps that count from `min`, or else from 0. */
export interface AmountLimits {
  min?: number | undefined;
  max?: number | undefined;
  step: number;
}

/** More characters than any accepted number has. */
const LONGEST = 100;

/** Signs that only change the direction of text. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Digits: all in one, in groups of three, or in Indian groups (12,34,567). Then a decimal sign and decimals. */
const NUMBER = /^(\d*|\d{1,3}(?:([ .,])\d{3})(?:\2\d{3})*|\d{1,2}(?:([ ,])\d\d)(?:\3\d\d)*\3\d{3})(?:([.,٫])(\d*))?$/;

/**
 * @returns the typed number; both numbers if it can mean two; an empty list if it is no number.
 * Three digits after a single sign are thousands if the sign separates thousands, or if the field has no decimals.
 */
export function parseAmount(typed: string, { decimals, groups, signs }: Amount): number | number[] | undefined {
  if (typed.length > LONGEST) return undefined;
  const plain = typed
    .replace(DIRECTIONS, '')
    .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[٠-٩۰-۹]/g, (digit) => `${digit.charCodeAt(0) & 15}`)
    .replace(/[−–]/g, '-')
    .replace(/،/g, ',')
    .replace(/[\s'’٬]/g, ' ')
    .trim()
    .toLowerCase()
    // Indonesian: 14.500,-
    .replace(/[.,]-$/, '');
  // On either side of the sign of the currency.
  const minus = /^\D*?-/;
  const unsigned = plain.replace(minus, (before) => before.slice(0, -1)).trim();
  const bare = unsigned.replace(RegExp(`^(?:${signs}) *| *(?:${signs})$`, 'gu'), '');
  const [, whole = '', , , sign = '', behind = ''] = NUMBER.exec(bare) ?? [];
  const digits = whole.replace(/\D/g, '');
  if (!digits && !behind) return undefined;
  const between = whole.replace(/\d/g, '')[0];
  if (sign && sign === between) return undefined;

  const number = (text: string) => (minus.test(plain) ? -text : +text) || 0;
  const decimal = number(`${digits}.${behind}`);
  const joined = number(digits + behind);
  const fits = behind.length <= Math.max(2, decimals);
  // Only a text with one sign can be either.
  if (between || sign === '٫') return decimal;
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(bare) && (!decimals || groups.includes(sign)))
    return fits && groups[1] ? [joined, decimal] : joined;
  return fits || /[1-9]/.test(behind.slice(Math.max(2, decimals))) ? decimal : [joined, decimal];
}

/** Numbers beyond this look the same as their neighbors in JSON, so they are refused. */
const MAX_AMOUNT = Number.MAX_SAFE_INTEGER;

/** The problem of a number. */
export function outsideOf({ min, max, step }: AmountLimits, number: number): 'low' | 'high' | 'step' | undefined {
  if (number < (min ?? -MAX_AMOUNT)) return 'low';
  if (number > (max ?? MAX_AMOUNT)) return 'high';
  const first = min ?? 0;
  const steps = (number - first) / step;
  // The error of the three numbers as binary fractions.
  const lost = (2 * Number.EPSILON * (Math.abs(number) + Math.abs(first))) / step;
  return Math.abs(steps - Math.round(steps)) > lost ? 'step' : undefined;
}

/** Making one takes as long as checking a whole screen. */
const formats: Record<string, Intl.NumberFormat> = {};

/** `number` as people type it. `parseAmount` reads it back. */
export function formatAmount(number: number, { locale, decimals, cents, groups }: Amount): string {
  // Three decimals that the field does not take could be read as thousands.
  const fewest = decimals < 3 && /\.\d{3}$/.test(`${number}`) ? 4 : cents;
  const minimumFractionDigits = Number.isInteger(number) ? 0 : fewest;
  // If 14,500 can be either, the number has no separators.
  const useGrouping = !(groups[1] && decimals > 2);
  return (formats[[locale, minimumFractionDigits, useGrouping].join()] ??= new Intl.NumberFormat(locale, {
    minimumFractionDigits,
    maximumFractionDigits: 10,
    useGrouping,
  })).format(number);
}

/** `sentence` with both meanings of the typed text. Undefined if it has one meaning at most. */
export function explainAmbiguity(typed: string, amount: Amount, sentence = ''): string | undefined {
  const read = parseAmount(typed, amount);
  return typeof read === 'object'
    ? sentence.replace(/\{(a|b)\}/g, (_, which) => formatAmount(read[which === 'a' ? 0 : 1] as number, amount))
    : undefined;
}
