/** Forms that are managed in a file. */
import type { DashboardContext } from '../context.ts';
import { errorPage } from '../http/page.ts';

/** The file of a form, as the pages name it. */
export const fileOf = (slug: string): string => `forms/${slug}.yaml`;

/** The refusal of a change to such a form. */
export const managedInFiles = (c: DashboardContext, slug: string): Promise<Response> =>
  errorPage(c, {
    status: 409,
    title: 'This form is managed in a file',
    text: `Nothing was changed. Change the file of /${slug}, or choose “Edit here instead” in its settings first.`,
    link: { path: `/admin/forms/${slug}/settings`, text: 'Open its settings' },
  });
