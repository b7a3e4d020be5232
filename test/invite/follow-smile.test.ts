/** How far people come whom Smile has invited, over HTTP against local Smile. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inviteTemplate } from '../local-smile/invite-template.ts';
import { DAY, HOUR, MINUTE, openSilentSmile, type SilentSmile } from '../respond/silent-smile.ts';
import { tablesWith } from '../record/traces.ts';
import { signedIn, wordsOf, type Visitor } from '../helpers/visitor.ts';

const formWith = (template: string) => `
title: Become a driver
invite: { via: smile, template: ${template} }
screens:
  - { id: connect, title: Connect, wink: { require: none } }
endings:
  - { id: done, title: Thank you }
`;

const PAGE = '/admin/forms/driver/invitations';

let silent: SilentSmile;
let ask: Visitor;
beforeEach(async () => {
  silent = await openSilentSmile({
    async forms(smile) {
      const { body } = await smile.call('POST', '/v1/inviteTemplates', inviteTemplate);
      return { driver: formWith(body.data.id) };
    },
  });
  ask = await signedIn(silent.site, new Date(silent.now()));
  await ask(PAGE, { name: 'Ana Ruiz', email: 'ana@mail.example', language: 'en' });
  await silent.settle();
});
afterEach(() => silent.close());

/** The status of the one person on the list. */
const state = async () =>
  wordsOf(/<td role="cell">([^]*?)<div class="acts"/.exec((await ask(PAGE)).text)?.[1] ?? '').trim();
const mail = async () => (await silent.smile.call('GET', '/__local/outbox')).body.items[0];
const openMail = async () =>
  fetch(`${silent.smile.origin}/__local/outbox/${(await mail()).id}`, { headers: { accept: 'text/html' } });
const openPage = async () => fetch((await mail()).url);
/** Opens the widget as its page does. */
async function openWidget(): Promise<void> {
  const url = new URL((await mail()).url);
  const { data } = (await (await fetch(`${url.origin}${url.pathname}/token${url.search}`, { method: 'POST' })).json()) as { data: { accessToken: string } }; // prettier-ignore
  const headers = { authorization: `Bearer ${data.accessToken}`, 'content-type': 'application/json' };
  const opened = await fetch(`${silent.smile.origin}/v1/link/open`, { method: 'POST', headers, body: '{"instance":"i-1"}' }); // prettier-ignore
  expect(opened.ok).toBe(true);
}
const asked = () => silent.site.db.query.selectFrom('jobs').select('due_at').where('kind', '=', 'invite').execute();

it('has each step: opened, started, linked, and revoked', async () => {
  expect(await state()).toBe('Invited');
  await openMail();
  await silent.pass(14 * MINUTE);
  expect(await state()).toBe('Invited');
  await silent.pass(MINUTE);
  expect(await state()).toBe('Opened');
  await openPage();
  await openWidget();
  await silent.pass(HOUR, 15 * MINUTE);
  expect(await state()).toBe('Started');
  const { userId } = (await silent.smile.call('GET', '/v1/invites')).body.data.items[0];
  const account = await silent.link(userId);
  await silent.pass(HOUR, 15 * MINUTE);
  expect(await state()).toBe('Account connected');
  await silent.smile.call('DELETE', `/v1/accounts/${account}`);
  await silent.pass(DAY, HOUR);
  expect(await state()).toBe('Account disconnected');
});

it('is withdrawn once, also after the person has opened the widget or connected an account', async () => {
  const withdraw = async () => /action="([^"]*\/withdraw)"/.exec((await ask(PAGE)).text)?.[1];
  await openMail();
  await openPage();
  await openWidget();
  await silent.pass(15 * MINUTE);
  expect(await state()).toBe('Started');
  await ask((await withdraw()) ?? '', {});
  expect([await state(), await withdraw()]).toEqual(['Withdrawn', undefined]);
  const { userId } = (await silent.smile.call('GET', '/v1/invites')).body.data.items[0];
  await silent.link(userId);
  await silent.pass(HOUR, 15 * MINUTE);
  expect([await state(), await withdraw()]).toEqual(['Account connected', undefined]);
});

it('gets the first opening at once, and keeps its time', async () => {
  await openMail();
  await openPage();
  await silent.pass(15 * MINUTE);
  const first = (await silent.site.db.query.selectFrom('invitations').selectAll().executeTakeFirstOrThrow()).opened_at;
  expect(Math.abs(Date.parse(first ?? '') - Date.now())).toBeLessThan(60_000);
  await openWidget();
  await silent.pass(HOUR, 15 * MINUTE);
  expect(await silent.site.db.query.selectFrom('invitations').select('opened_at').execute()).toEqual([
    { opened_at: first },
  ]);
});

it('is asked for again while Smile is down, and known once it is back', async () => {
  await openMail();
  await silent.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/invites', status: 503 } });
  await silent.pass(HOUR, 15 * MINUTE);
  expect(await state()).toBe('Invited');
  await silent.smile.call('PATCH', '/__local/settings', { fault: null });
  await silent.pass(2 * HOUR, HOUR);
  expect(await state()).toBe('Opened');
});

it('is asked for less and less often, and not at all once the invitation has expired', async () => {
  const counts: number[] = [];
  for (let day = 0; day < 17; day++) {
    const before = (await asked()).map(({ due_at }) => due_at)[0];
    let times = 0;
    for (let hour = 0, last = before; hour < 24; hour++) {
      await silent.pass(HOUR);
      const due = (await asked())[0]?.due_at;
      if (due !== last) times++;
      last = due;
    }
    counts.push(times);
  }
  expect(counts[0]).toBeLessThanOrEqual(10);
  expect(counts.slice(3, 14).every((times) => times >= 1 && times <= 3)).toBe(true);
  expect(counts.at(-1)).toBe(0);
  expect(await asked()).toEqual([]);
});

it('is not asked for any more once the invitation is erased, of which nothing stays here', async () => {
  const [invitation] = await silent.site.db.query.selectFrom('invitations').select(['id', 'smile_user_id']).execute();
  expect(await asked()).toHaveLength(1);
  expect((await ask(PAGE)).text).toContain('If Smile has sent the invitation, its link still works.');
  await ask(`/admin/invitations/${invitation?.id}/erase`, {});
  for (const word of ['ana@mail.example', 'Ana Ruiz', invitation?.id ?? ''])
    expect(await tablesWith(silent.site.db, word)).toEqual([]);
  expect(await asked()).toEqual([]);
  expect(await mail()).toMatchObject({ url: expect.any(String) });
});
