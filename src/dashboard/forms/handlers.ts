/** Forms: the list, and one form. */
import { param, type DashboardContext } from '../context.ts';
import { notFound, page } from '../http/page.ts';
import { formsView, formView } from './view.ts';

export const showForms = async (c: DashboardContext): Promise<Response> => page(c, 'forms', await formsView(c));

export async function showForm(c: DashboardContext): Promise<Response> {
  const view = await formView(c, param(c, 'slug'));
  return view ? page(c, 'form', view) : notFound(c, NO_FORM);
}

const NO_FORM = {
  title: 'There is no such form',
  text: 'Its address may have changed. The people who used the old address stay under it.',
};
