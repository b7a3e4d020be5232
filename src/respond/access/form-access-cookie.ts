/** The signed cookie that a browser gets after a person enters a form's password. */
import { createHmac } from 'node:crypto';
import type { Form } from '../../form/schema.ts';
import { sameSignature, type Keys } from '../../record/crypto/secrets.ts';

export const ACCESS_SECONDS = 12 * 60 * 60;

/** The name without a prefix. Over https the cookie also has a browser prefix (RFC 6265bis, 4.1.3). */
export const accessCookieName = (slug: string): string => `flipsite_pass_${slug}`;

/** The signature proves the cookie, so any prefix is accepted. */
const PREFIXES = ['', '__Host-', '__Secure-'];

/** The signature covers the password, so a new password ends all access. */
export function signAccess([key]: Keys, form: Form, now: Date): string {
  const expires = String(Math.floor(now.getTime() / 1_000) + ACCESS_SECONDS);
  return `${expires}.${signatureOf(key, form, expires)}`;
}

/** Whether the `cookie` header gives access to `form`. A form without a password is open to everyone. */
export function hasAccess(keys: Keys, form: Form, cookie: string | undefined, now: Date): boolean {
  if (!form.password) return true;
  return accessCookiesIn(cookie ?? '', accessCookieName(form.slug)).some((value) => {
    const [expires = '', signature = ''] = value.split('.');
    const genuine = keys.some((key) => sameSignature(signature, signatureOf(key, form, expires)));
    return genuine && Number(expires) * 1_000 > now.getTime();
  });
}

/** A browser has one for each prefix, on each of two paths. Each takes a signature, and a header may hold hundreds. */
const MAX_COOKIES = 6;

/** The first values of the cookie: a browser sends two if another path has set one too. */
const accessCookiesIn = (cookie: string, name: string): string[] =>
  cookie
    .split(';')
    .flatMap((pair) => {
      const at = pair.indexOf('=');
      return PREFIXES.some((prefix) => pair.slice(0, at).trim() === prefix + name) ? [pair.slice(at + 1)] : [];
    })
    .slice(0, MAX_COOKIES);

const signatureOf = (key: Buffer, { slug, password }: Form, expires: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(['pass', slug, password, expires]))
    .digest('base64url');
