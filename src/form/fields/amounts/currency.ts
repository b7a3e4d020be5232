/** Currencies, as money fields and computed amounts name them. */
import { z } from 'zod';
import { localeOf, type Language } from '../../wording/wording.ts';

const known = new Set(Intl.supportedValuesOf('currency'));

export const currencyKey = z
  .string()
  .refine((code) => known.has(code), {
    error: 'is not a currency code; write three capital letters, like PHP or MXN',
    abort: true,
  })
  .describe('The currency, as three letters: PHP, MXN, USD');

/** The currency that a field has of its own. */
export const currencyOf = (field: object): string | undefined =>
  'currency' in field && typeof field.currency === 'string' ? field.currency : undefined;

/** How many decimals amounts in `currency` have (ISO 4217, as `Intl` knows it): 2 for PHP, 0 for JPY. */
export function decimalsOf(currency: string): number {
  const before = decimals.get(currency);
  if (before !== undefined) return before;
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  decimals.set(currency, maximumFractionDigits);
  return maximumFractionDigits;
}

/** By currency. A form may have a thousand amounts, each request reads all of them, and `Intl` needs 8 microseconds for each. */
const decimals = new Map<string, number>();

/** An amount with its currency. Whole amounts have no decimals. */
export const moneyFormat = (currency: string): Intl.NumberFormatOptions => ({
  style: 'currency',
  currency,
  currencyDisplay: 'narrowSymbol',
  trailingZeroDisplay: 'stripIfInteger',
});

/** "₱14,500.50", as people who read `language` write it. */
export const moneyInWords = (amount: number, currency: string, language: Language): string =>
  formatOf(currency, language).format(amount);

/** By language and currency. Making a format takes some hundred times as long as using it. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string, language: Language): Intl.NumberFormat {
  const name = `${language} ${currency}`;
  const known = formats.get(name);
  if (known) return known;
  const made = new Intl.NumberFormat(localeOf(language), moneyFormat(currency));
  // Smile can have any three letters as the currency.
  if (formats.size < 200) formats.set(name, made);
  return made;
}

/** Other signs that people write, as regular expressions: Php and P500, Rp. 14.500, M.N., 14500元. */
const ALSO: Record<string, string[]> = {
  PHP: ['p'],
  IDR: ['rp\\.'],
  MXN: ['m\\.?n\\.?', 'mx\\$'],
  CNY: ['元', '￥'],
  JPY: ['円', '￥'],
};

/** A regular expression for the signs before or after an amount, in small letters: `₱|php|p`. */
export function signsOf(currency: string, ...locales: string[]): string {
  const written = ['en', ...locales].flatMap((locale) =>
    (['symbol', 'narrowSymbol', 'code'] as const).map(
      (currencyDisplay) =>
        new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay })
          .formatToParts(0)
          .find(({ type }) => type === 'currency')?.value ?? currency,
    ),
  );
  const plain = written.map((sign) =>
    sign
      .replace(/[\u200e\u200f\u061c]/g, '')
      .toLowerCase()
      .replace(/[$.|()?*+[\]\\]/g, '\\$&'),
  );
  return [...new Set([...(ALSO[currency] ?? []), ...plain])].sort((one, other) => other.length - one.length).join('|');
}
