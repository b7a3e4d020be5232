/** Which invitations nobody has begun for so long that they may go. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/record/database.ts';
import { keepDelivery } from '../../src/record/deliveries.ts';
import { eraseInvitation, unbegunSince } from '../../src/record/erasure.ts';
import {
  createInvitations,
  findInvitation,
  listInvitations,
  markOpened,
  renewInvitation,
  tieSubmission,
  withdrawInvitation,
} from '../../src/record/invitations.ts';
import { draft, later, temporaryDatabase } from './temporary.ts';
import { tablesWith } from './traces.ts';

const HOUR = 3_600;

let db: Database;
beforeEach(async () => {
  db = await temporaryDatabase();
});

/** Invites somebody so many hours after NOW, and sends it at once. */
async function invite(name: string, hours = 0, form = 'driver') {
  const now = later(hours * HOUR);
  const person = { name, email: `${name}@mail.example`, language: 'en', given: { answers: {}, params: {} } };
  await createInvitations(db, [person], { form, via: 'mail', memberId: 'm', expiresAt: later(900 * HOUR) }, now);
  const { items } = await listInvitations(db, form, { limit: 1, search: name });
  const { id, deliveryId } = items[0]!;
  const sent = (at: Date) => keepDelivery(db, deliveryId ?? '', at);
  await sent(now);
  return { id, sent };
}

const left = async (hours: number, most = 10): Promise<string[]> => {
  const ids = await unbegunSince(db, 'driver', later(hours * HOUR), most);
  return Promise.all(ids.map(async (id) => (await findInvitation(db, id))?.name ?? ''));
};

describe('an invitation that nobody has begun', () => {
  it('may go once it was made before the moment that is asked for', async () => {
    await invite('Ana');
    await invite('Eva', 0, 'other');
    expect(await left(0)).toEqual([]);
    expect(await left(1)).toEqual(['Ana']);
  });

  it('is left alone since it was opened, withdrawn or sent again', async () => {
    const [opened, withdrawn, again] = [await invite('Ana'), await invite('Ben'), await invite('Cara')];
    await markOpened(db, opened.id, later(10 * HOUR));
    await withdrawInvitation(db, withdrawn.id, later(20 * HOUR));
    await renewInvitation(db, again.id, later(999 * HOUR), later(30 * HOUR));
    expect([await left(10), await left(11), await left(21)]).toEqual([[], ['Ana'], ['Ana', 'Ben']]);
    // As long as it is being sent.
    expect(await left(800)).toEqual(['Ana', 'Ben']);
    await again.sent(later(31 * HOUR));
    expect([await left(31), await left(32)]).toEqual([['Ana', 'Ben'], ['Ana', 'Ben', 'Cara']]); // prettier-ignore
  });

  it('comes in its turn, the oldest first, and a few at a time', async () => {
    for (const [at, name] of ['Cara', 'Ana', 'Ben'].entries()) await invite(name, at);
    expect(await left(9, 2)).toEqual(['Cara', 'Ana']);
    expect(await left(9)).toEqual(['Cara', 'Ana', 'Ben']);
  });

  it('is erased whole, and once', async () => {
    const [ana, ben] = [await invite('Ana'), await invite('Ben')];
    expect(await eraseInvitation(db, ana.id)).toBe('erased');
    expect(await eraseInvitation(db, ana.id)).toBeUndefined();
    expect([await tablesWith(db, ana.id), await tablesWith(db, 'Ana')]).toEqual([[], []]);
    expect((await tablesWith(db, ben.id)).sort()).toEqual(['deliveries', 'invitations']);
  });
});

describe('an invitation that was begun', () => {
  it('is none of these, and is not erased but with its submission', async () => {
    const { id } = await invite('Ana');
    await tieSubmission(db, id, (await draft(db)).id);
    expect(await left(800)).toEqual([]);
    expect(await eraseInvitation(db, id)).toBe('begun');
    expect(await findInvitation(db, id)).toMatchObject({ name: 'Ana' });
  });
});
