/** A form that a browser posts without JavaScript, and the ending that it is redirected to. */
import { randomBytes } from 'node:crypto';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { fileLimits } from '../../form/fields/fields.ts';
import { PAGE_VERSION } from '../../form/id.ts';
import { fieldsOf, languageOrFirst, type Form } from '../../form/schema.ts';
import { wordings, type Language } from '../../form/wording/wording.ts';
import type { MayRender } from '../../publish/rendering/page-cache.ts';
import type { PageRenderer } from '../../publish/rendering/page-renderer.ts';
import { findSubmission } from '../../record/submissions/submissions.ts';
import type { Services } from '../../respond/services.ts';
import { visitorDevice } from '../../links/visitor-class.ts';
import { postForm, type NativePost } from '../../respond/native.ts';
import { formOnPage, NEWER_PAGE } from '../../respond/start.ts';
import { hasAccess } from '../../respond/access/form-access-cookie.ts';
import { formOf } from '../../respond/access/submission-access.ts';
import { submittedFormOf } from '../../respond/submitted-form.ts';
import { verifySubmissionToken, tokenFor } from '../../respond/access/token.ts';
import { widestKey } from '../../site-limits/counting/client-keys.ts';
import type { MemoryPlace } from '../../site-limits/counting/memory-place.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { ApiException } from '../errors.ts';
import type { Rates } from '../bounds/rates.ts';
import {
  limitAnswerBytes,
  readLargeFor,
  limitTakenAnswers,
  failIfWaiting,
  mayRenderFor,
  submissionBytes,
} from '../bounds/limit-requests.ts';
import type { FileTraffic } from '../bounds/file-traffic.ts';
import type { SharedCounts } from '../../site-limits/counting/shared-counts.ts';
import { parseFormBody, type FormBody, type FormBodyBounds } from './form-body.ts';
import { closedMessage, passwordView } from './form-access.ts';
import { explainOrigin, type PostedFrom } from './posted-origin.ts';
import { brandingOf, messagePage, pageResponse } from './message-pages.ts';
import { lengthOf, MAX_BYTES, refuseLength, searchOf, SMALL_BODY_BYTES } from '../body.ts';
import { fileMemory } from '../bounds/memory-budget.ts';

/** Names the submission to the ending page. Its path and its short age keep it from other pages and the next person. */
const COOKIE = 'flipsite_ended';
const COOKIE_SECONDS = 3_600;

/** Tells apart the views of a page without JavaScript. An image of the page sets it, since all people get the same page. */
const MARK_COOKIE = 'flipsite_view';

/** A transparent image of one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Scripts can't read a respondent's cookie, and posts of other sites don't send it. */
export const cookieOptions = (secure: boolean) => ({ httpOnly: true, sameSite: 'Lax', secure }) as const;

/** The form on the page that was posted. */
interface FormPage {
  form: Form;
  version: string;
  language: Language;
}

/** A page has these addresses, and its form is posted to the address of the page. */
const FORM_PAGES = ['/:slug/:language?', '/:slug/', '/:slug/:language/'];

export interface Native {
  services: Services;
  pageRenderer: PageRenderer;
  /** The origin that people have in their address bar. */
  originOf(c: Context): string;
  /** Is called when a form from another origin is refused. */
  refusedOrigin(posted: PostedFrom): void;
  /** Other origins that serve pages of this site, such as a CDN. */
  pageOrigins: string[];
  remoteAddress(c: Context): string;
  /** Without it, no rate is limited. */
  rates: Rates | undefined;
  /** Counts wrong passwords on other servers too. */
  sharedCounts?: SharedCounts | undefined;
  traffic: FileTraffic;
  /** Whether cookies are for HTTPS only. */
  secure: boolean;
}

/** Limits the requests of an address. */
export const limitRate =
  ({ rates, remoteAddress }: Native, limit: 'start' | 'address'): MiddlewareHandler =>
  async (c, next) => {
    if (rates) failIfWaiting(rates[limit](remoteAddress(c)), 'address');
    return next();
  };

/** Bounds the pages that are rendered for the client of `c`. */
export const mayRender = ({ rates, remoteAddress }: Native, c: Context): MayRender =>
  mayRenderFor(rates, remoteAddress(c));

