/** The pages of a preview: the form of its draft, with the errors of the draft. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ChangedScreen, PreviewState } from '../../contract/preview.ts';
import { languageOf } from '../../form/schema.ts';
import type { Language } from '../../form/wording/wording.ts';
import { FRAME } from '../../publish/rendering/frame.ts';
import type { PreviewContext } from '../../publish/rendering/page-data.ts';
import type { MayRender, PageCache } from '../../publish/rendering/page-cache.ts';
import type { PageRenderer } from '../../publish/rendering/page-renderer.ts';
import type { Page } from '../../publish/rendering/pages.ts';
import { acceptedEncodings } from '../../publish/rendering/send-page.ts';
import { changedScreens } from '../../publish/previews/changed-screens.ts';
import type { PreviewDrafts, PreviewedForm } from '../../publish/previews/preview-drafts.ts';
import type { PreviewPass } from '../../publish/previews/preview-token.ts';
import type { ApiError } from '../../respond/errors/api-error.ts';
import type { Services } from '../../respond/services.ts';
import { currentClient } from '../../site-limits/counting/current-client.ts';
import { createShared, type TurnsByKey } from '../../site-limits/counting/turns.ts';
import { API_HEADERS, errorBody } from '../errors.ts';
import { pageResponse, respondentErrorPage } from './message-pages.ts';

/** One link, ready to be used. */
export interface OpenPreview {
  pass: PreviewPass;
  renderer: PageRenderer;
  /** The last pages of all previews, in different versions and languages. */
  pages: PageCache;
  /** Renders the pages of all previews that strangers may ask for one at a time. */
  inTurn: TurnsByKey;
  /** The size of the last page. Another language or version of the form has about the same. In bytes. */
  pageBytes?: number;
}

/**
 * Answers a request that reads.
 * @param path below the address of the preview
 * @param headers of the request
 * @param mayRender is asked before a page of the form is rendered
 * @returns undefined for a path that is not of a page, its parts or its state
 */
export async function answerPreview(
  preview: OpenPreview,
  drafts: PreviewDrafts,
  path: string,
  headers: Headers,
  mayRender: MayRender,
): Promise<Response | undefined> {
  const { pass, renderer } = preview;
  const home = `${renderer.site.base}/${pass.form}`;
  if (path === '' || path === '/') return redirect(home);
  const [state, ofPage, version] = STATE.exec(path) ?? [];
  if (state !== undefined) {
    const found = await drafts.readNewest(pass.form);
    return Response.json(await stateOf(preview, found, ofPage, version, mayRender), { headers: API_HEADERS });
  }
  if (path === FRAME) return pageResponse(await renderer.frame(headers.get('host') ?? undefined));
  const logo = path.startsWith('/assets/logo-') ? await renderer.logo(path) : undefined;
  if (logo) return pageResponse(logo);
  const [, slug, wanted] = /^\/([a-z0-9][a-z0-9-]*)(?:\/([a-z]{2,3}))?\/?$/.exec(path) ?? [];
  if (slug !== pass.form) return undefined;
  const found = await drafts.readNewest(slug);
  if (!found?.shown) return nothingToShow(preview, found);
  const language = languageOf(found.shown.form, wanted);
  if (!language) return redirect(home);
  const page = await formPage(preview, found, found.shown, language, mayRender);
  return pageResponse(inGzip(page, headers.get('accept-encoding')) ?? page);
}

/** The page in gzip, where the browser accepts it. */
const inGzip = ({ gzip: bytes, ...page }: Page, accepted: string | null): Page | undefined =>
  bytes && acceptedEncodings(accepted ?? '').includes('gzip')
    ? { ...page, plain: bytes, headers: { ...page.headers, 'content-encoding': 'gzip' } }
    : undefined;

const STATE = /^\/-\/state(?:\/([a-z]{2,3})\/(\w{1,64}))?$/;

/** @param wanted the language of the open page. @param version of the open page */
async function stateOf(
  preview: OpenPreview,
  found: PreviewedForm | undefined,
  wanted: string | undefined,
  version: string | undefined,
  mayRender: MayRender,
): Promise<PreviewState> {
  if (!found) return { faults: [] };
  const state = { version: found.shown?.version, faults: sentences(preview.pass, found) };
  const language = found.shown && wanted && languageOf(found.shown.form, wanted);
  if (!found.shown || !language || version === undefined || version === state.version) return state;
  // The open page shows the errors by itself.
  const good = { ...found, faults: [] };
  const before = preview.pages.kept(pageKey(preview, good, version, language));
  const after = before && (await formPage(preview, good, found.shown, language, mayRender));
  return { ...state, screens: after && changesBetween(before, after) };
}

/** The comparisons of each page that is kept with earlier ones. Open pages of one link may have different versions. */
const compared = new WeakMap<Page, Comparisons>();
type Comparisons = WeakMap<Page, { screens: ChangedScreen[] | undefined }>;

