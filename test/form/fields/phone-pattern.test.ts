import { getCountries, getExampleNumber, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { todayAround } from '../../../src/form/fields/dates/date.ts';
import { phone } from '../../../src/form/fields/text/phone.ts';
import { phonePattern } from '../../../src/form/fields/text/phone-pattern.ts';
import { someOf } from '../../helpers/run/long.ts';

const letsThrough = (country: CountryCode | undefined, typed: string) =>
  new RegExp(`^(?:${phonePattern(country)})$`, 'v').test(typed);

const read = (country: CountryCode | undefined, typed: string) =>
  phone.read(
    { id: 'mobile', type: 'phone', label: 'Mobile', required: true, ...(country && { country }) },
    typed,
    todayAround(new Date()),
  );

describe('the browser', () => {
  it.each<[CountryCode | undefined, string]>([
    ['PH', '0917 123 4567'],
    ['PH', '+63 917 123 4567'],
    ['PH', '+63 (0) 917 123 4567'],
    ['PH', '(+63) 917 123 4567'],
    ['PH', '(0917) 123-4567'],
    ['PH', '（0917）123-4567'],
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

  it.each(someOf(getCountries(), 60))('lets through every number of %s that is good on the server', (country) => {
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

describe('the browser and the server', () => {
  it.each<[country: CountryCode | undefined, stored: string, typed: string[]]>([
    ['MX', '+525512345678', [
      '55 1234 5678', '(55) 1234-5678', '52 55 1234 5678', '+52 55 1234 5678', '0052 55 1234 5678', '٥٥ ١٢٣٤ ٥٦٧٨',
      '01 55 1234 5678', '044 55 1234 5678', '045 (55) 1234-5678', '0445512345678', '521 55 1234 5678',
      '+52 1 55 1234 5678', '+52 (1) 55 1234 5678', '+5215512345678', '+52 044 55 1234 5678', '0052 1 55 1234 5678',
      '٠٤٤ ٥٥ ١٢٣٤ ٥٦٧٨', '+٥٢ ١ ٥٥ ١٢٣٤ ٥٦٧٨',
    ]],
    ['ID', '+6281234567890', [
      '0812-3456-7890', '812 3456 7890', '62 812 3456 7890', '62 0812 3456 7890', '+62 812 3456 7890', '+62 0812 3456 7890',
      '+62 (0) 812 3456 7890', '(+62) 812 3456 7890', '(+62) 0812-3456-7890', '0062 812 3456 7890', '٠٨١٢ ٣٤٥٦ ٧٨٩٠', '+٦٢ ٨١٢ ٣٤٥٦ ٧٨٩٠',
      '+62 00812 3456 7890', '+62 (0)0812 3456 7890', '٠٠٦٢ ٨١٢ ٣٤٥٦ ٧٨٩٠',
    ]],
    ['PH', '+639171234567', [
      '0917 123 4567', '917 123 4567', '63 917 123 4567', '(63) 917 123 4567', '63 0917 123 4567', '+63 917 123 4567', '+63 0917 123 4567',
      '+63 (0) 917 123 4567', '(+63) 917 123 4567', '(+63) 0917 123 4567', '0063 917 123 4567', '٠٩١٧ ١٢٣ ٤٥٦٧', '+٦٣ ٩١٧ ١٢٣ ٤٥٦٧',
    ]],
    ['ID', '+639171234567', ['+63 917 123 4567', '0063 917 123 4567']],
    ['PH', '+525512345678', ['+52 55 1234 5678', '+52 1 55 1234 5678', '+52 044 55 1234 5678', '0052 1 55 1234 5678']],
    [undefined, '+525512345678', ['+52 55 1234 5678', '+52 1 55 1234 5678', '+5215512345678', '+52 01 55 1234 5678']],
    ['PH', '+6281234567890', ['+62 00812 3456 7890', '0062 00812 3456 7890']],
    [undefined, '+6281234567890', ['+62 00812 3456 7890', '+62 812 3456 7890', '+62 0812 3456 7890', '(+62) 812 3456 7890']],
  ])('take the ways in which people of %s write %s', (country, stored, typed) => {
    for (const one of typed) {
      expect([one, letsThrough(country, one)]).toEqual([one, true]);
      expect([one, read(country, one)]).toEqual([one, { answer: stored }]);
    }
  }); // prettier-ignore

  it.each<[country: CountryCode, typed: string]>([
    ['MX', '1 55 1234 5678'],
    ['MX', '1 201 555 0123'],
    ['MX', '044 55 1234 567'],
    ['MX', '046 55 1234 5678'],
    ['MX', '02 55 1234 5678'],
    ['MX', '01 044 55 1234 5678'],
    ['PH', '01 917 123 4567'],
  ])('refuse for %s: %s', (country, typed) => {
    expect([letsThrough(country, typed), read(country, typed)]).toEqual([false, { problem: 'pattern' }]);
  });
});
