/** Answers of the dashboard: a page, an error, or another address to go to. */
import { randomBytes } from 'node:crypto';
import type { Inline } from '../../publish/rendering/policy.ts';
import { PAGE_NEEDS, type Allowed, type DashboardPages, type ErrorPage, type RenderedPage } from '../pages.ts';
import { mayHere, type DashboardContext } from '../context.ts';
import { formsWith, may, rolesInWords, type Permission } from '../../members/roles.ts';
import { listTeam } from '../../members/team.ts';
import { contentPolicy } from './headers.ts';
import { linksUnder } from './base-path.ts';

/**
 * The page `name` as a response. The compiler checks that `props` are the props of that page.
 * @throws {Error} when the page cannot be rendered
 */
export async function page<Name extends keyof DashboardPages>(
  c: DashboardContext,
  name: Name,
  props: DashboardPages[Name],
  status = 200,
): Promise<Response> {
  const { options, origin, base, member } = c.var;
  // An error page is rendered for everyone.
  const waitMs = member || c.error ? 0 : (options.waitToRender?.(c.env.remoteAddress) ?? 0);
  if (waitMs > 0) return tooManyPages(waitMs);
  const inline: Inline = { scripts: new Set(), styles: new Set() };
  const need = PAGE_NEEDS[name];
  if (need === 'nonce') inline.nonce = randomBytes(16).toString('base64');
  const { version, outgoing = true } = options;
  const frame = { email: member?.email, path: c.req.path, allowed: allowedIn(c), version, outgoing };
  const dashboard = { name, props, frame } as RenderedPage;
  const rendered = await options.render(new Request(new URL('/render/dashboard', origin)), { dashboard, inline });
  if (rendered.status >= 400) throw new Error(`The page ${name} could not be rendered.`);
  return new Response(linksUnder(base, await rendered.text()), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentPolicy(inline, need),
    },
  });
}

/** Plain text, because rendering a page would cost the most. */
export const tooManyPages = (waitMs: number): Response =>
  new Response('Too many pages were opened from this network. Wait a minute, then try again.\n', {
    status: 429,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': String(Math.ceil(waitMs / 1_000)) },
  });

/** The parts of the dashboard that its navigation offers to this member. */
function allowedIn(c: DashboardContext): Allowed {
  const people = formsWith(c.var.member?.grants ?? [], 'seePeople');
  return { people: people === undefined || people.length > 0, settings: mayHere(c, 'changeSettings', null) };
}

/** Whether the request is one of a script, which reads JSON. */
export const wantsJson = (c: DashboardContext): boolean => c.req.header('accept') === 'application/json';

/** A page that says why a request was refused or failed. A script gets the same words as JSON, as `ErrorDetails`. */
export async function errorPage(c: DashboardContext, { status, ...view }: ErrorPage): Promise<Response> {
  if (wantsJson(c))
    return Response.json({ error: { code: `status_${status}`, message: `${view.title}. ${view.text}` } }, { status });
  return page(c, 'error', view, status);
}

/** The link of an error that may be over soon. Only a page is asked for again: a change may have happened. */
export const again = (c: DashboardContext): Pick<ErrorPage, 'link'> =>
  c.req.method === 'GET' ? { link: { path: c.req.path + new URL(c.req.url).search, text: 'Try again' } } : {};

/** The answer to an address that leads nowhere. */
export const notFound = (c: DashboardContext, missing: { title: string; text: string } = NO_PAGE): Promise<Response> =>
  errorPage(c, { status: 404, ...missing });

/** The error about a form that does not exist. @param text the way on */
export const noForm = (
  text = 'Its link may have changed. You can reach every form from your forms.',
): { title: string; text: string } => ({ title: 'There is no such form', text });

const NO_PAGE = {
  title: 'There is no such page',
  text: 'The address may be incomplete. You can reach every page from your forms.',
};

/** The answer to a member without the permission. @param form the form that it is about; null for the site itself */
export function forbid(c: DashboardContext, needs: Permission, form: string | null | undefined): Promise<Response> {
  // A member may have this role for some forms.
  const where = form === null ? 'all forms' : form ? 'this form' : 'this';
  const text = `You need the role ${rolesInWords(needs)} for ${where}. Ask an owner to change your role.`;
  return errorPage(c, { status: 403, title: 'Your role does not allow this', text });
}

/** The answer to a member whose roles were all for forms that are deleted. Every page refuses them. */
export async function noRole(c: DashboardContext): Promise<Response> {
  const { members } = await listTeam(c.var.options.db, c.var.now);
  const owners = members.filter(({ grants }) => may(grants, 'changeSettings', null)).map(({ email }) => email);
  const named = new Intl.ListFormat('en', { type: 'disjunction' }).format(owners.slice(0, MAX_OWNERS_NAMED));
  const text = `Ask ${named || 'an owner'} to give you a role under Team. Then load this page again.`;
  return errorPage(c, { status: 403, title: 'You have no role', text, signsOut: true });
}

const MAX_OWNERS_NAMED = 3;

/** The answer to a member who sends too many requests at once. */
export async function tooManyAtOnce(c: DashboardContext): Promise<Response> {
  const response = await errorPage(c, { status: 429, title: 'Too many of your pages load at once', text: 'Nothing was changed. Wait a few seconds, then try again.', ...again(c) }); // prettier-ignore
  response.headers.set('retry-after', '5');
  return response;
}

/** The answer to a method that an address does not take. @param allow the methods that it takes, for `Allow` */
export async function methodNotAllowed(c: DashboardContext, allow: string): Promise<Response> {
  const response = await errorPage(c, { status: 405, title: 'This cannot be done here', text: `This address takes ${allow}.` }); // prettier-ignore
  response.headers.set('allow', allow);
  return response;
}

/** Redirects to a path of the dashboard, also after a posted form. */
export const redirect = (c: DashboardContext, path: string): Response =>
  // A header can't have control characters, which a decoded part of an address can.
  c.redirect(c.var.base + path.replace(/\p{Cc}/gu, encodeURIComponent), 303);

/** A page about a form, where there is such a form. */
export const formPage = <Name extends keyof DashboardPages>(
  c: DashboardContext,
  name: Name,
  view: DashboardPages[Name] | undefined,
  status = 200,
): Promise<Response> => (view ? page(c, name, view, status) : notFound(c, noForm()));
