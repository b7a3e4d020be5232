/** All texts of a form side by side, by language. */
import { TEXT_KEYS } from '../../form/inspect/references.ts';
import type { Path, Value } from '../../form/edit/edit.ts';
import { languagesOf, valueIn } from '../../form/edit/value.ts';
import { translationKey } from '../../form/changes/published-translations.ts';
import { nameOfLanguage } from '../../form/wording/language-names.ts';
import { listOf, mapOf, nameAt } from '../form-data.ts';
import type { Changes } from '../outline/dependents.ts';

export interface TextRow {
  path: Path;
  /** The key of the text, such as `title`. */
  key: string;
  /** The screen, field, option or ending that it belongs to; empty for the form itself. */
  owner: Path;
  /** The texts by language. One text for all languages has only `same`. */
  texts: Partial<Record<string, string>>;
  /** The text that is the same in every language. */
  same: string | undefined;
}

/** Parts without texts that people read on the page. */
const WITHOUT_TEXTS = ['examples', 'show_when', 'when', 'limits', 'match', 'notify', 'brand', 'default', 'redirect'];

/** Every text of a form, in the order of the file. */
export const textsOf = (data: Value): TextRow[] => textsIn(data, [], []);

function textsIn(value: Value | undefined, path: Path, owner: Path): TextRow[] {
  if (Array.isArray(value)) return value.flatMap((one, at) => itemTexts(one, [...path, at]));
  return Object.entries(mapOf(value)).flatMap(([key, inner]): TextRow[] => {
    const place = [...path, key];
    if (WITHOUT_TEXTS.includes(key)) return [];
    if (!TEXT_KEYS.includes(key) && !(key === 'subject' && path[0] === 'invite')) return textsIn(inner, place, owner);
    if (typeof inner === 'string') return [{ path: place, key, owner, texts: {}, same: inner }];
    const texts = Object.entries(mapOf(inner)).filter((one): one is [string, string] => typeof one[1] === 'string');
    return Object.keys(mapOf(inner)).length ? [{ path: place, key, owner, texts: Object.fromEntries(texts), same: undefined }] : []; // prettier-ignore
  });
}

function itemTexts(item: Value, path: Path): TextRow[] {
  // An option that is a text alone is its own label.
  if (typeof item === 'string') return path.at(-2) === 'options' ? [{ path, key: 'label', owner: path, texts: {}, same: item }] : []; // prettier-ignore
  return textsIn(item, path, path);
}

/** Whether a text that is written per language has none in `language`. */
export const isMissingIn = ({ same, texts }: TextRow, language: string): boolean =>
  same === undefined && !texts[language];

/** Says that the text in `language` is still the one in the first language. Empty where it is another one. */
export const sameInWords = (texts: Readonly<Record<string, unknown>>, first: string, language: string): string =>
  language !== first && texts[language] && texts[language] === texts[first]
    ? `The same as in ${nameOfLanguage(first)}.`
    : '';

/** The texts without `language`, among those that are written per language. */
export const missingIn = (rows: readonly TextRow[], language: string): TextRow[] =>
  rows.filter((row) => isMissingIn(row, language));

/** Whether a translation was published for another text in the first language, so that it may be too old. */
export function isOldIn({ texts }: TextRow, first: string, language: string, published: ReadonlyMap<string, readonly string[]>): boolean {
  const were = published.get(translationKey(first, language, texts[language] ?? ''));
  return were !== undefined && !were.includes(texts[first] ?? '');
} // prettier-ignore

/** "3 texts missing in Español" */
export function missingInWords(rows: readonly TextRow[], language: string): string {
  const count = missingIn(rows, language).length;
  return count ? `${count} ${count > 1 ? 'texts' : 'text'} missing in ${nameOfLanguage(language)}` : '';
}

/** The change that puts `text` in a row. An empty text removes the translation, and a text that was not changed stays. */
export function changeText(data: Value, { path, texts, same }: TextRow, language: string, text: string): Changes {
  if (text === (same ?? texts[language] ?? '')) return [];
  if (text) return [[path, { do: 'translate', language, text }]];
  const others = Object.keys(mapOf(valueIn(data, path))).filter((one) => one !== language);
  if (same === undefined && others.length) return [[[...path, language], { do: 'remove' }]];
  return [];
}

/** Adds a language to the form. Texts stay as they are, until a member translates them. */
export function addLanguage(data: Value, language: string): Changes {
  const languages = mapOf(data)['languages'];
  if (Array.isArray(languages)) return [[['languages', languages.length], { do: 'add', value: language }]];
  return [[['languages'], { do: 'set', value: [...languagesOf(data), language] }]];
}

/** Removes a language from the form, with all texts in it. */
export function removeLanguage(data: Value, language: string): Changes {
  const at = listOf(mapOf(data)['languages']).indexOf(language);
  if (at < 0 || languagesOf(data).length < 2) return [];
  const texts = textsOf(data)
    .filter((row) => row.texts[language] !== undefined)
    .toReversed();
  const removals = texts.map(({ path }): Changes[number] => {
    const others = Object.entries(mapOf(valueIn(data, path))).filter(([one]) => one !== language);
    // A text in this language only becomes the text of all languages.
    return others.length ? [[...path, language], { do: 'remove' }] : [path, { do: 'set', value: valueIn(data, [...path, language]) ?? '' }]; // prettier-ignore
  });
  return [...removals, [['languages', at], { do: 'remove' }]];
}

/** The name of the part of the form that a row belongs to. */
export const ownerInWords = (data: Value, { owner }: TextRow): string => (owner.length ? nameAt(data, owner) : 'The form'); // prettier-ignore
