/** The texts of a draft in their last form: per language of Flipsite, with pipes, not too long. */
import type { Value } from '../edit/value.ts';
import { isDeep } from '../faults/faults.ts';
import { MAX_TEXT_CHARACTERS } from '../keys.ts';
import { PIPE } from '../runtime/text.ts';
import { languageCodeOf } from '../wording/language-code.ts';
import { languageCodes, type Language } from '../wording/wording.ts';
import { OwnWords, Words, type DraftForm } from './draft.ts';
import type { ReportBuilder } from './report.ts';
import { typeable } from '../typeable.ts';

export interface Texts {
  languages: Language[];
  write(words: Words): Value;
}

/** Decides on the languages of the form, and reports the others. */
export function finishTexts(draft: DraftForm, report: ReportBuilder): Texts {
  const all = wordsOf(draft).filter((words) => !(words instanceof OwnWords));
  const main = isLanguage(languageCodeOf(draft.language)) ? (languageCodeOf(draft.language) as Language) : 'en';
  if (!isLanguage(languageCodeOf(draft.language))) {
    report.add(`The form is in ${languageInEnglish(draft.language)}. Flipsite’s own buttons and messages have no such language, so they are in English.`); // prettier-ignore
  }
  const written = new Set(all.flatMap((words) => [...words.byLanguage.keys()]).filter((name) => name !== ''));
  const others = new Set(
    [...written]
      .map(languageCodeOf)
      .filter(isLanguage)
      .filter((language) => language !== main),
  );
  for (const name of written) {
    if (name === draft.language || isLanguage(languageCodeOf(name))) continue;
    report.add(`The texts in ${languageInEnglish(name)} were left out. Flipsite’s pages have no such language.`);
  }
  const languages: Language[] = [main, ...others];
  const reported = new Set<Words>();

  const finish = (text: string): string => {
    const piped = closed(typeable(text), report).replace(draft.pipe.pattern, (whole, name: string) => {
      const id = draft.pipe.idOf(name);
      if (id !== undefined) return `\u0001${id}\u0002`;
      report.add(`“${whole.slice(0, 60)}” is shown as it is written, because Flipsite has no answer with that name.`);
      return whole;
    });
    const plain = withoutPipes(piped).replaceAll('\u0001', '{').replaceAll('\u0002', '}').trim();
    if (plain.length <= MAX_TEXT_CHARACTERS) return plain || '–';
    report.add(`A text was cut after ${MAX_TEXT_CHARACTERS.toLocaleString('en-US')} characters: “${plain.slice(0, 40)}…”.`); // prettier-ignore
    return `${plain.slice(0, MAX_TEXT_CHARACTERS - 1)}…`;
  };

  return {
    languages,
    write(words) {
      const known = new Map<string, string>();
      for (const [name, text] of words.byLanguage) {
        const language = name === '' || name === draft.language ? main : languageCodeOf(name);
        if (!known.has(language) || name === '') known.set(language, finish(text));
      }
      const first = known.get(main) ?? [...known.values()][0] ?? '–';
      if (languages.length === 1) return first;
      const missing = languages.filter((language) => !known.has(language));
      if (!reported.has(words)) missing.forEach((language) => report.addUntranslated(language));
      reported.add(words);
      const texts = languages.map((language) => [language, known.get(language) ?? first] as const);
      return texts.every(([, text]) => text === first) ? first : Object.fromEntries(texts);
    },
  };
}

const isLanguage = (name: string): name is Language => (languageCodes as string[]).includes(name);

/** A language by its English name, such as `French` for `fr`. */
export function languageInEnglish(code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code;
  } catch {
    return `“${code.slice(0, 20)}”`;
  }
}

/** Brackets that are never closed would make the file look too deep. */
function closed(text: string, report: ReportBuilder): string {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  if (count(/[[{]/g) <= count(/[\]}]/g) && !isDeep(text)) return text;
  report.add(`The brackets of a text are round now, because one is not closed: “${text.slice(0, 40)}”.`);
  return text.replace(/[[{]/g, '(').replace(/[\]}]/g, ')').replace(/^ +/gm, '');
}

/** `text` without pipes: `{name}` becomes `{ name }`. */
export const withoutPipes = (text: string): string => text.replace(PIPE, '{ $1 }');

function wordsOf(draft: DraftForm): Words[] {
  const found: Words[] = [];
  const look = (value: unknown): void => {
    if (value instanceof Words) found.push(value);
    else if (Array.isArray(value)) value.forEach(look);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look);
  };
  look([draft.title, draft.description]);
  for (const { title, text, fields } of draft.screens) look([title, text, fields.map(({ keys }) => keys)]);
  for (const { title, text } of draft.endings) look([title, text]);
  return found;
}
