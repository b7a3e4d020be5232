import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseForm } from '../../src/form/parse.ts';
import { seed } from '../../src/operate/seed.ts';
import { listEvents } from '../../src/record/events.ts';
import { countByForm, listSubmissions } from '../../src/record/submission-list.ts';
import { saveVersion } from '../../src/record/versions.ts';
import { NOW, temporaryDatabase } from '../record/temporary.ts';

it('stores as many submissions as were asked for, with answers and events, three of four sent', async () => {
  const db = await temporaryDatabase();
  const file = new URL('../../forms/gig-driver.yaml', import.meta.url);
  const parsed = parseForm('gig-driver.yaml', readFileSync(file, 'utf8'), NOW);
  if (!parsed.ok) throw new Error('The form has faults.');
  const version = await saveVersion(db, parsed.form, NOW);
  await seed(db, { form: parsed.form, version }, 200, NOW);
  expect((await countByForm(db)).get('gig-driver')).toEqual({ started: 200, connected: 0, submitted: 150 });
  const { items } = await listSubmissions(db, { form: 'gig-driver', limit: 1 });
  expect(Object.keys(items[0]?.answers ?? {}).length).toBeGreaterThan(3);
  expect((await listEvents(db, items[0]!)).length).toBeGreaterThan(3);
});
