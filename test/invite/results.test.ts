/** Results count an invited person from the moment when the form opens with filled-in answers, and on its first screen. */
import { expect, it } from 'vitest';
import { invitePeople } from '../../src/invite/invite.ts';
import { linkOf } from '../../src/invite/link.ts';
import { countChanges } from '../../src/record/results/count-changes.ts';
import { listInvitations } from '../../src/record/invitation-list.ts';
import { openSmallSite, PLAIN, send } from '../helpers/api/client.ts';
import { clock } from '../helpers/api/limited.ts';
import { ask } from '../helpers/site.ts';

const KEY = Buffer.alloc(32, 7);

interface Numbers {
  steps: { id: string; count: number; left?: number }[];
}

it('an invited person who looks at the first screen and leaves is counted there', async () => {
  const time = clock('2026-12-01T09:00:00Z');
  const site = await openSmallSite({
    now: time.now,
    key: KEY,
    forms: { plain: `${PLAIN}invite: { name: full_name }\n` },
  });
  const form = site.catalog.current('plain')?.form;
  if (!form) throw new Error('The form is missing.');
  const person = { name: 'Ana Ruiz', email: 'ana@mail.example', language: 'en', prefill: { answers: { full_name: 'Ana Ruiz' }, params: {} } }; // prettier-ignore
  await invitePeople(site.db, form, [person], { memberId: '', skip: false }, time.now());
  const [invitation] = (await listInvitations(site.db, 'plain', { limit: 1 })).items;
  if (!invitation) throw new Error('The invitation is missing.');
  const token = linkOf([KEY], invitation, '').split('.').at(-1) ?? '';
  const headers = { authorization: `Bearer ${token}` };
  expect((await send(site, 'POST', `/api/invitations/${invitation.id}/begin`, undefined, headers)).status).toBe(200);
  time.on(3_600);
  await countChanges(site.db);
  const { steps } = await ask<Numbers>(site, 'forms/plain/results');
  const numbers = Object.fromEntries(steps.map(({ id, count, left }) => [id, [count, left]]));
  expect(numbers).toMatchObject({ started: [1, undefined], 'screen:only': [1, 1], completed: [0, 0] });
  const listed = async (left: string) => (await ask<{ items: unknown[] }>(site, `forms/plain/submissions?left=${left}`)).items.length; // prettier-ignore
  expect([await listed('only'), await listed('-')]).toEqual([1, 0]);
  await site.close();
});
