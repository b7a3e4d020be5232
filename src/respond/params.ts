/** Reads the query of a form's page. */
import { readTyped } from '../form/fields/text/typed.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import type { Form } from '../form/schema.ts';
import { storedParams, type SiteLink } from '../links/registry.ts';
import type { Services } from './services.ts';

/** The campaign link called `id`, if it leads to `form`. A link that is closed by now counts: the person came by it. */
export function campaignLinkOf(
  { links }: Pick<Services, 'links'>,
  form: Pick<Form, 'slug'>,
  id: string | undefined,
): SiteLink | undefined {
  const link = id === undefined ? undefined : links.find(id);
  return link?.form === form.slug ? link : undefined;
}

const MAX_CHARACTERS = SITE_LIMITS.paramCharacters.value;

/** Whether a campaign tool can have added the parameter to an address: `utm_source` and its like. */
export const isUtm = (name: string): boolean => /^utm_[a-z0-9_]{1,30}$/.test(name);

const MAX_UTM = SITE_LIMITS.utmParams.value;

/**
 * @returns the parameters of `query` that the form declares, and the first `utm_*`. Values that no answer could have,
 * such as half a character, are left out.
 */
export function paramsOf(form: Pick<Form, 'params'>, query: Record<string, string>): Record<string, string> {
  let utm = 0;
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]): [string, string][] => {
      const accepted = form.params.includes(name) || (isUtm(name) && utm++ < MAX_UTM);
      const read = accepted ? readTyped(value, 0, MAX_CHARACTERS) : undefined;
      return read && 'answer' in read ? [[name, read.answer]] : [];
    }),
  );
}

/**
 * The params that are stored with a submission: those of its address, and those of its campaign link, which count where both
 * have one.
 * @param ofPage those that a page showed to the person. They are stored as the person read them, since the link may have
 *   another value by now
 */
export function paramsAtStart(
  form: Pick<Form, 'params'>,
  query: Record<string, string>,
  link: SiteLink | undefined,
  ofPage: ReadonlySet<string>,
): Record<string, string> {
  const ofLink = Object.entries(link ? storedParams(link, form) : {}).filter(([name]) => !ofPage.has(name));
  return { ...paramsOf(form, query), ...Object.fromEntries(ofLink) };
}
