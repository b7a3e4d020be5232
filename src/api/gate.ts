/** What a person meets before a form: that it takes no answers now, or that it asks for a password. */
import type { Opening } from '../form/limits.ts';
import { languageOf, type Form } from '../form/schema.ts';
import { wordings, type Language } from '../form/wording/wording.ts';
import type { Published } from '../publish/catalog.ts';
import type { Page } from '../publish/pages.ts';
import type { MayRender, Press } from '../publish/press.ts';
import type { NoticeView, PasswordView } from '../publish/views.ts';
import type { Desk } from '../respond/desk.ts';
import { openingInWords, openingNow } from '../respond/limits.ts';
import { mayEnter } from '../respond/pass.ts';
import { look } from './notices.ts';

export interface Visit {
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
export function isOpenToAll({ catalog }: Desk, slug: string): boolean {
  const form = catalog.current(slug)?.form;
  return form !== undefined && !form.limits && !form.password;
}

/** The page to send in place of the form; nothing when it may be seen, or there is none. */
export async function pageBefore(
  desk: Desk,
  press: Press,
  visit: Visit,
  mayRender: MayRender,
): Promise<Page | undefined> {
  const { slug, version, search, cookie } = visit;
  const current = desk.catalog.current(slug);
  if (!current || isOpenToAll(desk, slug)) return undefined;
  const { form } = current;
  // Who comes back to the version they began with may go on, or see how it ended; nobody can begin there all the same.
  const begun = version !== undefined && (await desk.catalog.version(slug, version)) !== undefined;
  if (current.removed && !begun) return undefined;
  const language = languageOf(form, visit.language);
  if (!language) return undefined;
  const opening = begun ? 'open' : await openingNow(desk, slug);
  if (opening !== 'open') {
    return press.shared(closedNotice(press, current, opening, language), 403, mayRender);
  }
  if (mayEnter(desk.keys, form, cookie, desk.now())) return undefined;
  return press.shared(passwordView(press, form, language, visit.language, search), 200, mayRender);
}

/** Says why a form takes no answers; in the hour after the close, with the way on for who has begun. */
export function closedNotice(
  press: Press,
  { form, version }: Published,
  opening: Exclude<Opening, 'open'>,
  language: Language,
): NoticeView {
  const onward = `${press.site.base}/${form.slug}/${language}?version=${version}`;
  return {
    kind: 'notice',
    ...look(form, language),
    ...openingInWords(form.limits, opening, language),
    contact: form.limits?.contact,
    begun: { slug: form.slug, version },
    ...(opening === 'grace' && { link: { href: onward, label: wordings[language].server.finishLink, onward: true } }),
  };
}

/** @param written the language as it stands in the address, to come back to the same one */
export function passwordView(
  press: Press,
  form: Form,
  language: Language,
  written: string | undefined,
  search: string,
): PasswordView {
  const address = `${press.site.base}/${form.slug}`;
  const action = `${address}/password${written ? `/${written}` : ''}${search}`;
  return { kind: 'password', ...look(form, language), languages: form.languages, address, search, action };
}
