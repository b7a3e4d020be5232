import type { Format } from './format.ts';

/**
 * The number of a member of the Philippine Social Security System: 10 digits, printed as 34-1234567-8. The SSS
 * publishes no check digit, so Flipsite checks only the number of digits. The 12 digits of a UMID card are another
 * number, the CRN.
 */
export const phSss: Format = {
  signs: '\\d',
  lengths: [10],
  isValid: (code) => /[1-9]/.test(code),
  groups: '(..)(.{7})(.)',
  between: '-',
  example: '34-1234567-8',
  sentence: {
    en: 'Enter your SSS number, 10 digits, like {example}',
    es: 'Escribe tu número SSS, de 10 cifras, como {example}',
    fil: 'Ilagay ang iyong SSS number, 10 digit, tulad ng {example}',
    id: 'Isi nomor SSS Anda, 10 digit, seperti {example}',
    zh: '填写您的 SSS 号码（10 位数字），例如 {example}',
    ar: 'اكتب رقم SSS الخاص بك، من 10 أرقام، مثل {example}',
  },
};
