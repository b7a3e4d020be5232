/** The cookies of members: of a session, and of a device that has signed in before. */

/** Where the dashboard is reached: the origin in the address bar, and the path that a proxy strips, such as /forms, or nothing. */
export interface CookieScope {
  origin: string;
  base: string;
}

const isSecure = ({ origin }: CookieScope): boolean => origin.startsWith('https:');

/** `__Host-` lets no other subdomain set the cookie, and asks for the path `/`: only where the site has the host to itself (RFC 6265bis, 4.1.3). */
const prefixFor = (place: CookieScope): string => (!isSecure(place) ? '' : place.base ? '__Secure-' : '__Host-');

/** The value of the cookie `name` in a request to `place`, if there is one. */
export function readCookie(request: Request, place: CookieScope, name: string): string | undefined {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([one]) => one === prefixFor(place) + name)?.[1];
}

/**
 * `Set-Cookie` for a cookie that lasts `days`; without a value, the cookie is removed. Lax, not Strict: a link in an email
 * to a submission has to find its reader signed in, and what changes anything is guarded by `Origin`.
 */
export function dashboardCookie(place: CookieScope, name: string, value: string | undefined, days: number): string {
  const prefix = prefixFor(place);
  const path = prefix === '__Host-' ? '/' : `${place.base}/admin`;
  const age = value ? days * 24 * 60 * 60 : 0;
  return `${prefix}${name}=${value ?? ''}; Path=${path}; Max-Age=${age}; HttpOnly; SameSite=Lax${isSecure(place) ? '; Secure' : ''}`;
}
