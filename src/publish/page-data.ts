/** What a form's page carries for its script: the way, the sentences, and where the parts are. */
import { parts } from 'virtual:browser';
import type { PageData, PageField } from '../contract/page.ts';
import type { Problem } from '../form/fields/field-type.ts';
import { sentences, typeOf, type Field } from '../form/fields/fields.ts';
import { fieldsOf, type Form, type Widget } from '../form/schema.ts';
import { sensitiveFields } from '../form/sensitive.ts';
import { pipes } from '../form/runtime/text.ts';
import { betweenSentences, localeOf, wordings, type Language } from '../form/wording/wording.ts';
import { widgetsOf } from '../form/runtime/wink.ts';
import { FRAME, widgetsRun } from './frame.ts';

/** The kind of a number that is typed, as long as nothing has read it. */
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
] as const satisfies (keyof PageData['words'])[];

/** The addresses a page is rendered with. */
export interface SiteContext {
  /** Where the API is: an origin such as https://forms.acme.example, or nothing when it is the page's own. */
  api: string;
  /** The path that the site stands under, such as /forms; nothing when it has the host to itself. */
  base: string;
  /** Addresses of the Wink widget's scripts, by version. */
  scripts: Record<Widget['sdk'], string>;
}

export function pageData(form: Form, version: string, language: Language, site: SiteContext): PageData {
  const { page, keep } = wordings[language];
  const at = (name: keyof (typeof parts)[Language]) => site.base + parts[language][name].path;
  const fields = fieldsOf(form);
  const sensitive = sensitiveFields(form);
  const wink = form.screens.some((screen) => screen.wink);
  return {
    slug: form.slug,
    version,
    language,
    locale: localeOf(language),
    api: site.api + site.base,
    params: form.params,
    screens: form.screens.map(({ id, next, wink: widgets, fields: own }) => ({
      id,
      next,
      fields: own.map((field) => pageField(field, language, sensitive.has(field.id))),
      ...(widgets && {
        wink: widgetsOf(widgets).map(({ require, sdk, frame }) => ({ require, sdk, ...(frame && { frame }) })),
      }),
    })),
    endings: form.endings.map(({ id }) => ({ id })),
    words: {
      ...(Object.fromEntries(WORDS.map((name) => [name, page[name]])) as Record<(typeof WORDS)[number], string>),
      offline: keep.offline,
      between: betweenSentences(language),
    },
    parts: {
      submission: at('submission'),
      ...(wink && { wink: at('wink') }),
      ...(fields.some((field) => typeOf(field).kind === 'files') && { files: at('files') }),
      ...(form.review && { review: at('review') }),
      ...(fields.some((field) => typeOf(field).amount) && { amounts: at('amounts') }),
    },
    ...(form.proof_of_work && { challenge: at('solve') }),
    ...(wink && { scripts: site.scripts }),
    ...(widgetsRun(form, 'frame') && { frame: site.base + FRAME }),
  };
}

/** Whether the page needs more than the plain script: Wink, files, a review, pipes, a sensitive answer, a sum, an address, a date that moves, choices that go together or not. */
export const needsAll = (form: Form): boolean =>
  Boolean(form.review) ||
  sensitiveFields(form).size > 0 ||
  form.screens.some(
    ({ wink, fields, title, text = '' }) =>
      wink ||
      [title, text, ...fields.flatMap(({ label, help = '' }) => [label, help])].some((one) => pipes(one).length) ||
      fields.some(
        (field) =>
          ['file', 'signature', 'computed', 'address'].includes(field.type) ||
          (field.type === 'date' && /today/.test(`${field.min} ${field.max}`)) ||
          (field.type === 'checkboxes' && (field.none_of_these || field.min || field.max)),
      ),
  );

const pageField = (field: Field, language: Language, sensitive: boolean): PageField => ({
  id: field.id,
  // Text, until the part that reads numbers has come.
  kind: typeOf(field).amount ? AMOUNT : typeOf(field).kind,
  show_when: field.show_when,
  ...(sensitive && { sensitive }),
  ...(field.type === 'computed' && { value: field.value }),
  say: said(field, language),
});

/** Limits without which a browser sees no such problem. */
const LIMITS: Partial<Record<Problem, string>> = { low: 'min', high: 'max', short: 'min_length' };

/** What browsers call a problem (HTML Standard, ValidityState). Those of several parts keep the part's name before it. */
const FLAGS: Record<string, string> = {
  missing: 'valueMissing',
  type: 'typeMismatch',
  pattern: 'patternMismatch',
  short: 'tooShort',
  low: 'rangeUnderflow',
  high: 'rangeOverflow',
  step: 'stepMismatch',
};

/** The sentences that a browser can need: not what it cannot see, nor what only a limit of the field would make it see. */
function said(field: Field, language: Language): PageField['say'] {
  const all = sentences(field, language);
  return Object.fromEntries(
    Object.entries(all as Record<string, string>).flatMap(([problem, sentence]) => {
      const limit = LIMITS[problem as Problem];
      if (/^(long|choice|alone)$/.test(problem) || (limit && !(limit in field))) return [];
      if (problem !== 'type' && sentence === all.type) return [];
      return [[problem.replace(/\w+$/, (name) => FLAGS[name] ?? name), sentence]];
    }),
  );
}
