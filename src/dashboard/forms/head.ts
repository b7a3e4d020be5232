/** The head of the pages about one form. */
import type { Form } from '../../form/schema.ts';
import { mayHere, siteAddress, type DashboardContext } from '../context.ts';
import { findForm, type FormSummary } from './forms.ts';

/** The head that all pages about one form share. */
export type FormHead = {
  form: Pick<FormSummary, 'slug' | 'title' | 'state' | 'pill' | 'reachable' | 'isOpen' | 'hasText'>;
  /** The address of the form. */
  address: string;
  tabs: { word: string; path: string }[];
};

/** The page that makes a copy of a form, for a member who may make forms. */
export const copyPageOf = (
  c: DashboardContext,
  { slug, hasText }: Pick<FormSummary, 'slug' | 'hasText'>,
): string | undefined =>
  hasText && mayHere(c, 'editForms', null) ? `/admin/forms/new?copy=${slug}#chosen` : undefined;

/** The head of the form `slug`; undefined when there is no such form. */
export async function formHead(c: DashboardContext, slug: string): Promise<FormHead | undefined> {
  const { options, now } = c.var;
  const found = await findForm(options.db, slug, now, options.examples);
  return found && headOf(c, found);
}

/** The head of a form that is found. It leads only to pages that the member may open. */
export function headOf(c: DashboardContext, found: FormSummary & { form: Form | undefined }): FormHead {
  const { slug, title, state, pill, reachable, isOpen, hasText, form } = found;
  const here = `/admin/forms/${slug}`;
  const [mayEdit, maySeePeople] = [mayHere(c, 'editForms', slug), mayHere(c, 'seePeople', slug)];
  const tabs = [
    { word: 'Edit', path: `${here}/edit`, isShown: mayEdit },
    { word: 'Preview', path: `${here}/preview`, isShown: mayEdit },
    { word: 'Share', path: `${here}/share`, isShown: mayEdit },
    { word: 'Results', path: `${here}/results`, isShown: true },
    { word: 'People', path: `${here}/people`, isShown: maySeePeople },
    { word: 'Overview', path: here, isShown: !maySeePeople },
    {
      word: 'Invitations',
      path: `${here}/invitations`,
      isShown: maySeePeople && (mayEdit || form?.invite !== undefined),
    },
    { word: 'Settings', path: `${here}/settings`, isShown: mayEdit },
    { word: 'History', path: `${here}/history`, isShown: mayEdit },
  ];
  return {
    form: { slug, title, state, pill, reachable, isOpen, hasText },
    address: `${siteAddress(c)}/${slug}`,
    tabs: tabs.filter(({ isShown }) => isShown).map(({ word, path }) => ({ word, path })),
  };
}
