/** The message and the remedy for one value that the schema refuses. */
import type { z } from 'zod';
import { nearest } from './nearest.ts';
import { languageCodeOf } from '../wording/language-code.ts';
import { capitalize } from '../capitalize.ts';
import { languageCodes } from '../wording/wording.ts';

type Issue = z.core.$ZodIssue;

export interface IssueMessage {
  /** The problem, to follow a name: "is not a valid id". Empty if the value is not one of a few allowed ones. */
  is: string;
  remedy: string | undefined;
}

const WORDS: Record<string, string> = {
  string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'a map of keys', record: 'a map of keys',
}; // prettier-ignore

/**
 * The problem of `value`, and the fix.
 * @param about the description of the value in the schema
 * @param key the key of the value
 * @param text the value as it is written in the file
 */
export function issueMessage(
  issue: Issue,
  value: unknown,
  about: string | undefined,
  key: string,
  text: string,
): IssueMessage {
  const write = about && `Write \`${key}: …\` (${about}).`;
  switch (issue.code) {
    case 'invalid_value': {
      const known = issue.values.map(String);
      const isLanguages = known.every((one) => (languageCodes as string[]).includes(one));
      const near = isLanguages ? closestLanguage(known, textOfScalar(value)) : nearest(textOfScalar(value), known);
      const all = known.join(', ');
      return {
        is: '',
        remedy: near
          ? `Write ${near}. Possible values: ${all}.`
          : `${known.length > 1 ? 'Use one of these values:' : 'Write'} ${all}.`,
      };
    }
    case 'invalid_type':
    case 'invalid_union': {
      if (!issue.message.startsWith('Invalid input')) return ownWords(issue.message, value, write, key);
      const wanted = issue.code === 'invalid_type' ? issue.expected : key === 'next' ? 'array' : 'string';
      return {
        is: `is ${quoteValue(value)}, not ${WORDS[wanted] ?? wanted}`,
        remedy: typed(wanted, value, key, text) ?? write,
      };
    }
    case 'too_small':
    case 'too_big': {
      if (!/^Too (small|big)/.test(issue.message)) return ownWords(issue.message, value, write, key);
      const small = issue.code === 'too_small';
      const limit = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum);
      const bound = small ? 'at least' : 'at most';
      const counted = COUNTED[issue.origin];
      if (!counted) return { is: `is ${small ? 'less' : 'more'} than ${limit}`, remedy: `Write ${bound} ${limit}.` };
      const number = `${limit} ${limit === 1 ? counted[0] : counted[1]}`;
      return { is: `has ${small ? 'fewer' : 'more'} than ${number}`, remedy: `Write ${bound} ${number}.` };
    }
    default:
      if (!/^Invalid/.test(issue.message)) return ownWords(issue.message, value, write, key);
      return DATES.includes(key)
        ? { is: `is ${quoteValue(value)}, not a date`, remedy: `Write a date, like \`${key}: 2026-12-31\`.` }
        : { is: `is ${quoteValue(value)}, which has the wrong format`, remedy: write };
  }
}

/** The unit of a value of this type: its singular and its plural. */
const COUNTED: Record<string, [one: string, several: string]> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

const DATES = ['before', 'after'];

/** Keys with a list of texts. */
const OF_TEXTS = ['accept', 'allow', 'languages', 'options', 'params', 'retrieve'];

/** A code of two letters is close to too many others. It may well be another language. */
const closestLanguage = (languages: string[], text: string): string | undefined => {
  if (languages.includes(languageCodeOf(text))) return languageCodeOf(text);
  return text.length > 2 ? nearest(text, languages) : undefined;
};

/** `key: text`; an entry of a list has no key. */
const at = (key: string, text: string): string => (/^\d+$/.test(key) ? text : `${key}: ${text}`);

/** The replacement for a value of the wrong type, if it is known. */
function typed(wanted: string, value: unknown, key: string, text: string): string | undefined {
  if (key === 'next') return 'Put a dash before each rule: `- { when: { … }, go: … }`.';
  if (wanted === 'array' && OF_TEXTS.includes(key) && typeof value === 'string' && /^[^\n[\]{}]+$/.test(text))
    return `Write \`${key}: [${text}]\`.`;
  if (wanted === 'array') return `Write a list: \`${key}: [{ … }, { … }]\`.`;
  if (wanted === 'string' && /^(number|boolean)$/.test(typeof value))
    return `Put it in quotes: \`${at(key, `"${text}"`)}\`.`;
  if (wanted === 'boolean')
    return `Write \`${key}: ${/^(no|off|false|n)$/i.test(textOfScalar(value)) ? 'false' : 'true'}\`.`;
  if (wanted === 'number' || wanted === 'int') return `Write a number in digits, like \`${key}: 18\`.`;
  return undefined;
}

/**
 * Our own messages in the schema name the problem, and may name the fix after a semicolon or full stop. A message
 * without a fix or an example gets a general one.
 */
function ownWords(message: string, value: unknown, write: string | undefined, key: string): IssueMessage {
  if (message === 'is not a valid id') {
    return { is: message, remedy: `Write \`${idLike(textOfScalar(value))}\`. Use only small letters, digits and _.` };
  }
  const [, is = message, fix] = /^(.+?)(?:; |\. |: (?=write ))(.+)$/s.exec(message) ?? [];
  if (fix) return { is, remedy: `${capitalize(fix)}.` };
  const other = /^is (?:more than|after|not less than) (max\w*)$/.exec(message)?.[1];
  if (other)
    return {
      is: is.replace(other, `\`${other}\``),
      remedy: `Swap \`${key}\` and \`${other}\`, or delete one of them.`,
    };
  if (message.startsWith('repeats'))
    return { is, remedy: `Give each option its own value, like \`${at(key, `${textOfScalar(value)}_2`)}\`.` };
  // A number's description says no more than its fault does.
  const enough = typeof value === 'number' || /\b(like|such as)\b/.test(message);
  return { is, remedy: enough ? undefined : write };
}

/** The id nearest to `text`: "About You" → about_you, "Größe" → groesse. */
function idLike(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' })[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(plain) ? plain.slice(0, 60) : plain ? `n${plain}`.slice(0, 60) : 'full_name';
}

/** A value as text. A map is empty: it may have a key `toString`, which JavaScript would call. */
export const textOfScalar = (value: unknown): string => (value && typeof value === 'object' ? '' : String(value));

/** A value in the form that a sentence can contain. */
export function quoteValue(value: unknown): string {
  if (value === undefined || value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = textOfScalar(value);
  return typeof value === 'string' ? `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"` : text;
}
