/** The routes of the API, of pages that are rendered for one request, and of health checks. */
import { Hono, type Context } from 'hono';
import { cors } from 'hono/cors';
import type { PageRenderer } from '../publish/rendering/page-renderer.ts';
import type { Services } from '../respond/services.ts';
import { searchOf } from './body.ts';
import { checkEndpoints, runEndpoint, successBody, type Endpoint, type EndpointOptions } from './endpoints/endpoint.ts';
import { ENDPOINTS } from './endpoints/endpoints.ts';
import { API_HEADERS, errorResponse, explainError, type LogError } from './errors.ts';
import { invitedRoutes } from './html/invited.ts';
import { goneMessage } from './html/form-access.ts';
import { mayRender, nativeRoutes, type Native } from './html/native.ts';
import { formAt, messagePage, respondentErrorPage, pageResponse } from './html/message-pages.ts';
import { passwordRoutes } from './html/password.ts';

export interface ApiOptions extends Native, EndpointOptions {
  services: Services;
  pageRenderer: PageRenderer;
  /** Why this server should get no requests now. Undefined when all is well. */
  unready(): Promise<string | undefined>;
  logError: LogError;
}

/** No cache may answer for a server. */
const NO_STORE = { 'cache-control': 'no-store' };

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Answers all requests except those for cached pages, assets and the dashboard. Every error is logged and answered in
 * one shape.
 * @param endpoints the endpoints of the API. Others are for tests
 * @throws {Error} for a definition that `checkEndpoints` refuses
 */
export function createApi(options: ApiOptions, endpoints: readonly Endpoint[] = ENDPOINTS): Hono {
  checkEndpoints(endpoints);
  const { services, pageRenderer } = options;
  const app = new Hono();
  let isWarned = false;
  /** Warns once about a proxy that may not remove the path of the site. Anyone can send one such request. */
  const warnOfBase = (path: string) => {
    const { base, preview } = pageRenderer.site;
    // The base of a preview has its token, and no proxy removes it.
    if (isWarned || !base || preview || !`${path}/`.startsWith(`${base}/`)) return;
    isWarned = true;
    services.log?.warn(
      { base },
      'A request came with the path of PUBLIC_ORIGIN, and there is no page at its address. If this is so for all pages, let the proxy remove this path',
    );
  };

  app.use('/api/*', async (c, next) => {
    await next();
    c.header('cache-control', API_HEADERS['cache-control']);
    c.header('x-content-type-options', API_HEADERS['x-content-type-options']);
  });
  // Browsers send no cookie with `*`, not even the one of a form's password.
  app.use(
    '/api/*',
    cors({
      origin: API_HEADERS['access-control-allow-origin'],
      allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-file-name'],
      maxAge: 86_400,
    }),
  );

  mountEndpoints(app, endpoints, options);
  app.get('/', (c) => c.redirect(`${pageRenderer.site.base}/admin`, 302));
  app.get('/healthz', (c) => c.text(`Flipsite ${options.version}: ok\n`, 200, NO_STORE));
  app.get('/readyz', async (c) => {
    const why = await options.unready();
    return why === undefined ? c.text('ok\n', 200, NO_STORE) : c.text(`not ready: ${why}\n`, 503, NO_STORE);
  });
  app.route('/', passwordRoutes(options));
  app.route('/', invitedRoutes(options));
  app.route('/', nativeRoutes(options));

  app.onError(async (error, c) => {
    const { method, path } = c.req;
    const refusal = explainError(error, { method, path, sentId: c.req.header('x-request-id') }, options.logError);
    // A browser that runs no script gets a page, not JSON.
    return wantsPage(c)
      ? pageResponse(
          await respondentErrorPage(services, pageRenderer, { method, path }, refusal, mayRender(options, c)),
        )
      : errorResponse(c, refusal);
  });

  app.notFound(async (c) => {
    const { method, path } = c.req;
    const allowed = methodsAt(app, services, path);
    if (allowed.length && !allowed.includes(method)) {
      c.header('allow', allowed.join(', '));
      return errorResponse(c, {
        code: 'method_not_allowed',
        message: `This address does not accept ${method}. Use ${allowed.join(', ')}.`,
      });
    }
    if (path.startsWith('/api/')) {
      return errorResponse(c, { code: 'not_found', message: 'There is no route at this address.' });
    }
    // People who type an address from a poster begin with a capital letter, or a phone does.
    const lower = path.toLowerCase();
    // A header can't have other characters.
    const hasCapitals = lower !== path && /^[\w/-]+$/.test(path) && (method === 'GET' || method === 'HEAD');
    if (hasCapitals && (formAt(services, lower).shown || /^\/go\/[a-z\d-]+\/?$/.test(lower)))
      return c.redirect(`${pageRenderer.site.base}${lower}${searchOf(c)}`, 302);
    warnOfBase(path);
    const { shown, language } = formAt(services, path);
    const may = mayRender(options, c);
    if (!shown?.removed)
      return pageResponse(await pageRenderer.shared(messagePage(shown?.form, language, 'notFound'), 404, may));
    const gone = await goneMessage(services, shown.form, language);
    return pageResponse(await pageRenderer.shared(gone, 410, may));
  });

  return app;
}

const wantsPage = (c: Context): boolean =>
  !c.req.path.startsWith('/api/') && (c.req.header('accept') ?? '').includes('text/html');

/** Routes each endpoint to its handler. */
function mountEndpoints(app: Hono, endpoints: readonly Endpoint[], options: ApiOptions): void {
  for (const endpoint of endpoints) {
    app.on(endpoint.method, endpoint.path, async (c) => {
      const answer = await runEndpoint(endpoint, options, c, () => options.remoteAddress(c));
      if (answer instanceof Response) return answer;
      if (!answer.ok) return errorResponse(c, answer.error);
      const { status, body, headers } = successBody(endpoint, answer);
      for (const [name, value] of Object.entries(headers)) c.header(name, value);
      return status === 204 ? c.body(null, status) : c.json(body, status);
    });
  }
}

/** The methods of the routes at `path`, for `Allow`. Empty where there is no route. */
function methodsAt(app: Hono, { catalog }: Services, path: string): string[] {
  const routed = METHODS.filter((method) =>
    app.router
      .match(method, path)[0]
      .some(([[, { path: pattern, method: own }]]) => own !== 'ALL' && !pattern.startsWith('/:')),
  );
  const [, slug = '', language, ...rest] = path.split('/');
  const form = catalog.current(slug)?.form;
  const page = form && !rest.length && (!language || form.languages.some((one) => one === language));
  const methods = page ? ['GET', 'POST'] : routed;
  return methods.includes('GET') ? ['GET', 'HEAD', ...methods.slice(1)] : methods;
}
