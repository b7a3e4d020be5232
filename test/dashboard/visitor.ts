/** A browser's side of the dashboard of a running site. */
import { SETUP_CODE } from '../helpers/site.ts';

type Answer = { status: number; location: string | null; text: string };
export type Visitor = (path: string, fields?: Record<string, string>, from?: string) => Promise<Answer>;

/** Gets a page, or posts `fields` to it as a page of `from` would; keeps its cookie. */
export function visitor(origin: string): Visitor {
  let cookie = '';
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

/** The dashboard of the site at `origin`, set up, with its first member signed in. */
export async function signedIn(origin: string): Promise<Visitor> {
  const ask = visitor(origin);
  await setUp(ask);
  return ask;
}

/** What a page says, without its markup. */
export const wordsOf = (html: string): string =>
  html.replace(/<(style|script)[^]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' ').replace(/&#39;/g, '’').replace(/\s+/g, ' '); // prettier-ignore
