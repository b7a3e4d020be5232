/** The weight of the pages of the dashboard. Only its own page loads the editor. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/dashboard/routes.ts';
import { openCatalog } from '../../src/publish/catalog.ts';
import { closeDatabase, openDatabase, type Database } from '../../src/record/db/database.ts';
import { newId } from '../../src/record/ids.ts';
import { createSubmission } from '../../src/record/submissions/submissions.ts';
import { root } from '../helpers/site.ts';
import { brotliBytes } from '../helpers/weight.ts';
import { NOW, SECRET } from '../helpers/database.ts';
import { openClient } from '../helpers/dashboard-client.ts';

const SURVEY = JSON.stringify({ title: 'Riders', elements: [{ type: 'text', name: 'name', title: 'Your name' }, { type: 'matrix', name: 'table', title: 'Which?' }] }); // prettier-ignore

const MAX_EDITOR_BYTES = 200_000;
const MAX_OTHER_BYTES = 60_000;

const assets = path.join(root, 'dist/client/assets');
const here = '/admin/forms/gig-driver';

/** The names in the paths. */
const ids: Record<string, string> = { slug: 'gig-driver', link: 'flyer' };

let db: Database;
let client: Awaited<ReturnType<typeof openClient>>;
beforeAll(async () => {
  // Not one that is closed after the first test.
  db = await openDatabase(':memory:', [SECRET]);
  const formsDir = path.join(root, 'forms');
  await (await openCatalog(db)).sync(formsDir, NOW);
  client = await openClient(db, { formsDir });
  await client.send(`${here}/settings`, { owner: 'dashboard' });
  expect((await client.send(`${here}/share`, { name: 'Flyer' })).status).toBe(303);
  const version = (await openCatalog(db)).current('gig-driver')?.version ?? '';
  ids['submission'] = newId(NOW);
  await createSubmission(db, { id: ids['submission'], form: 'gig-driver', version, language: 'en', params: {}, now: NOW }); // prettier-ignore
  const body = new FormData();
  for (const [name, value] of Object.entries({ title: 'Imported', text: SURVEY, start: 'text' })) body.set(name, value);
  const headers = { origin: 'http://forms.example' };
  const made = await client.ask('/admin/forms/new', { method: 'POST', body, headers });
  expect(made.location).toBe('/admin/forms/imported/imported');
});

afterAll(() => closeDatabase(db));

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

  it('has no rule for which the browser styles a long outline again when one element is added', async () => {
    // After :has(), such a rule is for any element, so that each element below may have a new style.
    const forAny = /:has\((?:[^()]|\([^()]*\))*\)\s*[ >+~]\s*(?:\*|:(?!is\())[^{},]*/g;
    expect('.filters:has(>div:nth-child(3))>:first-child{').toMatch(forAny);
    expect((await pageAt(`${here}/edit`)).match(forAny)).toBeNull();
  });
});

/** The pages of a site, of a form, of a link and of a person: no downloads, and no stream. This dashboard has no Smile and no previews. */
const pages = ROUTES.filter(
  ({ method, path }) =>
    method === 'GET' && !/\.\w+$|\/(edit|live|preview|settings\/smile)$|:(delivery|file)|:slug\/:submission/.test(path),
).map(({ path }) => path);

describe('every other page of the dashboard', () => {
  it.each([...pages, '/admin/forms/imported/imported'])(
    `%s weighs less than ${MAX_OTHER_BYTES / 1_000} kB, and loads nothing of the editor`,
    async (path) => {
      const address = path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? name);
      const { status, location, text } = await client.ask(address + (path.endsWith('/compare') ? '?from=1&to=1' : ''));

      // Some addresses lead on to another page of this list.
      if (status === 303) return expect([address, location]).toEqual([address, expect.stringMatching(/^\/admin/)]);
      expect([address, status]).toEqual([address, 200]);
      expect(brotliBytes(text)).toBeLessThan(MAX_OTHER_BYTES);
      expect(text).not.toContain('/assets/editor');
    },
  );
});
