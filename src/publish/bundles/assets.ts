/**
 * The built assets, compressed by the build and held in memory. Their addresses change with their content, so browsers
 * cache them for ever.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { constants } from 'node:zlib';
import { compress, makePage, securityHeaders, type Compressed, type Page } from '../rendering/pages.ts';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
};

/** Assets by address. */
export type Assets = ReadonlyMap<string, Page>;

/** Loads every asset below `folder`. Pages are not included: they are rendered. */
export async function openAssets(folder: string): Promise<Assets> {
  const assets = filesBelow(folder).map(async ({ file, type }) => {
    const address = `/${path.relative(folder, file).split(path.sep).join('/')}`;
    const headers = { 'content-type': type, 'cache-control': CACHED[address] ?? FOREVER, ...securityHeaders };
    return [address, await makePage(readFileSync(file), headers, compressedBeside(file))] as const;
  });
  return new Map(await Promise.all(assets));
}

const FOREVER = 'public, max-age=31536000, immutable';

/** Assets whose address never changes: other websites have the one of `embed.js`. */
const CACHED: Record<string, string> = { '/embed.js': 'public, max-age=3600', '/print.js': 'public, max-age=3600' };

/** Settings that make an asset smaller by up to 0.2 %. Each is the best one for some of them. */
const TRIED = [
  // Otherwise, an asset of more than 256 kB is divided.
  { [constants.BROTLI_PARAM_LGBLOCK]: 20 },
  { [constants.BROTLI_PARAM_NPOSTFIX]: 1 },
  { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_FONT },
];

/** Compresses every asset below `folder` into files beside it. It takes a second, which no start of a site has to take. */
export async function compressAssets(folder: string): Promise<void> {
  await Promise.all(
    filesBelow(folder).map(async ({ file }) => {
      const { br, gzip } = await compress(readFileSync(file), TRIED);
      await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gzip)]);
    }),
  );
}

function compressedBeside(file: string): Compressed | undefined {
  if (!existsSync(`${file}.br`)) return undefined;
  return { br: readFileSync(`${file}.br`), gzip: readFileSync(`${file}.gz`) };
}

function filesBelow(folder: string): { file: string; type: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((file) => {
    const type = TYPES[path.extname(file.name)];
    return file.isFile() && type ? [{ file: path.join(file.parentPath, file.name), type }] : [];
  });
}
