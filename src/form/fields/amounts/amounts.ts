/** Shared by the fields in which people type a number: number and money. */
import type { Amount, AmountLimits } from '../../runtime/amount.ts';
import { localeOf, type Language } from '../../wording/wording.ts';
import { decimalsOf, signsOf } from './currency.ts';

type Typed = AmountLimits & { currency?: string };

/** How people who read `language` type the amounts of `field`. */
export function amountOf(field: Typed, language: Language): Amount {
  const known = amounts.get(field) ?? {};
  amounts.set(field, known);
  return (known[language] ??= makeAmount(field, language));
}

/** A compiled field never changes. */
const amounts = new WeakMap<Typed, Partial<Record<Language, Amount>>>();

function makeAmount({ min, max, step, currency }: Typed, language: Language): Amount {
  const locale = localeOf(language);
  const decimals = Math.max(...[step, min ?? 0].map(decimalsIn));
  const groups = separators(currency ? [locale, homeOf(currency)] : decimals > 2 ? WRITTEN[language] : [locale]);
  const either = groups.length > 1 && decimals > 2;
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    step,
    locale,
    groups,
    // One decimal too many separates decimals from thousands, if three digits can be either.
    decimals: decimals + Number(either),
    // Three would be read as thousands, if the field takes fewer: 2.500 for 2.5.
    cents: either ? decimals + 1 : currency ? Math.min(decimalsOf(currency), Math.max(2, decimals)) : 0,
    signs: currency ? signsOf(currency, locale, homeOf(currency)) : '\\p{Sc}',
  };
}

/** The ways of writing numbers for each language: 14,500.50 in Mexico and 14.500,50 in Argentina. */
const WRITTEN: Record<Language, string[]> = {
  en: ['en'],
  es: ['es-MX', 'es-AR'],
  fil: ['fil-PH'],
  id: ['id-ID'],
  zh: ['zh-Hans-CN'],
  ar: ['ar-EG-u-nu-latn', 'ar-MA-u-nu-latn'],
};

/** The separators of thousands, of `.` and `,`. */
const separators = (locales: string[]): string =>
  [...new Set(locales.map((locale) => new Intl.NumberFormat(locale).formatToParts(1e6).find(({ type }) => type === 'group')?.value))].filter((sign) => sign === '.' || sign === ',').join(''); // prettier-ignore

/** The locale of the country of `currency`. A currency's code begins with its country's. */
function homeOf(currency: string): string {
  const { language, region } = new Intl.Locale(`und-${currency.slice(0, 2)}`).maximize();
  return `${language}-${region}-u-nu-latn`;
}

/** 2 of 0.25, 6 of 0.000001. */
const decimalsIn = (number: number): number => /\.(\d*?)0*$/.exec(number.toFixed(10))?.[1]?.length ?? 0;
