/** Currencies, as money fields and computed amounts name them. */
import { z } from 'zod';
import { localeOf, type Language } from '../wording/wording.ts';

const known = new Set(Intl.supportedValuesOf('currency'));

export const currencyKey = z
  .string()
  .refine((code) => known.has(code), {
    error: 'is not a currency code of three capital letters, such as PHP or MXN',
    abort: true,
  })
  .describe('The currency, as its code of three letters: PHP, MXN, USD');

/** The currency that a field has of its own. */
export const currencyOf = (field: object): string | undefined =>
  'currency' in field && typeof field.currency === 'string' ? field.currency : undefined;

/** How many decimals amounts in `currency` have (ISO 4217, as `Intl` knows it): 2 for PHP, 0 for JPY. */
export const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** How amounts are written; whole ones go without decimals. */
export const moneyFormat = (currency: string): Intl.NumberFormatOptions => ({
  style: 'currency',
  currency,
  currencyDisplay: 'narrowSymbol',
  trailingZeroDisplay: 'stripIfInteger',
});

/** "₱14,500.50", as people who read `language` write it. */
export const moneyInWords = (amount: number, currency: string, language: Language): string =>
  new Intl.NumberFormat(localeOf(language), moneyFormat(currency)).format(amount);
