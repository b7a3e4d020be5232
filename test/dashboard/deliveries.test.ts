import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/record/db/database.ts';
import {
  findDelivery,
  holdDelivery,
  enqueueDelivery,
  recordAttempt,
  type Channel,
  type DeliveryStatus,
} from '../../src/record/deliveries.ts';
import { listDeliveries } from '../../src/record/delivery-queries.ts';
import { leaseDue } from '../../src/record/jobs/jobs.ts';
import { later, NOW, temporaryDatabase } from '../helpers/database.ts';
import { listEvents } from '../../src/record/event-queries.ts';
import { createClient, MEMBER, openClient } from '../helpers/dashboard-client.ts';
import { compiled, publish } from './forms.ts';
import { wordsOf } from '../helpers/visitor.ts';

const NOTIFYING = compiled(`
title: Become a driver
notify:
  - { email: ops@acme.example }
  - { webhook: https://acme.example/hooks, secret_env: ACME_HOOK_SECRET, when: completed }
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name }
      - { id: sss, type: text, label: SSS number, sensitive: true }
endings:
  - { id: done, title: Thank you }
`);

const all = async (db: Database) => (await listDeliveries(db, {}, { limit: 100 })).items;

async function owed(
  db: Database,
  submissionId: string,
  given: { channel?: Channel; target?: string; at?: Date; status?: DeliveryStatus; said?: string } = {},
): Promise<string> {
  const { channel = 'email', target = 'ops@acme.example', at = NOW, status, said = 'No such person here' } = given;
  await enqueueDelivery(db, { form: 'driver', submissionId, channel, target, cause: 'submitted', secretEnv: 'ACME_HOOK_SECRET' }, at); // prettier-ignore
  const { id } = await db.query.selectFrom('deliveries').select('id').orderBy('created_at', 'desc').orderBy('id', 'desc').executeTakeFirstOrThrow(); // prettier-ignore
  if (status === 'held') await holdDelivery(db, id, at);
  else if (status)
    await recordAttempt(db, id, { at: at.toISOString(), ok: status === 'sent', status: 550, message: said, tookMs: 12 }, status, at); // prettier-ignore
  if (status) await db.query.deleteFrom('jobs').where('subject', '=', id).execute();
  return id;
}

const due = async (db: Database, now = later(99)) =>
  (await leaseDue(db, { kind: 'delivery', lane: null, max: 100, leaseMs: 1 }, now))
    .map((lease) => lease.job.subject)
    .sort();

