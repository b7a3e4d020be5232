/** Pages as ready bytes: rendered once per version and language, compressed once, served from memory. */
import { createHash } from 'node:crypto';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { policyFor, type Allowances, type Inline } from './policy.ts';

export interface Page {
  status: number;
  headers: Record<string, string>;
  etag: string;
  plain: Buffer;
  br?: Buffer;
  gzip?: Buffer;
}

/** A page for one person, made now and sent once: nobody keeps it, and compressing it would cost more than it saves. */
export function makeUncached(text: string, headers: Record<string, string>, status: number): Page {
  return { status, headers: { ...headers, 'cache-control': 'no-store' }, etag: '', plain: Buffer.from(text) };
}

/**
 * Compresses a text, or other bytes, and gives it a strong ETag by its content.
 * @param compressed the same bytes compressed, where that has been done before
 */
export async function makePage(
  text: string | Buffer,
  headers: Record<string, string>,
  compressed?: Compressed,
): Promise<Page> {
  const plain = Buffer.from(text);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { status: 200, headers, etag, plain, ...(compressed ?? (await compress(plain))) };
}

export type Compressed = { br: Buffer; gzip: Buffer };

/** Compresses bytes as small as each encoding can make them. */
export async function compress(plain: Buffer): Promise<Compressed> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  const [br, zipped] = await Promise.all([
    promisify(brotliCompress)(plain, { params }),
    promisify(gzip)(plain, { level: 9 }),
  ]);
  return { br, gzip: zipped };
}

/**
 * The headers of a page that respondents see: a policy that fits just this page, and nothing kept by others.
 * Only where a widget runs in it is the page cut off from whoever opened it, who could send the widget messages: a browser
 * learns of that when the page arrives and starts another process for it, which makes a slow phone wait some 50 ms.
 */
export function pageHeaders(inline: Inline, allowed: Allowances, https: boolean): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyFor(inline, allowed),
    'cache-control': 'no-cache',
    ...(allowed.wink && { 'cross-origin-opener-policy': 'same-origin-allow-popups' }),
    // Smile does not say whether its widget uses the camera. A file field needs no permission for it.
    'permissions-policy': allowed.wink || allowed.frames ? NO_DEVICES : `${NO_DEVICES}, camera=()`,
    ...(https && HTTPS_ONLY),
    ...securityHeaders,
  };
}

/** What no page of ours uses, and no frame or script in it may. */
export const NO_DEVICES = 'geolocation=(), microphone=(), payment=(), usb=()';

/** Tells browsers to use https for a year, also where a link says http (RFC 6797). Other hosts of the domain are not ours to speak for. */
export const HTTPS_ONLY = { 'strict-transport-security': 'max-age=31536000' };

export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
};

/** The headers of a picture. Opened by itself an SVG is a document, which may do nothing here. */
export const pictureHeaders = (type: string): Record<string, string> => ({
  'content-type': type,
  'cache-control': 'public, max-age=31536000, immutable',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  ...securityHeaders,
});
