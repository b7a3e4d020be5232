import type { Format } from './format.ts';

/**
 * The Taxpayer Identification Number of the Philippine Bureau of Internal Revenue: 9 digits. A business has the code of
 * its branch after them, of 3 digits, or of up to 5 on newer certificates (RMO 23-91 and RMO 34-98; NTRC Tax Research
 * Journal, November 2014). The ninth digit is a check digit, but the BIR does not publish its formula (it refused FOI
 * request BIR-149240649109, 2022). So Flipsite does not check it.
 */
export const phTin: Format = {
  signs: '\\d',
  lengths: [9, 12, 13, 14],
  isValid: (code) => !code.startsWith('000000000'),
  groups: '(...)(...)(...)(.*)',
  between: '-',
  example: '123-456-788-000',
  sentence: {
    en: 'Enter your TIN, 9 or 12 digits, like {example}',
    es: 'Escribe tu TIN, de 9 o 12 cifras, como {example}',
    fil: 'Ilagay ang iyong TIN, 9 o 12 digit, tulad ng {example}',
    id: 'Isi TIN Anda, 9 atau 12 digit, seperti {example}',
    zh: '填写您的 TIN（9 位或 12 位数字），例如 {example}',
    ar: 'اكتب رقم TIN الخاص بك، من 9 أرقام أو 12 رقمًا، مثل {example}',
  },
};
