/** The weight of a page on its way: with the best brotli compression. */
import { brotliCompressSync } from 'node:zlib';

/** Scripts that run. A block of JSON does not. */
const SCRIPTS = /<script(?![^>]*application\/json)[^>]*>[\s\S]*?<\/script>/g;

/** Bytes of `text` after brotli at quality 11, which is Node's default. */
export const brotliBytes = (text: string): number => brotliCompressSync(text).length;

/** Bytes that the scripts in a page add to it: the page with them less the page without. */
export const scriptBytes = (html: string): number => brotliBytes(html) - brotliBytes(html.replace(SCRIPTS, ''));
