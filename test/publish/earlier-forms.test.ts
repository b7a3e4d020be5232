import { expect, it } from 'vitest';
import { openEarlierForms } from '../../src/publish/earlier-forms.ts';
import { answerAs } from '../../src/site-limits/counting/current-client.ts';
import { temporaryDatabase } from '../helpers/database.ts';

it('gives each client its own turn to read the form of an earlier version', async () => {
  const db = await temporaryDatabase();
  const versions = Array.from({ length: 30 }, (_, n) => `v${n}`);
  const row = (version: string) => ({ form: 'plain', version, definition: '{}', created_at: '' });
  await db.query.insertInto('versions').values(versions.map(row)).execute();
  const earlier = openEarlierForms(db);
  const done: string[] = [];
  const read = (client: string, version: string) =>
    answerAs(client, () => earlier.form('plain', version)).then(() => done.push(client));
  const flood = versions.slice(1).map((version) => read('203.0.113.7', version));
  await read('203.0.113.8', 'v0');
  expect(done.length).toBeLessThan(5);
  await Promise.all(flood);
});
