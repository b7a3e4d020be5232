import { isDay, type Format } from './format.ts';

/** The states of birth; NE is abroad, and Mexico City is still DF. */
const STATES = 'AS|BC|BS|CC|CH|CL|CM|CS|DF|DG|GR|GT|HG|JC|MC|MN|MS|NE|NL|NT|OC|PL|QR|QT|SL|SP|SR|TC|TL|TS|VZ|YN|ZS';

/** Letters of the name, date of birth, sex (hombre, mujer, or X for neither), state, consonants of the name, two digits. */
const CURP = new RegExp(
  `^[A-Z]{4}(?<year>\\d\\d)(?<month>\\d\\d)(?<day>\\d\\d)[HMX](?:${STATES})[B-DF-HJ-NP-TV-Z]{3}(?<serial>[A-Z\\d])\\d$`,
);

const ALPHABET = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';

/**
 * The Clave Única de Registro de Población of Mexico: 18 characters, of which the last is a check digit (RENAPO,
 * Instructivo Normativo para la Asignación de la CURP). All characters, weighted from 18 down to 1, give a multiple of
 * 10. The character before it is a digit for people born before 2000, and a letter for others.
 */
export const mxCurp: Format = {
  signs: '\\dA-Z',
  lengths: [18],
  isValid(code) {
    const { year = '', month = '', day = '', serial = '' } = CURP.exec(code)?.groups ?? {};
    if (!serial || !isDay(year, month, day, [/\d/.test(serial) ? 1900 : 2000])) return false;
    const sum = [...code.slice(0, 17)].reduce((total, sign, at) => total + ALPHABET.indexOf(sign) * (18 - at), 0);
    return (sum + Number(code.at(-1))) % 10 === 0;
  },
  groups: '(.+)',
  between: '',
  example: 'HEGG560427MVZRRL04',
  sentence: {
    en: 'Enter your CURP, 18 letters and digits, like {example}',
    es: 'Escribe tu CURP, de 18 letras y cifras, como {example}',
    fil: 'Ilagay ang iyong CURP, 18 letra at digit, tulad ng {example}',
    id: 'Isi CURP Anda, 18 huruf dan digit, seperti {example}',
    zh: '填写您的 CURP（18 位字母和数字），例如 {example}',
    ar: 'اكتب رمز CURP الخاص بك، من 18 حرفًا ورقمًا، مثل {example}',
  },
};
