/** The cookies of members: of a session, and of a device that has signed in before. */
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions, CookiePrefixOptions } from 'hono/utils/cookie';
import { MEMBER_COOKIE } from '../../links/visitor-class.ts';
import type { DashboardContext } from '../context.ts';

const isSecure = (c: DashboardContext): boolean => c.var.origin.startsWith('https:');

/** `host` lets no other subdomain set the cookie, and needs the path `/`: only where the site has the host to itself (RFC 6265bis, 4.1.3). */
const prefixOf = (c: DashboardContext): CookiePrefixOptions | undefined =>
  !isSecure(c) ? undefined : c.var.base ? 'secure' : 'host';

/**
 * Lax, not Strict: a link in an email to a submission has to find its reader signed in, and every change is guarded by
 * `Origin`.
 */
function optionsOf(c: DashboardContext): CookieOptions {
  const prefix = prefixOf(c);
  const path = prefix === 'host' ? '/' : `${c.var.base}/admin`;
  return { path, httpOnly: true, sameSite: 'Lax', secure: isSecure(c), ...(prefix && { prefix }) } as CookieOptions;
}

/** The value of a cookie of the dashboard, without the prefix of its name. */
export const readCookie = (c: DashboardContext, name: string): string | undefined => getCookie(c, name, prefixOf(c));

/** Sets a cookie that lasts `days`. */
export const writeCookie = (c: DashboardContext, name: string, value: string, days: number): void =>
  setCookie(c, name, value, { ...optionsOf(c), maxAge: days * 24 * 60 * 60 });

/**
 * Marks the browser of a member, so that their own clicks on campaign links are counted apart. The session's cookie stays
 * with the dashboard, and this one opens nothing.
 */
export const markMember = (c: DashboardContext, days: number): void =>
  setCookie(c, MEMBER_COOKIE, '1', { ...markOptions(c), maxAge: days * 24 * 60 * 60 });

export const unmarkMember = (c: DashboardContext): void => void deleteCookie(c, MEMBER_COOKIE, markOptions(c));

const markOptions = (c: DashboardContext): CookieOptions => ({ path: `${c.var.base}/`, httpOnly: true, sameSite: 'Lax', secure: isSecure(c) }); // prettier-ignore

export const removeCookie = (c: DashboardContext, name: string): void => void deleteCookie(c, name, optionsOf(c));
