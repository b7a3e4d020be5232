/** A file that is saved in the folder of forms is checked beside the server, as texts of the dashboard are. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { Document } from 'yaml';
import type { Parsed } from '../../src/form/parse.ts';
import { openCatalog } from '../../src/publish/catalog.ts';
import { openFormChecker } from '../../src/publish/check/form-checker.ts';
import { createPublisher } from '../../src/publish/publisher.ts';
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
  const watcher = watchForms(site.formsDir, changed, (error) => errors.push(error), { retryMs: 50 });
  save('later.yaml', 'title: Later\n');
  await eventually(async () => calls === 3);
  watcher.close();
  expect(errors).toHaveLength(2);
});

it('is read again where its disk gave an error, though it is the same', async () => {
  const file = save('unread.yaml', PLAIN.replace('title: Plain', 'title: Unread'));
  const catalog = await openCatalog(site.db);
  const parsed: Parsed = { ok: false, faults: [] };
  const failing = { readForm: async () => ({ slug: 'unread', file, parsed, isUnread: true as const }) };
  const unread = await catalog.sync(site.formsDir, NOW, { checker: failing });
  expect(unread.find((one) => one.file === file)).toMatchObject({ isUnread: true });
  await catalog.sync(site.formsDir, NOW);
  expect(catalog.current('unread')?.form.title).toBe('Unread');
});

it('is looked at again where it could not be read, and not where its folder is empty, as once its disk is gone', async () => {
  const [disk, empty, folder] = ['disk', 'empty', 'mounted'].map((name) => path.join(site.folder, name)) as [string, string, string]; // prettier-ignore
  for (const one of [disk, empty]) mkdirSync(one);
  symlinkSync(disk, folder);
  let calls = 0;
  const changed = async () => ++calls > 0;
  const watcher = watchForms(folder, changed, (error) => expect.fail(String(error)), { retryMs: 50, lookMs: 20 });
  writeFileSync(path.join(disk, 'again.yaml'), 'title: Again\n');
  await eventually(async () => calls === 3);
  symlinkSync(empty, `${folder}-next`);
  renameSync(`${folder}-next`, folder);
  // A call may have been under way.
  await new Promise((later) => setTimeout(later, 400));
  calls = 0;
  await new Promise((later) => setTimeout(later, 400));
  expect(calls).toBe(0);
  symlinkSync(disk, `${folder}-next`);
  renameSync(`${folder}-next`, folder);
  await eventually(async () => calls > 0);
  watcher.close();
});

/** Runs `run` while a call of the disk that waits has this name and takes some time. @returns the most such calls at once */
async function mostAtOnce(name: 'access' | 'stat', run: () => Promise<unknown>): Promise<number> {
  const call = promises[name];
  let [calls, most] = [0, 0];
  const slow = async () => {
    most = Math.max(most, ++calls);
    await new Promise((later) => setTimeout(later, 5));
    calls--;
    throw new Error('gone');
  };
  Object.assign(promises, { [name]: slow });
  syncBuiltinESMExports();
  try {
    await run();
  } finally {
    Object.assign(promises, { [name]: call });
    syncBuiltinESMExports();
  }
  return most;
}

it('is looked for with few threads, because a network disk may hang', async () => {
  for (const name of ['one.yaml', 'two.yaml', 'three.yaml']) save(name, PLAIN);
  // One for the first state, and one for the look.
  expect([1, 2]).toContain(await mostAtOnce('stat', async () => (await watchCalls(site.formsDir)).close()));
});

it('is found for a preview with one thread, and does not stop the server', async () => {
  const { db, catalog } = site;
  const publisher = createPublisher({ db, catalog, checker: openFormChecker(), now: () => NOW }, site.formsDir);
  const looks = () => Promise.all(Array.from({ length: 5 }, () => publisher.source('plain')));
  expect(await mostAtOnce('access', looks)).toBe(1);
});

/** Watches a folder, and counts the calls. It has seen the folder as it is. */
async function watchCalls(folder: string): Promise<{ calls: number; close(): void }> {
  const watched = { calls: 0, close: () => watcher.close() };
  const watcher = watchForms(
    folder,
    async () => void watched.calls++,
    (error) => expect.fail(String(error)),
    { lookMs: 20 },
  );
  await new Promise((later) => setTimeout(later, 100));
  return watched;
}

it('is published where its folder was replaced, and where links lead to another folder, as in Kubernetes', async () => {
  const folder = path.join(site.folder, 'watched');
  const writeVersion = (name: string) => {
    mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, name, 'form.yaml'), name);
    symlinkSync(name, path.join(folder, 'new'));
    renameSync(path.join(folder, 'new'), path.join(folder, '..data'));
  };
  writeVersion('..first');
  symlinkSync('..data/form.yaml', path.join(folder, 'form.yaml'));
  const watched = await watchCalls(folder);
  const before = watched.calls;
  writeVersion('..second');
  await eventually(async () => watched.calls > before);
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  // The system reports the deletion, and nothing more.
  await new Promise((later) => setTimeout(later, 400));
  const deleted = watched.calls;
  writeFileSync(path.join(folder, 'form.yaml'), 'third');
  await eventually(async () => watched.calls > deleted);
  watched.close();
});

it('is not read again because another file in its folder changes, such as a log', async () => {
  const folder = path.join(site.folder, 'shared');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'form.yaml'), 'form');
  const watched = await watchCalls(folder);
  writeFileSync(path.join(folder, 'requests.log'), 'GET /');
  await new Promise((later) => setTimeout(later, 500));
  expect(watched.calls).toBe(0);
  writeFileSync(path.join(folder, 'form.yaml'), 'changed');
  await eventually(async () => watched.calls > 0);
  watched.close();
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
