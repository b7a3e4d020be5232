/** Compares one part of a form with its earlier state, key by key. It leaves out no key that differs. */
import type { Text } from '../runtime/text.ts';
import type { Form } from '../schema.ts';
import { canonicalJson } from '../version.ts';
import {
  languageInWords,
  say,
  textChanges,
  type TextChange,
  titleIn,
  withArticle,
  type Quote,
  type Phrase,
} from './change-sentences.ts';

/**
 * The area of a change: new people, texts in other languages, people who have started, the data that leaves Flipsite, or
 * the links and files that lead to the form.
 */
export type Area = 'people' | 'translations' | 'started' | 'exports' | 'links';

export interface Change {
  area: Area;
  /** One or two English sentences of at most 25 words together, with the texts that people read. */
  sentence: string;
  /** Data is deleted, or no longer collected. */
  loses?: true;
  /** The path of the changed part in the new definition. For a removed part: in the old one. */
  path: PropertyKey[];
}

export interface Forms {
  before: Form;
  after: Form;
}

/** A part of a form in both states. */
export interface Pair<T> extends Forms {
  was: T;
  is: T;
  /** The name of the part in a sentence, such as: the screen “About you”. */
  subject: (q: Quote) => string;
  path: PropertyKey[];
}

/** A change without its path, which is the path of its key. */
export type Described = Omit<Change, 'path'> & { path?: PropertyKey[] };

type KeyOf<T> = T extends unknown ? keyof T : never;
type ValueOf<T, K> = T extends unknown ? (K extends keyof T ? T[K] : undefined) : never;

/** Describes a change of one key. An empty list: it changes nothing for anyone, or another key describes it. */
export type Describer<T, V> = (pair: Pair<T>, was: V | undefined, is: V | undefined) => Described[];

/** A describer for each key that `T` can have. */
export type Table<T> = { [K in KeyOf<T>]-?: Describer<T, Exclude<ValueOf<T, K>, undefined>> };

export const isSame = (one: unknown, other: unknown): boolean => canonicalJson(one) === canonicalJson(other);

/**
 * Describes each key whose value differs.
 * @param only the keys to look at; without it, all
 */
export function compareKeys<T extends object>(
  table: Table<T>,
  pair: Pair<T>,
  only: (key: string) => boolean = () => true,
): Change[] {
  const was = pair.was as Record<string, unknown>;
  const is = pair.is as Record<string, unknown>;
  const describers = table as Record<string, Describer<T, unknown>>;
  const keys = [...new Set([...Object.keys(is), ...Object.keys(was)])].filter(only);
  return keys
    .filter((key) => !isSame(was[key], is[key]))
    .flatMap((key) => {
      const describe = describers[key] ?? unknownKey(key);
      return describe(pair, was[key], is[key]).map((one) => ({ ...one, path: one.path ?? [...pair.path, key] }));
    });
}

/** A key that this code does not know is named as it is written. */
const unknownKey =
  (key: string): Describer<unknown, unknown> =>
  ({ subject }) => [forPeople((q) => `the setting “${key}” of ${subject(q)} changed.`)];

const inArea =
  (area: Area, loses?: true) =>
  (...phrases: Phrase[]): Described => ({ area, sentence: say(...phrases), ...(loses && { loses }) });

export const forPeople = inArea('people');
export const forStarted = inArea('started');
export const losing = inArea('started', true);
export const forExports = inArea('exports');
export const forLinks = inArea('links');
export const forTranslators = inArea('translations');

/** No sentence: the key means nothing by itself, or other sentences describe it. */
export const noSentence = (): Described[] => [];

/** A text that people read, such as a hint. */
export const textOf =
  (noun: string, area: Area = 'people'): Describer<unknown, Text> =>
  ({ before, after, subject }, was, is) => {
    if (is === undefined) return [{ area, sentence: say((q) => `${subject(q)} no longer has ${withArticle(noun)}.`) }];
    if (was === undefined) {
      const [first] = textChanges({ before, after }, '', is);
      return [{ area, sentence: say((q) => `${subject(q)} now has ${withArticle(noun)}: ${q(first?.after ?? '')}.`) }];
    }
    return changesOfText({ before, after }, was, is, (change) => ({
      area,
      sentence: say((q) => {
        const [old, now] = q.both(change.before, change.after);
        return `${inLanguage(change)}the ${noun} of ${subject(q)} was ${old}. It is now ${now}.`;
      }),
    }));
  };

