/* Whether the build is of the code as it is now. Plain JavaScript without dependencies, for `ready.mjs`. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const at = (...parts) => path.join(root, ...parts);

/** @returns a hash of the files and of their places in the project */
export function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(path.relative(root, file)).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

export const isMarked = (mark, wanted) => existsSync(mark) && readFileSync(mark, 'utf8') === wanted;

/** @returns the digest of all that the build is made from, which the build keeps in `dist/.made` */
export const sources = () =>
  digest([
    ...filesBelow(at('src')),
    ...filesBelow(at('scripts', 'program')),
    ...filesBelow(at('docs', 'operate', 'deploy')),
    at('scripts', 'node-version.mjs'),
    at('astro.config.mjs'),
    at('package-lock.json'),
  ]);

export const isBuilt = () => isMarked(at('dist', '.made'), sources());
