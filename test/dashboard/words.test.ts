/** The dashboard's words about forms and comparisons, and the parts that it leaves out. */
import { describe, expect, it } from 'vitest';
import { sparkline } from '../../src/dashboard/forms/sparkline.ts';
import { listEvents } from '../../src/record/event-queries.ts';
import { erase } from '../../src/record/erasure.ts';
import { enqueueDelivery, holdDelivery } from '../../src/record/deliveries.ts';
import { listDeliveries } from '../../src/record/delivery-queries.ts';
import { saveVersion } from '../../src/record/versions.ts';
import { storeLinked } from '../../src/record/accounts/account-data.ts';
import { NOW, temporaryDatabase } from '../helpers/database.ts';
import { openClient } from '../helpers/dashboard-client.ts';
import { compiled, link, publish } from './forms.ts';

const plain = (html: string): string => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

const limited = (slug: string, limits: string) =>
  compiled(
    `title: Form ${slug}
limits: ${limits}
screens: [{ id: a, title: A, fields: [{ id: name, type: text, label: Name }] }]
endings: [{ id: done, title: Done }]`,
    slug,
  );

describe('a form', () => {
  it('is shown as people meet it: closed, full, not open yet, or open', async () => {
    const db = await temporaryDatabase();
    await publish(db, limited('a', '{ closes: 2026-01-01 }'));
    const full = await publish(db, limited('b', '{ max: 1 }'));
    await full({ name: 'Ana' }, { ending: 'done' });
    await publish(db, limited('c', '{ opens: 2026-12-24T09:00+08:00, timezone: Asia/Manila }'));
    await publish(db, limited('d', '{ closes: 2026-12-31, max: 2 }'));
    const member = await openClient(db);
    const list = plain((await member.ask('/admin')).text);
    expect(list).toMatch(/Form a Closed after 1 Jan 2026 /);
    expect(list).toMatch(/Form b Full: 1 of 1 /);
    expect(list).toMatch(/Form c Opens 24 Dec 2026, 09:00 GMT\+8 /);
    expect(list).toMatch(/Form d Live /);
    expect(plain((await member.ask('/admin/forms/a/people')).text)).toContain('Form a Closed after 1 Jan 2026');
  });

  it('has a QR code of its address, to be looked at and downloaded, while people can reach it', async () => {
    const db = await temporaryDatabase();
    await publish(db);
    const member = await openClient(db);
    const { text } = await member.ask('/admin/forms/driver/people');
    const drawn = /<svg[^>]*aria-label="QR code[^]*?<\/svg>/.exec(text)?.[0];
    const file = await member.ask('/admin/forms/driver/qr.svg');
    expect(file.text).toBe(drawn);
    expect(file.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="driver-qr.svg"');
    expect((await member.ask('/admin/forms/nope/qr.svg')).status).toBe(404);
  });

  it('is drawn over the days that are over, with today as a dot', () => {
    const { line, today } = sparkline([4, 4, 0], 44, 12);
    expect([line, today]).toEqual(['M2 2 22 2', 'M42 10h0']);
  });
});

const MATCHED = compiled(
  `
title: Loan
match: { name: full_name, monthly_income: { field: pay, within: 10 } }
screens:
  - id: about
    title: About
    fields:
      - { id: full_name, type: text, label: Name }
      - { id: pay, type: money, currency: PHP, label: Pay, sensitive: true }
  - { id: connect, title: Connect, wink: { require: none, retrieve: [identities, incomes] } }
endings: [{ id: done, title: Done }]
`,
  'loan',
);

async function matched() {
  const db = await temporaryDatabase();
  const { id } = await (await publish(db, MATCHED))({ full_name: 'Ana Ruiz', pay: 25_025 });
  await link(db, id, { confirmed: true });
  const income = { startDate: '2026-10-01', currency: 'PHP', netAmount: 7820.25, payFrequency: 'Monthly' };
  await storeLinked(db, { accountId: `a-${id}`, submissionId: id }, [{ dataPoint: 'incomes', items: [income] }], NOW);
  return { db, id, path: `/admin/forms/loan/people/${id}`, member: await openClient(db) };
}

describe('the declared and the linked values', () => {
  it('gives no sensitive answer away, by how far off it is either, until a member asks, which is recorded', async () => {
    const { db, id, path, member } = await matched();
    const events = async () => (await listEvents(db, { id, smileUserId: null })).map(({ name }) => name);
    const covered = (await member.ask(path)).text;
    expect(plain(covered)).toMatch(
      /Monthly income \(“Pay”\) Different They said ••• Show Monthly income \(“Pay”\) The account says ₱7,820\.25/,
    );
    expect(covered).not.toMatch(/25,025|higher|lower|net pay/);
    expect(await events()).toEqual([]);
    const shown = await member.send(`${path}/sensitive`, { field: 'pay' });
    expect(plain(shown.text)).toMatch(/They said ₱25,025 The account says ₱7,820\.25 The answer is 220% higher/);
    expect(await events()).toEqual(['sensitiveShown']);
  });

  it('give no answer away that a later version marked as sensitive', async () => {
    const db = await temporaryDatabase();
    const open = structuredClone(MATCHED);
    for (const field of open.screens[0]?.fields ?? []) Reflect.deleteProperty(field, 'sensitive');
    const { id } = await (await publish(db, open))({ full_name: 'Ana Ruiz', pay: 25_025 });
    const member = await openClient(db);
    const path = `/admin/forms/loan/people/${id}`;
    expect(plain((await member.ask(path)).text)).toContain('Pay ₱25,025');
    await saveVersion(db, MATCHED, NOW);
    expect(plain((await member.ask(path)).text)).toContain('Pay •••');
    const without = structuredClone(open);
    for (const screen of without.screens) screen.fields = screen.fields.filter(({ id }) => id !== 'pay');
    await saveVersion(db, without, NOW);
    expect(plain((await member.ask(path)).text)).toContain('Pay •••');
    expect(plain((await member.send(`${path}/sensitive`, { field: 'pay' })).text)).toContain('Pay ₱25,025');
    const found = async (q: string) => (await member.ask(`/admin/forms/loan/people?q=${q}`)).text.includes(id);
    expect([await found('Ruiz'), await found('25025')]).toEqual([true, false]);
    // A mark that was a mistake, and is taken back.
    await saveVersion(db, open, NOW);
    expect(plain((await member.ask(path)).text)).toContain('Pay ₱25,025');
    expect(await found('25025')).toBe(true);
  });

  it('is left out of a submission that was erased', async () => {
    const { db, id, path, member } = await matched();
    await erase(db, id, NOW);
    const { text } = await member.ask(path);
    expect(text).not.toMatch(/Their answers and the account|The person did not answer this/);
  });
});

it('emails that were held are distinct from those that are held because the site has no mail server', async () => {
  const db = await temporaryDatabase();
  const { id } = await (await publish(db))({ full_name: 'Ana' }, { ending: 'done' });
  await enqueueDelivery(db, { form: 'driver', submissionId: id, channel: 'email', target: 'ops@acme.example', cause: 'submitted' }, NOW); // prettier-ignore
  const [delivery] = (await listDeliveries(db, {}, { limit: 1 })).items;
  await holdDelivery(db, delivery?.id ?? '', NOW);
  const without = await openClient(db);
  expect(plain((await without.ask('/admin/messages')).text)).toContain('1 email was not sent. Email is not set up yet. Ask the person who runs Flipsite to set SMTP_URL'); // prettier-ignore
  const withServer = await openClient(db, { mailing: true });
  await withServer.signIn();
  const told = plain((await withServer.ask('/admin/messages')).text);
  expect(told).toContain('1 email was not sent. Email was off when it was due. Read it or send it');
  expect(told).not.toContain('SMTP_URL');
});
