/** Pages that tell a respondent why there is no form here. */
import type { Form } from '../form/schema.ts';
import { say } from '../form/text.ts';
import { wordings, type Language } from '../form/wording/wording.ts';
import type { Page } from '../publish/pages.ts';
import type { NoticeView } from '../publish/views.ts';

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
  what: 'gone' | 'notFound' | 'refused' | 'tooMany',
): NoticeView {
  const words = wordings[language].server;
  const around = form ? look(form, language) : { language, brand: 'Flipsite' };
  const said =
    what === 'tooMany'
      ? { title: words.refused, text: words.tooMany }
      : { title: words[what], text: words[`${what}Text`] };
  return { kind: 'notice', ...around, ...said };
}

/** `page` as the answer of a route, for this one person. */
export function send(page: Page): Response {
  return new Response(new Uint8Array(page.plain), {
    status: page.status,
    headers: { ...page.headers, 'cache-control': 'no-store' },
  });
}
