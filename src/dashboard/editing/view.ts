/** The data of the editor of a form. */
import type { EditorComment, EditorFault } from '../../contract/editor.ts';
import type { Form } from '../../form/schema.ts';
import { pathFromText, type Path } from '../../form/edit/value.ts';
import { publishedTranslations, type PublishedTranslation } from '../../form/changes/published-translations.ts';
import { findDraftState, type FormDraft } from '../../record/forms/drafts.ts';
import { listFormComments } from '../../record/forms/form-comments.ts';
import { formState, type ManagedIn } from '../../record/forms/form-states.ts';
import { findPublication } from '../../record/forms/publications.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { DashboardContext } from '../context.ts';
import { memberName } from '../display/member-name.ts';
import { numberIn } from '../display/version-number.ts';
import { findForm } from '../forms/forms.ts';
import { headOf, type FormHead } from '../forms/head.ts';
import { framePath } from '../preview/view.ts';
import { emailOffFor, type EmailOff } from '../publishing/email-off.ts';
import { type ScheduledView, scheduledView } from '../publishing/scheduled.ts';
import { faultsIn } from './faults.ts';
import { fileOf } from './managed-in-files.ts';

export type EditorView = FormHead & {
  managedIn: ManagedIn;
  /** The name of its file, where files own the form. */
  file: string;
  text: string;
  /** The revision of the draft that `text` was made from; 0 without a draft. */
  revision: number;
  faults: EditorFault[];
  /** The part to open first. */
  part: Path | undefined;
  /** Of the published form. */
  translations: PublishedTranslation[];
  /** Open comments of colleagues. */
  comments: EditorComment[];
  /** Whether the draft has another text than the published one. */
  isChanged: boolean;
  savedAt: string | undefined;
  savedBy: string | undefined;
  isPublished: boolean;
  /** The number of a version that a program published after the draft was saved. */
  newer: number | undefined;
  /** The version that was just published. `before`: the number of the one that it replaced */
  published:
    | { number: number; by: string; at: string; before: number | undefined; emailOff: EmailOff | undefined }
    | undefined;
  scheduled: ScheduledView | undefined;
  /** The path of the preview in the editor. Absent on a site without previews. */
  preview: string | undefined;
  /** The newer draft of another member, when `text` could not be saved. */
  otherDraft: { text: string; by: string; at: string } | undefined;
};

/**
 * The editor of a form.
 * @param unsaved the text that could not be saved, because another member saved `otherDraft` meanwhile
 */
export async function editorView(
  c: DashboardContext,
  slug: string,
  unsaved?: { text: string; otherDraft: FormDraft },
): Promise<EditorView | undefined> {
  const { db, publisher, examples } = c.var.options;
  const found = await findForm(db, slug, c.var.now, examples);
  const state = await formState(db, slug);
  if (!found || !state) return undefined;
  const { draft, latest, isChanged } = await findDraftState(db, slug);
  const own = state.managedIn === 'files' ? (await publisher.source(slug))?.text : draft?.text;
  const text = unsaved?.text ?? own ?? '';
  const part = c.req.query('part');
  const justPublished = numberIn(c.req.query('published'));
  const [faults, savedBy, otherBy] = await Promise.all([
    // A file that was removed has no text to fix.
    found.hasText ? faultsIn(c, slug, text) : [],
    memberName(c, draft?.memberId),
    memberName(c, unsaved?.otherDraft.memberId),
  ]);
  return {
    ...headOf(c, found),
    managedIn: state.managedIn,
    file: fileOf(slug),
    text,
    revision: draft?.revision ?? 0,
    faults,
    part: part === undefined ? undefined : pathFromText(part),
    translations: found.form ? publishedTranslations(found.form) : [],
    comments: await openComments(c, slug),
    isChanged,
    savedAt: draft?.updatedAt,
    savedBy,
    // The page may be loaded again after another version took its place.
    published: state.managedIn === 'dashboard' && justPublished === latest?.number ? await publishedView(c, slug, justPublished ?? 0, found.form) : undefined, // prettier-ignore
    isPublished: latest !== undefined,
    newer: isChanged && draft && latest && latest.publishedAt > draft.updatedAt ? latest.number : undefined,
    scheduled: await scheduledView(c, slug),
    preview: await framePath(c, slug),
    otherDraft: unsaved && { text: unsaved.otherDraft.text, by: otherBy, at: unsaved.otherDraft.updatedAt },
  };
}

async function openComments(c: DashboardContext, slug: string): Promise<EditorComment[]> {
  const comments = await listFormComments(c.var.options.db, slug, SITE_LIMITS.formComments.value);
  return comments
    .filter(({ isDone, kind }) => !isDone && kind === 'comment')
    .map(({ id, name, text, createdAt, screen, field }) => ({ id, name, text, createdAt, screen, field }));
}

async function publishedView(
  c: DashboardContext,
  slug: string,
  number: number,
  form: Form | undefined,
): Promise<EditorView['published']> {
  const publication = number > 0 ? await findPublication(c.var.options.db, slug, number) : undefined;
  if (!publication) return undefined;
  const { memberId, publishedAt: at } = publication;
  return {
    number,
    by: await memberName(c, memberId),
    at,
    before: number > 1 ? number - 1 : undefined,
    emailOff: form && emailOffFor(c, form),
  };
}
