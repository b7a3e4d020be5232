/** Passes each request to the part that answers it. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { withShownParams, type Go } from '../api/go.ts';
import type { FastPath } from '../api/fast-path.ts';
import { isUnrestricted, interstitialFor, type FormRequest } from '../api/html/form-access.ts';
import { API_HEADERS, errorBody, explainError, type LogError } from '../api/errors.ts';
import { respondentErrorPage } from '../api/html/message-pages.ts';
import { canDecode, repairEncoding } from '../site-limits/repair-encoding.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { Assets } from '../publish/bundles/assets.ts';
import { CARD_PATH } from '../publish/cards/card-content.ts';
import { FRAME } from '../publish/rendering/frame.ts';
import type { Page } from '../publish/rendering/pages.ts';
import type { MayRender } from '../publish/rendering/page-cache.ts';
import { versionIn, type PageRenderer } from '../publish/rendering/page-renderer.ts';
import { headerOf } from '../publish/rendering/raw-headers.ts';
import { sendPage } from '../publish/rendering/send-page.ts';
import type { Services } from '../respond/services.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { LOCAL_SMILE, type MountedLocalSmile } from './local-smile.ts';
import { PREVIEW, pathInPreview, type Previews } from './preview/previews.ts';

/** The query of an address may name a campaign link. */
const NAMES_LINK = /[?&]link=/;

/** `/slug` or `/slug/language`, the addresses of forms. */
const FORM_PAGE = /^\/([a-z0-9][a-z0-9-]*)(?:\/([a-z]{2,3}))?\/?$/;

type Handler = (request: Request, remoteAddress: string) => Promise<Response> | Response;

export interface Handlers {
  services: Services;
  metrics: Metrics;
  fastPath: FastPath;
  go: Go;
  assets: Assets;
  pageRenderer: PageRenderer;
  dashboard: Handler;
  localSmile: MountedLocalSmile | undefined;
  previews: Pick<Previews, 'answer'>;
  /** Answers the requests that no other part does. */
  api: Handler;
  /** The address of the client, behind the trusted proxies. */
  remoteAddress(request: IncomingMessage): string;
  /** Bounds the pages that are rendered for a client. */
  mayRender(request: IncomingMessage): MayRender;
  /** Counts a request that changes something at local Smile. @returns whether its sender may send it today */
  mayChangeAtLocalSmile(address: string): boolean;
  /** Counts a request for which the database is asked. @throws ApiException where the client may not send it now */
  limitQueries(request: IncomingMessage): void;
  logError: LogError;
  /** The host of the site's own address. */
  ownHost: string;
}

