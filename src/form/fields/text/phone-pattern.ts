/** The `pattern` of a phone number's input, made from what libphonenumber knows of the numbers of a country. */
import {
  getCountries,
  getCountryCallingCode,
  Metadata,
  type CountryCode,
  type NumberingPlan,
} from 'libphonenumber-js/min';

/** What people put between the digits, or copy along unseen. */
const BETWEEN = '[\\s\\(\\)\\/.\\p{Pd}\\p{Cf}]*';

const PLUS = `[+＋]${BETWEEN}`;

const anyDigits = (least: number, most: number, digit = '\\d'): string => `(?:${digit}${BETWEEN}){${least},${most}}`;

/** A regular expression of digits, such as `[2-7]\d{8}`, that lets anything stand between them. */
const spaced = (digits: string): string =>
  digits.replace(/\{[^}]*\}|(\\d|\[[^\]]*\]|\d)(\{[^}]*\}|\?)?/g, (whole, digit?: string, times?: string) => {
    if (!digit) return whole;
    return times ? `(?:${digit}${BETWEEN})${times}` : digit + BETWEEN;
  });

/** Longest number there is (E.164), and shortest that is ever dialled from abroad. */
const LONGEST = 15;
const SHORTEST = 7;

/** A number in Arabic or full-width digits, which `read` knows too; by its length, whatever the country. */
const inOtherDigits = anyDigits(SHORTEST, LONGEST, '[^\\P{Nd}\\d]');

/**
 * Matches what can be a number of `country`, written as at home or with the country's code, and numbers of other
 * countries that begin with + or with what is dialled for it. It lets through all that `read` takes and people write; it
 * refuses what is too short or too long. Without a country, numbers begin with +.
 */
export function phonePattern(country: CountryCode | undefined): string {
  if (!country) return `${BETWEEN}${PLUS}(?:${anyDigits(SHORTEST, LONGEST)}|${inOtherDigits})`;
  const code = spaced(getCountryCallingCode(country));
  const out = `(?:${PLUS}|${spaced(planOf(country).IDDPrefix())})`;
  const abroad = `${out}(?!${code})${anyDigits(SHORTEST, LONGEST)}`;
  return `${BETWEEN}(?:(?:${out}?${code})?${nationalPattern(country)}|${abroad}|(?:${PLUS})?${inOtherDigits})`;
}

/** What the library has beside what its types tell; the tests hold every country to it. */
interface Plan extends NumberingPlan {
  /** A regular expression for every number of the country. */
  nationalNumberPattern(): string;
  /** One for what may stand before it, and what it is then rewritten to. */
  nationalPrefixForParsing(): string | 0 | undefined;
  nationalPrefixTransformRule(): string | 0 | undefined;
}

function planOf(country: CountryCode): Plan {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  return metadata.numberingPlan as Plan;
}

/** Exact where a country has its code for itself and its numbers are read as they are written; else by their length. */
function nationalPattern(country: CountryCode): string {
  const plan = planOf(country);
  const prefix = plan.nationalPrefixForParsing() || '';
  const rewritten = Boolean(plan.nationalPrefixTransformRule());
  const sharing = getCountries().filter((one) => getCountryCallingCode(one) === getCountryCallingCode(country));
  if (sharing.length === 1 && !rewritten) {
    return `${prefix ? `(?:${spaced(prefix)})?` : ''}(?:${spaced(plan.nationalNumberPattern())})`;
  }
  const lengths = sharing.flatMap((one) => planOf(one).possibleLengths());
  // What is rewritten may lack the code of its island, or have one of a carrier.
  const [less, more] = rewritten ? [4, 5] : [0, prefix.length];
  return anyDigits(Math.min(...lengths) - less, Math.max(...lengths) + more);
}
