/** Everything under /admin. The rules of every page are here: origin, session, role, limits, headers and errors. */
import { Hono, type MiddlewareHandler } from 'hono';
import { hasMembers } from '../members/members.ts';
import { formsWith, may } from '../members/roles.ts';
import { UnreadableFile } from '../record/files/files.ts';
import { requestIdOf } from '../record/ids.ts';
import { acquire, createConcurrencyCounter } from '../site-limits/counting/concurrency.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { siteAddress, type DashboardContext, type DashboardEnv, type DashboardOptions } from './context.ts';
import { errorMessage } from './http/error-messages.ts';
import { protectionAt } from './http/headers.ts';
import {
  again,
  forbid,
  errorPage,
  methodNotAllowed,
  noRole,
  notFound,
  redirect,
  tooManyAtOnce,
  tooManyPages,
  wantsJson,
} from './http/page.ts';
import { readJson, readPost, readUpload } from './http/posted-form.ts';
import { safeNext } from './http/safe-next.ts';
import { HOME, SETUP, SIGN_IN } from './open-paths.ts';
import { ROUTES } from './routes.ts';
import { checkRoutes, methodsAt, pageOfPost, type Route } from './route.ts';
import { findSignedIn } from './sign-in/session.ts';
import { createSignIn } from './sign-in/sign-in.ts';

type Middleware = MiddlewareHandler<DashboardEnv>;

/**
 * Answers requests to paths under /admin. `request.url` is absolute; `remoteAddress` is the address of the client, and slows
 * down guesses. Never throws: an error is logged and answered with 500, or with 503 when the store cannot be reached.
 * @param routes the table of routes; another one is for tests
 * @throws {Error} when a route has no permission
 */
export function createDashboard(
  options: DashboardOptions,
  routes: readonly Route[] = ROUTES,
): (request: Request, remoteAddress: string) => Promise<Response> {
  checkRoutes(routes);
  const { db, setup, keys, sharedCounts, publicOrigin, base = '', clock = () => new Date() } = options;
  const signIn = createSignIn(db, setup, keys, sharedCounts);
  const app = new Hono<DashboardEnv>();

  app.use(async (c, next) => {
    c.set('options', options);
    c.set('signIn', signIn);
    c.set('origin', publicOrigin ?? new URL(c.req.url).origin);
    c.set('base', base);
    c.set('now', clock());
    await next();
    for (const [name, value] of Object.entries(protectionAt(publicOrigin))) c.res.headers.set(name, value);
  });

  app.use(async (c, next) => {
    const waitMs = options.waitToAsk?.(c.env.remoteAddress) ?? 0;
    return waitMs > 0 ? tooManyPages(waitMs) : next();
  });

  const findMember: Middleware = async (c, next) => {
    c.set('member', await findSignedIn(c));
    return next();
  };
  app.use(findMember);

  app.use(async (c, next) => {
    const { method } = c.req;
    if (!['GET', 'HEAD', 'POST'].includes(method)) return methodNotAllowed(c, 'GET, HEAD, POST');
    if (method === 'POST') {
      if (isSameOrigin(c)) return next();
      options.refusedOrigin?.({ origin: c.req.header('origin') ?? '', expected: c.var.origin, host: new URL(c.req.url).host }); // prettier-ignore
      return refuseOrigin(c);
    }
    const { pathname, search } = new URL(c.req.url);
    const clean = pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
    return clean === pathname ? next() : redirect(c, clean + search);
  });

  const atOnceLimit = boundPerMember();
  for (const route of routes) {
    const { method, path, needs, handler } = route;
    const guards = needs ? [guard(route, routes)] : [];
    // A body may take minutes to come. The member may be removed in that time, or get another role.
    const body = method === 'POST' ? [readBody(route), ...(needs ? [findMember, ...guards] : [])] : [];
    // A file of some megabytes is in memory while it comes.
    const bounded = needs === 'editForms' || route.uploadBytes ? [atOnceLimit] : [];
    app.on(method, [path], ...guards, ...bounded, ...body, handler);
  }

  app.notFound(async (c) => {
    if (!c.var.member) return toSignIn(c, routes);
    const allow = methodsAt(routes, c.req.path);
    return allow ? methodNotAllowed(c, allow) : notFound(c);
  });

  app.onError(async (error, c) => {
    const requestId = requestIdOf(c.req.header('x-request-id'));
    options.logError?.(error, { method: c.req.method, path: c.req.path, requestId });
    // The page does not name the member: finding the member may be the part that failed.
    c.set('member', undefined);
    const found = await errorMessage(error, db, { requestId, isChange: c.req.method === 'POST' });
    const plain = () => c.text(`${found.title}. ${found.text}`, found.status as 500);
    const response = await errorPage(c, { ...found, ...(!(error instanceof UnreadableFile) && again(c)) }).catch(plain);
    if (found.status === 503) response.headers.set('retry-after', '5');
    response.headers.set('x-request-id', requestId);
    return response;
  });

  return async (request, remoteAddress) => app.fetch(request, { remoteAddress });
}

