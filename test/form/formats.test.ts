import { describe, expect, it } from 'vitest';
import {
  formatAttributes,
  formatNames,
  formats,
  formatSentence,
  readFormat,
  showFormat,
  type FormatName,
} from '../../src/form/formats/formats.ts';
import { languageCodes } from '../../src/form/wording/wording.ts';

const letsThrough = (name: FormatName, typed: string) =>
  new RegExp(`^(?:${formatAttributes(name).pattern})$`, 'v').test(typed) &&
  typed.length <= formatAttributes(name).maxlength;

/** Specimens that their authorities, or descriptions of the numbers, print. */
const good: [name: FormatName, typed: string, stored: string, shown: string][] = [
  ['ph_tin', '123-456-788-000', '123456788000', '123-456-788-000'],
  ['ph_tin', '123 456 788', '123456788', '123-456-788'],
  ['ph_tin', '664-151-520-00000', '66415152000000', '664-151-520-00000'],
  ['ph_tin', '000123456001', '000123456001', '000-123-456-001'],
  ['ph_sss', '34-1234567-8', '3412345678', '34-1234567-8'],
  ['ph_sss', '0412345678', '0412345678', '04-1234567-8'],
  // As people copy it from a contact, a chat or a spreadsheet.
  ['ph_sss', '\u202a34-1234567-8\u202c', '3412345678', '34-1234567-8'],
  ['ph_sss', '34\u22121234567\u22128\u200e', '3412345678', '34-1234567-8'],
  ['mx_curp', 'HEGG560427MVZRRL04', 'HEGG560427MVZRRL04', 'HEGG560427MVZRRL04'],
  ['mx_curp', 'boxw310820hnerxn09', 'BOXW310820HNERXN09', 'BOXW310820HNERXN09'],
  ['mx_rfc', 'GODE561231GR8', 'GODE561231GR8', 'GODE 561231 GR8'],
  ['mx_rfc', 'gode-561231-gr8', 'GODE561231GR8', 'GODE 561231 GR8'],
  ['mx_rfc', 'MAB-930714-8T4', 'MAB9307148T4', 'MAB 930714 8T4'],
  ['mx_rfc', 'COSC8001137NA', 'COSC8001137NA', 'COSC 800113 7NA'],
  ['mx_rfc', 'OÑO120726RX3', 'OÑO120726RX3', 'OÑO 120726 RX3'],
  ['mx_rfc', 'H&E951128469', 'H&E951128469', 'H&E 951128 469'],
  ['id_nik', '170219 290512 0001', '1702192905120001', '170219 290512 0001'],
  ['id_nik', '170219.690512.0001', '1702196905120001', '170219 690512 0001'],
  ['id_nik', '33-11-12-04-11-87-0003', '3311120411870003', '331112 041187 0003'],
  ['id_nik', '3602041211870001', '3602041211870001', '360204 121187 0001'],
];

const bad: [name: FormatName, why: string, typed: string][] = [
  ['ph_tin', 'has a digit too few', '12345678'],
  ['ph_tin', 'has one digit of a branch', '1234567880'],
  ['ph_tin', 'has a letter', '12345678A'],
  ['ph_tin', 'is all zeros', '000-000-000-000'],
  ['ph_sss', 'is the number of a UMID card', '0111-1234567-8'],
  ['ph_sss', 'is all zeros', '00-0000000-0'],
  ['mx_curp', 'has another check digit', 'HEGG560427MVZRRL05'],
  ['mx_curp', 'is of an unknown state', 'HEGG560427MXXRRL04'],
  ['mx_curp', 'is of somebody born on 30 February', 'HEGG560230MVZRRL04'],
  ['mx_curp', 'is of no known sex', 'HEGG560427AVZRRL04'],
  ['mx_curp', 'is cut off', 'HEGG560427MVZRRL0'],
  ['mx_rfc', 'has another check digit', 'GODE561231GR9'],
  ['mx_rfc', 'is without its homoclave', 'GODE561231'],
  ['mx_rfc', 'is of somebody born in the 13th month', 'GODE561331GR8'],
  ['id_nik', 'is of somebody born on day 32', '1702193205120001'],
  ['id_nik', 'is of a woman born on day 32', '1702197205120001'],
  ['id_nik', 'is of somebody born on 30 February', '1702193002120001'],
  ['id_nik', 'is the zeroth of its day', '1702192905120000'],
  ['id_nik', 'is of no district', '1702002905120001'],
  ['id_nik', 'has a digit too many', '17021929051200010'],
];

