/** Pages for respondents that explain why there is no form at an address. */
import type { Form } from '../../form/schema.ts';
import { fillPipes, localize } from '../../form/runtime/text.ts';
import { formatWait, HOUR_SECONDS } from '../../form/wording/format-wait.ts';
import { wordings, type Language } from '../../form/wording/wording.ts';
import type { MayRender } from '../../publish/rendering/page-cache.ts';
import type { Page } from '../../publish/rendering/pages.ts';
import type { PageRenderer } from '../../publish/rendering/page-renderer.ts';
import type { MessageView } from '../../publish/rendering/views.ts';
import type { Services } from '../../respond/services.ts';
import type { ApiError } from '../../respond/errors/api-error.ts';
import { ApiException, errorBody } from '../errors.ts';

/** How a page about `form` looks. */
export const brandingOf = (form: Form, language: Language) => ({
  language,
  brand: form.brand?.name ?? localize(form.title, language),
  color: form.brand?.color,
  ...(form.embed && { embed: form.embed.allow }),
});

/** The page that explains why there is no form at an address. Without `form`, there never was one. */
export function messagePage(
  form: Form | undefined,
  language: Language,
  what: 'gone' | 'notFound' | 'refused' | 'tooLarge' | 'tooMany' | 'trouble',
): MessageView {
  const words = wordings[language].server;
  const around = form ? brandingOf(form, language) : { language, brand: 'Flipsite' };
  const texts = {
    gone: [words.gone, words.goneText],
    notFound: [words.notFound, words.notFoundText],
    refused: [words.refused, words.refusedText],
    tooLarge: [words.refused, words.tooLargeText],
    tooMany: [words.refused, words.tooMany],
    trouble: [words.trouble, words.troubleText],
  } satisfies Record<typeof what, [title: string, text: string]>;
  const [title, text] = texts[what];
  return { kind: 'message', ...around, title, text };
}

/** The form that a page at `path` is about, if there is one, and the language of the page. */
export function formAt({ catalog }: Pick<Services, 'catalog'>, path: string) {
  const [, slug = '', ...rest] = path.split('/');
  const shown = catalog.current(slug);
  const languages = shown?.form.languages;
  return { shown, language: languages?.find((one) => rest.includes(one)) ?? languages?.[0] ?? 'en' };
}

/** Waits of this time or less are said as a minute. */
const LONG_WAIT_SECONDS = 90;

/**
 * The page of an error, for a browser that asked for the page at `path`, or sent something there.
 * @param mayRender where it refuses, the page is the same for all forms
 */
export async function respondentErrorPage(
  services: Pick<Services, 'catalog'>,
  pageRenderer: PageRenderer,
  { method, path }: { method: string; path: string },
  refusal: ApiError,
  mayRender?: MayRender,
): Promise<Page> {
  const { shown, language } = formAt(services, path);
  const { status } = errorBody(refusal);
  // Where a network has stopped for a while, a reload sends all again.
  const known = { rate_limited: 'tooMany', too_large: 'tooLarge', too_slow: 'trouble', unknown_version: 'trouble' } as const; // prettier-ignore
  const what = status >= 500 ? 'trouble' : (known[refusal.code as keyof typeof known] ?? 'refused');
  const view = messagePage(shown?.form, language, what);
  // A person who only opened a page has sent nothing.
  if (what === 'tooMany' && (method === 'GET' || method === 'HEAD')) view.title = wordings[language].server.trouble;
  // The text of the page says a minute, but there are limits for a day too. Few different waits need few renderings.
  const { retryAfter = 0 } = refusal;
  if (what === 'tooMany' && retryAfter > LONG_WAIT_SECONDS) {
    const step = retryAfter > HOUR_SECONDS ? HOUR_SECONDS : HOUR_SECONDS / 4;
    const wait = formatWait(language, Math.ceil(retryAfter / step) * step);
    view.text = fillPipes(wordings[language].server.passwordWait, { wait });
  }
  // Only the settings of the server can change this, and the person who tries the form may be the one who sets them.
  const operatorNote = refusal.code === 'forbidden_origin' ? refusal.message : undefined;
  try {
    if (operatorNote === undefined) return await sharedErrorPage(pageRenderer, view, refusal, mayRender);
    await mayRender?.();
    return await pageRenderer.renderUncached({ ...view, operatorNote }, status);
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    // There is one such page for each language and error, so nearly always it is kept.
    const { title, text } = view;
    return sharedErrorPage(pageRenderer, { kind: 'message', language, brand: 'Flipsite', title, text }, refusal);
  }
}

async function sharedErrorPage(
  pageRenderer: PageRenderer,
  view: MessageView,
  refusal: ApiError,
  mayRender?: MayRender,
): Promise<Page> {
  const { status, headers } = errorBody(refusal);
  const { requestId } = refusal;
  const page = await pageRenderer.shared(requestId === undefined ? view : { ...view, requestId: ID_PLACE }, status, mayRender); // prettier-ignore
  const plain = requestId === undefined ? page.plain : Buffer.from(page.plain.toString().replace(ID_PLACE, requestId));
  return { ...page, plain, headers: { ...page.headers, ...headers } };
}

/** The cached page has this in the place of the id of the request. So many failures at once need only one rendering. */
const ID_PLACE = 'ID-OF-THE-REQUEST';

/** A rendered page as the answer of a route. */
export const pageResponse = ({ plain, status, headers }: Page): Response =>
  new Response(new Uint8Array(plain), { status, headers });
