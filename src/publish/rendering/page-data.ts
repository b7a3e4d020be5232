/** The data in a form's page for its script: screens and rules, sentences, addresses of chunks. */
import type { chunks } from 'virtual:browser';
import type { PageData, PageField } from '../../contract/page.ts';
import { formulaOf, typeOf, type Field } from '../../form/fields/fields.ts';
import { sentences } from '../../form/fields/problem-sentences.ts';
import { fieldsOf, type Form, type Widget } from '../../form/schema.ts';
import { featuresOf } from '../../form/inspect/page-features.ts';
import { fillableIds } from '../../form/inspect/link-values.ts';
import { sensitiveFields } from '../../form/inspect/sensitive.ts';
import { betweenSentences, commaIn, localeOf, wordings, type Language } from '../../form/wording/wording.ts';
import { widgetsOf } from '../../form/runtime/wink.ts';
import { FRAME, hasWidgetIn } from './frame.ts';

/** The kind of a typed number before it is parsed. */
export const AMOUNT = 'amount';

const WORDS = [
  'step',
  'stepAbout',
  'checkOne',
  'checkSome',
  'checkAnswer',
  'error',
  'next',
  'send',
  'notLoaded',
] as const satisfies (keyof PageData['words'])[];

/** The addresses with which a page is rendered. */
export interface SiteContext {
  /** The API's origin, such as https://forms.acme.example. Empty if it is the page's own. */
  api: string;
  /** The path of the site, such as /forms. Empty if it has the host to itself. */
  base: string;
  /** Addresses of the Wink widget's scripts, by version. */
  scripts: Record<Widget['sdk'], string>;
  /** On a static host, which has a folder for each version of a form: the beginning of its name. */
  versions?: string;
  /** The address of the site as people see it, such as https://acme.example/forms. Absent where it is not set. */
  address?: string | undefined;
  /** Whether the card at a path can be drawn. Absent where no card is drawn. */
  canDraw?(path: string): boolean;
  /** Present for the page of a preview. */
  preview?: PreviewContext;
}

export interface PreviewContext {
  /** The errors of the newest text, in sentences. The page shows the last text without errors. */
  faults: readonly string[];
  /** Whether the person may comment on the form and approve it. */
  mayComment: boolean;
}

type ChunkName = keyof (typeof chunks)[Language];

/** @param pathOf the path of a chunk in the form's language, without the path of the site */
export function pageData(
  form: Form,
  version: string,
  language: Language,
  site: SiteContext,
  pathOf: (chunk: ChunkName) => string,
): PageData {
  const { page } = wordings[language];
  const chunkPath = (name: ChunkName) => site.base + pathOf(name);
  const fields = fieldsOf(form);
  const sensitive = sensitiveFields(form);
  const wink = form.screens.some((screen) => screen.wink);
  return {
    slug: form.slug,
    version,
    language,
    locale: localeOf(language),
    api: site.api + site.base,
    // The page sends the campaign link in its address along, as it does with params.
    params: `^(${[...form.params, ...fillableIds(form), 'link', 'utm_.*'].join('|')})$`,
    screens: form.screens.map(({ id, next, wink: widgets, fields: screenFields }) => ({
      id,
      next,
      fields: screenFields.map((field) => pageField(field, language, sensitive.has(field.id))),
      ...(widgets && {
        wink: widgetsOf(widgets).map(({ require, sdk, frame }) => ({ require, sdk, ...(frame && { frame }) })),
      }),
    })),
    endings: form.endings.map(({ id }) => ({ id })),
    words: {
      ...(Object.fromEntries(WORDS.map((name) => [name, page[name]])) as Record<(typeof WORDS)[number], string>),
      between: betweenSentences(language),
    },
    ...(featuresOf(form).has('shownAnswers') && { comma: commaIn(language) }),
    chunks: {
      submission: chunkPath('submission'),
      ...(wink && { wink: chunkPath('wink') }),
      ...(fields.some((field) => typeOf(field).kind === 'files') && { files: chunkPath('files') }),
      ...(form.review && { review: chunkPath('review') }),
      ...(fields.some((field) => typeOf(field).amount) && { amounts: chunkPath('amounts') }),
      ...(form.proof_of_work && { solve: chunkPath('solve') }),
      ...(form.embed && { embed: chunkPath('embed') }),
      ...(site.preview && { preview: chunkPath('preview') }),
    },
    ...(wink && { scripts: site.scripts }),
    ...(hasWidgetIn(form, 'frame') && { frame: site.base + FRAME }),
    ...(site.versions && { versions: `${site.base}/${form.slug}/${site.versions}` }),
  };
}

const pageField = (field: Field, language: Language, sensitive: boolean): PageField => ({
  id: field.id,
  kind: kindOf(typeOf(field)),
  show_when: field.show_when,
  ...(sensitive && { sensitive }),
  value: formulaOf(field),
  say: browserSentences(field, language),
});

function kindOf({ amount, kind, unseen }: ReturnType<typeof typeOf>): string {
  // Text, until the chunk that parses numbers has loaded.
  if (amount) return AMOUNT;
  // A text that the person does not change.
  return unseen ? 'hidden' : kind;
}

/**
 * The browsers' names of problems (HTML Standard, ValidityState). For composite fields the name of the input comes
 * first.
 */
const FLAGS: Record<string, string> = {
  missing: 'valueMissing',
  type: 'typeMismatch',
  pattern: 'patternMismatch',
  short: 'tooShort',
  low: 'rangeUnderflow',
  high: 'rangeOverflow',
  step: 'stepMismatch',
};

/** The sentences that a browser can need. Problems that only the server sees, or only a limit causes, are left out. */
function browserSentences(field: Field, language: Language): PageField['say'] {
  const all = sentences(field, language);
  return Object.fromEntries(
    Object.entries(all as Record<string, string>).flatMap(([problem, sentence]) => {
      if (/^(long|choice|alone)$/.test(problem) || (problem === 'short' && !('min_length' in field))) return [];
      if (problem !== 'type' && sentence === all.type) return [];
      return [[problem.replace(/\w+$/, (name) => FLAGS[name] ?? name), sentence]];
    }),
  );
}