/** Answers every request of the site, the most frequent first. */
export function answerRequests(handlers: Handlers): RequestListener {
  const {
    services,
    metrics,
    fastPath,
    go,
    assets,
    pageRenderer,
    dashboard,
    localSmile,
    mayChangeAtLocalSmile,
    previews,
    api,
    remoteAddress,
    mayRender,
    limitQueries,
    logError,
    ownHost,
  } = handlers;

  const answer = getRequestListener(
    (request, env) => {
      const { incoming } = env as { incoming: IncomingMessage };
      const { pathname } = new URL(request.url);
      // Local Smile and previews copy the request, and no copy may have this method (Fetch, 2.2.1).
      if (request.method === 'TRACE') return api(request, remoteAddress(incoming));
      const address = remoteAddress(incoming);
      if (localSmile && isUnder(LOCAL_SMILE, pathname))
        return localSmile.answer(request, pathname.slice(LOCAL_SMILE.length), incoming, address, () => mayChangeAtLocalSmile(address)); // prettier-ignore
      if (isUnder(PREVIEW, pathname)) return previews.answer(request, address, incoming);
      return isUnder('/admin', pathname) ? dashboard(request, address) : api(request, address);
    },
    // The host of a request of HTTP/1.0 without one, as load balancers send to /readyz.
    { overrideGlobalObjects: false, hostname: ownHost },
  );

  /** A form's page if it is cached and unrestricted. These are most requests, answered without waiting. */
  function cachedPageAt(address: string | undefined): Page | undefined {
    const [, slug, language] = FORM_PAGE.exec(address ?? '') ?? [];
    return slug !== undefined && isUnrestricted(services, slug) ? pageRenderer.cached(slug, language) : undefined;
  }

  /** The page or the picture at `url`, rendered from a form. */
  function renderedAt(url: URL, request: IncomingMessage): Promise<Page | undefined> | undefined {
    const { cookie, host } = request.headers;
    const { pathname, search } = url;
    if (pathname === FRAME) return pageRenderer.frame(host);
    if (pathname.startsWith('/assets/logo-')) return pageRenderer.logo(pathname);
    if (pathname.startsWith(CARD_PATH)) return pageRenderer.card(pathname, mayRender(request));
    const [, slug, language] = FORM_PAGE.exec(pathname) ?? [];
    if (!slug) return undefined;
    return formPage({ slug, language, version: versionIn(search), search, cookie }, request);
  }

  async function formPage(visit: FormRequest, request: IncomingMessage): Promise<Page | undefined> {
    const { slug, language, version, search } = visit;
    // Only the database knows an earlier version, and whether anyone has started a form that opens later.
    const isKnown = services.catalog.current(slug) !== undefined;
    if (isKnown && (version !== undefined || !isUnrestricted(services, slug))) limitQueries(request);
    const may = mayRender(request);
    const interstitial = await interstitialFor(services, pageRenderer, visit, may);
    return interstitial ?? pageRenderer.page(slug, language, search, may);
  }

  /** The address in place of one with a campaign link whose params the page would not show. */
  function linkAddress(address: string | undefined): string | undefined {
    const url = URL.parse(address ?? '/', 'http://localhost');
    const [, slug] = FORM_PAGE.exec(url?.pathname ?? '') ?? [];
    const complete = url && slug && withShownParams(services, slug, url);
    return complete ? pageRenderer.site.base + complete : undefined;
  }

  return (request, response) => {
    // The connection sent too many requests at once.
    if (request.socket.destroyed) return;
    if (request.rawHeaders.length > 2 * MAX_HEADERS) return void response.writeHead(431, { connection: 'close' }).end();
    const host = headerOf(request, 'host');
    // Each is parsed as an address, at several places.
    if ([host, headerOf(request, 'origin')].some((value = '') => value.length > MAX_HOST))
      return void response.writeHead(400, { connection: 'close' }).end();
    if (host ? isBadHost(host) : request.httpVersion === '1.1')
      return void response.writeHead(400, { connection: 'close' }).end();
    const { url: address = '/' } = request;
    if (hasLongPath(address)) return refuseAddress(response, LONG_PATH);
    if (!canDecode(address)) {
      if (address.length > MAX_BROKEN) return refuseAddress(response, LONG_AND_BROKEN);
      request.url = repairEncoding(address);
    }
    if (fastPath(request, response)) return;
    const linkAnswer = go(request, response);
    if (linkAnswer === true) return;
    if (request.url === '/metrics' && request.method === 'GET') return void metrics.answer(request, response);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const complete = isRead && NAMES_LINK.test(request.url ?? '') ? linkAddress(request.url) : undefined;
    if (complete) return void response.writeHead(302, { location: complete, 'cache-control': 'no-store' }).end();
    const cached = isRead ? cachedPageAt(request.url) : undefined;
    if (cached) return sendPage(request, response, cached);
    const url = URL.parse(request.url ?? '/', 'http://localhost');
    const inPreview = url !== null && isUnder(PREVIEW, url.pathname);
    const asset = isRead && url ? assets.get(inPreview ? pathInPreview(url.pathname) : url.pathname) : undefined;
    if (asset) return sendPage(request, response, asset);
    const rendered = linkAnswer || (isRead && url && !inPreview ? renderedAt(url, request) : undefined);
    if (!rendered) return void answer(request, response);
    rendered
      .then((page) => (page ? sendPage(request, response, page) : answer(request, response)))
      .catch((error: unknown) => {
        const { method = '' } = request;
        const path = url?.pathname ?? '';
        const refusal = explainError(error, { method, path, sentId: headerOf(request, 'x-request-id') }, logError);
        return respondentErrorPage(services, pageRenderer, { method, path }, refusal, mayRender(request)).then((page) =>
          sendPage(request, response, page),
        );
      })
      .catch(() => {
        response
          .writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
          .end('Something went wrong on the server. Try again in a minute.\n');
      });
  };
}

/**
 * HTTP/1.1 needs one Host (RFC 9112, 3.2). It has no space, so a space means more than one, and Node looks at the first
 * only. `URL` refuses others, such as `a.1`, which ends as an IPv4 address does and is none.
 */
const isBadHost = (host: string): boolean => host.includes(', ') || !URL.canParse(`http://${host}`);

const MAX_HEADERS = SITE_LIMITS.requestHeaders.value;

const MAX_HOST = SITE_LIMITS.hostCharacters.value;

const MAX_PATH = SITE_LIMITS.pathCharacters.value;
const LONG_PATH = `The path of this address has more than ${MAX_PATH} characters. Check the link.`;

const MAX_BROKEN = SITE_LIMITS.brokenAddressCharacters.value;
const LONG_AND_BROKEN = `This address has more than ${MAX_BROKEN} characters, and some of them cannot be decoded. Check the link.`;

function refuseAddress(response: ServerResponse, message: string): void {
  const { status, body } = errorBody({ code: 'invalid_request', message });
  response.writeHead(status, { ...API_HEADERS, 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const hasLongPath = (url: string): boolean => url.length > MAX_PATH && (url.split('?', 1)[0] ?? '').length > MAX_PATH;

const isUnder = (base: string, path: string) => path === base || path.startsWith(`${base}/`);
