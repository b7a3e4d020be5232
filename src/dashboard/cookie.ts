/** The cookie of a signed-in member. */
import { SESSION_DAYS } from '../members/sessions.ts';

/** Over https the name has the prefix that makes browsers insist on `Secure` (RFC 6265bis, 4.1.3.1). */
const nameFor = (origin: string): string => (isSecure(origin) ? '__Secure-flipsite' : 'flipsite');

const isSecure = (origin: string): boolean => origin.startsWith('https:');

/** The session's token in a request to `origin`, if there is one. */
export function readCookie(request: Request, origin: string): string | undefined {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === nameFor(origin))?.[1];
}

/**
 * `Set-Cookie` for the token of a new session; without one, the cookie is removed. Lax, not Strict: a link in an email
 * to a submission has to find its reader signed in, and what changes anything is guarded by `Origin`.
 */
export function cookieHeader(origin: string, token: string | undefined): string {
  const age = token ? SESSION_DAYS * 24 * 60 * 60 : 0;
  const secure = isSecure(origin) ? '; Secure' : '';
  return `${nameFor(origin)}=${token ?? ''}; Path=/admin; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`;
}
