/** Making a new form, and the report of its import. */
import { MAX_SLUG_CHARACTERS, slugFrom } from '../../form/id.ts';
import type { Imported } from '../../form/import/import.ts';
import { reportInText } from '../../form/import/report.ts';
import { withLineEndsOf } from '../../form/line-ends.ts';
import { CheckerBusy } from '../../publish/check/form-checker.ts';
import { findDraft, saveDraft } from '../../record/forms/drafts.ts';
import { formState, setManagedIn } from '../../record/forms/form-states.ts';
import { type DashboardContext, memberOf, param } from '../context.ts';
import { formTitleIn } from '../editing/form-title.ts';
import { page, redirect } from '../http/page.ts';
import { MAX_TITLE, slugProblem } from './new-form.ts';
import { type NewFormView, newFormView, textOfStart } from './view.ts';

export async function showNewForm(c: DashboardContext): Promise<Response> {
  const entered = {
    title: '',
    slug: '',
    start: c.req.query('copy') ? `copy:${c.req.query('copy')}` : 'empty',
    text: '',
  };
  return page(c, 'newForm', await newFormView(c, entered));
}

/** Makes a draft that only members see, and opens its editor, or first the report of its import. */
export async function createForm(c: DashboardContext): Promise<Response> {
  const { form, file } = c.var.posted;
  const sent = (name: string) => (form.get(name) ?? '').trim();
  const uploaded = file?.length ? textOfFile(file) : '';
  const text = uploaded || withLineEndsOf('', form.get('text') ?? '');
  // A text that is pasted is the start, unless the member chose another one.
  const start = text.trim() && ['', 'empty'].includes(sent('start')) ? 'text' : sent('start') || 'empty';
  const entered = { title: sent('title'), slug: sent('slug'), start, text };
  const fault = uploaded === undefined ? notTextFault(file) : emptyTextFault(entered);
  const made: Imported = fault ? { ok: false, message: fault } : await textOfStart(c, entered).catch(sayBusy);
  const slugOf = (title: string) => entered.slug || slugFrom(title, MAX_SLUG_CHARACTERS);
  // A text has a title of its own, under any link. An error of the link is not one of the text.
  const wanted = slugOf(entered.title);
  const checkedAs = wanted && !slugProblem(wanted) ? wanted : 'form';
  const title = made.ok ? await formTitleIn(c, checkedAs, made.text, entered.title) : entered.title;
  const slug = slugOf(entered.title || title);
  const problems = newFormProblems(entered, { title, slug, made });
  const refuse = async (found: typeof problems) => page(c, 'newForm', await newFormView(c, entered, found), 422);
  if (!made.ok || Object.keys(problems).length) return refuse(problems);
  const { db } = c.var.options;
  const draft = { form: slug, text: made.text, title, memberId: memberOf(c).id };
  const isNew = await db.transaction(async (trx) => {
    if (await formState(trx, slug)) return false;
    await setManagedIn(trx, slug, 'dashboard', c.var.now);
    await saveDraft(trx, draft, 0, c.var.now);
    return true;
  });
  if (!isNew) return refuse({ slug: `There is a form with the link ${slug} already. Choose another link.` });
  return redirect(c, `/admin/forms/${slug}/${made.report?.leftOut.length ? 'imported' : 'edit'}`);
}

/** The page keeps the text, which is stored nowhere yet. */
function sayBusy(error: unknown): Imported {
  if (!(error instanceof CheckerBusy)) throw error;
  return { ok: false, message: 'Flipsite is checking other forms right now. Try again in a few seconds.' };
}

/** The sentences about wrong input, by field. `title` and `slug`: those that the form would have. */
function newFormProblems(
  entered: NewFormView['entered'],
  { title, slug, made }: { title: string; slug: string; made: Imported },
): NewFormView['problems'] {
  const isText = entered.start === 'text';
  const slugFault = entered.slug || title ? slugProblem(slug) : undefined;
  return {
    ...(!title && !isText && { title: 'Enter a title.' }),
    ...(!title && isText && made.ok && { title: 'Enter a title. Flipsite could not read one from the text.' }),
    ...(entered.title.length > MAX_TITLE && { title: `Enter a title of at most ${MAX_TITLE} characters.` }),
    ...(slugFault && { slug: slugFault }),
    ...(!made.ok && { text: made.message }),
  };
}

const emptyTextFault = ({ start, text }: NewFormView['entered']): string | undefined =>
  start === 'text' && !text.trim() ? 'There is no text. Choose a file that is not empty, or paste the text of a form.' : undefined; // prettier-ignore

const notTextFault = (file: Uint8Array | undefined): string => (file?.includes(0) ? NOT_TEXT : NOT_UTF8);
const NOT_TEXT = 'This file is not a text. Choose the YAML or JSON file of a form.';
const NOT_UTF8 = 'This file is not a text in UTF-8. Save it as UTF-8, or paste its text.';

/** The report of an import, from the comments above the text of the draft. */
export async function showImported(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const draft = await findDraft(c.var.options.db, slug);
  const report = draft && reportInText(draft.text);
  if (!report) return redirect(c, `/admin/forms/${slug}/edit`);
  return page(c, 'imported', { slug, title: draft.title, ...report });
}

/** The text of a file, in UTF-8 or in the UTF-16 of Windows; undefined where it is neither. */
function textOfFile(file: Uint8Array): string | undefined {
  const encoding = { fffe: 'utf-16le', feff: 'utf-16be' }[Buffer.from(file.subarray(0, 2)).toString('hex')] ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(file);
  } catch {
    return undefined;
  }
}
