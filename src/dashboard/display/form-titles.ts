/** The titles of forms for lists. */
import { localize } from '../../form/runtime/text.ts';
import type { Form } from '../../form/schema.ts';
import { listDrafts } from '../../record/forms/drafts.ts';
import { formStates } from '../../record/forms/form-states.ts';
import type { DashboardOptions } from '../context.ts';

/** The title of a form in its first language. A form that was never published has the title of its draft. */
export const titleOfForm = (slug: string, form: Form | undefined, draft?: { title: string }): string =>
  form ? localize(form.title, form.languages[0]) : (draft?.title ?? slug);

/** By slug. */
export type FormTitles = ReadonlyMap<string, string>;

/** The title of each form. Forms with the same title have their slug in it. */
export async function formTitles({ db, catalog }: Pick<DashboardOptions, 'db' | 'catalog'>): Promise<FormTitles> {
  const [states, drafts] = await Promise.all([formStates(db), listDrafts(db)]);
  const forms = new Map(catalog.list().map(({ form }) => [form.slug, form]));
  const draftOf = new Map(drafts.map((draft) => [draft.form, draft]));
  const titled = states.map(({ slug }) => ({
    slug,
    title: titleOfForm(slug, forms.get(slug), draftOf.get(slug)),
  }));
  const alike = Map.groupBy(titled, ({ title }) => title);
  return new Map(
    titled.map(({ slug, title }) => [slug, (alike.get(title)?.length ?? 1) > 1 ? `${title} (/${slug})` : title]),
  );
}

/** The chosen forms, by title. */
export const byTitle = (titles: FormTitles, isChosen: (slug: string) => boolean): { slug: string; title: string }[] =>
  [...titles]
    .filter(([slug]) => isChosen(slug))
    .map(([slug, title]) => ({ slug, title }))
    .sort((a, b) => a.title.localeCompare(b.title));