const isSameOrigin = (c: DashboardContext): boolean => c.req.header('origin') === c.var.origin;

const refuseOrigin = (c: DashboardContext): Promise<Response> =>
  errorPage(c, { status: 403, title: 'This was sent from another site', text: `Nothing was changed. Open ${siteAddress(c)}/admin and try again there.${c.var.options.publicOrigin ? '' : BEHIND_PROXY}` }); // prettier-ignore

/** Behind a proxy, a site does not know that people use https. */
const BEHIND_PROXY =
  ' If you cannot, the site is behind a proxy. Ask the person who installed Flipsite to set PUBLIC_ORIGIN to the address of this site.';

/** Lets in only members who have the permission of the route. */
function guard({ needs, for: scope, onlyShows }: Route, routes: readonly Route[]): Middleware {
  return async (c, next) => {
    const { member } = c.var;
    if (!member) return toSignIn(c, routes, onlyShows);
    if (!member.grants.length) return noRole(c);
    if (!needs || !scope) throw new Error(`${c.req.path} has no permission.`);
    const form = typeof scope === 'function' ? await scope(c) : scope === 'whole site' ? null : undefined;
    const forms = formsWith(member.grants, needs);
    const isAllowed = form === undefined ? forms?.length !== 0 : may(member.grants, needs, form);
    return isAllowed ? next() : forbid(c, needs, form);
  };
}

/** Bounds the requests of one member that run at the same time. */
function boundPerMember(): Middleware {
  const counter = createConcurrencyCounter(SITE_LIMITS.editorRequestsPerMember.value);
  return async (c, next) => {
    const end = acquire([{ key: c.var.member?.id ?? '', counter }]);
    if (!end) return tooManyAtOnce(c);
    try {
      return await next();
    } finally {
      end();
    }
  };
}

function readBody({ uploadBytes, jsonBytes }: Route): Middleware {
  return async (c, next) => {
    const { dashboardPostBytes, signInPostBytes } = SITE_LIMITS;
    const maxBytes = (c.var.member ? dashboardPostBytes : signInPostBytes).value;
    const posted = await (jsonBytes ? readJson(c.req.raw, jsonBytes) : uploadBytes ? readUpload(c.req.raw, uploadBytes) : readPost(c.req.raw, maxBytes)); // prettier-ignore
    if ('status' in posted) return errorPage(c, posted);
    c.set('posted', posted);
    return next();
  };
}

/**
 * To the sign-in page, and from there back to the page that was asked for, or that a form was posted from.
 * @param onlyShows see `Route`
 */
async function toSignIn(c: DashboardContext, routes: readonly Route[], onlyShows = false): Promise<Response> {
  if (wantsJson(c)) return errorPage(c, { status: 401, title: 'You are signed out', text: 'Sign in again, then repeat this.' }); // prettier-ignore
  if (!(await hasMembers(c.var.options.db))) return redirect(c, SETUP);
  const { pathname, search } = new URL(c.req.url);
  const isPost = c.req.method === 'POST';
  const next = safeNext(isPost ? pageOfPost(routes, pathname) : pathname + search, c.var.origin);
  const query = new URLSearchParams({
    ...(next && next !== HOME && { next }),
    ...(isPost && { lost: onlyShows ? 'view' : 'change' }),
  });
  return redirect(c, query.size ? `${SIGN_IN}?${query}` : SIGN_IN);
}
