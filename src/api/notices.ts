/** Pages that tell a respondent why there is no form here. */
import type { Form } from '../form/schema.ts';
import { say } from '../form/text.ts';
import { wordings, type Language } from '../form/wording/wording.ts';
import type { Page } from '../publish/pages.ts';
import type { Press } from '../publish/press.ts';
import type { NoticeView } from '../publish/views.ts';
import type { Desk } from '../respond/desk.ts';
import type { Refusal } from '../respond/refusal.ts';
import { tellRefusal } from './errors.ts';

/** How a page about `form` looks. */
export const look = (form: Form, language: Language) => ({
  language,
  brand: form.brand?.name ?? say(form.title, language),
  color: form.brand?.color,
});

/** Why there is no form at this address. Without `form`, there never was one. */
export function notice(
  form: Form | undefined,
  language: Language,
  what: 'gone' | 'notFound' | 'refused' | 'tooLarge' | 'tooMany' | 'trouble',
): NoticeView {
  const words = wordings[language].server;
  const around = form ? look(form, language) : { language, brand: 'Flipsite' };
  const told = {
    gone: [words.gone, words.goneText],
    notFound: [words.notFound, words.notFoundText],
    refused: [words.refused, words.refusedText],
    tooLarge: [words.refused, words.tooLargeText],
    tooMany: [words.refused, words.tooMany],
    trouble: [words.trouble, words.troubleText],
  } satisfies Record<typeof what, [title: string, text: string]>;
  const [title, text] = told[what];
  return { kind: 'notice', ...around, title, text };
}

/** Tells a person, whose browser shows pages, why they get another one than they asked for at `path`. */
export async function refusalPage({ catalog }: Desk, press: Press, path: string, refusal: Refusal): Promise<Page> {
  const [, slug = '', ...rest] = path.split('/');
  const form = catalog.current(slug)?.form;
  const language = form?.languages.find((one) => rest.includes(one)) ?? form?.languages[0] ?? 'en';
  const { status, retryAfter } = tellRefusal(refusal);
  const known = { rate_limited: 'tooMany', too_large: 'tooLarge' } as const;
  const what = status >= 500 ? 'trouble' : (known[refusal.code as keyof typeof known] ?? 'refused');
  const page = await press.shared(notice(form, language, what), status);
  return retryAfter === undefined ? page : { ...page, headers: { ...page.headers, 'retry-after': String(retryAfter) } };
}

/** A page that was made once as the answer of a route. */
export const send = ({ plain, status, headers }: Page): Response =>
  new Response(new Uint8Array(plain), { status, headers });
