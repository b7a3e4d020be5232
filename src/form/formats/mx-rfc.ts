import { isDay, type Format } from './format.ts';

/** Letters of the name (4 of a person, 3 of a company), date of birth or of founding, homoclave, check digit. */
const RFC = /^[A-Z&Ñ]{3,4}(?<year>\d\d)(?<month>\d\d)(?<day>\d\d)[A-Z\d]{2}[A\d]$/;

const ALPHABET = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ';

/**
 * The Registro Federal de Contribuyentes of Mexico: 13 characters of a person, 12 of a company. The last one is a check
 * digit (SAT, answer to request 0610100135506 on Infomex, 18 October 2006). All characters, with a space before those
 * of a company, are weighted from 13 down to 1 and give a multiple of 11, where A means 10. Flipsite refuses a few RFCs
 * in use with another check digit, such as ACE900319JT9: from 0.005 % (of the SAT's list of 2014) to 1.4 %, by counts
 * of users of this rule.
 */
export const mxRfc: Format = {
  signs: '\\dA-Z&Ñ',
  lengths: [12, 13],
  isValid(code) {
    const { year = '', month = '', day = '' } = RFC.exec(code)?.groups ?? {};
    if (!day || !isDay(year, month, day)) return false;
    const sum = [...code.padStart(13)].reduce((total, sign, at) => total + ALPHABET.indexOf(sign) * (13 - at), 0);
    return sum % 11 === 0;
  },
  groups: '(.+)(.{6})(.{3})',
  between: ' ',
  example: 'GODE561231GR8',
  sentence: {
    en: 'Enter your RFC, 12 or 13 letters and digits, like {example}',
    es: 'Escribe tu RFC, de 12 o 13 letras y cifras, como {example}',
    fil: 'Ilagay ang iyong RFC, 12 o 13 letra at digit, tulad ng {example}',
    id: 'Isi RFC Anda, 12 atau 13 huruf dan digit, seperti {example}',
    zh: '填写您的 RFC（12 或 13 位字母和数字），例如 {example}',
    ar: 'اكتب رمز RFC الخاص بك، من 12 أو 13 حرفًا ورقمًا، مثل {example}',
  },
};
