import { isDay, type Format } from './format.ts';

/** Province, regency and district, day (40 more for women), month and year of birth, number of the day. */
const NIK = /^[1-9][1-9](?!00)\d\d(?!00)\d\d(?<day>\d\d)(?<month>\d\d)(?<year>\d\d)(?!0000)\d{4}$/;

/**
 * The Nomor Induk Kependudukan of Indonesia: 16 digits with the place of the first registration and the date of birth
 * (Government Regulation 37 of 2007, article 37). It has no check digit. Provinces are not checked against a list,
 * because new ones are founded.
 */
export const idNik: Format = {
  signs: '\\d',
  lengths: [16],
  isValid(code) {
    const { year = '', month = '', day = '' } = NIK.exec(code)?.groups ?? {};
    return day !== '' && isDay(year, month, String(Number(day) > 40 ? Number(day) - 40 : Number(day)));
  },
  groups: '(.{6})(.{6})(.{4})',
  between: ' ',
  example: '317101 410195 0001',
  sentence: {
    en: 'Enter your NIK, the 16 digits on your KTP, like {example}',
    es: 'Escribe tu NIK, las 16 cifras de tu KTP, como {example}',
    fil: 'Ilagay ang iyong NIK, ang 16 digit sa iyong KTP, tulad ng {example}',
    id: 'Isi NIK Anda, 16 digit di KTP, seperti {example}',
    zh: '填写您的 NIK（KTP 上的 16 位数字），例如 {example}',
    ar: 'اكتب رقم NIK الخاص بك، وهو 16 رقمًا على بطاقة KTP، مثل {example}',
  },
};
