/** The weight of a page on its way: with the best brotli compression. */
import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';

/** Scripts that run. A block of JSON does not. */
const SCRIPTS = /<script(?![^>]*application\/json)[^>]*>[\s\S]*?<\/script>/g;

/** The addresses of chunks, each with the hash of its content. */
const CHUNKS = /(?<=\/assets\/)([a-z-]+-)[0-9a-f]{10}(?=\.js)/g;

/** Bytes of `text` after brotli at quality 11, which is Node's default. */
export const brotliBytes = (text: string): number => brotliCompressSync(text).length;

/** A body as a browser gets it, and the bytes of it that go over the wire. */
export async function weigh(address: string): Promise<{ text: string; bytes: number }> {
  const response = await fetch(address, { headers: { 'accept-encoding': 'br' } });
  const encoding = response.headers.get('content-encoding');
  if (response.status !== 200 || encoding !== 'br') throw new Error(`${address}: ${response.status}, ${encoding}`);
  return { text: await response.text(), bytes: Number(response.headers.get('content-length')) };
}

/** The same, once the page is as well compressed as can be. The server does that after it has sent the page. */
export async function weighSmall(address: string): Promise<{ text: string; bytes: number }> {
  for (;;) {
    const page = await weigh(address);
    if (page.bytes <= brotliBytes(page.text)) return page;
    await new Promise((again) => setTimeout(again, 50));
  }
}

/**
 * Bytes that the scripts in a page add to it: the page with them less the page without. The hash of a chunk weighs more or
 * less by chance, some 70 bytes in all. So each chunk gets the same hash whatever its content.
 */
export function scriptBytes(html: string): number {
  const page = html.replace(CHUNKS, (_, name: string) => name + steadyHash(name));
  return brotliBytes(page) - brotliBytes(page.replace(SCRIPTS, ''));
}

const steadyHash = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 10);