/** The form that a browser posts to the address of its page, and the page it is sent on to. */
export function nativeRoutes(native: Native): Hono {
  const { services, pageRenderer } = native;
  const app = new Hono();

  app.on('POST', FORM_PAGES, limitRate(native, 'start'), async (c) => {
    const current = services.catalog.current(c.req.param('slug') ?? '');
    const written = c.req.param('language');
    const offered = current && languageOrFirst(current.form, written);
    if (!current || !offered) return c.notFound();
    let page: FormPage = { ...current, language: offered };
    if (current.removed)
      return pageResponse(
        await pageRenderer.shared(messagePage(page.form, offered, 'gone'), 410, mayRender(native, c)),
      );
    if (!hasAccess(services.keys, page.form, c.req.header('cookie'), services.now())) {
      await mayRender(native, c)();
      return pageResponse(
        await pageRenderer.renderUncached(passwordView(pageRenderer, page.form, offered, written, searchOf(c)), 401),
      );
    }
    const device = visitorDevice({ header: (name) => c.req.header(name) });
    const mark = getCookie(c, MARK_COOKIE);
    const sender = mark ? { mark } : { address: native.remoteAddress(c), userAgent: c.req.header('user-agent') ?? '' };
    const outcome = await usePosted(c, native, boundsOf(page.form), async ({ entries, files }) => {
      const ofPage = entries.find(([name]) => name === PAGE_VERSION)?.[1];
      const shown = await formOnPage(services, current, ofPage);
      page = { ...shown, language: languageOrFirst(shown.form, written) ?? offered };
      const { form, version, language } = page;
      // Of a name that comes twice, the last value counts, as on a page with JavaScript.
      const query = Object.fromEntries(new URLSearchParams(searchOf(c)));
      const posted = { entries, files, query, device, page: shown.page };
      const post = (before?: () => number) => postForm(services, form, version, language, posted, sender, before);
      if (!native.rates) return post();
      const { answerBytes, takenAnswers } = native.rates;
      const address = native.remoteAddress(c);
      const bytes = storedBytesOf(form, posted);
      const bounded = () => limitTakenAnswers(takenAnswers, { address }, post, (one) => one.kind === 'errors' && one.isTaken === true); // prettier-ignore
      return limitAnswerBytes(
        answerBytes,
        address,
        bytes,
        bounded,
        ({ kind }) => kind === 'stored',
        submissionBytes(form),
      );
    });
    const { form, version, language } = page;
    if (outcome.kind === 'errors') {
      const { values, errors, notice } = outcome;
      // If no person has opened the form in this language, its page in another one is about as large.
      const opened = pageRenderer.cached(form.slug, language) ?? (await pageRenderer.page(form.slug, undefined));
      // The page has the values again.
      const bytes = (opened?.plain.length ?? 0) + Buffer.byteLength(JSON.stringify(values));
      await mayRender(native, c)(bytes);
      const render = () =>
        pageRenderer.renderUncached(
          { kind: 'form', form, version, language, site: pageRenderer.site, values, errors, notice },
          422,
        );
      const { rates } = native;
      return pageResponse(await (rates ? rates.largePages(native.remoteAddress(c), bytes, render) : render()));
    }
    if (outcome.kind === 'too_large')
      return pageResponse(
        await pageRenderer.shared(messagePage(form, language, 'tooLarge'), 413, mayRender(native, c)),
      );
    if (outcome.kind === 'newer') throw new ApiException(NEWER_PAGE);
    if (outcome.kind === 'not_open') {
      return pageResponse(
        await pageRenderer.shared(
          await closedMessage(services, pageRenderer, current.form, outcome.availability, language),
          403,
          mayRender(native, c),
        ),
      );
    }
    const { id } = outcome;
    const path = `${pageRenderer.site.base}/${form.slug}`;
    const value = `${id}.${tokenFor(services.keys, id)}`;
    setCookie(c, COOKIE, value, { ...cookieOptions(native.secure), path, maxAge: COOKIE_SECONDS });
    return c.redirect(`${path}/ending`, 303);
  });

  app.get('/:slug/view', limitRate(native, 'address'), (c) => {
    const slug = c.req.param('slug');
    if (!services.catalog.current(slug)) return c.notFound();
    const path = `${pageRenderer.site.base}/${slug}`;
    setCookie(c, MARK_COOKIE, randomBytes(16).toString('base64url'), { ...cookieOptions(native.secure), path });
    // A browser that goes back to a page takes the image from its cache, and so keeps the mark.
    return c.body(PIXEL, 200, { 'content-type': 'image/gif', 'cache-control': 'private, no-cache' });
  });

  app.get('/:slug/ending', limitRate(native, 'address'), async (c) => {
    const slug = c.req.param('slug');
    const [id = '', token = ''] = (getCookie(c, COOKIE) ?? '').split('.');
    const readLarge = readLargeFor(native.rates, () => native.remoteAddress(c));
    const submission = verifySubmissionToken(services.keys, id, token)
      ? await findSubmission(services.db, id, readLarge)
      : undefined;
    // A member may have deleted it since. Then there is nothing to finish.
    const isThere = submission?.form === slug && submission.erasedAt === null;
    const form = isThere ? await formOf(services, services.db, submission, readLarge) : undefined;
    if (!submission || !form)
      return services.catalog.current(slug) ? c.redirect(`${pageRenderer.site.base}/${slug}`, 303) : c.notFound();
    const language = submission.language as Language;
    const ended = submittedFormOf(form, submission);
    await mayRender(native, c)(ended && Buffer.byteLength(JSON.stringify(ended.ending)));
    if (ended) {
      // Browsers hold a redirect after a post to the page's own form-action, so the way on is a link.
      const { title, text, redirect } = ended.ending;
      const { page: words } = wordings[language];
      const link = redirect && { href: redirect, label: words.next, note: new URL(redirect).host };
      const { reference } = ended;
      return pageResponse(await pageRenderer.renderUncached({ kind: 'message', ...brandingOf(form, language), title, text, reference, link: link || undefined }, 200)); // prettier-ignore
    }
    const words = wordings[language].server;
    const link = {
      href: `${pageRenderer.site.base}/${slug}/${language}#resume=${id}.${token}`,
      label: words.finishLink,
      note: words.finishKeep,
    };
    const { finishTitle: title, finishText: text } = words;
    return pageResponse(
      await pageRenderer.renderUncached({ kind: 'message', ...brandingOf(form, language), title, text, link }, 200),
    );
  });

  return app;
}

