/** The settings of a form: whether it is open, whether files or the dashboard manage it, and deleting it. */
import { removeGrantsFor } from '../../members/grants.ts';
import { deleteUnpublishedForm } from '../../record/forms/delete-form.ts';
import { FORM_ACTS } from '../../record/forms/form-acts.ts';
import { type DashboardContext, memberOf, param } from '../context.ts';
import { noForm, notFound, page, formPage, redirect } from '../http/page.ts';
import { privacyView, settingsView } from './view.ts';

/** All that the form stores about people, for the privacy notice of the company. */
export async function showPrivacy(c: DashboardContext): Promise<Response> {
  return formPage(c, 'privacy', await privacyView(c, param(c, 'slug')));
}

export async function showSettings(c: DashboardContext): Promise<Response> {
  return formPage(
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
