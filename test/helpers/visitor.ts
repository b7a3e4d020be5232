/** A browser's side of the dashboard of a running site. */
import { startSession } from '../../src/members/sessions.ts';
import type { Database } from '../../src/record/db/database.ts';
import { SETUP_CODE } from './site.ts';
import { addMember } from './dashboard-client.ts';

type Answer = { status: number; location: string | null; text: string };
export type Visitor = (path: string, fields?: Record<string, string>, from?: string) => Promise<Answer>;

/** Gets a page, or posts `fields` to it as a page of `from` would; keeps its cookie. */
export function visitor(origin: string, cookie = ''): Visitor {
  return async (path, fields, from = origin) => {
    const post = fields && { method: 'POST', body: new URLSearchParams(fields) };
    const headers = { cookie, ...(post && { origin: from }) };
    const response = await fetch(origin + path, { redirect: 'manual', headers, ...post });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return { status: response.status, location: response.headers.get('location'), text: await response.text() };
  };
}

export const setUp = (ask: Visitor): Promise<Answer> =>
  ask('/admin/setup', { code: SETUP_CODE, email: 'ops@acme.example', password: 'four plain words here' });

/**
 * The dashboard of a site, with a member signed in. Their session is stored: signing in would hash a password, which takes
 * longer than all else that most tests do.
 * @param now the site's clock, where it has one of its own
 */
export async function signedIn({ origin, db }: { origin: string; db: Database }, now = new Date()): Promise<Visitor> {
  return visitor(origin, await sessionCookie(db, now));
}

/** The cookie of a member with a session, for http and for https. */
export async function sessionCookie(db: Database, now = new Date()): Promise<string> {
  const token = await startSession(db, await addMember(db), now);
  return `flipsite=${token}; __Host-flipsite=${token}`;
}

/** The text of a page, without its markup. */
export const wordsOf = (html: string): string =>
  html.replace(/<(style|script)[^]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' ').replace(/&#39;/g, '’').replace(/\s+/g, ' '); // prettier-ignore
