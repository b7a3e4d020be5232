/** A page reports that it became visible. Nothing about the person is stored, only counts. */
import type { OpenedRequest } from '../contract/api.ts';
import type { DeviceClass } from '../record/links/clicks.ts';
import type { Visitor } from '../record/results/openings.ts';
import type { Services } from './services.ts';
import { done, fail, type Result } from './api-error.ts';

/** @param visitor by the headers of the request */
export function recordOpening(
  { catalog, results, now }: Services,
  slug: string,
  { link, language }: OpenedRequest,
  { visitor, device }: { visitor: Visitor; device: DeviceClass },
): Result<null> {
  const current = catalog.current(slug);
  if (!current || current.hidden) return fail('unknown_form', 'There is no form with this slug.');
  const { form } = current;
  const known = form.languages.find((one) => one === language) ?? form.languages[0];
  // A link that anyone can invent would be a counter that anyone can make.
  const ownLink = (form.links ?? []).some((one) => one.id === link) ? link : undefined;
  results.openings.add({ form: slug, link: ownLink ?? '', language: known, device, visitor }, now());
  return done(null);
}
