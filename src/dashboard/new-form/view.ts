/** The data of the page of a new form: its starts, and the text of each. */
import type { Imported } from '../../form/import/import.ts';
import { templates } from '../../form/templates/templates.ts';
import { findDraft } from '../../record/forms/drafts.ts';
import { formState } from '../../record/forms/form-states.ts';
import { type DashboardContext, mayHere, siteAddress } from '../context.ts';
import { formSummaries } from '../forms/forms.ts';
import { EMPTY_FORM, newFormChanges } from './new-form.ts';

/** A start of a new form: a template, or a form that the member may edit. */
export type FormStart = { kind: 'template' | 'copy'; value: string; title: string; description?: string };

export type NewFormView = {
  site: string;
  starts: FormStart[];
  entered: { title: string; slug: string; start: string; text: string };
  /** Sentences by the name of the field. */
  problems: { title?: string; slug?: string; text?: string };
};

/** The report about a form that was imported. */
export type ImportedView = {
  slug: string;
  title: string;
  /** "Imported from SurveyJS. 12 questions were carried over. 2 questions were left out." */
  head: string;
  leftOut: string[];
};

/** The page for a new form. A member may copy each form that they may edit. */
export async function newFormView(
  c: DashboardContext,
  entered: NewFormView['entered'],
  problems: NewFormView['problems'] = {},
): Promise<NewFormView> {
  const forms = await formSummaries(c.var.options.db, c.var.now, c.var.options.examples);
  const copies = forms
    // An archived form is copied from its own pages only, so that old forms do not fill this list.
    .filter(({ slug, state, hasText }) => hasText && (state !== 'archived' || entered.start === `copy:${slug}`))
    .filter(({ slug }) => mayHere(c, 'editForms', slug))
    .map(({ slug, title }): FormStart => ({ kind: 'copy', value: `copy:${slug}`, title, description: `/${slug}` }));
  const fromTemplates = templates.map(({ name, title, description }): FormStart => ({
    kind: 'template',
    value: `template:${name}`,
    title,
    description,
  }));
  return { site: siteAddress(c), starts: [...fromTemplates, ...copies], entered, problems };
}

const NO_START = 'The text to start from has errors in its YAML, or is too large. Fix it there, or start from another one.'; // prettier-ignore

/** The text of a new form, with a report where another program wrote it; or why there is none. */
export async function textOfStart(
  c: DashboardContext,
  { start, title, text }: NewFormView['entered'],
): Promise<Imported> {
  const { publisher } = c.var.options;
  if (start === 'text') return publisher.importForm(text, title || 'New form');
  const source = await textToCopy(c, start);
  if (source === undefined) return { ok: false, message: NO_START };
  const { data = null } = (await publisher.read(source)) ?? {};
  const edited = await publisher.edit(source, newFormChanges(data, title, start.startsWith('template:')));
  return edited?.ok
    ? { ok: true, kind: 'flipsite', text: edited.text, report: undefined }
    : { ok: false, message: NO_START };
}

async function textToCopy(c: DashboardContext, start: string): Promise<string | undefined> {
  const template = templates.find(({ name }) => start === `template:${name}`);
  const slug = /^copy:(.+)$/.exec(start)?.[1];
  if (slug === undefined || !mayHere(c, 'editForms', slug)) return template?.text() ?? EMPTY_FORM;
  const { db, publisher } = c.var.options;
  const draft = (await formState(db, slug))?.managedIn === 'dashboard' ? await findDraft(db, slug) : undefined;
  return draft?.text ?? (await publisher.source(slug))?.text;
}