describe('the deliveries', () => {
  it('say that there are none yet', async () => {
    const { ask } = await openClient(await temporaryDatabase());
    expect((await ask('/admin/messages')).text).toContain('No messages yet');
  });

  it('say of a form that sends messages only that there are none yet', async () => {
    const db = await temporaryDatabase();
    await publish(db, NOTIFYING);
    const { ask } = await openClient(db);
    expect(wordsOf((await ask('/admin/messages?form=driver')).text)).toContain('No messages about this form yet Each message appears here.'); // prettier-ignore
  });

  it('have their target, their person and their message', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const { id } = await make({ full_name: 'Ana Ruiz' }, { ending: 'done' });
    await owed(db, id, { status: 'failed' });
    await owed(db, id, { status: 'sent', target: 'other@acme.example', at: later(1) });
    await owed(db, id, { status: 'held', target: 'held@acme.example', at: later(2) });
    const { ask } = await openClient(db);
    const { text } = await ask('/admin/messages');
    for (const word of ['ops@acme.example', 'Ana Ruiz', 'Failed', 'No such person here', 'Sent', 'Not sent: email is off', '1 email was not sent']) expect(text).toContain(word); // prettier-ignore
    const failed = (await ask('/admin/messages?form=driver&status=failed')).text;
    expect(failed).toContain('ops@acme.example');
    expect(failed).not.toContain('other@acme.example');
    expect((await ask(`/admin/forms/driver/people/${id}`)).text).toContain('No such person here');
    const other = (await ask('/admin/messages?form=other')).text;
    expect(wordsOf(other)).toContain('No messages about this form yet To get an email');
    expect(other).toContain('<select id="form"');
    await owed(db, id, { channel: 'webhook', target: 'https://hooks.acme.example/in?key=1', at: later(3) });
    expect(wordsOf((await ask('/admin/messages?status=waiting')).text)).toContain('did not reach hooks.acme.example . Each'); // prettier-ignore
    expect(wordsOf((await ask('/admin/messages')).text)).toContain('did not reach a receiver . Each');
    // A word that every object knows is no act.
    expect((await ask('/admin/messages?done=constructor')).text).not.toContain('<p class="note" role="status">');
  });

  it.each([
    ['its title', [], 'Become a driver'],
    ['its title and its link, where another form has the same title', ['driver-2'], 'Become a driver (/driver)'],
  ])('name their form by %s', async (_, others, title) => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    for (const slug of others) await publish(db, { ...NOTIFYING, slug });
    const { id } = await make({ full_name: 'Ana' }, { ending: 'done' });
    await owed(db, id, { status: 'sent' });
    const test = { form: 'driver', channel: 'email', target: 'ben@acme.example', cause: 'test' } as const;
    await enqueueDelivery(db, test, later(1));
    const { ask } = await openClient(db);
    const page = async (path: string) => (await ask(path)).text.replaceAll(/(?<=>)\s+|\s+(?=<)/g, '');
    const list = await page('/admin/messages?form=driver');
    expect(list).toContain(`<option value="driver" selected>${title}</option>`);
    expect(list).toContain(`<bdi>${title}</bdi>`);
    expect(list).toContain(`Messages of ${title}`);
    expect(list).not.toContain('/driver<');
    const message = await page(`/admin/messages/${(await all(db))[1]!.id}`);
    expect(message).toMatch(/href="\/admin\/forms\/driver"><bdi>Become a driver/);
    expect(await page('/admin/people')).toContain(title);
  });

  it('go on with older ones, each once', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const { id } = await make({ full_name: 'Ana' });
    for (let n = 0; n < 60; n++) await owed(db, id, { target: `p${n}@acme.example`, at: later(n) });
    const { ask } = await openClient(db);
    const seen: string[] = [];
    let path: string | undefined = '/admin/messages?form=driver';
    while (path) {
      const { text } = await ask(path);
      seen.push(...[...text.matchAll(/<bdi[^>]*>(p\d+@)/g)].map(([, to]) => to ?? ''));
      path = /href="([^"]+)"[^>]*>\s*Show older/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
  });

  it('are those of the forms that a member may see, each once', async () => {
    const db = await temporaryDatabase();
    const slugs = ['driver', 'rider', 'rent'];
    for (let n = 0; n < 12; n++)
      await enqueueDelivery(db, { form: slugs[n % 3]!, channel: 'email', target: `to-${n}@acme.example`, cause: 'more' }, later(n)); // prettier-ignore
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { items, older } = await listDeliveries(db, { forms: ['driver', 'rent', 'none'] }, { limit: 3, cursor });
      seen.push(...items.map(({ target }) => target.replace('@acme.example', '')));
      cursor = older ?? undefined;
    } while (cursor);
    expect(seen).toEqual(['to-11', 'to-9', 'to-8', 'to-6', 'to-5', 'to-3', 'to-2', 'to-0']);
    expect((await listDeliveries(db, { forms: ['none', 'other'] }, { limit: 3 })).items).toEqual([]);
  });
});

