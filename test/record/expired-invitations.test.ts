/** The invitations without a start that can be deleted, and the rows that are deleted with them. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/record/db/database.ts';
import { holdDelivery } from '../../src/record/deliveries.ts';
import { eraseInvitation } from '../../src/record/erasure.ts';
import { expiredBefore } from '../../src/record/retention.ts';
import { listInvitations } from '../../src/record/invitation-list.ts';
import { findInvitation, renewInvitation, attachSubmission } from '../../src/record/invitations.ts';
import { createInvitations } from '../helpers/samples/invitations.ts';
import { draft, later, NOW, temporaryDatabase } from '../helpers/database.ts';
import { tablesWith } from './traces.ts';

const HOUR = 3_600;

let db: Database;
beforeEach(async () => {
  db = await temporaryDatabase();
});

/** Invites a person until so many hours after NOW, and sends it at once. */
async function invite(name: string, hours = 0, form = 'driver') {
  const person = { name, email: `${name}@mail.example`, language: 'en', prefill: { answers: {}, params: {} } };
  await createInvitations(db, [person], { form, via: 'mail', memberId: 'm', expiresAt: later(hours * HOUR) }, NOW);
  const { items } = await listInvitations(db, form, { limit: 1, search: name });
  const { id, deliveryId } = items[0]!;
  await holdDelivery(db, deliveryId ?? '', NOW);
  return id;
}

const left = async (hours: number, most = 10): Promise<string[]> => {
  const ids = await expiredBefore(db, 'driver', later(hours * HOUR), most);
  return Promise.all(ids.map(async (id) => (await findInvitation(db, id))?.name ?? ''));
};

describe('an invitation that its person has not started', () => {
  it('may go once it has expired before the moment that is asked for', async () => {
    await invite('Ana');
    await invite('Eva', 0, 'other');
    expect(await left(0)).toEqual([]);
    expect(await left(1)).toEqual(['Ana']);
  });

  it('is erased in its turn, the earliest end first, and a few at a time', async () => {
    for (const [name, hours] of [['Cara', 3], ['Ana', 1], ['Ben', 2]] as const) await invite(name, hours); // prettier-ignore
    expect(await left(9, 2)).toEqual(['Ana', 'Ben']);
    expect(await left(9)).toEqual(['Ana', 'Ben', 'Cara']);
  });

  it('stays where it was sent again after it was found to have expired', async () => {
    const id = await invite('Ana');
    await renewInvitation(db, id, later(9 * HOUR), NOW);
    expect(await eraseInvitation(db, id, NOW, later(HOUR))).toBeUndefined();
    expect(await findInvitation(db, id)).toMatchObject({ name: 'Ana' });
    expect(await eraseInvitation(db, id, NOW, later(10 * HOUR))).toBe('erased');
  });

  it('is erased whole, and once', async () => {
    // Encrypted text has no space, so it never has this name by chance.
    const [ana, ben] = [await invite('Ana Ruiz'), await invite('Ben')];
    expect(await eraseInvitation(db, ana, NOW)).toBe('erased');
    expect(await eraseInvitation(db, ana, NOW)).toBeUndefined();
    expect([await tablesWith(db, ana), await tablesWith(db, 'Ana Ruiz')]).toEqual([[], []]);
    expect((await tablesWith(db, ben)).sort()).toEqual(['deliveries', 'invitations']);
  });
});

describe('an invitation that was begun', () => {
  it('is none of these, and is not erased but with its submission', async () => {
    const id = await invite('Ana');
    await attachSubmission(db, id, (await draft(db)).id);
    expect(await left(800)).toEqual([]);
    expect(await eraseInvitation(db, id, NOW)).toBe('begun');
    expect(await findInvitation(db, id)).toMatchObject({ name: 'Ana' });
  });
});
