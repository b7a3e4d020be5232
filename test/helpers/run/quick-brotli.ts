/**
 * Lowers the effort of Brotli in the process that imports it, and in the sites that it starts. To make a page
 * as small as possible takes 60 ms of a processor, and browser tests open hundreds of pages. `npm run test:long` compresses as a site does.
 */
import { syncBuiltinESMExports } from 'node:module';
import zlib, { constants, type BrotliOptions, type CompressCallback, type InputType } from 'node:zlib';
import { LONG } from './long.ts';

const QUICK = { [constants.BROTLI_PARAM_QUALITY]: 4 };
const { brotliCompress } = zlib;

if (!LONG) {
  zlib.brotliCompress = ((bytes: InputType, options: BrotliOptions, done: CompressCallback) =>
    brotliCompress(bytes, { ...options, params: { ...options.params, ...QUICK } }, done)) as typeof brotliCompress;
  syncBuiltinESMExports();
  process.env['QUICK_BROTLI'] = import.meta.url;
}