describe('one delivery', () => {
  it('shows each attempt, and the email as the receiver gets it, without sensitive answers', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const submission = await make({ full_name: '<b>Ana</b>', sss: '34-5678901-2' }, { ending: 'done' });
    const id = await owed(db, submission.id, { status: 'failed' });
    const { ask } = await openClient(db);
    const { text } = await ask(`/admin/messages/${id}`);
    for (const word of ['Refused', 'Answered 550', 'No such person here', 'A new submission: Become a driver', '&lt;b&gt;Ana&lt;/b&gt;']) expect(text).toContain(word); // prettier-ignore
    expect(text).not.toContain('34-5678901-2');
    expect((await ask('/admin/messages/00000000-0000-7000-8000-000000000000')).status).toBe(404);
  });

  it.each([
    ['Accepted', 'sent', 250, '250 queued as 4BxYz'],
    ['Refused', 'failed', 550, '550 No such person here'],
    ['No answer', 'failed', null, 'The mail server did not answer in time'],
    ['Not sent', 'failed', null, 'Not sent: the form no longer sends to this address'],
  ] as const)(
    'has only the outcome of an attempt that Flipsite knows: %s',
    async (outcome, status, answer, message) => {
      const db = await temporaryDatabase();
      const make = await publish(db, NOTIFYING);
      const id = await owed(db, (await make({ full_name: 'Ana' }, { ending: 'done' })).id);
      await recordAttempt(db, id, { at: NOW.toISOString(), ok: status === 'sent', status: answer, message, tookMs: 12 }, status, NOW); // prettier-ignore
      const { ask } = await openClient(db);
      expect((await ask(`/admin/messages/${id}`)).text).toContain(`<b>${outcome}</b>`);
    },
  );

  it('is sent again', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const { id: submission } = await make({ full_name: 'Ana' }, { ending: 'done' });
    const id = await owed(db, submission, { status: 'failed' });
    const { send, ask } = await openClient(db, { mailing: true });
    const answer = await send(`/admin/messages/${id}/again`, {});
    expect([answer.status, answer.location]).toEqual([303, `/admin/messages/${id}?done=again`]);
    expect((await ask(answer.location ?? '')).text).toContain('Sending it now');
    expect((await findDelivery(db, id))?.status).toBe('waiting');
    expect(await due(db)).toEqual([id]);
    const sent = { at: NOW.toISOString(), ok: true, status: 250, message: '250 OK', tookMs: 12 };
    await recordAttempt(db, id, sent, 'sent', NOW);
    expect((await ask(answer.location ?? '')).text).not.toContain('Sending it now');
  });

  it('is not said to be sent while nothing leaves the site', async () => {
    const db = await temporaryDatabase();
    const { id: submission } = await (await publish(db, NOTIFYING))({}, { ending: 'done' });
    const id = await owed(db, submission, { status: 'failed' });
    const { send, ask } = await openClient(db, { mailing: true, outgoing: false });
    const one = await send(`/admin/messages/${id}/again`, {});
    expect((await ask(one.location ?? '')).text).toContain('It is not sent now, because OUTGOING is off.');
    const all = await send('/admin/messages/again', { since: '2020-01-01T00:00' });
    const { text } = await ask(all.location ?? '');
    expect(text).toContain('because OUTGOING is off. Added to the messages that wait: 0.');
    expect(text).not.toContain('Trying again');
  });

  it('shows no attempt to come while nothing leaves the site', async () => {
    const db = await temporaryDatabase();
    const { id: submission } = await (await publish(db, NOTIFYING))({}, { ending: 'done' });
    const [first, next] = [await owed(db, submission), await owed(db, submission, { channel: 'webhook', target: 'https://acme.example/hooks', at: later(1) })]; // prettier-ignore
    await recordAttempt(db, next, { at: NOW.toISOString(), ok: false, status: 503, message: 'Busy', tookMs: 12 }, 'waiting', later(60)); // prettier-ignore
    const pages = ['/admin/messages', ...[first, next].map((id) => `/admin/messages/${id}`), `/admin/forms/driver/people/${submission}`]; // prettier-ignore
    const shown = async (outgoing: boolean) => {
      const { ask } = await openClient(db, { mailing: true, outgoing });
      return Promise.all(pages.map(async (page) => /First attempt|Next attempt|Next try|No attempts, because OUTGOING is off/.exec((await ask(page)).text)?.[0])); // prettier-ignore
    };
    expect(await shown(true)).toEqual(['Next try', 'First attempt', 'Next attempt', 'Next try']);
    expect(await shown(false)).toEqual([undefined, 'No attempts, because OUTGOING is off', undefined, undefined]);
  });

  it('says who can turn email on, and offers no button, while a site sends no email', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const { id: submission } = await make({ full_name: 'Ana' }, { ending: 'done' });
    const hook = { channel: 'webhook', target: 'https://acme.example/hooks', status: 'failed', at: later(1) } as const;
    const [mail, webhook] = [await owed(db, submission, { status: 'held' }), await owed(db, submission, hook)];
    const { ask } = await openClient(db);
    const offers = async (id: string) =>
      /action="[^"]*\/(again|elsewhere)"/.test((await ask(`/admin/messages/${id}`)).text);
    expect([await offers(mail), await offers(webhook)]).toEqual([false, true]);
    expect((await ask(`/admin/messages/${mail}`)).text).toContain('Ask the person who runs Flipsite to set SMTP_URL');
  });

  it('is sent to another address, and the first one stays as it is', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const { id: submission } = await make({ full_name: 'Ana' }, { ending: 'done' });
    const hook = { channel: 'webhook', target: 'https://acme.example/hooks', status: 'failed', at: later(1) } as const;
    const [mail, webhook] = [await owed(db, submission, { status: 'failed' }), await owed(db, submission, hook)];
    const { send, at } = await openClient(db);
    at(later(2));
    expect((await send(`/admin/messages/${mail}/elsewhere`, { to: ' new@acme.example ' })).status).toBe(303);
    at(later(3));
    expect((await send(`/admin/messages/${webhook}/elsewhere`, { to: 'https://acme.example/v2' })).status).toBe(303);
    expect(await all(db)).toMatchObject([
      { target: 'https://acme.example/v2', channel: 'webhook', secretEnv: 'ACME_HOOK_SECRET', status: 'waiting' },
      { target: 'new@acme.example', channel: 'email', status: 'waiting' },
      { id: webhook, status: 'failed' },
      { id: mail, status: 'failed' },
    ]);
  });

  it('names the member in the timeline when it goes elsewhere, or takes sensitive answers along again', async () => {
    const db = await temporaryDatabase();
    const form = compiled(`
title: Loan
screens:
  - id: only
    title: Only
    fields:
      - { id: full_name, type: text, label: Full name }
      - { id: tax, type: text, label: Tax number, sensitive: true }
endings: [{ id: done, title: Thanks }]
notify: [{ webhook: 'https://acme.example/hooks', secret_env: ACME_HOOK_SECRET }]
`);
    const make = await publish(db, form);
    const { id: submission } = await make({ full_name: 'Ana', tax: 'TAX-1' }, { ending: 'done' });
    const hook = { channel: 'webhook', target: 'https://acme.example/hooks?key=secret', status: 'failed', at: later(1) } as const; // prettier-ignore
    const [mail, webhook] = [await owed(db, submission, { status: 'failed' }), await owed(db, submission, hook)];
    const { send, ask } = await openClient(db);
    await send('/admin/messages/again', { since: '2020-01-01T00:00' });
    await send(`/admin/messages/${mail}/again`, {});
    await send(`/admin/messages/${mail}/elsewhere`, { to: 'new@acme.example' });
    await send(`/admin/messages/${webhook}/again`, {});
    await send(`/admin/messages/${webhook}/elsewhere`, { to: 'https://other.example/v2?key=secret' });
    await send('/admin/forms/driver/test-delivery', { rule: '0' });
    const events = await listEvents(db, { id: submission, smileUserId: null });
    const by = { email: MEMBER.email, member: expect.any(String) };
    const acme = ['sensitiveSent', { to: 'acme.example', fields: ['tax'], ...by }];
    const told = events.filter(({ name }) => name.startsWith('sen')).map(({ name, data }) => [name, data]);
    expect(told).toEqual([
      acme,
      ['sentElsewhere', { to: 'new@acme.example', ...by }],
      acme,
      ['sentElsewhere', { to: 'other.example', fields: ['tax'], ...by }],
      acme,
    ]);
    const { text } = await ask(`/admin/forms/driver/people/${submission}`);
    expect(text.replace(/<[^>]*>/g, '')).toMatch(/Sent to another address.*“Tax number”\. other\.example\. By ops@acme\.example/); // prettier-ignore
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it.each([
    ['email', 'nobody'],
    ['email', 'a@b.example\r\nBcc: c@d.example'],
    ['email', 'a@b.example, c@d.example'],
    ['webhook', 'ftp://acme.example'],
    ['webhook', 'http://acme.example/hooks'],
    ['webhook', 'https://127.0.0.1/'],
    ['webhook', 'https://169.254.169.254/latest/meta-data'],
    ['webhook', 'https://[::ffff:10.0.0.1]/'],
    ['webhook', 'https://me:pass@acme.example/'],
  ] as const)('goes by %s to no such address: %s', async (channel, to) => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const { id: submission } = await make({ full_name: 'Ana' });
    const id = await owed(db, submission, { channel, target: channel === 'email' ? 'ops@acme.example' : 'https://acme.example/' }); // prettier-ignore
    const { send } = await openClient(db);
    const answer = await send(`/admin/messages/${id}/elsewhere`, { to });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Nothing was sent');
    expect(await all(db)).toHaveLength(1);
  });
});

