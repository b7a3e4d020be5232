/** A file that is saved in the folder of forms is checked beside the server, as texts of the dashboard are. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { Document } from 'yaml';
import { openFormChecker } from '../../src/publish/check/form-checker.ts';
import { watchForms } from '../../src/publish/watch-forms.ts';
import { eventually, openSmallSite, PLAIN } from '../helpers/api/client.ts';
import { SLOW_FORM } from '../helpers/samples/large-forms.ts';
import { removeFolder, type TestSite } from '../helpers/site.ts';
import { NOW } from '../helpers/database.ts';
import { itLong } from '../helpers/run/it-long.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSmallSite({ forms: { plain: PLAIN } });
});
afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});
afterEach(() => vi.restoreAllMocks());

/** @returns its path */
function save(name: string, text: string): string {
  const file = path.join(site.formsDir, name);
  writeFileSync(file, text);
  return file;
}

it('has its YAML read by another thread, and is published', async () => {
  const toJS = vi.spyOn(Document.prototype, 'toJS');
  save('plain.yaml', PLAIN.replace('title: Plain', 'title: Saved'));
  await eventually(async () => site.catalog.current('plain')?.form.title === 'Saved');
  save('bad.yaml', 'title: Bad\n');
  await eventually(async () => site.logged().includes('bad.yaml has errors'));
  expect(toJS).not.toHaveBeenCalled();
});

it('has the errors that only the server can find', async () => {
  save('notify.yaml', `${PLAIN}notify: [{ webhook: https://hooks.acme.example/, secret_env: ACME_SECRET }]\n`);
  await eventually(async () => site.logged().includes('notify.yaml has errors'));
  expect(site.logged()).toMatch(/notify\.yaml:\d+:\d+ {2}.*ACME_SECRET/);
});

it('is published while the server stops, as long as it answers requests', async () => {
  const stopping = await openSmallSite({ forms: { plain: PLAIN } });
  const closed = stopping.close(3_000);
  writeFileSync(path.join(stopping.formsDir, 'plain.yaml'), PLAIN.replace('title: Plain', 'title: Late'));
  await eventually(async () => (await (await fetch(`${stopping.origin}/plain`)).text()).includes('<title>Late'));
  await closed;
  removeFolder(stopping.folder);
});

it('is published later where that fails at first, as while the database is away', async () => {
  const errors: unknown[] = [];
  let calls = 0;
  const changed = async () => {
    calls++;
    if (calls <= 2) throw new Error('The database is away.');
  };
  const watcher = watchForms(site.formsDir, changed, (error) => errors.push(error), 50);
  save('later.yaml', 'title: Later\n');
  await eventually(async () => calls === 3);
  watcher.close();
  expect(errors).toHaveLength(2);
});

itLong('is refused where its check takes too long, unless the check ended with the server', async () => {
  const file = save('slow.yml', SLOW_FORM);
  const hasty = openFormChecker(100);
  expect(await hasty.readForm({ file, now: NOW })).toMatchObject({
    slug: 'slow',
    parsed: { ok: false, faults: [{ message: 'the check of this form takes too long' }] },
  });
  const checker = openFormChecker();
  const checking = checker.readForm({ file, now: NOW });
  await checker.close();
  await expect(checking).rejects.toThrow('was stopped while it checked');
  await hasty.close();
});
