/** The titles of forms for lists. */
import { localize } from '../../form/runtime/text.ts';
import { listDrafts } from '../../record/forms/drafts.ts';
import { formStates } from '../../record/forms/form-states.ts';
import type { DashboardOptions } from '../context.ts';

/** By slug. */
export type FormTitles = ReadonlyMap<string, string>;

/** The title of each form in its first language, or of its draft. Forms with the same title have their slug in it. */
export async function formTitles({ db, catalog }: Pick<DashboardOptions, 'db' | 'catalog'>): Promise<FormTitles> {
  const [states, drafts] = await Promise.all([formStates(db), listDrafts(db)]);
  const known = new Map([
    ...drafts.map(({ form, title }) => [form, title] as const),
    ...catalog.list().map(({ form }) => [form.slug, localize(form.title, form.languages[0])] as const),
  ]);
  const titled = states.map(({ slug }) => ({ slug, title: known.get(slug) ?? slug }));
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