const originOfPage = (referer: string): string =>
  URL.parse(referer.slice(0, SITE_LIMITS.hostCharacters.value))?.origin ?? '';

/**
 * Runs `use` with the form that a browser posted from a page of this site or of `pageOrigins`. Files stay in memory until
 * `use` has ended.
 * @param bounds of the body
 * @throws ApiException for another origin, another content type and a body over the bounds
 */
export async function usePosted<T>(
  c: Context,
  native: Native,
  bounds: FormBodyBounds,
  use: (posted: FormBody) => Promise<T>,
): Promise<T> {
  // Old browsers, such as Firefox 69, send no origin with a form, but the page that has it.
  const origin = c.req.header('origin') ?? originOfPage(c.req.header('referer') ?? '');
  const expected = native.originOf(c);
  if (![expected, ...native.pageOrigins].includes(origin)) {
    const refused = { origin, expected, host: new URL(c.req.url).host };
    native.refusedOrigin(refused);
    throw new ApiException({ code: 'forbidden_origin', message: explainOrigin(refused) });
  }
  const type = c.req.header('content-type') ?? '';
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i.test(type)) {
    throw new ApiException({
      code: 'unsupported_type',
      message: 'The Content-Type is wrong. Use application/x-www-form-urlencoded or multipart/form-data.',
    });
  }
  const length = lengthOf(c);
  refuseLength(c, bounds.maxBytes);
  const sent = /^multipart/i.test(type) ? native.traffic.count(native.remoteAddress(c), length, 0) : undefined;
  const parse = async (reserve?: (bytes: number) => void, place?: MemoryPlace) => {
    try {
      const counted = (bytes: number) => {
        sent?.add(bytes);
        reserve?.(bytes);
      };
      const posted = await parseFormBody(c, type, bounds, counted, place);
      sent?.addFiles(posted.files.length);
      return posted;
    } finally {
      sent?.end();
    }
  };
  // Small posts need no memory budget, so that large ones can't block them.
  if ((length ?? bounds.maxBytes) <= SMALL_BODY_BYTES) return use(await parse());
  return fileMemory(async (reserve, place) => use(await parse(reserve, place)), widestKey(native.remoteAddress(c)));
}

/** The bytes that a post can store: its answers, its parameters, and the screens of its path, which its event names. */
export const storedBytesOf = (
  { screens }: { screens: readonly { id: string }[] },
  { entries, query }: Pick<NativePost, 'entries' | 'query'>,
): number => Buffer.byteLength(JSON.stringify([entries, query, screens.map(({ id }) => id)]));

/** The bounds of a body that the page of `form` can post. */
function boundsOf(form: Form): FormBodyBounds {
  const fields = fieldsOf(form);
  const limits = fields.map((field) => fileLimits(field));
  const fileBytes = limits.reduce((sum, one) => sum + (one ? one.maxBytes * one.maxFiles : 0), 0);
  const controls = fields.reduce((sum, field, at) => sum + SITE_LIMITS.formPostPartsPerField.value + optionsOf(field) + (limits[at]?.maxFiles ?? 0), 0); // prettier-ignore
  return {
    maxBytes: Math.min(MAX_BYTES.native + fileBytes, MAX_BYTES.nativeFiles),
    maxParts: controls + SITE_LIMITS.formPostSpareParts.value,
  };
}

const optionsOf = (field: object): number => ('options' in field && Array.isArray(field.options) ? field.options.length : 0); // prettier-ignore
