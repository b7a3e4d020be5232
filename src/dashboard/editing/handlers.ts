/** Changing a form: its draft, publishing, history, and whether files or the dashboard manage it. */
import { z } from 'zod';
import type { DraftConflict, DraftToSave, SavedDraft } from '../../contract/editor.ts';
import { MAX_SLUG_CHARACTERS, slugFrom } from '../../form/id.ts';
import type { Imported } from '../../form/import/import.ts';
import { reportInText } from '../../form/import/report.ts';
import { withLineEndsOf } from '../../form/line-ends.ts';
import { removeGrantsFor } from '../../members/grants.ts';
import { endSchedule } from '../../publish/publish-later.ts';
import { missingRight } from '../../publish/publishing-rights.ts';
import { findDraft, findDraftState, saveDraft, setDraftTitle } from '../../record/forms/drafts.ts';
import { deleteUnpublishedForm } from '../../record/forms/delete-form.ts';
import { FORM_ACTS } from '../../record/forms/form-acts.ts';
import { textHash } from '../../record/forms/form-text.ts';
import { cancelScheduled, findScheduled, schedulePublication } from '../../record/forms/scheduled-publications.ts';
import { latestPublication, latestText, publicationText } from '../../record/forms/publications.ts';
import { formState, setManagedIn } from '../../record/forms/form-states.ts';
import { mayHere, memberOf, param, type DashboardContext } from '../context.ts';
import type { DashboardPages } from '../pages.ts';
import { errorPage, noForm, notFound, page, redirect } from '../http/page.ts';
import { compareView } from './compare.ts';
import { readScheduledTime, type ScheduleFault } from './schedule.ts';
import { MAX_TITLE, slugProblem } from './new-form.ts';
import {
  CHANGED_DRAFT,
  editorView,
  faultsOf,
  historyView,
  memberName,
  newFormView,
  numberIn,
  textOfStart,
  privacyView,
  publishView,
  settingsView,
  draftTitle,
  textToPublish,
  formTitleIn,
  type NewFormView,
} from './view.ts';

/** A page about a form, where there is such a form. */
const pageOf = <Name extends keyof DashboardPages>(
  c: DashboardContext,
  name: Name,
  view: DashboardPages[Name] | undefined,
  status = 200,
): Promise<Response> => (view ? page(c, name, view, status) : notFound(c, noForm()));

export async function showEditor(c: DashboardContext): Promise<Response> {
  return pageOf(c, 'editor', await editorView(c, param(c, 'slug')));
}

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
  const made: Imported = fault ? { ok: false, message: fault } : await textOfStart(c, entered);
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
      return pageOf(c, 'editor', await editorView(c, slug, { text, otherDraft: result.draft }), 409);
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
    const other = { revision, text: result.draft.text, by: await memberName(c, memberId), at: updatedAt };
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

const managedInFiles = (c: DashboardContext, slug: string): Promise<Response> =>
  errorPage(c, {
    status: 409,
    title: 'This form is managed in a file',
    text: `Nothing was changed. Change the file of /${slug}, or choose “Edit here instead” in its settings first.`,
    link: { path: `/admin/forms/${slug}/settings`, text: 'Open its settings' },
  });

export async function showPublish(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  if ((await formState(c.var.options.db, slug))?.managedIn === 'files') return managedInFiles(c, slug);
  return pageOf(
    c,
    'publish',
    await publishView(c, slug, { restores: numberIn(c.req.query('restore')), problem: undefined }),
  );
}

/** Publishes a text, or schedules it. Or ends a schedule, whose text the draft may get. */
export async function publishForm(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const { db } = c.var.options;
  const { form } = c.var.posted;
  const action = form.get('do');
  const isInFiles = (await formState(db, slug))?.managedIn === 'files';
  if (action === 'cancel') {
    // Only the one that the page showed. Another member may have postponed it since.
    await cancelScheduled(db, slug, form.get('scheduled') ?? undefined);
    return redirect(c, `/admin/forms/${slug}/${isInFiles ? 'edit' : 'publish'}`);
  }
  if (isInFiles) return managedInFiles(c, slug);
  return action === 'take' ? takeScheduled(c, slug) : publishText(c, slug, action === 'schedule');
}