describe('all deliveries since a time', () => {
  const three = async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const { id } = await make({ full_name: 'Ana' });
    const old = await owed(db, id, { status: 'failed', at: later(-120) });
    const failed = await owed(db, id, { status: 'failed', at: later(0) });
    const held = await owed(db, id, { status: 'held', at: later(1) });
    const sent = await owed(db, id, { status: 'sent', at: later(2) });
    return { db, old, failed, held, sent, ...(await openClient(db)) };
  };

  it('that failed or were held are sent again', async () => {
    const { db, failed, held, send, ask } = await three();
    const answer = await send('/admin/messages/again', { since: '2026-11-24T10:00', form: 'driver' });
    expect((await ask(answer.location ?? '')).text).toContain(
      'Sending 2 messages again. Emails are not sent, because email is not set up.',
    );
    expect(await due(db)).toEqual([failed, held].sort());
  });

  it('are sent again since a time in the time zone of the member', async () => {
    const { db, failed, held, send } = await three();
    await send('/admin/messages/again', { since: '2026-11-24T18:00', zone: 'Asia/Manila' });
    expect(await due(db)).toEqual([failed, held].sort());
  });

  it('are not offered with the messages of one person, because others would go out too', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const { id } = await make({ full_name: 'Ana' }, { ending: 'done' });
    await owed(db, id, { status: 'failed' });
    const { ask } = await openClient(db);
    expect((await ask('/admin/messages?form=driver')).text).toContain('action="/admin/messages/again"');
    const { text } = await ask(`/admin/messages?submission=${id}`);
    expect(text).toContain('ops@acme.example');
    expect(text).not.toContain('action="/admin/messages/again"');
  });

  it('are all sent again where that is wanted', async () => {
    const { db, failed, held, sent, send } = await three();
    await send('/admin/messages/again', { since: '2026-11-24T10:00', which: 'all' });
    expect(await due(db)).toEqual([failed, held, sent].sort());
  });

  it('are sent again without the invitations that were sent, which people would get twice', async () => {
    const { db, sent, failed, held, send } = await three();
    await db.query.updateTable('deliveries').set({ cause: 'invited' }).where('id', 'in', [sent, failed]).execute();
    const answer = await send('/admin/messages/again', { since: '2026-11-24T10:00', which: 'all' });
    expect(answer.location).toContain('sent=2');
    expect(await due(db)).toEqual([failed, held].sort());
  });

  it('are offered since yesterday, and those that waited for a mail server since the oldest one', async () => {
    const db = await temporaryDatabase();
    const { id } = await (await publish(db, NOTIFYING))({}, { ending: 'done' });
    const { ask, send } = await openClient(db, { mailing: true });
    const daysAgo = (days: number) => later(-days * 86_400);
    const offer = async (path: string) => {
      const { text } = await ask(path);
      return { text, since: /name="since"[^>]* value="([^"]*)"/.exec(text)?.[1], which: /<select id="which"[^]*?value="(\w+)"/.exec(text)?.[1] }; // prettier-ignore
    };
    const held = await owed(db, id, { status: 'held', at: daysAgo(9) });
    await owed(db, id, { status: 'failed', at: daysAgo(8) });
    const { text, ...usual } = await offer('/admin/messages');
    expect(usual).toEqual({ since: daysAgo(1).toISOString().slice(0, 16), which: 'unsent' });
    const [, sendThem = ''] = /<a href="([^"]*)"[^>]*>\s*send it/.exec(text) ?? [];
    const { since = '', which = '' } = await offer(sendThem.replace(/#.*/, ''));
    expect(since).toBe(daysAgo(9).toISOString().slice(0, 16));
    // The message that failed meanwhile is not sent with them.
    await send('/admin/messages/again', { since, which });
    expect(await due(db)).toEqual([held]);
  });

  it.each(['', 'yesterday', '2026-99-99T00:00'])('are not sent again since “%s”', async (since) => {
    const { db, send } = await three();
    expect((await send('/admin/messages/again', { since })).status).toBe(400);
    expect(await due(db)).toEqual([]);
  });
});

