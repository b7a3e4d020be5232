/** The weight of the pages of the dashboard. Only its own page loads the editor. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCatalog } from '../../src/publish/catalog.ts';
import { root } from '../helpers/site.ts';
import { brotliBytes } from '../helpers/weight.ts';
import { NOW, temporaryDatabase } from '../record/temporary.ts';
import { openClient } from './dashboard-client.ts';

const MAX_EDITOR_BYTES = 200_000;
const MAX_OTHER_BYTES = 60_000;

const assets = path.join(root, 'dist/client/assets');
const here = '/admin/forms/gig-driver';

let client: Awaited<ReturnType<typeof openClient>>;
beforeAll(async () => {
  const db = await temporaryDatabase();
  const formsDir = path.join(root, 'forms');
  await (await openCatalog(db)).sync(formsDir, NOW);
  client = await openClient(db, { formsDir });
  await client.send(`${here}/settings`, { owner: 'dashboard' });
});

const pageAt = async (address: string): Promise<string> => (await client.ask(address)).text;

describe('the page of the editor', () => {
  it(`weighs at most ${MAX_EDITOR_BYTES / 1_000} kB with everything that it loads later`, async () => {
    const page = await pageAt(`${here}/edit`);
    const scripts = readdirSync(assets).filter((name) => /^editor-.*\.js\.br$/.test(name));
    const bytes = scripts
      .map((name) => statSync(path.join(assets, name)).size)
      .reduce((sum, one) => sum + one, brotliBytes(page));
    const [, entry = ''] = /src="\/assets\/(editor-[^"]+\.js)"/.exec(page) ?? [];

    expect(scripts).toContain(`${entry}.br`);
    expect(bytes).toBeLessThanOrEqual(MAX_EDITOR_BYTES);
  });
});

describe('every other page of the dashboard', () => {
  it.each([
    '/admin',
    '/admin/forms/new',
    here,
    `${here}/settings`,
    `${here}/history`,
    `${here}/privacy`,
    `${here}/publish`,
    '/admin/messages',
    '/admin/settings/smile',
    '/admin/team',
  ])(`%s weighs less than ${MAX_OTHER_BYTES / 1_000} kB, and loads nothing of the editor`, async (address) => {
    const page = await pageAt(address);

    expect(brotliBytes(page)).toBeLessThan(MAX_OTHER_BYTES);
    expect(page).not.toContain('/assets/editor');
  });
});