async function publishText(c: DashboardContext, slug: string, isLater: boolean): Promise<Response> {
  const { db, publisher } = c.var.options;
  const { form } = c.var.posted;
  const restores = numberIn(form.get('restore'));
  const wanted = await textToPublish(c, slug, restores);
  if (!wanted) return notFound(c, noForm());
  const [note = '', at = '', zone = ''] = ['note', 'at', 'zone'].map((name) => form.get(name) ?? '');
  const entered = { note, at, zone, understood: form.get('understood') === 'yes' };
  const again = async (problem: string, scheduleFault?: ScheduleFault) =>
    pageOf(c, 'publish', await publishView(c, slug, { restores, problem, scheduleFault, entered }), 409);
  if (restores === undefined && Number(form.get('base')) !== wanted.revision)
    return again('Another member has changed the draft. Look at the changes again before you publish.');
  // The page named the changes from this text. A program may have published another one since.
  const replaces = form.get('replaces') || null;
  const answerMoved = async () => {
    const live = await latestPublication(db, slug);
    // A member may have clicked twice.
    if (live?.textHash === textHash(wanted.text)) return answerPublished(live.number);
    return again('Another version was published in the meantime. Look at the changes again.');
  };
  const answerPublished = (number: number) => redirect(c, `/admin/forms/${slug}/edit?published=${number}`);
  if (replaces !== wanted.replaces) return answerMoved();
  if (restores !== undefined && wanted.isChanged) return again(CHANGED_DRAFT);
  const request = {
    slug,
    text: wanted.text,
    replaces,
    note: note.trim().slice(0, 500),
    memberId: memberOf(c).id,
    draftRevision: wanted.revision,
  };
  const tried = await publisher.tryPublish(request);
  if (tried.status === 'valid' && tried.changes.some(({ loses }) => loses) && !entered.understood)
    return again('Some changes lose data or choices. Tick that you understand them, then publish.');
  const missing = missingRight(tried, {
    revealAnswers: mayHere(c, 'revealAnswers', slug),
    erasePeople: mayHere(c, 'erasePeople', slug),
  });
  if (missing) return again(missing);
  if (isLater && tried.status === 'valid') {
    const time = readScheduledTime(at, zone, c.var.now);
    if (!(time instanceof Date)) return again(time.text, time);
    const scheduled = { ...request, form: slug, at: time.toISOString() };
    const isScheduled = await db.transaction(async (trx) => {
      if (!(await formState(trx, slug))) return false;
      await schedulePublication(trx, scheduled, c.var.now);
      return true;
    });
    return isScheduled ? redirect(c, `/admin/forms/${slug}/publish`) : notFound(c, noForm());
  }
  const result = await publisher.publish(request, tried);
  if (result.status === 'published') await endSchedule(db, slug, wanted.text);
  if (result.status === 'managed in files') return managedInFiles(c, slug);
  if (result.status === 'invalid') return again('The text has errors. Fix them, then publish.');
  if (result.status === 'moved') return answerMoved();
  return answerPublished(result.publication.number);
}

/** Puts the text that was not published at its time into the draft, unless changes of the draft would be lost. */
async function takeScheduled(c: DashboardContext, slug: string): Promise<Response> {
  const { db } = c.var.options;
  const [scheduled, { draft, isChanged }] = await Promise.all([findScheduled(db, slug), findDraftState(db, slug)]);
  if (!scheduled || !draft) return redirect(c, `/admin/forms/${slug}/publish`);
  const { text } = scheduled;
  const title = await formTitleIn(c, slug, text, draft.title);
  const toSave = { form: slug, text, title, memberId: memberOf(c).id };
  const taken = isChanged ? draft : (await saveDraft(db, toSave, draft.revision, c.var.now)).draft;
  // A member may have clicked twice, so that the draft has this text already.
  if (taken?.text !== text)
    return pageOf(c, 'publish', await publishView(c, slug, { restores: undefined, problem: CHANGED_DRAFT }), 409);
  await cancelScheduled(db, slug, scheduled.at);
  return redirect(c, `/admin/forms/${slug}/edit`);
}

export async function showHistory(c: DashboardContext): Promise<Response> {
  return pageOf(c, 'history', await historyView(c, param(c, 'slug')));
}

export async function showCompare(c: DashboardContext): Promise<Response> {
  return pageOf(c, 'compare', await compareView(c, param(c, 'slug')));
}

