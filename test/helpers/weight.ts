/** The weight of a page on its way: with the best brotli compression. */
import { brotliCompressSync } from 'node:zlib';

/** Scripts that run. A block of JSON does not. */
const SCRIPTS = /<script(?![^>]*application\/json)[^>]*>[\s\S]*?<\/script>/g;

/** Bytes of `text` after brotli at quality 11, which is Node's default. */
export const brotliBytes = (text: string): number => brotliCompressSync(text).length;

/** The hashes in the names of chunks. Each change of a chunk makes new ones, which compress by up to 40 bytes better or worse. */
const HASHES = /(?<=-)[0-9a-f]{10}(?=\.js\b)/g;

/** Bytes that the scripts in a page add to it: the page with them less the page without. All chunks have the same hash. */
export function scriptBytes(html: string): number {
  const page = html.replace(HASHES, '0123456789');
  return brotliBytes(page) - brotliBytes(page.replace(SCRIPTS, ''));
}
