/** All formats of text. A new one is a module in this folder and a line in this list. */
import { leftToRight } from '../fields/sentences.ts';
import { fillPipes } from '../runtime/text.ts';
import type { Language } from '../wording/wording.ts';
import type { Format } from './format.ts';
import { BETWEEN, codeIn, grouped } from '../runtime/grouped.ts';
import { idNik } from './id-nik.ts';
import { mxCurp } from './mx-curp.ts';
import { mxRfc } from './mx-rfc.ts';
import { phSss } from './ph-sss.ts';
import { phTin } from './ph-tin.ts';

export const formats = { ph_tin: phTin, ph_sss: phSss, mx_curp: mxCurp, mx_rfc: mxRfc, id_nik: idNik };

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as FormatName[];

const formatOf = (name: FormatName): Format => formats[name];

/** The code in `typed` as it is stored: in capitals, with nothing between its characters. Undefined if it is none. */
export function readFormat(name: FormatName, typed: string): string | undefined {
  const code = codeIn(typed);
  const { signs, lengths, isValid } = formatOf(name);
  if (!new RegExp(`^[${signs}]+$`, 'v').test(code)) return undefined;
  return lengths.includes(code.length) && isValid(code) ? code : undefined;
}

/**
 * The attributes of an input for it. Its `pattern` finds a wrong length and wrong characters. The server finds the
 * rest.
 */
export function formatAttributes(name: FormatName) {
  const { signs, lengths, groups, between } = formatOf(name);
  const digits = signs === '\\d';
  const sign = digits ? signs : `[${signs}${signs.toLowerCase()}]`;
  const counts = lengths.map((length) => `(?:${BETWEEN.source}*${sign}){${length}}`);
  return {
    inputmode: digits ? 'numeric' : 'text',
    autocapitalize: 'characters',
    spellcheck: 'false',
    dir: 'ltr',
    'data-groups': groups,
    'data-between': between,
    maxlength: 2 * Math.max(...lengths),
    pattern: `(?:${counts.join('|')})${BETWEEN.source}*`,
  };
}

/** A stored code as people read it. A value that is no code, as in an answer to an older version, stays as it is. */
export function showFormat(name: FormatName, code: string): string {
  const { groups, between } = formatOf(name);
  return readFormat(name, code) === code ? grouped(code, groups, between) : code;
}

/** The hint for people. */
export function formatSentence(name: FormatName, language: Language): string {
  const { sentence, example } = formatOf(name);
  return fillPipes(sentence[language], { example: leftToRight(example, language) });
}
