/** Publishing a form, at once or later, and its history. */
import { missingRight } from '../../publish/publishing-rights.ts';
import { findDraftState, saveDraft } from '../../record/forms/drafts.ts';
import { formState } from '../../record/forms/form-states.ts';
import { textHash } from '../../record/forms/form-text.ts';
import { latestPublication, publicationText } from '../../record/forms/publications.ts';
import { cancelScheduled, findScheduled, schedulePublication } from '../../record/forms/scheduled-publications.ts';
import { type DashboardContext, mayHere, memberOf, param } from '../context.ts';
import { numberIn } from '../display/version-number.ts';
import { formTitleIn } from '../editing/form-title.ts';
import { managedInFiles } from '../editing/managed-in-files.ts';
import { errorPage, formPage, noForm, notFound, page, redirect } from '../http/page.ts';
import { compareView } from './compare.ts';
import { readScheduledTime, type ScheduleFault } from './schedule.ts';
import { CHANGED_DRAFT, historyView, publishView, textToPublish } from './view.ts';

export async function showPublish(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  if ((await formState(c.var.options.db, slug))?.managedIn === 'files') return managedInFiles(c, slug);
  const view = await publishView(c, slug, { restores: numberIn(c.req.query('restore')), problem: undefined });
  return view ? page(c, 'publish', view) : noVersion(c, slug);
}

/** The answer where a form, or one of its versions, does not exist. */
async function noVersion(c: DashboardContext, slug: string): Promise<Response> {
  if (!(await formState(c.var.options.db, slug))) return notFound(c, noForm());
  const link = { path: `/admin/forms/${slug}/history`, text: 'Go to History' };
  return errorPage(c, { status: 404, title: 'There is no such version', text: 'History lists all versions of this form.', link }); // prettier-ignore
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
    const isOnHistory = form.get('from') === 'history';
    return redirect(c, `/admin/forms/${slug}/${isOnHistory ? 'history' : isInFiles ? 'edit' : 'publish'}`);
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
    formPage(c, 'publish', await publishView(c, slug, { restores, problem, scheduleFault, entered }), 409);
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
  // A page from before the draft went back to this text. The page says that nothing is new.
  if (textHash(wanted.text) === replaces)
    return redirect(c, `/admin/forms/${slug}/publish${restores === undefined ? '' : `?restore=${restores}`}`);
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
    const shown = form.get('scheduled');
    const outcome = await db.transaction(async (trx) => {
      if (!(await formState(trx, slug))) return 'no form';
      const other = await findScheduled(trx, slug);
      // A member may have clicked twice.
      const isSame = other?.at === scheduled.at && other.text === scheduled.text;
      if (shown !== null && shown !== (other?.at ?? '') && !isSame) return 'moved';
      await schedulePublication(trx, scheduled, c.var.now);
      return 'scheduled';
    });
    if (outcome === 'moved') return again('The schedule was changed or canceled in the meantime. If there is another time now, it is above. Your values are below, and replace it if you schedule again.'); // prettier-ignore
    return outcome === 'scheduled' ? redirect(c, `/admin/forms/${slug}/publish`) : notFound(c, noForm());
  }
  const result = await publisher.publish(request, tried);
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
    return formPage(c, 'publish', await publishView(c, slug, { restores: undefined, problem: CHANGED_DRAFT }), 409);
  await cancelScheduled(db, slug, scheduled.at);
  return redirect(c, `/admin/forms/${slug}/edit`);
}

export async function showHistory(c: DashboardContext): Promise<Response> {
  return formPage(c, 'history', await historyView(c, param(c, 'slug')));
}

export async function showCompare(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const view = await compareView(c, slug);
  return view ? page(c, 'compare', view) : noVersion(c, slug);
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
