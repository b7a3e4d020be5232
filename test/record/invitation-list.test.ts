/** The search of invitations, which is the same on each database. */
import { expect, it } from 'vitest';
import type { Database } from '../../src/record/db/database.ts';
import { insertRows } from '../../src/record/db/bulk.ts';
import { newId } from '../../src/record/ids.ts';
import { INVITATIONS_SEARCHED, listInvitations } from '../../src/record/invitation-list.ts';
import { countTurns } from '../helpers/turns.ts';
import { later, NOW, temporaryDatabase } from '../helpers/database.ts';

const invitation = (name: string, email: string, now: Date) => ({
  ...{ id: newId(now), form: 'driver', name, email, language: 'en', via: 'mail', prefill: '', member_id: 'm' },
  ...{ created_at: now.toISOString(), expires_at: later(600).toISOString() },
});

const namesOf = async (db: Database, search: string) =>
  (await listInvitations(db, 'driver', { limit: 9, search })).items.map(({ name }) => name);

it('ignores case, accents, kinds of apostrophes and the order of words', async () => {
  const db = await temporaryDatabase();
  const people = [invitation('Ángel Ñandú Peña', 'angel@mail.example', NOW), invitation('Łódź O’Neil', 'lo@mail.example', later(1))]; // prettier-ignore
  await insertRows(db, 'invitations', [...people, { ...invitation('Ángel', 'b@mail.example', NOW), form: 'other' }]);
  for (const search of ['ÁNGEL', 'ñandu', 'pena  angel', 'Peña ANGEL@mail'])
    expect(await namesOf(db, search)).toEqual(['Ángel Ñandú Peña']);
  expect(await namesOf(db, 'LODZ')).toEqual(['Łódź O’Neil']);
  expect(await namesOf(db, "o'neil")).toEqual(['Łódź O’Neil']);
  expect(await namesOf(db, 'angel lodz')).toEqual([]);
  expect(await namesOf(db, ' ')).toEqual(['Łódź O’Neil', 'Ángel Ñandú Peña']);
});

it('has matching people page by page, each once', async () => {
  const db = await temporaryDatabase();
  const people = Array.from({ length: 9 }, (_, at) => invitation(at % 2 ? `Ben ${at}` : `Ana ${at}`, `p${at}@mail.example`, later(at))); // prettier-ignore
  await insertRows(db, 'invitations', people);
  const seen: string[] = [];
  for (let cursor: string | undefined = undefined, more = true; more;) {
    const page: Awaited<ReturnType<typeof listInvitations>> = await listInvitations(db, 'driver', { limit: 2, cursor, search: 'ana' }); // prettier-ignore
    seen.push(...page.items.map(({ name }) => name));
    cursor = page.older ?? undefined;
    more = cursor !== undefined;
  }
  expect(seen).toEqual(['Ana 8', 'Ana 6', 'Ana 4', 'Ana 2', 'Ana 0']);
});

it('looks at a part of many invitations, says how far, and lets others be answered meanwhile', async () => {
  const db = await temporaryDatabase();
  const others = Array.from({ length: INVITATIONS_SEARCHED }, (_, at) => invitation('Ben', `${at}@mail.example`, later(at + 1))); // prettier-ignore
  await insertRows(db, 'invitations', [invitation('Ana', 'ana@mail.example', NOW), ...others]);
  const { result: first, turns } = await countTurns(() => listInvitations(db, 'driver', { limit: 9, search: 'ana' }));
  expect(first).toMatchObject({ items: [], searchedBack: later(1).toISOString() });
  expect(turns).toBeGreaterThanOrEqual(20);
  const second = await listInvitations(db, 'driver', { limit: 9, search: 'ana', cursor: first.older ?? '' });
  expect(second).toMatchObject({ items: [{ name: 'Ana' }], older: null, searchedBack: null });
});
