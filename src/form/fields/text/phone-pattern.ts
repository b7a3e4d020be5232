/** The `pattern` of a phone number's input, from libphonenumber's data about the numbers of a country. */
import {
  getCountries,
  getCountryCallingCode,
  Metadata,
  type CountryCode,
  type NumberingPlan,
} from 'libphonenumber-js/min';

/** Signs that people put between digits, and invisible signs that they copy. */
const BETWEEN = '[\\s\\(\\)（）\\/.\\p{Pd}\\p{Cf}]*';

const PLUS = `[+＋]${BETWEEN}`;

const anyDigits = (min: number, max: number, digit = '\\d'): string => `(?:${digit}${BETWEEN}){${min},${max}}`;

/**
 * Mexico dropped its prefixes in 2019, and people still write them: 01, and for mobile phones 044 and 045. For these they
 * also write a 1 after the code of the country.
 */
export const FORMER_MX_PREFIX = '01|04[45]';

/** A regular expression of digits, such as `[2-7]\d{8}`, that allows such signs between them. */
const spaced = (digits: string): string =>
  digits.replace(/\{[^}]*\}|(\\d|\[[^\]]*\]|\d)(\{[^}]*\}|\?)?/g, (whole, digit?: string, times?: string) => {
    if (!digit) return whole;
    return times ? `(?:${digit}${BETWEEN})${times}` : digit + BETWEEN;
  });

/** The longest number (E.164), and the shortest that people call from abroad. */
const LONGEST = 15;
const SHORTEST = 7;

/** A number in Arabic or full-width digits, which `read` accepts too; by its length, whatever the country. */
const inOtherDigits = anyDigits(SHORTEST, LONGEST, '[^\\P{Nd}\\d]');

/**
 * Matches possible numbers of `country`, with or without the country's code, and numbers of other countries that begin
 * with + or the prefix for calls abroad. It accepts everything that `read` accepts and people write, and refuses
 * numbers that are too short or too long. Without a country, numbers begin with +.
 */
export function phonePattern(country: CountryCode | undefined): string {
  if (!country) return `${BETWEEN}${PLUS}(?:${anyDigits(SHORTEST, LONGEST)}|${inOtherDigits})`;
  const code = spaced(getCountryCallingCode(country) + (country === 'MX' ? '1?' : ''));
  const out = `(?:${PLUS}|${spaced(planOf(country).IDDPrefix())})`;
  const abroad = `${out}(?!${code})${anyDigits(SHORTEST, LONGEST)}`;
  return `${BETWEEN}(?:(?:${out}?${code})?${nationalPattern(country)}|${abroad}|(?:${PLUS})?${inOtherDigits})`;
}

/** Functions of the library that its types do not declare. The tests check them for every country. */
interface Plan extends NumberingPlan {
  /** A regular expression for every number of the country. */
  nationalNumberPattern(): string;
  /** A regular expression for a prefix, and the replacement for the prefix. */
  nationalPrefixForParsing(): string | 0 | undefined;
  nationalPrefixTransformRule(): string | 0 | undefined;
}

function planOf(country: CountryCode): Plan {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  return metadata.numberingPlan as Plan;
}

/** Exact if a country has its own code and its numbers are read as they are written. Otherwise by length only. */
function nationalPattern(country: CountryCode): string {
  const plan = planOf(country);
  const prefix = country === 'MX' ? FORMER_MX_PREFIX : plan.nationalPrefixForParsing() || '';
  const rewritten = Boolean(plan.nationalPrefixTransformRule());
  const sharing = getCountries().filter((one) => getCountryCallingCode(one) === getCountryCallingCode(country));
  if (sharing.length === 1 && !rewritten) {
    return `${prefix ? `(?:${spaced(prefix)})?` : ''}(?:${spaced(plan.nationalNumberPattern())})`;
  }
  const lengths = sharing.flatMap((one) => planOf(one).possibleLengths());
  // A rewritten number may lack the code of its island, or have the code of a carrier.
  const [less, more] = rewritten ? [4, 5] : [0, prefix.length];
  return anyDigits(Math.min(...lengths) - less, Math.max(...lengths) + more);
}
