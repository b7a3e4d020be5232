/** Changing the text of a form, and saving its draft. */
import { z } from 'zod';
import type { DraftConflict, DraftToSave, SavedDraft } from '../../contract/editor.ts';
import { withLineEndsOf } from '../../form/line-ends.ts';
import { findDraft, saveDraft, setDraftTitle } from '../../record/forms/drafts.ts';
import { formState } from '../../record/forms/form-states.ts';
import { latestPublication, latestText } from '../../record/forms/publications.ts';
import { type DashboardContext, memberOf, param } from '../context.ts';
import { memberName } from '../display/member-name.ts';
import { errorPage, noForm, notFound, formPage, redirect } from '../http/page.ts';
import { faultsOf } from './faults.ts';
import { draftTitle, formTitleIn } from './form-title.ts';
import { managedInFiles } from './managed-in-files.ts';
import { editorView } from './view.ts';

export async function showEditor(c: DashboardContext): Promise<Response> {
  return formPage(c, 'editor', await editorView(c, param(c, 'slug')));
}

/** Saves the draft, and redirects to its publish page if the member chose that button. */
export async function saveEditor(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const { db } = c.var.options;
  const { form } = c.var.posted;
  const [draft, state] = await Promise.all([findDraft(db, slug), formState(db, slug)]);
  if (state?.managedIn === 'files') return managedInFiles(c, slug);
  if (!draft) return notFound(c, noForm());
  const here = `/admin/forms/${slug}`;
  const wants = form.get('do');
  const published = wants === 'discard' ? await latestText(db, slug) : undefined;
  const text = published ?? withLineEndsOf(draft.text, form.get('text') ?? draft.text);
  const base = Number(form.get('base'));
  if (text !== draft.text || base !== draft.revision) {
    const title = await formTitleIn(c, slug, text, draft.title);
    const result = await saveDraft(db, { form: slug, text, title, memberId: memberOf(c).id }, base, c.var.now);
    if (!result.draft) return managedInFiles(c, slug);
    if (!result.saved && result.draft.text !== text) {
      return formPage(c, 'editor', await editorView(c, slug, { text, otherDraft: result.draft }), 409);
    }
  }
  return redirect(c, wants === 'publish' ? `${here}/publish` : `${here}/edit`);
}

/** Saves the draft for the editor, and answers in JSON, as `SavedDraft` or `DraftConflict`. */
export async function autosaveDraft(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const { db, publisher } = c.var.options;
  const sent = draftSchema.safeParse(c.var.posted.json);
  if (!sent.success)
    return errorPage(c, {
      status: 400,
      title: 'This is not a draft',
      text: 'Nothing was changed. Load the page again.',
    });
  const [stored, state] = await Promise.all([findDraft(db, slug), formState(db, slug)]);
  if (state?.managedIn === 'files') return managedInFiles(c, slug);
  if (!stored) return notFound(c, noForm());
  const text = withLineEndsOf(stored.text, sent.data.text);
  const draft = { form: slug, text, title: stored.title, memberId: memberOf(c).id };
  const isSame = text === stored.text;
  // The text is stored before it is checked, which takes long for a large one.
  const result = isSame ? { saved: true, draft: stored } : await saveDraft(db, draft, sent.data.base, c.var.now);
  if (!result.draft) return managedInFiles(c, slug);
  if (!result.saved && result.draft.text !== text) {
    const { revision, memberId, updatedAt } = result.draft;
    // As the editor has its texts.
    const other = { revision, text: withLineEndsOf('', result.draft.text), by: await memberName(c, memberId), at: updatedAt }; // prettier-ignore
    return Response.json({ draft: other } satisfies DraftConflict, { status: 409 });
  }
  const [parsed, latest] = await Promise.all([publisher.check(slug, text), latestPublication(db, slug)]);
  const isChanged = latest?.textHash !== result.draft.textHash;
  const { revision, updatedAt } = result.draft;
  const title = draftTitle(parsed, stored.title);
  if (title !== result.draft.title) await setDraftTitle(db, { form: slug, revision, title });
  return Response.json({ revision, savedAt: updatedAt, faults: faultsOf(parsed), isChanged } satisfies SavedDraft);
}

const draftSchema = z.strictObject({
  text: z.string(),
  base: z.int().min(0),
}) satisfies z.ZodType<DraftToSave>;
