/** Members do things at the same moment, or one request arrives twice: nothing is done twice, and no text is lost. */
import { expect, it } from 'vitest';
import { invitePeople } from '../../src/invite/invite.ts';
import { listInvitations, type NewInvitation } from '../../src/record/invitations.ts';
import { NOW, temporaryDatabase } from '../record/temporary.ts';
import { compiled } from './forms.ts';

it('a list of people that arrives twice at once invites each person once, and so do two lists that overlap', async () => {
  const db = await temporaryDatabase();
  const form = compiled();
  const person = (name: string): NewInvitation => ({
    name,
    email: `${name}@mail.example`,
    language: 'en',
    prefill: { answers: {}, params: {} },
  });
  const invite = (names: string[], skip: boolean) =>
    invitePeople(db, form, names.map(person), { memberId: 'm', skip }, NOW);

  const answers = await Promise.all([invite(['ana', 'ben'], false), invite(['ana', 'ben'], false)]);
  expect(answers.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
  expect(answers).toContainEqual({ ok: false, alreadyInvited: expect.arrayContaining(['ana@mail.example', 'ben@mail.example']) }); // prettier-ignore

  const lists = await Promise.all([invite(['ana', 'cy', 'dee'], true), invite(['ben', 'cy', 'eli'], true)]);
  expect(lists.reduce((sum, list) => sum + (list.ok ? list.invited : 0), 0)).toBe(3);
  const { items } = await listInvitations(db, 'driver', { limit: 100 });
  expect(items.map(({ name }) => name).toSorted()).toEqual(['ana', 'ben', 'cy', 'dee', 'eli']);
});