function changesBetween(before: Page, after: Page): ChangedScreen[] | undefined {
  const known: Comparisons = compared.get(after) ?? new WeakMap();
  compared.set(after, known);
  const found = known.get(before) ?? { screens: changedScreens(before.plain.toString(), after.plain.toString()) };
  known.set(before, found);
  return found.screens;
}

const redirect = (location: string): Response =>
  new Response(null, { status: 302, headers: { location, 'cache-control': 'no-store' } });

/** The place of the first error, as a sentence. Empty where there is none. The pages of members list all errors beside it. */
function errorIn({ faults: [first], faultyPart }: Pick<PreviewedForm, 'faults' | 'faultyPart'>): string {
  return first ? `${faultyPart ?? `Line ${first.line}`} has an error.` : '';
}

/** Says that the newest text has an error, or lacks translations. Only members see the place of an error. */
function sentences({ kind }: PreviewPass, found: PreviewedForm): string[] {
  const error = errorIn(found);
  if (error && found.isNewest) return ['Texts without a translation are shown in another language.'];
  return error
    ? [`${kind === 'frame' ? error : 'The newest change has an error.'} This is the last version without errors.`]
    : [];
}

const contextOf = ({ pass }: OpenPreview, found: PreviewedForm): PreviewContext => ({
  // An open page asks for the sentences about the newest text, because it shows its changes without a reload.
  faults: found.isNewest ? [] : sentences(pass, found),
  mayComment: pass.kind === 'review',
});

const pageKey = (preview: OpenPreview, found: PreviewedForm, version: string, language: Language): string =>
  JSON.stringify([preview.renderer.site.base, version, language, contextOf(preview, found)]);

/** Rendered once for each version and language. A page in gzip is copied into each answer ten times as fast as a plain one. */
async function formPage(
  preview: OpenPreview,
  found: PreviewedForm,
  { form, version }: NonNullable<PreviewedForm['shown']>,
  language: Language,
  mayRender: MayRender,
): Promise<Page> {
  const { renderer, pages, inTurn, pass } = preview;
  const key = pageKey(preview, found, version, language);
  const site = { ...renderer.site, preview: contextOf(preview, found) };
  const render = async () => {
    const rendered = await renderer.renderUncached({ kind: 'form', form, version, language, site }, 200);
    preview.pageBytes = rendered.plain.length;
    return { ...rendered, gzip: await promisify(gzip)(rendered.plain) };
  };
  const known = pages.kept(key);
  if (known) return known;
  // The preview in the dashboard follows each change of a member, and only members have its link.
  if (pass.kind === 'frame') return pages.page(key, render);
  const renderOnce = async () => pages.kept(key) ?? pages.page(key, render);
  return shareWaiting(`${currentClient()} ${key}`, async () => {
    await mayRender(preview.pageBytes);
    return inTurn(currentClient(), renderOnce);
  });
}

/** Requests of one client for the same page wait together. */
const shareWaiting = createShared<Page>();

const ownMessage = { kind: 'message', language: 'en', brand: 'Flipsite' } as const;

/** The page while no text is without errors. The browser asks again every two seconds. */
async function nothingToShow({ pass, renderer }: OpenPreview, found: PreviewedForm | undefined): Promise<Response> {
  const text =
    pass.kind === 'frame'
      ? errorIn(found ?? { faults: [], faultyPart: undefined })
      : 'Its text has errors. Ask the person who sent you the link.';
  const view = { ...ownMessage, title: 'This form cannot be shown yet', text };
  const response = pageResponse(await renderer.shared(view, 200));
  response.headers.set('refresh', '2');
  return response;
}

/** Whether people look at the answer of this path, and no script reads it. */
const isPage = (path: string): boolean => !/^\/(api|-)\//.test(path);

/**
 * Says that a request failed. Where the answer has a time to wait, a browser that only read the page loads it again by itself.
 * @param catalog without forms, since the token names the form
 * @param request with the path below the address of the preview
 */
export async function answerRefusedPreview(
  catalog: Services['catalog'],
  renderer: PageRenderer,
  { method, path }: { method: string; path: string },
  refusal: ApiError,
): Promise<Response> {
  if (isPage(path)) {
    const response = pageResponse(await respondentErrorPage({ catalog }, renderer, { method, path }, refusal));
    const wait = response.headers.get('retry-after');
    if (wait !== null && method === 'GET') response.headers.set('refresh', wait);
    return response;
  }
  const { status, body, headers } = errorBody(refusal);
  return Response.json(body, { status, headers: { ...API_HEADERS, ...headers } });
}

/**
 * Says that a link does not work.
 * @param path below the address of the preview
 * @param ended whether it worked before
 */
export async function answerNoPreview(renderer: PageRenderer, path: string, ended: boolean): Promise<Response> {
  const status = ended ? 410 : 404;
  const title = ended ? 'This preview has ended' : 'There is no preview here';
  const text = ended ? 'Ask the person who sent you the link for a new one.' : 'Check the link, or ask for a new one.';
  if (isPage(path)) return pageResponse(await renderer.shared({ ...ownMessage, title, text }, status));
  const error = { code: 'not_found', message: `${title}. ${text}` };
  return Response.json({ error }, { status, headers: API_HEADERS });
}
