import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LAYERS } from '../eslint.config.mjs';

const src = path.resolve(import.meta.dirname, '../src');

/** `folder/file imports other/…` for every import from one folder below src/ to another. */
function arrows(folder: string): { from: string; to: string }[] {
  const files = readdirSync(path.join(src, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => /\.(ts|astro)$/.test(name))
    .flatMap((name) => {
      const file = path.join(src, folder, name);
      const imports = readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
      return [...imports].map(([, target = '']) => ({
        from: `${folder}/${name}`,
        // `../scripts/…` beside src/ is named `scripts`.
        to:
          path
            .relative(src, path.resolve(path.dirname(file), target))
            .split(path.sep)
            .find((part) => part !== '..') ?? '',
      }));
    })
    .filter(({ to }) => to !== folder);
}

describe('the folders of src', () => {
  it('are all named in the map of the arrows', () => {
    const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(LAYERS).sort());
  });

  it.each(Object.entries(LAYERS))('%s imports only from: %s', (folder, allowed) => {
    expect(arrows(folder).filter(({ to }) => !(allowed as string[]).includes(to))).toEqual([]);
  });

  it('make no circle', () => {
    const below = (folder: string, seen: string[]): string[] =>
      ((LAYERS as Record<string, string[]>)[folder] ?? []).flatMap((next) =>
        seen.includes(next) ? [[...seen, next].join(' → ')] : below(next, [...seen, next]),
      );
    expect(Object.keys(LAYERS).flatMap((folder) => below(folder, [folder]))).toEqual([]);
  });
});
