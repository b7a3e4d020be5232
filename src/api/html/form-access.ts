/** Pages that come before a form: it is closed, or it asks for a password. */
import type { Availability } from '../../form/settings/limits.ts';
import { languageOrFirst, type Form } from '../../form/schema.ts';
import { wordings, type Language } from '../../form/wording/wording.ts';
import type { Published } from '../../publish/catalog.ts';
import type { Page } from '../../publish/rendering/pages.ts';
import type { MayRender } from '../../publish/rendering/page-cache.ts';
import type { PageRenderer } from '../../publish/rendering/page-renderer.ts';
import type { MessageView, PasswordView } from '../../publish/rendering/views.ts';
import type { Services } from '../../respond/services.ts';
import { describeAvailability, availabilityNow, formLimitsOf } from '../../respond/availability.ts';
import { findLastStart } from '../../record/submissions/submissions.ts';
import { hasVersion, wasPublishedBy } from '../../record/versions.ts';
import { hasAccess } from '../../respond/access/form-access-cookie.ts';
import { brandingOf, messagePage } from './message-pages.ts';

export interface FormRequest {
  slug: string;
  /** The language in the address, if there is one. */
  language: string | undefined;
  /** The version in the query, for a person who continues an earlier submission. */
  version: string | undefined;
  /** The query of the address, with its question mark. */
  search: string;
  cookie: string | undefined;
}

/** Whether the form has neither limits nor a password, so that no page can come before it. */
export function isUnrestricted({ catalog }: Services, slug: string): boolean {
  const form = catalog.current(slug)?.form;
  return form !== undefined && !form.limits && !form.password;
}

/** The page to send in place of the form. Undefined where the form may be shown, or does not exist. */
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
  // With a version, a person can continue a submission or see its ending. The page can't start a new one.
  const known = version !== undefined && (await hasVersion(services.db, slug, version));
  const availability = await availabilityNow(services, slug);
  const begun = known && (await isSeen(services, slug, availability, version));
  // Of an earlier version the page may have a language that the form has no more.
  const language = languageOrFirst(form, visit.language);
  if (!language) return undefined;
  if (current.removed && !begun)
    return pageRenderer.shared(await goneMessage(services, current, availability, language), 410, mayRender);
  if (!begun && availability !== 'open') {
    return pageRenderer.shared(
      await closedMessage(services, pageRenderer, current, availability, language),
      403,
      mayRender,
    );
  }
  if (hasAccess(services.keys, form, cookie, services.now())) return undefined;
  return pageRenderer.shared(passwordView(pageRenderer, form, language, visit.language, search), 200, mayRender);
}

/** Whether the form opens later, or was closed or removed before that. Then only its earlier versions were ever seen. */
const isUnopened = (services: Services, slug: string, availability: Availability): boolean =>
  availability === 'not_open' || formLimitsOf(services, slug)?.unopened === true;

/** Whether people may have begun on the version. Those who have can see it, and no other questions are shown before a form opens. */
async function isSeen(services: Services, slug: string, availability: Availability, version: string): Promise<boolean> {
  if (!isUnopened(services, slug, availability)) return true;
  const last = await findLastStart(services.db, slug);
  return last !== undefined && wasPublishedBy(services.db, slug, version, last.createdAt);
}

/** The version to which a page leads people who have begun. Undefined if no person has seen the form. */
async function seenVersion(services: Services, { form, version }: Published, availability: Availability) {
  return isUnopened(services, form.slug, availability)
    ? (await findLastStart(services.db, form.slug))?.version
    : version;
}

/** Says that a form was removed. People who have started it can see their own answers, as far as its questions were ever seen. */
export async function goneMessage(
  services: Services,
  current: Published,
  availability: Availability,
  language: Language,
): Promise<MessageView> {
  const { form } = current;
  const version = await seenVersion(services, current, availability);
  return { ...messagePage(form, language, 'gone'), ...(version && { resumeForm: { slug: form.slug, version } }) };
}

/** Explains why a form takes no answers. In the hour after the close, it has a link for people who have started. */
export async function closedMessage(
  services: Services,
  pageRenderer: PageRenderer,
  current: Published,
  availability: Exclude<Availability, 'open'>,
  language: Language,
): Promise<MessageView> {
  const { form } = current;
  const version = await seenVersion(services, current, availability);
  const onward = `${pageRenderer.site.base}/${form.slug}/${language}?version=${version}`;
  return {
    kind: 'message',
    ...brandingOf(form, language),
    ...describeAvailability(form.limits, availability, language),
    contact: form.limits?.contact,
    help: form.limits?.contact ? undefined : wordings[language].server.askSender,
    ...(version && { resumeForm: { slug: form.slug, version } }),
    ...(version &&
      availability === 'grace' && {
        link: { href: onward, label: wordings[language].server.finishLink, keepsFragment: true },
      }),
  };
}

/** @param written the language in the address, so that the person returns to the same address */
export function passwordView(
  pageRenderer: PageRenderer,
  form: Form,
  language: Language,
  written: string | undefined,
  search: string,
): PasswordView {
  const address = `${pageRenderer.site.base}/${form.slug}`;
  const action = `${address}/password${written ? `/${written}` : ''}${search}`;
  return {
    kind: 'password',
    ...brandingOf(form, language),
    languages: form.languages,
    address,
    search,
    action,
    hasInvitations: form.invite?.via === 'mail',
  };
}
