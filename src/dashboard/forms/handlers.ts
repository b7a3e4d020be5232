/** Forms: the list, and one form. */
import { boundSearches } from '../people/bound-searches.ts';
import { mayHere, param, type DashboardContext } from '../context.ts';
import { noForm, notFound, page, redirect } from '../http/page.ts';
import { formsView, formView } from './view.ts';

export const showForms = async (c: DashboardContext): Promise<Response> => page(c, 'forms', await formsView(c));

/** The numbers of a form, for members who may not see its people. Other members are redirected to these. */
export async function showForm(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  if (mayHere(c, 'seePeople', slug)) return redirect(c, `/admin/forms/${slug}/people${new URL(c.req.url).search}`);
  return showFormPeople(c);
}

export const showFormPeople = boundSearches('q', async (c) => {
  const view = await formView(c, param(c, 'slug'));
  return view ? page(c, 'form', view) : notFound(c, noForm(PEOPLE_STAY));
});

const PEOPLE_STAY = 'Its link may have changed. Submissions from before stay under the old link.';
