/**
 * Forms of other programs → the text of a form, with a report of the parts that were left out. Pure: no network, no
 * page.
 */
import { parseDocument } from 'yaml';
import { isDeep } from '../faults/faults.ts';
import { MAX_FORM_CHARACTERS } from '../parse.ts';
import { fitToLanguage } from './fit.ts';
import { readIssueForm } from './github/issue-form.ts';
import { reportInComments, startReport, type ImportReport, type ReportBuilder } from './report.ts';
import { isObject } from './source-keys.ts';
import { readSurvey } from './surveyjs/survey.ts';
import { languageInEnglish } from './texts.ts';
import { readTypeform } from './typeform/typeform.ts';
import type { DraftForm } from './draft.ts';
import { writeForm } from './write.ts';

export type SourceKind = 'flipsite' | 'surveyjs' | 'typeform' | 'github-issue-form';

/** The kinds in sentences. */
export const SOURCE_NAMES: Record<SourceKind, string> = {
  flipsite: 'Flipsite',
  surveyjs: 'SurveyJS',
  typeform: 'Typeform',
  'github-issue-form': 'a GitHub issue form',
};

export type Imported =
  | { ok: true; kind: SourceKind; text: string; report: ImportReport | undefined }
  | { ok: false; message: string };

type Reader = (source: Record<string, unknown>, report: ReportBuilder, untitled: string) => DraftForm;

const READERS: Record<Exclude<SourceKind, 'flipsite'>, Reader> = {
  surveyjs: readSurvey,
  typeform: readTypeform,
  'github-issue-form': readIssueForm,
};

/** An issue form needs no aliases. A few are allowed, but not so many that the data becomes large. */
const MAX_ALIASES = 20;

/** The kind of form in `text`; undefined if it is none of them. It does not read all of a Flipsite form. */
export function recognize(text: string): SourceKind | undefined {
  return kindOf(text, undefined);
}

function kindOf(text: string, parsed: unknown): SourceKind | undefined {
  if (text.length > MAX_FORM_CHARACTERS) return undefined;
  // A Flipsite form that has errors in its YAML is one too.
  if (/^screens[ \t]*:/m.test(text) && !/^\uFEFF?\s*\{/.test(text)) return 'flipsite';
  const source = parsed ?? parseSource(text);
  if (!isObject(source)) return undefined;
  const hasList = (...keys: string[]) => keys.some((key) => Object.hasOwn(source, key) && Array.isArray(source[key]));
  if (hasList('screens')) return 'flipsite';
  if (hasList('fields')) return 'typeform';
  if (hasList('body') && Object.hasOwn(source, 'name')) return 'github-issue-form';
  return hasList('pages', 'elements', 'questions') ? 'surveyjs' : undefined;
}

/**
 * @param title for a source without one
 * @param now decides the possible days of `today` in the check of the form
 * @returns the text of a form, with a report unless it is a Flipsite form; or the reason as sentences
 */
export function importForm(
  text: string,
  { title = 'Form', now = new Date() }: { title?: string | undefined; now?: Date } = {},
): Imported {
  if (text.length > MAX_FORM_CHARACTERS) {
    return { ok: false, message: `The text has more than ${MAX_FORM_CHARACTERS.toLocaleString('en-US')} characters. Split the form into several.` }; // prettier-ignore
  }
  const source = parseSource(text);
  const kind = kindOf(text, source);
  if (kind === undefined) {
    // Most often, the end is missing.
    const isCut = source === undefined && /^\uFEFF?\s*\{/.test(text);
    const message = isCut
      ? 'This text begins like JSON, but Flipsite cannot read it. Copy all of it again, from the first { to the last }.'
      : 'Flipsite does not know this kind of text. Use the text of a Flipsite form, a JSON definition of SurveyJS or Typeform, or a GitHub issue form.'; // prettier-ignore
    return { ok: false, message };
  }
  if (kind === 'flipsite' || !isObject(source)) return { ok: true, kind: 'flipsite', text, report: undefined };
  const report = startReport();
  const draft = READERS[kind](source, report, title);
  const data = fitToLanguage(draft, report, now);
  const all = draft.screens.flatMap(({ fields }) => fields.map(({ keys }) => keys.type));
  const statements = all.filter((type) => type === 'statement').length;
  const carried = { questions: all.length - statements, statements, screens: draft.screens.length, endings: draft.endings.length }; // prettier-ignore
  const built = report.build(carried, languageInEnglish);
  return { ok: true, kind, text: writeForm(data, reportInComments(SOURCE_NAMES[kind], built)), report: built };
}

/** The code around an object in a program. */
const DECLARATION =
  /^\s{0,100}(?:export\s{1,10}default\s|(?:export\s{1,10})?(?:const|let|var)\s{1,10}\w{1,100}\s{0,10}=)\s{0,100}/;

/** JSON, YAML, or an object as JavaScript writes it; undefined if it is none of them. */
function parseSource(text: string): unknown {
  const source = text.replace(/^\uFEFF/, '').replace(DECLARATION, '');
  try {
    return JSON.parse(source) as unknown;
  } catch {
    // It may be YAML.
  }
  try {
    const yaml = /^\s*\{/.test(source) ? spacedObject(source) : source;
    if (isDeep(yaml)) return undefined;
    const document = parseDocument(yaml, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
    return document.errors.length ? undefined : (document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown);
  } catch {
    // Too many aliases, or too many levels.
    return undefined;
  }
}

/** The text of an object in JavaScript, so that YAML can read it: with spaces after colons, and without comments. */
function spacedObject(source: string): string {
  const pieces: string[] = [];
  // Texts are kept as they are. Each piece is read once, also a text without its end.
  for (const [piece] of source.matchAll(
    /"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|\/\/[^\n]*|\/\*[^*]*\*\/|[^"'/:]+|[^]/g,
  )) {
    if (piece === ':') pieces.push(': ');
    else if (/^'[^]*'$/.test(piece)) pieces.push(JSON.stringify(piece.slice(1, -1).replaceAll("\\'", "'")));
    else if (!/^\/[/*]/.test(piece)) pieces.push(piece.replaceAll('\t', ' '));
  }
  return pieces.join('').replace(/;\s*$/, '');
}