describe('a number or code', () => {
  it.each(good)('%s %s is stored as %s and shown as %s', (name, typed, stored, shown) => {
    expect(readFormat(name, typed)).toBe(stored);
    expect(readFormat(name, stored)).toBe(stored);
    expect(readFormat(name, shown)).toBe(stored);
    expect(showFormat(name, stored)).toBe(shown);
  });

  it.each(good)('%s %s passes the browser as typed', (name, typed, stored, shown) => {
    for (const one of [typed, stored, shown, stored.toLowerCase(), ` ${shown}`]) {
      expect(letsThrough(name, one), one).toBe(true);
    }
  });

  it.each(bad)('%s that %s is refused: %s', (name, _why, typed) => {
    expect(readFormat(name, typed)).toBeUndefined();
  });

  it.each([
    ['ph_tin', '12345678'],
    ['ph_tin', '1234567890'],
    ['ph_sss', '34-1234567'],
    ['mx_curp', 'HEGG560427MVZRRL0'],
    ['mx_rfc', 'GODE561231'],
    ['id_nik', '170219290512'],
    ['id_nik', '17021929051200O1'],
  ] as const)('%s is refused by the browser at once when it has not all its signs: %s', (name, typed) => {
    expect(letsThrough(name, typed)).toBe(false);
  });

  it.each(formatNames)('%s accepts no text that is no code', (name) => {
    for (const typed of ['', ' ', '-', 'x', '__proto__', 'constructor', '1'.repeat(200), '１２３４５６７８９']) {
      expect(readFormat(name, typed)).toBeUndefined();
    }
  }); // prettier-ignore

  it.each(['CURP', 'mx_curp', '123'])('shows %s, which is none, as it is', (code) => {
    for (const name of formatNames) expect(showFormat(name, code)).toBe(code);
  });
});

describe('the check digit', () => {
  /** `code` with each digit, one at a time, replaced by each other digit. */
  const slips = (code: string) =>
    [...code].flatMap((sign, at) =>
      /\d/.test(sign)
        ? [...'0123456789'].filter((other) => other !== sign).map((other) => code.slice(0, at) + other + code.slice(at + 1))
        : [],
    ); // prettier-ignore

  it.each([
    ['mx_rfc', 'GODE561231GR8'],
    ['mx_rfc', 'MAB9307148T4'],
    ['mx_rfc', 'COSC8001137NA'],
    ['mx_rfc', 'SAT970701NN3'],
  ] as const)('of an RFC finds every wrong digit: %s %s', (name, code) => {
    for (const slip of slips(code)) expect(readFormat(name, slip), slip).toBeUndefined();
  });

  // Its weights share factors with 10, so that the weights 2, 4, 5, … let some slips through.
  it.each(['HEGG560427MVZRRL04', 'BOXW310820HNERXN09'])('of the CURP %s finds most wrong digits', (code) => {
    const told = slips(code).filter((slip) => readFormat('mx_curp', slip) === undefined);

    expect(told.length / slips(code).length).toBeGreaterThan(0.9);
    expect(slips(code.slice(-1)).every((last) => readFormat('mx_curp', code.slice(0, -1) + last) === undefined)).toBe(true);
  }); // prettier-ignore

  it('of a TIN, an SSS number and a NIK is unknown or absent, so each other serial number is good', () => {
    expect(readFormat('ph_tin', '123456789')).toBe('123456789');
    expect(readFormat('ph_sss', '3412345679')).toBe('3412345679');
    expect(readFormat('id_nik', '1702192905120002')).toBe('1702192905120002');
  });
});

describe('a date inside', () => {
  it('is on 29 February in a leap year of its century only', () => {
    expect(readFormat('id_nik', '1702192902000001')).toBe('1702192902000001');
    expect(readFormat('id_nik', '1702192902010001')).toBeUndefined();
  });

  it('is in the century that the last character but one of a CURP gives', () => {
    const codes = [...'0123456789'].map((last) => [`HEGG000229MVZRRL0${last}`, `HEGG000229MVZRRLA${last}`]);

    expect(codes.filter(([before]) => readFormat('mx_curp', before ?? ''))).toEqual([]);
    expect(codes.filter(([, since]) => readFormat('mx_curp', since ?? ''))).toHaveLength(1);
  });
});

describe.each(formatNames)('the sentence for %s', (name) => {
  it.each(languageCodes)('in %s shows an example that is good', (language) => {
    const { example } = formats[name];

    expect(readFormat(name, example)).toBeDefined();
    expect(formatSentence(name, language)).toContain(example);
    expect(formatSentence(name, language)).not.toMatch(/[{}]/);
  });
});
