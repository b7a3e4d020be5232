/** The page for a new form shows the first screen of each template. */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { templates } from '../../../src/form/templates/templates.ts';
import { startSession } from '../../../src/members/sessions.ts';
import { openAssets } from '../../../src/publish/bundles/assets.ts';
import { root } from '../../helpers/site.ts';
import { NOW, temporaryDatabase, temporaryFolder } from '../../helpers/database.ts';
import { addMember, createClient } from '../../helpers/dashboard-client.ts';

describe('the pictures of templates', () => {
  it.each(templates.map(({ name }) => name))('%s has one of 360 by 480 pixels and at most 15 kB', async (name) => {
    const file = path.join(root, `src/components/dashboard/new-form/templates/${name}.webp`);
    const { format, width, height } = await sharp(file).metadata();

    expect({ format, width, height }).toEqual({ format: 'webp', width: 360, height: 480 });
    expect(statSync(file).size).toBeLessThanOrEqual(15_000);
  });

  it('are on the page for a new form, at addresses that answer', async () => {
    const db = await temporaryDatabase();
    const formsDir = path.join(temporaryFolder(), 'forms');
    mkdirSync(formsDir);
    const client = await createClient(db, { formsDir });
    client.kept.cookie = `flipsite=${await startSession(db, await addMember(db, 'ana@acme.example'), NOW)}`;
    const assets = await openAssets(path.join(root, 'dist/client'));

    const page = await client.ask('/admin/forms/new');
    const addresses = [...page.text.matchAll(/<img src="([^"]+)" alt=""/g)].map(([, address = '']) => address);

    expect(addresses).toHaveLength(templates.length);
    for (const [at, { name }] of templates.entries()) {
      expect(addresses[at]).toContain(`/assets/${name}.`);
      expect(assets.get(addresses[at] ?? '')).toBeDefined();
    }
  });
});
