/** Pages that come before a form: it is closed, or it asks for a password. */
import type { Availability } from '../../form/settings/limits.ts';
import { languageOrFirst, type Form } from '../../form/schema.ts';
import { wordings, type Language } from '../../form/wording/wording.ts';
import type { Page } from '../../publish/rendering/pages.ts';
import type { MayRender } from '../../publish/rendering/page-cache.ts';
import type { PageRenderer } from '../../publish/rendering/page-renderer.ts';
import type { MessageView, PasswordView } from '../../publish/rendering/views.ts';
import type { Services } from '../../respond/services.ts';
import { describeAvailability, availabilityNow } from '../../respond/availability.ts';
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
  const isOpen = availability === 'open' && !current.removed;
  const begun = known && (isOpen || (await wasBegun(services, slug, version)));
  // Of an earlier version the page may have a language that the form has no more.
  const language = languageOrFirst(form, visit.language);
  if (!language) return undefined;
  if (current.removed && !begun)
    return pageRenderer.shared(await goneMessage(services, form, language), 410, mayRender);
  if (!begun && availability !== 'open') {
    return pageRenderer.shared(
      await closedMessage(services, pageRenderer, form, availability, language),
      403,
      mayRender,
    );
  }
  if (hasAccess(services.keys, form, cookie, services.now())) return undefined;
  // The page repeats the query for each language, and an `&` is five letters there.
  const bytes = 5 * search.length * (form.languages.length + 1);
  const view = passwordView(pageRenderer, form, language, visit.language, search);
  return pageRenderer.shared(view, 200, () => mayRender(bytes));
}

/** Whether people may have begun on the version of a form that takes no answers. One that was published since was never open. */
async function wasBegun({ db, lastStart }: Services, slug: string, version: string): Promise<boolean> {
  const last = await lastStart(slug);
  if (!last) return false;
  return version === last.version || wasPublishedBy(db, slug, version, last.createdAt);
}

/** Where the page of a form that takes no answers finds the answers of people who have begun. Undefined if none has. */
async function resumeFormOf({ lastStart }: Services, slug: string): Promise<MessageView['resumeForm']> {
  // Without the database, the page still says why.
  const last = await lastStart(slug).catch(() => undefined);
  return last && { slug, version: last.version };
}

/** Says that a form was removed. People who have started it can see their own answers. */
export async function goneMessage(services: Services, form: Form, language: Language): Promise<MessageView> {
  return { ...messagePage(form, language, 'gone'), resumeForm: await resumeFormOf(services, form.slug) };
}

/** Explains why a form takes no answers. In the hour after the close, it has a link for people who have started. */
export async function closedMessage(
  services: Services,
  pageRenderer: PageRenderer,
  form: Form,
  availability: Exclude<Availability, 'open'>,
  language: Language,
): Promise<MessageView> {
  const resumeForm = await resumeFormOf(services, form.slug);
  const onward = `${pageRenderer.site.base}/${form.slug}/${language}?version=${resumeForm?.version}`;
  return {
    kind: 'message',
    ...brandingOf(form, language),
    ...describeAvailability(form.limits, availability, language),
    contact: form.limits?.contact,
    help: form.limits?.contact ? undefined : wordings[language].server.askSender,
    resumeForm,
    ...(resumeForm &&
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
