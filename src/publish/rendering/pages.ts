/** Pages as bytes: rendered once per version and language, compressed quickly and then as small as possible, served from memory. */
import { createHash } from 'node:crypto';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createTurns } from '../../site-limits/counting/turns.ts';
import { policyFor, type Allowances, type Inline } from './policy.ts';

export interface Page {
  status: number;
  headers: Record<string, string>;
  etag: string;
  plain: Buffer;
  br?: Buffer;
  gzip?: Buffer;
}

/** A page for one person, sent once. Compressing it would cost more than it saves. */
export function makeUncached(text: string, headers: Record<string, string>, status: number): Page {
  return { status, headers: { ...headers, 'cache-control': 'no-store' }, etag: '', plain: Buffer.from(text) };
}

/**
 * Compresses text or bytes quickly, some percent larger than `makeSmall`, with a strong ETag of the content.
 * @param compressed the same bytes, if they are compressed already
 */
export async function makePage(
  text: string | Buffer,
  headers: Record<string, string>,
  compressed?: Compressed,
): Promise<Page> {
  const plain = Buffer.from(text);
  return { ...makeUncompressed(plain, headers), ...(compressed ?? (await inTurn(() => compress(plain, QUICKLY, 6)))) };
}

const QUICKLY = [{ [constants.BROTLI_PARAM_QUALITY]: 5 }];

/** Many at once would take all threads of Node, on which uploads and passwords wait, and much memory. */
const inTurn = createTurns();

/**
 * Makes a page that many people open as small as possible. This takes up to a second, so the page is sent meanwhile as it
 * is, and such pages are made one after another with breaks.
 * @param kept returns the page if it is still kept when its turn comes. Thousands may wait, and must not stay in memory for it
 * @param keep is called with the small page
 */
export function makeSmall(kept: () => Page | undefined, keep: (small: Page) => void): void {
  const made = inBackground(async () => {
    // A command that only writes pages into files does not wait for it.
    await pause(BREAK_MS, undefined, { ref: false });
    const page = kept();
    if (!page) return;
    const small = { ...page, ...(await compress(page.plain)) };
    if (kept() === page) keep(small);
  });
  // Then it stays as it is.
  made.catch(() => undefined);
}

const inBackground = createTurns();

const BREAK_MS = 100;

/** Sends browsers to another address, for now. */
export const makeRedirect = (location: string): Page => ({
  ...makeUncached('', { location, ...securityHeaders }, 302),
});

/** A picture of a kind that is compressed already. */
export const makePicture = (bytes: Buffer, type: string): Page => makeUncompressed(bytes, pictureHeaders(type));

function makeUncompressed(plain: Buffer, headers: Record<string, string>): Page {
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { status: 200, headers, etag, plain };
}

export type Compressed = { br: Buffer; gzip: Buffer };

/**
 * Compresses bytes as small as each encoding can make them.
 * @param tried settings of Brotli, of which the smallest result counts
 * @param level of gzip
 */
export async function compress(plain: Buffer, tried: Record<number, number>[] = [{}], level = 9): Promise<Compressed> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  const [zipped, ...found] = await Promise.all([
    promisify(gzip)(plain, { level }),
    ...tried.map((more) => promisify(brotliCompress)(plain, { params: { ...params, ...more } })),
  ]);
  return { br: found.reduce((best, one) => (one.length < best.length ? one : best)), gzip: zipped };
}

/**
 * The headers of a respondent's page, with a policy for just this page. Only a page with a widget is isolated from its
 * opener, which could send the widget messages. Isolation makes the browser start another process, about 50 ms on a
 * slow phone.
 */
export function pageHeaders(inline: Inline, allowed: Allowances, https: boolean): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyFor(inline, allowed),
    'cache-control': 'no-cache',
    ...(allowed.wink && { 'cross-origin-opener-policy': 'same-origin-allow-popups' }),
    // Smile does not document whether its widget uses the camera. File fields need no permission.
    'permissions-policy': allowed.wink || allowed.frames ? NO_DEVICES : `${NO_DEVICES}, camera=()`,
    ...(https && HTTPS_ONLY),
    ...securityHeaders,
  };
}

/** Device features that no page, script or frame of the site uses. */
export const NO_DEVICES = 'geolocation=(), microphone=(), payment=(), usb=()';

/**
 * Browsers use https for a year, even for http links (RFC 6797). Subdomains are left out: they may belong to other
 * sites.
 */
export const HTTPS_ONLY = { 'strict-transport-security': 'max-age=31536000' };

export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
};

/** The headers of a picture. Opened by itself an SVG is a document, which gets no permissions here. */
export const pictureHeaders = (type: string): Record<string, string> => ({
  'content-type': type,
  'cache-control': 'public, max-age=31536000, immutable',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  ...securityHeaders,
});
