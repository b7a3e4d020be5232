/** Folders that only their owner can open. */
import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeFolders } from '../../src/record/make-folders.ts';
import { temporaryFolder } from '../helpers/database.ts';

it('makes a folder and those above it for their owner only, and accepts one that exists', () => {
  const above = path.join(temporaryFolder(), 'a');
  const place = path.join(above, 'b', 'c');
  expect([makeFolders(place, 0o700), makeFolders(place, 0o700)]).toEqual([above, undefined]);
  for (const made of [above, place]) expect(statSync(made).mode & 0o777).toBe(0o700);
});

it('fails where a file is in the place of a folder', () => {
  const file = path.join(temporaryFolder(), 'a');
  writeFileSync(file, '');
  expect(() => makeFolders(file)).toThrow('EEXIST');
  expect(() => makeFolders(path.join(file, 'b'))).toThrow('ENOTDIR');
});

// Windows and macOS have no such place.
it.each(process.platform === 'linux' ? ['/proc/flipsite', '/proc/flipsite/data'] : [])(
  'fails at once where no folder can be made: %s',
  (place) => {
    const module = path.resolve('src/record/make-folders.ts');
    const script = `import(${JSON.stringify(module)}).then(({ makeFolders }) => makeFolders('${place}')).catch(({ code }) => console.log(code))`;
    // In a process of its own, because it used to try without end.
    expect(execFileSync(process.execPath, ['-e', script], { timeout: 20_000, encoding: 'utf8' }).trim()).toBe('ENOENT');
  },
);
