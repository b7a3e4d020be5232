/** The places on people's devices that docs/operate/privacy.md lists. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../helpers/site.ts';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

it('names each place in the storage of a browser that has a name of its own', () => {
  const scripts = globSync('src/{browser,editor}/**/*.{ts,tsx}', { cwd: root }).map(read);
  const stores = scripts.filter((script) => /\b(?:local|session)Storage\b/.test(script));
  const names = stores.flatMap((script) => [...script.matchAll(/'(flipsite:[\w:-]+)'/g)].map(([, name]) => name));
  const listed = [...read('docs/operate/privacy.md').matchAll(/`(?:local|session)Storage`, `(flipsite:[a-z:-]+)`/g)];
  expect(listed.map(([, name]) => name).sort()).toEqual(names.sort());
});
