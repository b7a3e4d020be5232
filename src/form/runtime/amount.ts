/**
 * Amounts as people type them. The page and the server read them with this one parser, in which neither the browser nor
 * its language has a say. It imports nothing, to stay small on the page.
 */

/** How the amounts of one field are typed, in one language. It stands in the page as JSON. */
export interface Amount extends AmountLimits {
  /** The tag for `Intl`. */
  locale: string;
  /** Most decimals that are read as such. */
  decimals: number;
  /** Fewest decimals that are written, where there are any. */
  cents: number;
  /** Which of `.` and `,` separate thousands here. */
  groups: string;
  /** A regular expression for what may stand before and behind the digits: the signs of the currency, in small letters. */
  signs: string;
}

/** Which numbers a field takes: from `min` to `max`, in steps that are counted from `min`, else from 0. */
export interface AmountLimits {
  min?: number | undefined;
  max?: number | undefined;
  step: number;
}

/** More characters than any number that is taken has. */
const LONGEST = 100;

/** Signs that only turn the direction of a text. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Digits: all in one, in groups of three, or in Indian groups (12,34,567). Then a decimal sign and decimals. */
const NUMBER = /^(\d*|\d{1,3}(?:([ .,])\d{3})(?:\2\d{3})*|\d{1,2}(?:([ ,])\d\d)(?:\3\d\d)*\3\d{3})(?:([.,٫])(\d*))?$/;

/**
 * @returns the number that was typed; both numbers, where it can mean two; nothing, where it is none.
 * Three digits behind a single sign are thousands where the sign separates thousands, and where there are no decimals.
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
  // Either side of the sign of the currency.
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
  // Only what is typed with one sign can be either.
  if (between || sign === '٫') return decimal;
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(bare) && (!decimals || groups.includes(sign)))
    return fits && groups[1] ? [joined, decimal] : joined;
  return fits || /[1-9]/.test(behind.slice(Math.max(2, decimals))) ? decimal : [joined, decimal];
}

/** Numbers beyond this look the same as their neighbors in JSON, so they are refused. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/** What is wrong with a number. */
export function outsideOf({ min, max, step }: AmountLimits, number: number): 'low' | 'high' | 'step' | undefined {
  if (number < (min ?? -LARGEST)) return 'low';
  if (number > (max ?? LARGEST)) return 'high';
  const first = min ?? 0;
  const steps = (number - first) / step;
  // What binary fractions lose of the three numbers.
  const lost = (2 * Number.EPSILON * (Math.abs(number) + Math.abs(first))) / step;
  return Math.abs(steps - Math.round(steps)) > lost ? 'step' : undefined;
}

/** `number` as it is typed: `parseAmount` reads it back. */
export const formatAmount = (number: number, { locale, decimals, cents, groups }: Amount): string =>
  new Intl.NumberFormat(locale, {
    minimumFractionDigits: Number.isInteger(number) ? 0 : cents,
    maximumFractionDigits: 10,
    // Where 14,500 can be either, it is not written.
    useGrouping: !(groups[1] && decimals > 2),
  }).format(number);

/** `sentence` with both readings of what was typed; nothing where there is one at most. */
export function sayUnclear(typed: string, amount: Amount, sentence = ''): string | undefined {
  const read = parseAmount(typed, amount);
  return typeof read === 'object'
    ? sentence.replace(/\{(a|b)\}/g, (_, which) => formatAmount(read[which === 'a' ? 0 : 1] as number, amount))
    : undefined;
}
