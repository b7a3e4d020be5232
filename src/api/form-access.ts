/** What a person meets before a form: that it takes no answers now, or that it asks for a password. */
import type { Opening } from '../form/limits.ts';
import { languageOf, type Form } from '../form/schema.ts';
import { wordings, type Language } from '../form/wording/wording.ts';
import type { Published } from '../publish/catalog.ts';
import type { Page } from '../publish/pages.ts';
import type { MayRender, PageRenderer } from '../publish/page-renderer.ts';
import type { MessageView, PasswordView } from '../publish/views.ts';
import type { Services } from '../respond/services.ts';
import { describeOpening, openingNow } from '../respond/limits.ts';
import { hasAccess } from '../respond/form-access-cookie.ts';
import { brandingOf } from './message-pages.ts';

export interface FormRequest {
  slug: string;
  /** The language in the address, if there is one. */
  language: string | undefined;
  /** The version that is asked for, by who comes back to it. */
  version: string | undefined;
  /** The query of the address, with its question mark. */
  search: string;
  cookie: string | undefined;
}

/** Whether nothing can stand before the form: it has neither limits nor a password. */
export function isUnrestricted({ catalog }: Services, slug: string): boolean {
  const form = catalog.current(slug)?.form;
  return form !== undefined && !form.limits && !form.password;
}

/** The page to send in place of the form; nothing when it may be seen, or there is none. */
export async function interstitialFor(
  services: Services,
  pageRenderer: PageRenderer,
  visit: FormRequest,
  mayRender: MayRender,
): Promise<Page | undefined> {
  const { slug, version, search, cookie } = visit;
  const current = services.catalog.current(slug);
  if (!current || isUnrestricted(services, slug)) return undefined;
  const { form } = current;
  // Who comes back to the version they began with may go on, or see how it ended; nobody can begin there all the same.
  const begun = version !== undefined && (await services.catalog.version(slug, version)) !== undefined;
  if (current.removed && !begun) return undefined;
  const language = languageOf(form, visit.language);
  if (!language) return undefined;
  const opening = begun ? 'open' : await openingNow(services, slug);
  if (opening !== 'open') {
    return pageRenderer.shared(closedNotice(pageRenderer, current, opening, language), 403, mayRender);
  }
  if (hasAccess(services.keys, form, cookie, services.now())) return undefined;
  return pageRenderer.shared(passwordView(pageRenderer, form, language, visit.language, search), 200, mayRender);
}

/** Says why a form takes no answers; in the hour after the close, with the way on for who has begun. */
export function closedNotice(
  pageRenderer: PageRenderer,
  { form, version }: Published,
  opening: Exclude<Opening, 'open'>,
  language: Language,
): MessageView {
  const onward = `${pageRenderer.site.base}/${form.slug}/${language}?version=${version}`;
  return {
    kind: 'notice',
    ...brandingOf(form, language),
    ...describeOpening(form.limits, opening, language),
    contact: form.limits?.contact,
    resumeForm: { slug: form.slug, version },
    ...(opening === 'grace' && {
      link: { href: onward, label: wordings[language].server.finishLink, keepsFragment: true },
    }),
  };
}

/** @param written the language as it stands in the address, to come back to the same one */
export function passwordView(
  pageRenderer: PageRenderer,
  form: Form,
  language: Language,
  written: string | undefined,
  search: string,
): PasswordView {
  const address = `${pageRenderer.site.base}/${form.slug}`;
  const action = `${address}/password${written ? `/${written}` : ''}${search}`;
  return { kind: 'password', ...brandingOf(form, language), languages: form.languages, address, search, action };
}
