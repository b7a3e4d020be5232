/** The weight of a page on its way: with the best brotli compression. */
import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';

/** Scripts that run. A block of JSON does not. */
const SCRIPTS = /<script(?![^>]*application\/json)[^>]*>[\s\S]*?<\/script>/g;

/** The addresses of chunks, each with the hash of its content. */
const CHUNKS = /(?<=\/assets\/)([a-z-]+-)[0-9a-f]{10}(?=\.js)/g;

/** Bytes of `text` after brotli at quality 11, which is Node's default. */
export const brotliBytes = (text: string): number => brotliCompressSync(text).length;

/**
 * Bytes that the scripts in a page add to it: the page with them less the page without. The hash of a chunk weighs more or
 * less by chance, some 70 bytes in all. So each chunk gets the same hash whatever its content.
 */
export function scriptBytes(html: string): number {
  const page = html.replace(CHUNKS, (_, name: string) => name + steadyHash(name));
  return brotliBytes(page) - brotliBytes(page.replace(SCRIPTS, ''));
}

const steadyHash = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 10);
