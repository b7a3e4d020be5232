/** The built assets, held in memory. Their addresses change with their content, so browsers cache them for ever. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { makePage, securityHeaders, type Page } from './pages.ts';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Assets by address. */
export type Assets = ReadonlyMap<string, Page>;

/** Loads every asset below `folder`. Pages are not included: they are rendered. */
export async function openAssets(folder: string): Promise<Assets> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const assets = files.flatMap((file) => {
    const type = TYPES[path.extname(file.name)];
    if (!file.isFile() || !type) return [];
    const filePath = path.join(file.parentPath, file.name);
    const headers = {
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      ...securityHeaders,
    };
    const address = `/${path.relative(folder, filePath).split(path.sep).join('/')}`;
    return [makePage(readFileSync(filePath, 'utf8'), headers).then((page) => [address, page] as const)];
  });
  return new Map(await Promise.all(assets));
}
