/** Translations: each text that is written per language has every language of the form, and no other. */
import { faultAt, lineOf, type FormFault, type Source } from './faults.ts';
import { isText, schemaParts } from './schema-at.ts';
import { formSchema, type Form } from '../schema.ts';
import { nodeLabel } from './node-label.ts';
import { languageCodeOf } from '../wording/language-code.ts';
import { languageCodes } from '../wording/wording.ts';

interface Written {
  path: PropertyKey[];
  text: Record<string, string>;
}

/** How many texts one fault names. It counts the others. */
const MAX_NAMED = 20;

/** `missing`: a fault for each language that texts of `form` lack. `unknown`: one for each text in a language that it does not have. */
export function translationFaults(source: Source, { languages }: Form): { missing: FormFault[]; unknown: FormFault[] } {
  const texts = [...schemaParts(formSchema, source.data)]
    .filter(({ layers, value }) => typeof value === 'object' && isText(layers))
    .map(({ path, value }) => ({ path, text: value as Record<string, string> }));
  const missing = languages.flatMap((language, at) => {
    // A language under another name has its fault at that name.
    const without = texts.filter(({ text }) => !Object.keys(text).some((name) => formLanguageOf(name) === language));
    return without[0] ? [missingFault(source, language, at, without[0], without)] : [];
  });
  return { missing, unknown: texts.flatMap((written) => unknownLanguageFaults(source, languages, written)) };
}

function missingFault(source: Source, language: string, at: number, first: Written, all: Written[]): FormFault {
  const declared = source.document.hasIn(['languages', at]);
  const more = all.length - MAX_NAMED;
  const places = all
    .slice(0, MAX_NAMED)
    .map(({ path }) => `${nameOf(source, path)} (line ${lineOf(source, { path })})`);
  const count = all.length === 1 ? '1 text has' : `${all.length} texts have`;
  const message = `${count} no translation for ${language}: ${places.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const written = Object.entries({ ...first.text, [language]: '…' }).map(([name, text]) => `${name}: ${quoted(text)}`);
  const remedy = `Write \`${String(first.path.at(-1))}: { ${written.join(', ')} }\`.${all.length > 1 ? ' Do the same for the others.' : ''}`;
  const place = { path: declared ? ['languages', at] : first.path };
  return { ...faultAt(source, place, message, remedy), kind: 'untranslated' };
}

function unknownLanguageFaults(source: Source, languages: string[], { path, text }: Written): FormFault[] {
  return Object.keys(text)
    .filter((language) => !languages.includes(language))
    .slice(0, MAX_NAMED)
    .map((language) => {
      const meant = formLanguageOf(language);
      if (languages.includes(meant)) {
        const message = `the code of this language is ${meant}, not ${language}`;
        return faultAt(
          source,
          { path, find: language },
          message,
          `Write \`${meant}: ${quoted(text[language] ?? '')}\`.`,
        );
      }
      const remedy = `Write \`languages: [${[...languages, meant].join(', ')}]\`${meant === language ? '' : ` and \`${meant}: …\``}, or delete this text.`;
      return faultAt(
        source,
        { path, find: language },
        `${language} is not one of the form's languages (${languages.join(', ')})`,
        remedy,
      );
    });
}

/** The name of a language as forms write it, if it is known. */
function formLanguageOf(name: string): string {
  const meant = languageCodeOf(name);
  return languageCodes.some((one) => one === meant) ? meant : name;
}

/** "title", "label of field `full_name`". */
function nameOf({ data }: Source, path: PropertyKey[]): string {
  const owner = nodeLabel(data, path.slice(0, -1));
  return `${String(path.at(-1))}${owner === 'the form' ? '' : ` of ${owner}`}`;
}

const quoted = (text: string): string => {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return /^[\p{L}\p{N}…][^:#,[\]{}"]*$/u.test(short) ? short : JSON.stringify(short);
};
