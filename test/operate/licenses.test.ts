/** The licenses of the packages that Flipsite uses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { licensesOf, unknownLicenses, type LockFile } from '../../src/cli/docs/licenses-md.ts';
import { root } from '../helpers/site.ts';

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;

it('uses only packages with a known license', () => {
  expect(licensesOf(lock).get('MIT')?.length).toBeGreaterThan(100);
  expect(unknownLicenses(lock)).toEqual([]);
});

it('refuses a package without a license, or with another one, unless only development needs it', () => {
  const packages = {
    '': { license: 'GPL-3.0-only' },
    'node_modules/good': { license: 'MIT' },
    'node_modules/tool': { license: 'GPL-3.0-only', dev: true },
    'node_modules/a/node_modules/@b/bad': { license: 'MIT AND GPL-3.0-only' },
    'node_modules/none': {},
  };
  expect(unknownLicenses({ packages })).toEqual(['MIT AND GPL-3.0-only: @b/bad', 'none: none']);
});
