/** A page reports that it became visible. Nothing about the person is stored, only counts. */
import type { OpenedRequest } from '../contract/api.ts';
import type { PageOpening } from '../record/results/openings.ts';
import type { MayAddRow } from '../record/results/rows-of-day.ts';
import { countedLink } from '../record/results/sources.ts';
import { campaignLinkOf, paramsOf } from './params.ts';
import type { Services } from './services.ts';
import { done, fail, type Result } from './errors/api-error.ts';

/**
 * @param visitor by the headers of the request, and `mayAddRow` by its address
 * @param query of the page, if the browser tells it
 */
export function recordOpening(
  services: Services,
  slug: string,
  { link, language }: OpenedRequest,
  { visitor, device, query, mayAddRow }: Pick<PageOpening, 'visitor' | 'device'> & { query?: URLSearchParams | undefined; mayAddRow?: MayAddRow }, // prettier-ignore
): Result<null> {
  const current = services.catalog.current(slug);
  if (!current || current.hidden) return fail('unknown_form', 'There is no form with this slug.');
  const { form } = current;
  const known = form.languages.find((one) => one === language) ?? form.languages[0];
  // A link that anyone can invent would be a counter that anyone can make.
  const own = countedLink(
    campaignLinkOf(services, form, link)?.link.id,
    paramsOf(form, Object.fromEntries(query ?? [])),
  );
  services.results.openings.add({ form: slug, link: own, language: known, device, visitor }, services.now(), mayAddRow);
  return done(null);
}
