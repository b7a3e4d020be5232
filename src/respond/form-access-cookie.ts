/** The pass of who has entered a form's password: a cookie that proves it for some hours. */
import { createHmac } from 'node:crypto';
import type { Form } from '../form/schema.ts';
import { sameSignature, type Keys } from '../record/crypto/secrets.ts';

export const ACCESS_SECONDS = 12 * 60 * 60;

/** The name that the pass has everywhere; over https a prefix of browsers' stands before it (RFC 6265bis, 4.1.3). */
export const accessCookieName = (slug: string): string => `flipsite_pass_${slug}`;

/** A pass proves itself by its signature, so that a prefix adds nothing to look for. */
const PREFIXES = ['', '__Host-', '__Secure-'];

/** A pass is tied to the password, so that changing that ends it. */
export function signAccess([key]: Keys, form: Form, now: Date): string {
  const expires = String(Math.floor(now.getTime() / 1_000) + ACCESS_SECONDS);
  return `${expires}.${signed(key, form, expires)}`;
}

/** Whether the `cookie` header lets its sender see and send `form`; a form without a password lets everyone. */
export function hasAccess(keys: Keys, form: Form, cookie: string | undefined, now: Date): boolean {
  if (!form.password) return true;
  return accessCookiesIn(cookie ?? '', accessCookieName(form.slug)).some((pass) => {
    const [expires = '', signature = ''] = pass.split('.');
    const genuine = keys.some((key) => sameSignature(signature, signed(key, form, expires)));
    return genuine && Number(expires) * 1_000 > now.getTime();
  });
}

/** All of that name: a browser sends two when another path has set one too. */
const accessCookiesIn = (cookie: string, name: string): string[] =>
  cookie.split(/;\s*/).flatMap((pair) => {
    const at = pair.indexOf('=');
    return PREFIXES.some((prefix) => pair.slice(0, at) === prefix + name) ? [pair.slice(at + 1)] : [];
  });

const signed = (key: Buffer, { slug, password }: Form, expires: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(['pass', slug, password, expires]))
    .digest('base64url');
