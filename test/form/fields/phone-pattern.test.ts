import { getCountries, getExampleNumber, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { phonePattern } from '../../../src/form/fields/text/phone-pattern.ts';

const letsThrough = (country: CountryCode | undefined, typed: string) =>
  new RegExp(`^(?:${phonePattern(country)})$`, 'v').test(typed);

describe('the browser', () => {
  it.each<[CountryCode | undefined, string]>([
    ['PH', '0917 123 4567'],
    ['PH', '+63 917 123 4567'],
    ['PH', '+63 (0) 917 123 4567'],
    ['PH', '(+63) 917 123 4567'],
    ['PH', '(0917) 123-4567'],
    ['PH', '917.123.4567'],
    ['PH', '639171234567'],
    ['PH', '0063 917 123 4567'],
    ['PH', '02 8123 4567'],
    ['PH', '+52 55 1234 5678'],
    ['MX', '55 1234 5678'],
    ['MX', '+639171234567'],
    ['ID', '0812-3456-7890'],
    ['US', '(201) 555-0123'],
    [undefined, '+63 917 123 4567'],
  ])('takes a number of %s typed as %s', (country, typed) => {
    expect(letsThrough(country, typed)).toBe(true);
  });

  it.each<[CountryCode | undefined, string]>([
    ['PH', '0917 123'],
    ['PH', '0917 123 456'],
    ['PH', '0917 123 4567 8'],
    ['PH', '+63 917 123 456'],
    ['PH', '+63 917 123 4567 8'],
    ['PH', 'call me'],
    ['PH', '0917 123 4567 and 0918 123 4567'],
    ['PH', '+'],
    ['MX', '55 1234 567'],
    ['MX', '55 1234 5678 9'],
    ['US', '201 55'],
    [undefined, '0917 123 4567'],
    [undefined, '+63 917'],
  ])('refuses for %s at once: %s', (country, typed) => {
    expect(letsThrough(country, typed)).toBe(false);
  });

  it.each(getCountries())('lets through every number of %s that is good on the server', (country) => {
    const number = getExampleNumber(country, examples);
    const { nationalNumber = '', countryCallingCode = '' } = number ?? {};
    const national = number?.formatNational() ?? '';
    const ways = [
      national, number?.formatInternational() ?? '', number?.number ?? '', nationalNumber, countryCallingCode + nationalNumber,
      `00${countryCallingCode}${nationalNumber}`, national.replace(/\D/g, '.'), `(${national})`, `+${countryCallingCode} (0) ${nationalNumber}`,
    ]; // prettier-ignore
    const typed = ways.flatMap((way) => [way, `${way}1`, way.slice(0, -1), way.slice(0, -2), way.slice(0, -3)]);
    const good = typed.filter((one) => parsePhoneNumberFromString(one, { defaultCountry: country, extract: false })?.isValid()); // prettier-ignore

    expect(good.length).toBeGreaterThan(0);
    expect(good.filter((one) => !letsThrough(country, one))).toEqual([]);
  });

  it('is not slowed down by a pasted text', () => {
    const long = `${'(0)-'.repeat(20_000)}x`;

    expect(letsThrough('DE', long)).toBe(false);
    expect(letsThrough('US', long)).toBe(false);
  });
});