it('are counted in the settings as far as they are read', async () => {
  const db = await temporaryDatabase();
  const { ask } = await openClient(db);
  const failed = { form: 'driver', channel: 'email', target: 'ops@acme.example', cause: 'submitted', status: 'failed', created_at: NOW.toISOString() }; // prettier-ignore
  const rows = Array.from({ length: 1_000 }, (_, n) => ({ id: `d-${n}`, ...failed }));
  await db.query.insertInto('deliveries').values(rows.slice(1)).execute();
  expect(wordsOf((await ask('/admin/settings')).text)).toContain(' 999 messages failed');
  await db.query.insertInto('deliveries').values(rows.slice(0, 1)).execute();
  expect(wordsOf((await ask('/admin/settings')).text)).toContain(' 1,000+ messages failed');
});

it('are not called sent on the page of the settings while the mail server refuses them', async () => {
  const db = await temporaryDatabase();
  const { id } = await (await publish(db, NOTIFYING))({}, { ending: 'done' });
  const { ask } = await openClient(db);
  await owed(db, id, { status: 'sent' });
  const shown = async () => wordsOf((await ask('/admin/settings')).text);
  expect(await shown()).toContain('All messages were sent.');
  await owed(db, id, { status: 'waiting' });
  expect(await shown()).toContain('1 message on the way, or tried again');
  expect(await shown()).not.toContain('All messages were sent.');
});

