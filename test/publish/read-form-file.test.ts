/** Files of forms are read again only after a change. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFormFileReader } from '../../src/publish/read-form-file.ts';
import { temporaryFolder } from '../helpers/database.ts';

const LATER_MS = 10_000;

it('reads a file again after each change, and otherwise returns the text that it has', async () => {
  const read = createFormFileReader(() => Date.now() + LATER_MS);
  const file = join(temporaryFolder(), 'form.yaml');
  writeFileSync(file, 'title: One');
  const first = await read(file);
  expect([first.text, await read(file)]).toEqual(['title: One', first]);
  expect(await read(file)).toBe(first);
  writeFileSync(file, 'title: Another');
  expect((await read(file)).text).toBe('title: Another');
});

it('reads a file each time that was changed a moment ago, since the next change may have the same time', async () => {
  const read = createFormFileReader();
  const file = join(temporaryFolder(), 'form.yaml');
  writeFileSync(file, 'title: One');
  expect(await read(file)).not.toBe(await read(file));
});
