/** Everything that is answered in code: the API, the webhooks, the native post, health. One map of the routes. */
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { PageRenderer } from '../publish/page-renderer.ts';
import type { Services } from '../respond/services.ts';
import { sameSecret } from '../record/crypto/secrets.ts';
import { verifySubmissionToken } from '../respond/token.ts';
import { receiveWebhook } from '../respond/smile/webhook.ts';
import { toApiError, errorResponse, resultResponse } from './errors.ts';
import { fileRoutes } from './files.ts';
import { limitedActionOf, limitOwn, failIfWaiting, type Rates } from './rates.ts';
import { integratorRoutes } from './integrators.ts';
import { invitedRoutes } from './invited.ts';
import { FORM_PAGES, nativeRoutes, type Native } from './native.ts';
import { messagePage, errorPage, pageResponse } from './message-pages.ts';
import { passwordRoutes } from './password.ts';
import { respondentRoutes } from './respondents.ts';
import { boundedJson } from './json-bounds.ts';
import { bearerOf, bytesOf, LIMITS } from './body.ts';

export interface ApiOptions extends Native {
  services: Services;
  pageRenderer: PageRenderer;
  /** The secrets of all webhooks that are ours. */
  webhookSecrets(): Promise<string[]>;
  apiKey: string | undefined;
  /** Without them, anyone may begin as much as they like. */
  rates: Rates | undefined;
  /** Why nobody should be sent here now, in words; nothing when all is well. */
  unready(): Promise<string | undefined>;
  logError(error: unknown, about: { method: string; path: string }): void;
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

/** Answers every request but those for ready pages, assets and the dashboard. What goes wrong is logged and told as one. */
export function createApi(options: ApiOptions): Hono {
  const { services, pageRenderer } = options;
  const app = new Hono();

  app.use('/api/*', async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
    c.header('x-content-type-options', 'nosniff');
  });
  // A page on a CDN talks to its API from another origin. The one cookie that counts, the pass of a
  // form with a password, is never sent along, so any origin may ask.
  app.use(
    '/api/*',
    cors({
      origin: '*',
      allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-file-name'],
      maxAge: 86_400,
    }),
  );

  const { rates } = options;
  if (rates) {
    const bounded: MiddlewareHandler = async (c, next) => {
      if (c.req.method === 'POST') failIfWaiting(await rates.begin(options.remoteAddress(c)), 'address');
      return next();
    };
    // What begins something costs most: a row, a user at Smile. Whoever has begun goes on unhindered, at what a person does.
    for (const path of ['/api/forms/:slug/submissions', '/api/submissions/:id/link-token', ...FORM_PAGES])
      app.use(path, bounded);
    const called: MiddlewareHandler = async (c, next) => {
      failIfWaiting(await rates.call(options.remoteAddress(c)), 'address');
      return next();
    };
    for (const path of ['/api/invitations/:id/*', '/api/forms/:slug/challenge', '/:slug/ending']) app.use(path, called);
    app.use('/api/submissions/:id/*', async (c, next) => {
      const id = c.req.param('id');
      const what = limitedActionOf(c.req.method, c.req.path.split(`/${id}/`)[1] ?? '');
      const token = bearerOf(c);
      // Programs that have the key read as much as they like.
      if (!what || (options.apiKey !== undefined && sameSecret(token, options.apiKey))) return next();
      const address = options.remoteAddress(c);
      await limitOwn(rates, { what, id, own: verifySubmissionToken(services.keys, id, token), address });
      return next();
    });
  }

  app.post('/api/webhooks/smile', async (c) => {
    const address = options.remoteAddress(c);
    // Before the body is read: whoever has sent wrong ones waits.
    if (rates) failIfWaiting(rates.wrongWebhooks.wait(address) || (await rates.webhook(address)), 'address');
    let signed = false;
    try {
      const raw = boundedJson(await bytesOf(c, LIMITS.webhook));
      const outcome = await receiveWebhook(
        services,
        raw,
        c.req.header('smile-signature'),
        await options.webhookSecrets(),
      );
      signed = outcome.ok || outcome.error.code !== 'unauthorized';
      return resultResponse(c, outcome);
    } finally {
      if (!signed) rates?.wrongWebhooks.take(address, 1);
    }
  });
  app.route('/api', respondentRoutes(options));
  app.route('/api', integratorRoutes(services, options.apiKey));
  app.route('/api', fileRoutes(options));
  app.get('/', (c) => c.redirect(`${pageRenderer.site.base}/admin`, 302));
  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', async (c) => {
    const why = await options.unready();
    return why === undefined ? c.text('ok\n') : c.text(`not ready: ${why}\n`, 503);
  });
  app.route('/', passwordRoutes(options));
  app.route('/', invitedRoutes(options));
  app.route('/', nativeRoutes(options));

  app.onError(async (error, c) => {
    const { refusal, log } = toApiError(error);
    if (log) options.logError(error, { method: c.req.method, path: c.req.path });
    // A person whose browser runs no script gets a page, not JSON.
    return isPerson(c)
      ? pageResponse(await errorPage(services, pageRenderer, c.req.path, refusal))
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
    const form = services.catalog.current(path.split('/')[1] ?? '');
    const language = form?.form.languages[0] ?? 'en';
    if (!form?.removed)
      return pageResponse(await pageRenderer.shared(messagePage(form?.form, language, 'notFound'), 404));
    const begun = { slug: form.form.slug, version: form.version };
    return pageResponse(
      await pageRenderer.shared({ ...messagePage(form.form, language, 'gone'), resumeForm: begun }, 410),
    );
  });

  return app;
}

const isPerson = (c: Context): boolean =>
  !c.req.path.startsWith('/api/') && (c.req.header('accept') ?? '').includes('text/html');

/** The methods that an address takes, whatever its state; none where there is nothing. */
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
