/**
 * A site that starts while its disk is full: stored data can be read, nothing is lost, and the site continues by
 * itself.
 */
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { secretKeyOf } from '../../../src/secret-key.ts';
import { openPreviewStore } from '../../../src/site/preview/store.ts';
import { draft as testAnswer } from '../../helpers/database.ts';
import { signedIn, wordsOf } from '../../helpers/visitor.ts';
import { API_KEY, openTestSite, removeFolder } from '../../helpers/site.ts';
import { mountable, mounted, unmount } from '../../record/db/small-disk.ts';
import { begin, eventually, expectRefusal, PLAIN, send } from '../../helpers/api/client.ts';

const left: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of left.splice(0).reverse()) await step();
});

/** A disk of 2 MB, and a file that fills it to the last byte. */
function smallDisk(): { place: string; fill(): void; makeRoom(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-full-'));
  const place = path.join(folder, 'disk');
  mkdirSync(place);
  mounted(place, 'size=2m');
  left.push(
    () => removeFolder(folder),
    () => unmount(place),
  );
  const filling = path.join(place, 'all');
  return {
    place,
    fill() {
      const file = openSync(filling, 'a');
      const write = () => {
        for (;;) writeSync(file, Buffer.alloc(4_096));
      };
      expect(write).toThrow('ENOSPC');
      closeSync(file);
    },
    makeRoom: () => rmSync(filling),
  };
}

// Only who may mount a disk of their own can have a full one.
const where = mountable() ? ['a disk of 2 MB'] : [];

describe('on a full disk', () => {
  it.each(where)('a site starts, and shows pages and stored answers, until there is room: %s', async () => {
    const { place, fill, makeRoom } = smallDisk();
    const folder = path.join(path.dirname(place), 'site');
    const env = { DATA_DIR: place, DATABASE_URL: path.join(place, 'data.sqlite'), RATE_LIMIT: 'off' };
    const forms = { plain: PLAIN };
    const first = await openTestSite({ forms, folder, env });
    const draft = await begin(first, 'plain');
    expect((await draft.put('only', { full_name: 'Ana Reyes' })).status).toBe(200);
    expect((await draft.post('submit')).status).toBe(200);
    const ask = await signedIn(first);
    await first.close();
    fill();

    const again = { forms: { ...forms, later: PLAIN.replace('Plain', 'Later') }, folder, env: { ...env, APP_PORT: String(first.port) } }; // prettier-ignore
    const site = await openTestSite(again);
    left.push(() => site.close());
    expect(site.logged()).toContain('The disk is full');
    // The folder of forms has forms, which were not published.
    expect([site.synced, site.isFolderEmpty]).toEqual([[], false]);
    expect((await send(site, 'GET', '/plain')).status).toBe(200);
    expect((await send(site, 'GET', '/healthz')).status).toBe(200);
    const ready = await send(site, 'GET', '/readyz');
    expect([ready.status, ready.text]).toEqual([503, expect.stringContaining('The disk of the database is full')]);
    const key = { authorization: `Bearer ${API_KEY}` };
    const stored = await send(site, 'GET', `/api/submissions/${draft.id}`, undefined, key);
    expect([stored.status, stored.body.answers]).toEqual([200, { full_name: 'Ana Reyes' }]);
    for (const page of ['/admin', '/admin/forms/plain/people', `/admin/forms/plain/people/${draft.id}`]) {
      const said = await ask(page);
      expect([page, said.status]).toEqual([page, 200]);
    }
    expect(wordsOf((await ask(`/admin/forms/plain/people/${draft.id}`)).text)).toContain('Ana Reyes');
    expectRefusal(await send(site, 'POST', '/api/forms/plain/submissions', {}), 503, 'store_unavailable');
    expect((await send(site, 'GET', '/later')).status).toBe(404);

    makeRoom();
    expect((await begin(site, 'plain')).id).toBeDefined();
    await eventually(async () => (await send(site, 'GET', '/readyz')).status === 200);
    expect((await send(site, 'GET', '/later')).status).toBe(200);
    expect(site.logged()).toContain('The disk has space again');
  });

  it.each(where)('the results of a form with test answers are shown: %s', async () => {
    const { place, fill } = smallDisk();
    const folder = path.join(path.dirname(place), 'site');
    const env = { DATA_DIR: place, DATABASE_URL: path.join(place, 'data.sqlite') };
    const first = await openTestSite({ forms: { plain: PLAIN }, folder, env });
    await first.close();
    const store = await openPreviewStore(place, [Buffer.alloc(32)]);
    await testAnswer(store.db);
    await store.close();
    fill();
    const site = await openTestSite({ forms: { plain: PLAIN }, folder, env });
    left.push(() => site.close());
    expect(site.logged()).toContain('The disk is full');
    const key = { authorization: `Bearer ${API_KEY}` };
    for (let times = 0; times < 2; times++)
      expect((await send(site, 'GET', '/api/forms/plain/results', undefined, key)).status).toBe(200);
  });

  it.each(where)('a first start leaves no key behind, and the next one with room makes one: %s', () => {
    const { place, fill, makeRoom } = smallDisk();
    fill();
    const at = { dataDir: place };
    expect(secretKeyOf(at)).toEqual({ ok: false, fault: `The disk of DATA_DIR is full: ${place}. Free some space, then start again.` }); // prettier-ignore
    expect(readdirSync(place)).toEqual(['all']);
    makeRoom();
    const made = secretKeyOf(at);
    expect(made.ok && secretKeyOf(at)).toEqual(made);
    expect(readdirSync(place)).toEqual(['secret.key']);
  });
});

it('an empty key file stays, and the error has the remedy', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-key-'));
  left.push(() => removeFolder(folder));
  const file = path.join(folder, 'secret.key');
  writeFileSync(file, '');
  expect(secretKeyOf({ dataDir: folder })).toEqual({
    ok: false,
    fault: `${file} is empty. Restore your copy of it, or delete the file if this site has stored nothing yet.`,
  });
  expect(readdirSync(folder)).toEqual(['secret.key']);
});
