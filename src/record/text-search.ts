/** A search as a member types it, and whether some texts have all of its words. */
import { withoutAccents } from '../form/runtime/accents.ts';

/** Folded. A number is one or more words that are typed with digits alone, such as a phone number with spaces. */
export type Search = { words: string[]; numbers: string[][] };

/** Some lists have “Reyes, Ana”. */
const withoutComma = (word: string): string => (/[,;]$/.test(word) ? word.slice(0, -1) : word);

export function parseSearch(typed: string): Search {
  const search: Search = { words: [], numbers: [] };
  let run: string[] | undefined;
  // People write a trunk prefix as (0) where it is left out from abroad.
  const typedWords = fold(typed).replaceAll('(0)', '').split(/\s+/).map(withoutComma);
  for (const word of typedWords.filter(Boolean)) {
    if (!/^[+\d().,/-]*\d[+\d().,/-]*$/.test(word)) {
      run = undefined;
      search.words.push(word);
    } else if (run) run.push(word);
    else search.numbers.push((run = [word]));
  }
  return search;
}

/**
 * Whether the texts have each word of the search, in any order.
 * @param reference one more text. Pages show it with dashes, so its parts are found with dashes too
 */
export function hasAll({ words, numbers }: Search, texts: string[], reference: string | null = null): boolean {
  const values = [...texts, reference ?? ''].map(fold);
  const has = (word: string) =>
    values.some((value) => value.includes(word)) || (reference !== null && isPartOf(reference, word));
  if (!words.every(has)) return false;
  // Of a sign alone, nothing is left to search for.
  if (!numbers.length) return words.length > 0;
  const digits = values.map(digitsOf).filter(Boolean);
  const hasDigits = (typed: string) => {
    const sought = digitsOf(typed);
    return sought.length >= LEAST_DIGITS && digits.some((one) => one.includes(sought.replace(/^0+(?=\d{3})/, '')));
  };
  // One number with spaces, or several numbers that are in different answers.
  return numbers.every((run) => hasDigits(run.join('')) || run.every((word) => has(word) || hasDigits(word)));
}

/** Fewer are found in too many numbers. */
const LEAST_DIGITS = 4;

const isPartOf = (reference: string, word: string): boolean =>
  reference.toLowerCase().includes(word.replaceAll('-', ''));

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** Letters that Unicode does not split into a letter and a mark. */
const ALIKE: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ð: 'd', ı: 'i', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th', ς: 'σ' }; // prettier-ignore
const ALIKE_SIGNS = new RegExp(`[${Object.keys(ALIKE).join('')}]`, 'g');

/**
 * Apostrophes as devices write them in names, and unseen signs that people copy with a text. They are removed before
 * the accents, because NFKD turns some of them into a space and an accent.
 */
const LEFT_OUT = /['`´‘’‛′＇ʹʻʼʽʾʿ՚׳ꞌ\p{Cf}]/gu;

/** Hyphens, dashes and minus signs. */
const DASHES = /[\p{Pd}\u2043\u2212]/gu;

/** Without accents, apostrophes, unseen signs and case, with one kind of hyphen, in digits from 0 to 9. */
export function fold(text: string): string {
  const lower = text.toLowerCase().replace(LEFT_OUT, '');
  // Most is ASCII, in which there is nothing more to fold.
  if (/^[\x00-\x7f]*$/.test(lower)) return lower;
  return withoutAccents(lower)
    .replace(ALIKE_SIGNS, (sign) => ALIKE[sign] ?? sign)
    .replace(DASHES, '-')
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
}
