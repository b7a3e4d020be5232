/** The submissions that `npm run seed` stores. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseForm } from '../../src/form/parse.ts';
import { seed } from '../../src/operate/seed.ts';
import { listEvents } from '../../src/record/event-queries.ts';
import { referenceOf } from '../../src/record/ids.ts';
import { listLinked } from '../../src/record/accounts/account-data.ts';
import { listSubmissions } from '../../src/record/submissions/submission-list.ts';
import { countByForm } from '../../src/record/submissions/tallies.ts';
import { saveVersion } from '../../src/record/versions.ts';
import { rebuildAccounts } from '../../src/respond/smile/rebuild.ts';
import { NOW, temporaryDatabase } from '../helpers/database.ts';

it('stores as many submissions as were asked for, with answers and about 17 events, seven of ten sent', async () => {
  const db = await temporaryDatabase();
  const forms = await Promise.all(
    ['gig-driver', 'prestamo-nomina'].map(async (slug) => {
      const file = new URL(`../../forms/${slug}.yaml`, import.meta.url);
      const parsed = parseForm(`${slug}.yaml`, readFileSync(file, 'utf8'), NOW);
      if (!parsed.ok) throw new Error('The form has faults.');
      return { form: parsed.form, version: await saveVersion(db, parsed.form, NOW) };
    }),
  );
  await seed(db, forms, 400, NOW);
  const {
    started = 0,
    connected = 0,
    submitted = 0,
    quarantined = 0,
  } = (await countByForm(db)).get('gig-driver') ?? {};
  expect(started).toBeGreaterThan(170);
  expect(submitted).toBeGreaterThan(120);
  expect(submitted).toBeLessThan(160);
  expect(connected).toBeGreaterThan(50);
  expect(quarantined).toBeGreaterThan(0);
  const { items } = await listSubmissions(db, { form: 'gig-driver', limit: 200 });
  expect(items).toHaveLength(200);
  const sent = items.find(({ submittedAt, smileUserId }) => submittedAt && smileUserId)!;
  expect(Object.keys(sent.answers).length).toBeGreaterThan(3);
  const events = await Promise.all(items.map((item) => listEvents(db, item)));
  expect(events.flat().length / 200).toBeGreaterThan(14);
  expect(events.flat().length / 200).toBeLessThan(20);
  const linked = await Promise.all(items.map(({ id }) => listLinked(db, id)));
  expect(linked.flat().every(({ items: read, fault }) => read.length === 1 && !fault)).toBe(true);
  expect(linked.flat().length).toBeGreaterThan(50);
  const failed = () => db.query.selectFrom('accounts').select(['account_id', 'error_code']).where('status', '=', 'ERROR').orderBy('account_id').execute(); // prettier-ignore
  const before = await failed();
  expect(before.length).toBeGreaterThan(0);
  await rebuildAccounts(db);
  expect(await failed()).toEqual(before);
});

it('adds to the stored submissions, and repeats no reference', async () => {
  const db = await temporaryDatabase();
  const parsed = parseForm('gig-driver.yaml', readFileSync(new URL('../../forms/gig-driver.yaml', import.meta.url), 'utf8'), NOW); // prettier-ignore
  if (!parsed.ok) throw new Error('The form has faults.');
  const forms = [{ form: parsed.form, version: await saveVersion(db, parsed.form, NOW) }];
  await seed(db, forms, 50, NOW);
  await seed(db, forms, 50, NOW);
  expect((await listSubmissions(db, { form: 'gig-driver', limit: 200 })).items).toHaveLength(100);
  expect(new Set(Array.from({ length: 20_000 }, (_, number) => referenceOf(number))).size).toBe(20_000);
});