/** The changes of a text in each language, as `describe` says them, and the translations that are as before. */
export function changesOfText(
  forms: Forms,
  was: Text,
  is: Text,
  describe: (change: TextChange) => Described,
): Described[] {
  const changes = textChanges(forms, was, is);
  return [...changes.map(describe), ...oldTranslations(forms, is, changes)];
}

/** A sentence about the translations that are as before, where the text in the first language of the form changed. */
function oldTranslations({ before, after }: Forms, is: Text, changed: TextChange[]): Described[] {
  if (typeof is === 'string' || !is[after.languages[0]]) return [];
  const hasChanged = (one: string) => changed.some(({ language }) => language === one);
  const old = after.languages.filter((one) => before.languages.includes(one) && !hasChanged(one));
  if (!old.length || !hasChanged(after.languages[0])) return [];
  const languages = new Intl.ListFormat('en').format(old.map(languageInWords));
  return [forTranslators((q) => `the translation of ${q(titleIn(after, is))} was not changed in ${languages}.`)];
}

export const inLanguage = ({ language }: { language?: string }): string =>
  language ? `in ${languageInWords(language)}, ` : '';

/** A value, such as a smallest number. Texts are quoted, unless `show` formats them. */
export const setting =
  <V>(noun: string, show?: (value: V) => string, area: Area = 'people'): Describer<unknown, V> =>
  ({ subject }, was, is) => {
    const shown = (value: V, q: Quote) => (show ? show(value) : typeof value === 'string' ? q(value) : String(value));
    const phrase: Phrase =
      is === undefined
        ? (q) => `${subject(q)} no longer has ${withArticle(noun)}.`
        : was === undefined
          ? (q) => `${subject(q)} now has ${withArticle(noun)}: ${shown(is, q)}.`
          : (q) => `the ${noun} of ${subject(q)} is now ${shown(is, q)} instead of ${shown(was, q)}.`;
    return [{ area, sentence: say(phrase, (q) => `the ${noun} of ${subject(q)} changed.`) }];
  };

/** Something that is on or off. Absent is off. */
export const flag =
  (on: (s: string) => string, off: (s: string) => string, area: Area = 'people'): Describer<unknown, boolean> =>
  ({ subject }, was, is) =>
    Boolean(was) === Boolean(is) ? [] : [{ area, sentence: say((q) => (is ? on : off)(subject(q))) }];

/** The entries that were added to a list of things with ids, removed from it, and moved in it. */
export function compareLists<T extends object>(
  was: readonly T[],
  is: readonly T[],
  keyOf: (one: T) => string,
): { added: T[]; removed: T[]; moved: T[]; inBoth: [was: T, is: T][] } {
  const before = new Map(was.map((one) => [keyOf(one), one]));
  const after = new Map(is.map((one) => [keyOf(one), one]));
  const stays = longestInOrder(
    was.map(keyOf).filter((key) => after.has(key)),
    is.map(keyOf).filter((key) => before.has(key)),
  );
  return {
    added: is.filter((one) => !before.has(keyOf(one))),
    removed: was.filter((one) => !after.has(keyOf(one))),
    moved: is.filter((one) => before.has(keyOf(one)) && !stays.has(keyOf(one))),
    inBoth: is.flatMap((one): [T, T][] => {
      const old = before.get(keyOf(one));
      return old ? [[old, one]] : [];
    }),
  };
}

/** The largest set of entries that are in the same order in `before` and `after`, which have the same entries. */
function longestInOrder(before: string[], after: string[]): Set<string> {
  const place = new Map(before.map((key, at) => [key, at]));
  // Ends of the longest rising sequences by their length, each with the entry before it.
  const ends: number[] = [];
  const previous = new Map<number, number | undefined>();
  for (const key of after) {
    const at = place.get(key) as number;
    let length = ends.findIndex((end) => end >= at);
    if (length < 0) length = ends.length;
    previous.set(at, ends[length - 1]);
    ends[length] = at;
  }
  const longest = new Set<string>();
  for (let at = ends.at(-1); at !== undefined; at = previous.get(at)) longest.add(before[at] as string);
  return longest;
}