/** All that the form stores about people, for the privacy notice of the company. */
export async function showPrivacy(c: DashboardContext): Promise<Response> {
  return pageOf(c, 'privacy', await privacyView(c, param(c, 'slug')));
}

export async function showSettings(c: DashboardContext): Promise<Response> {
  return pageOf(
    c,
    'formSettings',
    await settingsView(c, param(c, 'slug'), {
      isHandedBack: c.req.query('owner') === 'files',
      problem: undefined,
    }),
  );
}

/** Closes, opens or archives a form. */
export async function changeState(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const act = FORM_ACTS.find((one) => one === c.var.posted.form.get('do'));
  const view = await settingsView(c, slug, { isHandedBack: false, problem: undefined });
  if (!view) return notFound(c, noForm());
  if (!act || view.availability === 'none')
    return page(c, 'formSettings', { ...view, problem: 'Only a form that is published can be closed or archived.' }, 409); // prettier-ignore
  await c.var.options.publisher.act(slug, act, memberOf(c).id);
  return redirect(c, `/admin/forms/${slug}/settings?done=${act}`);
}

/** Deletes a form that was never published, with the roles of members for it and all that its preview knows. */
export async function deleteForm(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const { db, previews } = c.var.options;
  const view = await settingsView(c, slug, { isHandedBack: false, problem: undefined });
  if (!view) return notFound(c, noForm());
  const isDeleted = await db.transaction(async (trx) => {
    const wasNew = await deleteUnpublishedForm(trx, slug, c.var.now);
    // Or these roles would hold for another form that gets the link.
    if (wasNew) await removeGrantsFor(trx, slug);
    return wasNew;
  });
  if (!isDeleted)
    return page(c, 'formSettings', { ...view, problem: 'Only a form that was never published can be deleted. Archive this form instead.' }, 409); // prettier-ignore
  await previews?.removeDeleted();
  return redirect(c, '/admin');
}

/** Moves a form from its file to the dashboard, or back. */
export async function changeManagedIn(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const { publisher } = c.var.options;
  const wanted = c.var.posted.form.get('owner');
  const view = await settingsView(c, slug, { isHandedBack: false, problem: undefined });
  if (!view) return notFound(c, noForm());
  const refuse = (problem: string) => page(c, 'formSettings', { ...view, problem }, 409);
  if (wanted === 'dashboard') {
    const result = await publisher.takeOver(slug, memberOf(c).id);
    return result === 'done'
      ? redirect(c, `/admin/forms/${slug}/edit`)
      : refuse(`There is no file ${view.file} to copy. Nothing was changed.`);
  }
  if (wanted !== 'files') return refuse('Choose the files or the dashboard. Nothing was changed.');
  if (view.isChanged) return refuse('The draft has changes. Publish or discard them first, so that none is lost.');
  const result = await publisher.handBack(slug);
  if (result === 'not published') return refuse('Only a form that was published can be handed to files.');
  if (result === 'changed') return refuse('The form was changed or published in the meantime, so it stays in the dashboard. Publish or discard the changes of its draft, then hand it back again.'); // prettier-ignore
  if (result === 'not writable')
    return refuse(`Flipsite cannot write to ${view.file}. Download the text instead, and ask the person who runs Flipsite to put it there.`); // prettier-ignore
  return redirect(c, `/admin/forms/${slug}/settings?owner=files`);
}

/** The text of a form as a file: the published one, a version of the history, or the one that is scheduled. */
export async function downloadText(c: DashboardContext): Promise<Response> {
  const { text, name } = await versionToDownload(c, param(c, 'slug'));
  if (text === undefined) return notFound(c);
  return new Response(text, {
    headers: {
      'content-type': 'text/yaml; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.yaml"`,
    },
  });
}

async function versionToDownload(
  c: DashboardContext,
  slug: string,
): Promise<{ text: string | undefined; name: string }> {
  const { db, publisher } = c.var.options;
  const version = c.req.query('version');
  if (version === 'scheduled') return { text: (await findScheduled(db, slug))?.text, name: `${slug}-scheduled` };
  const number = numberIn(version);
  if (number === undefined) return { text: (await publisher.source(slug))?.text, name: slug };
  return { text: await publicationText(db, slug, number), name: `${slug}-version-${number}` };
}
