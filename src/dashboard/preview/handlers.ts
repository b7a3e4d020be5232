/** The preview of a form in the dashboard. */
import { finishFormComment } from '../../record/forms/form-comments.ts';
import { memberOf, param, type DashboardContext } from '../context.ts';
import { noForm, notFound, page, redirect } from '../http/page.ts';
import { previewView } from './view.ts';

export async function showPreview(c: DashboardContext): Promise<Response> {
  const view = await previewView(c, param(c, 'slug'));
  return view ? page(c, 'preview', view) : notFound(c, noForm());
}

/** Deletes the test answers, withdraws the links, or marks a comment as done. */
export async function changePreview(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const { previews } = c.var.options;
  const here = `/admin/forms/${slug}/preview`;
  const wanted = c.var.posted.form.get('do');
  if (!previews || !(await previews.state(slug))) return notFound(c, noForm());
  if (wanted === 'forget') {
    await previews.forget(slug);
    return redirect(c, `${here}?done=forgotten`);
  }
  if (wanted === 'withdraw') {
    await previews.withdraw(slug);
    return redirect(c, `${here}?done=withdrawn`);
  }
  const comment = wanted === 'done' ? c.var.posted.form.get('comment') : null;
  if (comment) await finishFormComment(c.var.options.db, slug, comment, memberOf(c).id, c.var.now);
  return redirect(c, `${here}#t-comments`);
}