it('say that emails are not sent only where email is not set up', async () => {
  const { ask } = await openClient(await temporaryDatabase(), { mailing: true });
  expect((await ask('/admin/messages?done=test')).text).toMatch(/Sending a test with the latest submission\.\s*</);
});

describe('a test', () => {
  it('carries the latest submission that was sent, to the address that was chosen', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const { id } = await make({ full_name: 'Ana' }, { ending: 'done' });
    await make({ full_name: 'Ben' }, { now: later(5) });
    const { send, ask } = await openClient(db);
    expect((await ask('/admin/messages?form=driver')).text).toContain('Send a test to ops@acme.example');
    const answer = await send('/admin/forms/driver/test-delivery', { rule: '1' });
    expect(answer.status).toBe(303);
    expect(await all(db)).toMatchObject([{ cause: 'test', channel: 'webhook', target: 'https://acme.example/hooks', submissionId: id, secretEnv: 'ACME_HOOK_SECRET' }]); // prettier-ignore
  });

  it('has the latest draft that counts, until one is sent', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const { id } = await make({ full_name: 'Ana' });
    const [robot, deleted] = [await make({ full_name: 'Eve' }, { now: later(5) }), await make({}, { now: later(6) })];
    await db.query.updateTable('submissions').set({ quarantined: 1 }).where('id', '=', robot.id).execute();
    await db.query.updateTable('submissions').set({ erased_at: NOW.toISOString() }).where('id', '=', deleted.id).execute(); // prettier-ignore
    const { send } = await openClient(db);
    await send('/admin/forms/driver/test-delivery', { rule: '0' });
    expect(await all(db)).toMatchObject([{ cause: 'test', submissionId: id }]);
  });

  it('is refused without a submission, and for an event that the form does not send', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const { send } = await openClient(db);
    expect((await send('/admin/forms/driver/test-delivery', { rule: '0' })).status).toBe(400);
    await make({ full_name: 'Ana' });
    expect((await send('/admin/forms/driver/test-delivery', { rule: '7' })).status).toBe(400);
    expect(await all(db)).toEqual([]);
  });
});

describe('the actions on deliveries', () => {
  it('is for members, from our own pages', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, NOTIFYING);
    const { id: submission } = await make({ full_name: 'Ana' }, { ending: 'done' });
    const id = await owed(db, submission, { status: 'failed' });
    const member = await openClient(db);
    const stranger = await createClient(db);
    const posts: [string, Record<string, string>][] = [
      [`/admin/messages/${id}/again`, {}],
      [`/admin/messages/${id}/elsewhere`, { to: 'x@acme.example' }],
      ['/admin/messages/again', { since: '2026-11-24T10:00' }],
      ['/admin/forms/driver/test-delivery', { rule: '0' }],
    ];
    for (const [path, fields] of posts) {
      expect((await stranger.send(path, fields)).location).toMatch(/^\/admin\/sign-in/);
      expect((await member.send(path, fields, { origin: 'https://evil.example' })).status).toBe(403);
    }
    expect((await stranger.ask('/admin/messages')).location).toContain('/admin/sign-in');
    expect(await due(db)).toEqual([]);
    expect(await all(db)).toHaveLength(1);
  });
});
