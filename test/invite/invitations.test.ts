import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invitationStateOf } from '../../src/invite/state.ts';
import { markRevoked, recordAccount } from '../../src/record/accounts/accounts.ts';
import { findDelivery } from '../../src/record/deliveries.ts';
import { fieldCalled } from '../../src/form/schema.ts';
import { linkOf } from '../../src/invite/link.ts';
import { listInvitations } from '../../src/record/invitation-list.ts';
import { sessionCookie } from '../helpers/visitor.ts';
import { eventually } from '../deliver/forms.ts';
import { openMailServer, type MailServer } from '../deliver/mail-server.ts';
import { LONG } from '../helpers/run/long.ts';
import { ask, doOwed, openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { INVITING } from './forms.ts';

/** In one file. */
const PEOPLE = LONG ? 5_000 : 500;
const PUBLIC = 'https://forms.acme.example';

let server: MailServer;
let site: TestSite;
let cookie = '';
let now: Date;

beforeEach(async () => {
  server = await openMailServer();
  now = new Date();
  site = await openTestSite({
    forms: { driver: INVITING },
    env: { RATE_LIMIT: 'off', SMTP_URL: server.url, MAIL_FROM: 'forms@acme.example', PUBLIC_ORIGIN: PUBLIC },
    now: () => now,
  });
  cookie = await sessionCookie(site.db, now);
});
afterEach(async () => {
  await site.close();
  removeFolder(site.folder);
  await server.close();
});

const post = (path: string, fields: Record<string, string>) =>
  fetch(site.origin + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: PUBLIC, cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });

async function upload(text: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new File([text], 'people.csv', { type: 'text/csv' }));
  return fetch(`${site.origin}/admin/forms/driver/invitations/csv`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: PUBLIC, cookie, ...headers },
    body: form,
  });
}

const invite = (name: string, email: string, language = 'en') =>
  post('/admin/forms/driver/invitations', { name, email, language });

const listed = async () => (await listInvitations(site.db, 'driver', { limit: 100 })).items;
const states = async () => Object.fromEntries((await listed()).map((one) => [one.email, invitationStateOf(one, now)]));
/** The emails, once all queued jobs are done. */
const soon = <T>(what: () => T | undefined | Promise<T | undefined>) =>
  eventually(async () => {
    await doOwed(site, now);
    return what();
  });
const mailTo = (email: string, after = 0) =>
  soon(() => server.mails.slice(after).find(({ to }) => to[0] === email)); // prettier-ignore

/** The id and the token in the link of a mail. */
function linkIn(text: string): { path: string; id: string; token: string } {
  const found = /https:\/\/forms\.acme\.example(\/driver\/invite\/\w+)#([\w-]+)\.([\w-]+)/.exec(text);
  if (!found) throw new Error(`There is no link in:\n${text}`);
  const [, path = '', id = '', token = ''] = found;
  return { path, id, token };
}

async function call<T>(
  what: string,
  token: string,
  method = 'POST',
  body?: unknown,
): Promise<{ status: number; body: T }> {
  const response = await fetch(`${site.origin}/api/${what}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T };
}

/** The key of a site, which its data folder keeps. */
const secretOf = ({ folder }: TestSite): Buffer =>
  Buffer.from(readFileSync(path.join(folder, 'data', 'secret.key'), 'utf8'), 'base64');

type Begun = { id: string; token: string; language: string };

async function begun(email: string): Promise<Begun & { invitation: { id: string; token: string } }> {
  const { parsed } = await mailTo(email);
  const invitation = linkIn(parsed.text ?? '');
  const { body } = await call<Begun>(`invitations/${invitation.id}/begin`, invitation.token);
  return { ...body, invitation };
}

describe('an invitation by our own mail', () => {
  it('is in the words of the form, from its sender, in the language of the person, with a link of their own', async () => {
    await invite('Ana Ruiz', 'Ana@mail.example', 'es');
    const { parsed } = await mailTo('ana@mail.example');
    expect(parsed.from?.text).toBe('"Acme Hiring" <forms@acme.example>');
    expect(parsed.replyTo?.text).toBe('people@acme.example');
    expect(parsed.subject).toBe('Ana, conduce con Acme Hiring');
    for (const text of [parsed.text, parsed.html || '']) {
      expect(text).toContain('Hola Ana Ruiz,');
      expect(text).toContain('queremos que conduzcas con Acme Hiring.');
      expect(linkIn(text ?? '').path).toBe('/driver/invite/es');
    }
    expect(parsed.html).toMatch(/<html lang="es"/);
    expect((await fetch(`${site.origin}/driver/invite/es`)).status).toBe(200);
    // The form may have had that language when the invitation was sent.
    expect((await fetch(`${site.origin}/driver/invite/ar`)).status).toBe(200);
    expect((await fetch(`${site.origin}/driver/invite/fr`)).status).toBe(404);
  });

  it('fills in a name as the text it is, in no header and as no element', async () => {
    await invite('<b>Ana</b> "x" ${companyName}', 'ana@mail.example');
    const { to, parsed } = await mailTo('ana@mail.example');
    expect(to).toEqual(['ana@mail.example']);
    expect(parsed.html).not.toContain('<b>Ana</b>');
    expect(parsed.subject).toBe('<b>Ana</b>, drive with Acme Hiring');
  });

  it('greets a person whose family name comes first, with a comma, without the comma', async () => {
    await invite('Reyes, Ana', 'ana@mail.example');
    expect((await mailTo('ana@mail.example')).parsed.subject).toBe('Reyes, drive with Acme Hiring');
  });

  it('opens the form with the known answers filled in, and keeps its params', async () => {
    const answer = await upload('name,email,age,city,sss,customer_id\nAna Ruiz,ana@mail.example,31,cebu,34-1,42\n');
    expect(answer.headers.get('location')).toBe('/admin/forms/driver/invitations?done=invited&invited=1&left=0');
    const { id, token, language } = await begun('ana@mail.example');
    expect(language).toBe('en');
    const { body } = await call<{ answers: object; passed: string[] }>(`submissions/${id}/answers`, token, 'GET');
    expect(body.answers).toEqual({
      full_name: 'Ana Ruiz',
      email: 'ana@mail.example',
      age: 31,
      city: 'cebu',
      sss: '34-1',
    });
    expect(body.passed).toEqual([]);
    expect(await ask(site, `submissions/${id}`)).toMatchObject({ params: { customer_id: '42' }, status: 'draft' });
  });

  it('keeps the known answers of a person encrypted', async () => {
    await upload('name,email,sss\nAna,ana@mail.example,34-5678901-2\n');
    const rows = JSON.stringify(await site.db.query.selectFrom('invitations').selectAll().execute());
    expect(rows).toContain('ana@mail.example');
    expect(rows).not.toContain('34-5678901-2');
  });

  it.each([
    ['Ana Ruiz Cruz', 'Ana R C'],
    ['王小明', '王…'],
    ['Rosa “Baby” Reyes 🌺', 'Rosa B R'],
    ['Reyes, Ana', 'Reyes A'],
  ])('tells others who open the link of %s that it is for %s', async (name, person) => {
    await invite(name, 'ana@mail.example');
    const { id, token } = linkIn((await mailTo('ana@mail.example')).parsed.text ?? '');
    expect((await call(`invitations/${id}/open`, token)).body).toEqual({ status: 'open', person, prefilled: true });
  });

  it('passes through invited, opened, started and submitted', async () => {
    await invite('Ana', 'ana@mail.example');
    expect(await states()).toEqual({ 'ana@mail.example': 'waiting' });
    const { parsed } = await mailTo('ana@mail.example');
    const { id, token } = linkIn(parsed.text ?? '');
    await soon(async () => (await states())['ana@mail.example'] === 'invited' || undefined);
    expect((await call(`invitations/${id}/open`, token)).body).toEqual({
      status: 'open',
      person: 'Ana',
      prefilled: true,
    });
    expect(await states()).toEqual({ 'ana@mail.example': 'opened' });
    const { body: own } = await call<Begun>(`invitations/${id}/begin`, token);
    expect(await states()).toEqual({ 'ana@mail.example': 'started' });
    const events = await site.db.query.selectFrom('events').select('data').where('name', '=', 'started').execute();
    expect(JSON.parse(events[0]?.data ?? '')).toEqual({
      language: 'en',
      device: 'unknown',
      invitation: id,
      next: { screen: 'about' },
    });
    const about = { full_name: 'Ana', email: 'ana@mail.example' };
    await call(`submissions/${own.id}/answers`, own.token, 'PUT', { screen: 'about', answers: about });
    await call(`submissions/${own.id}/answers`, own.token, 'PUT', { screen: 'more', answers: {} });
    expect((await call(`submissions/${own.id}/submit`, own.token, 'POST', {})).status).toBe(200);
    expect(await states()).toEqual({ 'ana@mail.example': 'submitted' });
  });

  it('is linked once an account of its submission is connected', async () => {
    await invite('Ana', 'ana@mail.example');
    const { id: submissionId } = await begun('ana@mail.example');
    const account = {
      accountId: 'a-1',
      submissionId,
      screen: 'connect',
      providerId: 'upwork',
      at: now.toISOString(),
      now,
    };
    await recordAccount(site.db, { ...account, status: 'ERROR', errorCode: 'INVALID_AUTH', confirmed: true });
    expect(await states()).toEqual({ 'ana@mail.example': 'started' });
    // The browser claims it, which is not enough.
    await recordAccount(site.db, { ...account, accountId: 'a-2', status: 'CONNECTED', confirmed: false });
    expect(await states()).toEqual({ 'ana@mail.example': 'started' });
    await recordAccount(site.db, { ...account, status: 'CONNECTED', confirmed: true });
    expect(await states()).toEqual({ 'ana@mail.example': 'linked' });
    // Flipsite disconnects it after reading it, as the form says.
    await markRevoked(site.db, 'a-1', now);
    const later = new Date(now.getTime() + 1_000).toISOString();
    await recordAccount(site.db, { ...account, at: later, status: 'DISCONNECTED', confirmed: true });
    expect(await states()).toEqual({ 'ana@mail.example': 'linked' });
  });

  it('replaces the password of its form, as long as it is valid', async () => {
    await invite('Ana', 'ana@mail.example');
    await invite('Ben', 'ben@mail.example');
    writeFileSync(path.join(site.formsDir, 'driver.yaml'), `${INVITING}\npassword: letmein`);
    await eventually(() => Promise.resolve(site.catalog.current('driver')?.form.password));
    const begin = async (id: string, token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${site.origin}/api/invitations/${id}/begin`, { method: 'POST', headers });
      return { status: answer.status, pass: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
    };
    const page = async (pass: string) =>
      (await fetch(`${site.origin}/driver/en`, { headers: { cookie: pass } })).text();
    const { id, token } = linkIn((await mailTo('ana@mail.example')).parsed.text ?? '');
    const other = linkIn((await mailTo('ben@mail.example')).parsed.text ?? '');

    expect(await begin(id, other.token)).toEqual({ status: 404, pass: '' });
    const { pass } = await begin(id, token);
    expect(await page('')).toContain('This form needs a password');
    expect(await page(pass)).toContain('name="full_name"');
    // A person who comes back by the link is let in again.
    expect((await begin(id, token)).pass).not.toBe('');

    await post(`/admin/invitations/${other.id}/withdraw`, {});
    expect(await begin(other.id, other.token)).toEqual({ status: 410, pass: '' });
  });

  it('is one submission, however often and on however many devices it is begun', async () => {
    await invite('Ana', 'ana@mail.example');
    const { parsed } = await mailTo('ana@mail.example');
    const { id, token } = linkIn(parsed.text ?? '');
    const all = await Promise.all([1, 2, 3, 4].map(() => call<Begun>(`invitations/${id}/begin`, token)));
    expect(new Set(all.map(({ body }) => body.id)).size).toBe(1);
    expect((await call(`invitations/${id}/open`, token)).body).toEqual({ status: 'begun', person: 'Ana' });
    const { items } = await ask<{ items: unknown[] }>(site, 'forms/driver/submissions');
    expect(items).toHaveLength(1);
  });

  it('opens nothing any more once it is sent: no answers either', async () => {
    await invite('Ana', 'ana@mail.example');
    const { id, token, invitation } = await begun('ana@mail.example');
    const about = { full_name: 'Ana', email: 'ana@mail.example' };
    await call(`submissions/${id}/answers`, token, 'PUT', { screen: 'about', answers: about });
    await call(`submissions/${id}/answers`, token, 'PUT', { screen: 'more', answers: {} });
    await call(`submissions/${id}/submit`, token, 'POST', {});
    expect((await call(`invitations/${invitation.id}/open`, invitation.token)).body).toEqual({ status: 'sent' });
    expect(await call(`invitations/${invitation.id}/begin`, invitation.token)).toMatchObject({ status: 409, body: { error: { code: 'already_submitted' } } }); // prettier-ignore
  });

  it('expires, and can be sent again', async () => {
    await invite('Ana', 'ana@mail.example');
    const { parsed } = await mailTo('ana@mail.example');
    const { id, token } = linkIn(parsed.text ?? '');
    await soon(async () => (await states())['ana@mail.example'] === 'invited' || undefined);
    now = new Date(now.getTime() + 6 * 86_400_000);
    expect(await states()).toEqual({ 'ana@mail.example': 'invited' });
    now = new Date(now.getTime() + 3 * 86_400_000);
    expect(await states()).toEqual({ 'ana@mail.example': 'expired' });
    expect((await call(`invitations/${id}/open`, token)).body).toEqual({ status: 'over' });
    expect((await call(`invitations/${id}/begin`, token)).status).toBe(410);
    await site.db.query.updateTable('sessions').set({ expires_at: '2999-01-01T00:00:00.000Z' }).execute();
    const answer = await post(`/admin/invitations/${id}/again`, {});
    expect(answer.headers.get('location')).toBe('/admin/forms/driver/invitations?done=again');
    const again = (await mailTo('ana@mail.example', 1)).parsed;
    expect(linkIn(again.text ?? '')).toMatchObject({ id, token });
    // Mail programs leave out an email with the Message-ID of one that they have.
    expect(again.messageId).toBe(parsed.messageId?.replace('@', '.1@'));
  });

  it('is not sent again while its address has another open one', async () => {
    const again = async (id: string) => (await post(`/admin/invitations/${id}/again`, {})).status;
    await invite('Ana', 'ana@mail.example');
    const { id } = linkIn((await mailTo('ana@mail.example')).parsed.text ?? '');
    await post(`/admin/invitations/${id}/withdraw`, {});
    await invite('Ana', 'ana@mail.example');
    const { id: other } = linkIn((await mailTo('ana@mail.example', 1)).parsed.text ?? '');
    const refused = await post(`/admin/invitations/${id}/again`, {});
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('another open invitation')]);
    expect(await again(other)).toBe(303);
    await post(`/admin/invitations/${other}/withdraw`, {});
    expect(await again(id)).toBe(303);
  });

  it('that was begun can be finished after it has expired', async () => {
    await invite('Ana', 'ana@mail.example');
    const { id, invitation } = await begun('ana@mail.example');
    now = new Date(now.getTime() + 9 * 86_400_000);
    expect((await call<Begun>(`invitations/${invitation.id}/begin`, invitation.token)).body.id).toBe(id);
  });

  it('that was used is not withdrawn, and the person can be invited again once the link no longer opens the form', async () => {
    await invite('Ana', 'ana@mail.example');
    const { id } = (await begun('ana@mail.example')).invitation;
    const refused = await post(`/admin/invitations/${id}/withdraw`, {});
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('This person has started')]);
    expect((await invite('Ana', 'ana@mail.example')).status).toBe(422);
    const longAgo = new Date(now.getTime() - 60 * 86_400_000).toISOString();
    await site.db.query.updateTable('submissions').set({ created_at: longAgo }).execute();
    const over = await post(`/admin/invitations/${id}/again`, {});
    expect([over.status, await over.text()]).toEqual([
      409,
      expect.stringContaining('started too long ago to continue'),
    ]);
    await post(`/admin/messages/${(await listed())[0]?.deliveryId}/again`, {});
    const tried = async () => (await site.db.query.selectFrom('attempts').select('message').execute()).map(({ message }) => message); // prettier-ignore
    await soon(async () => (await tried()).find((message) => message.startsWith('Not sent: the person started too')));
    expect((await invite('Ana', 'ana@mail.example')).status).toBe(303);
    expect(linkIn((await mailTo('ana@mail.example', 1)).parsed.text ?? '').id).not.toBe(id);
  });

  it('that is withdrawn opens nothing', async () => {
    await invite('Ana', 'ana@mail.example');
    const { parsed } = await mailTo('ana@mail.example');
    const { id, token } = linkIn(parsed.text ?? '');
    expect((await post(`/admin/invitations/${id}/withdraw`, {})).status).toBe(303);
    expect((await call(`invitations/${id}/begin`, token)).status).toBe(410);
    expect(await states()).toEqual({ 'ana@mail.example': 'withdrawn' });
  });

  it('that was sent stays sent where it is sent again and nobody needs the copy', async () => {
    await invite('Ana', 'ana@mail.example');
    await mailTo('ana@mail.example');
    const [{ id = '', deliveryId = '' } = {}] = await soon(async () => {
      const all = await listed();
      return all[0]?.delivery === 'sent' ? all : undefined;
    });
    await post(`/admin/invitations/${id}/withdraw`, {});
    expect((await post(`/admin/messages/${deliveryId}/again`, {})).status).toBe(303);
    await soon(async () => (await findDelivery(site.db, deliveryId ?? ''))?.status !== 'waiting' || undefined);
    const attempts = await site.db.query.selectFrom('attempts').select('message').orderBy('id').execute();
    expect(attempts.at(-1)?.message).toBe('Not sent: the invitation was withdrawn');
    expect((await findDelivery(site.db, deliveryId ?? ''))?.status).toBe('sent');
  });

  it('that is withdrawn before its mail could be sent is not sent any more, until it is sent again', async () => {
    server.refuse = { responseCode: 451, message: 'Try again later' };
    await invite('Ana', 'ana@mail.example');
    const tried = () => site.db.query.selectFrom('attempts').select('message').execute();
    await soon(async () => (await tried()).length > 0 || undefined);
    const [{ id = '', deliveryId = '' } = {}] = await listed();
    expect((await post(`/admin/invitations/${id}/withdraw`, {})).status).toBe(303);
    server.refuse = undefined;
    now = new Date(now.getTime() + 3_600_000);
    await soon(async () => (await findDelivery(site.db, deliveryId ?? ''))?.status !== 'waiting' || undefined);
    expect((await tried()).map(({ message }) => message)).toContain('Not sent: the invitation was withdrawn');
    expect(server.mails).toEqual([]);
    expect(await states()).toEqual({ 'ana@mail.example': 'withdrawn' });
    await post(`/admin/invitations/${id}/again`, {});
    expect(linkIn((await mailTo('ana@mail.example')).parsed.text ?? '')).toMatchObject({ id });
  });

  it('that has expired, or was used, before its mail could be sent is not sent any more', async () => {
    server.refuse = { responseCode: 451, message: 'Try again later' };
    await invite('Ana', 'ana@mail.example');
    await invite('Ben', 'ben@mail.example');
    const tried = async () => (await site.db.query.selectFrom('attempts').select('message').execute()).map(({ message }) => message); // prettier-ignore
    await soon(async () => (await tried()).length > 1 || undefined);
    const [ben] = (await listed()).filter(({ email }) => email === 'ben@mail.example');
    const { body } = await call<Begun>(
      `invitations/${ben!.id}/begin`,
      linkOf([secretOf(site)], ben!, PUBLIC)
        .split('.')
        .at(-1)!,
    );
    await site.db.query.updateTable('submissions').set({ submitted_at: now.toISOString() }).where('id', '=', body.id).execute(); // prettier-ignore
    server.refuse = undefined;
    now = new Date(now.getTime() + 9 * 86_400_000);
    await soon(async () => (await tried()).length > 3 || undefined);
    expect((await tried()).filter((message) => message.startsWith('Not sent')).toSorted()).toEqual(['Not sent: the invitation has expired. Send it again under Invitations', 'Not sent: the person has sent the form']); // prettier-ignore
    expect(server.mails).toEqual([]);
    // From a page that was loaded before Ben sent the form.
    cookie = await sessionCookie(site.db, now);
    const again = await post(`/admin/invitations/${ben!.id}/again`, {});
    expect([again.status, await again.text()]).toEqual([409, expect.stringContaining('This person has sent the form')]);
  });

  it('is not sent while the form is closed, and can be sent again once it is open', async () => {
    server.refuse = { responseCode: 451, message: 'Try again later' };
    await invite('Ana', 'ana@mail.example');
    const tried = async () => (await site.db.query.selectFrom('attempts').select('message').execute()).map(({ message }) => message); // prettier-ignore
    await soon(async () => (await tried()).length > 0 || undefined);
    await post('/admin/forms/driver/state', { do: 'close' });
    server.refuse = undefined;
    now = new Date(now.getTime() + 3_600_000);
    await soon(async () => (await tried()).length > 1 || undefined);
    expect(await tried()).toContain(
      'Not sent: This form is closed. Open it again in its settings, then invite people.',
    );
    expect(server.mails).toEqual([]);
  });

  it('fills in no answer that its field no longer accepts, since the form was published again', async () => {
    await upload('name,email,age,city\nAna Ruiz,ana@mail.example,31,cebu\n');
    await mailTo('ana@mail.example');
    writeFileSync(path.join(site.formsDir, 'driver.yaml'), INVITING.replace('id: age, type: number', 'id: age, type: date').replace(', min: 18', '')); // prettier-ignore
    await eventually(() => Promise.resolve(fieldCalled(site.catalog.current('driver')!.form, 'age')?.type === 'date' || undefined)); // prettier-ignore
    const { id, token } = await begun('ana@mail.example');
    const { body } = await call<{ answers: object }>(`submissions/${id}/answers`, token, 'GET');
    expect(body.answers).toEqual({ full_name: 'Ana Ruiz', email: 'ana@mail.example', city: 'cebu' });
  });

  it('shows its link to a member who sends it by hand, until the person starts, and to no other person', async () => {
    await invite('Ana', 'ana@mail.example');
    const mailed = linkIn((await mailTo('ana@mail.example')).parsed.text ?? '');
    const asked = () => post(`/admin/invitations/${mailed.id}/link`, {});
    const shown = await asked();
    expect([shown.status, shown.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(linkIn(await shown.text())).toEqual(mailed);
    const plain = await fetch(`${site.origin}/admin/forms/driver/invitations`, { headers: { cookie } });
    expect(await plain.text()).not.toContain(mailed.token);
    expect(site.logged()).toContain('A personal link was shown');
    expect(site.logged()).not.toContain(mailed.token);

    const own = cookie;
    cookie = '';
    const stranger = await asked();
    expect([stranger.status, stranger.headers.get('location')]).toEqual([303, '/admin/sign-in?lost=view']);
    cookie = own;
    await call(`invitations/${mailed.id}/begin`, mailed.token);
    const late = await asked();
    expect([late.status, await late.text()]).toEqual([409, expect.not.stringContaining(mailed.token)]);
  });

  it('opens with its own token only, and shows nothing of it to strangers', async () => {
    await invite('Ana', 'ana@mail.example');
    await invite('Ben', 'ben@mail.example');
    const ana = linkIn((await mailTo('ana@mail.example')).parsed.text ?? '');
    const ben = linkIn((await mailTo('ben@mail.example')).parsed.text ?? '');
    for (const [id, token] of [[ana.id, ben.token], [ana.id, ''], [ana.id, `${ana.token}x`], ['nobody', ana.token]]) {
      expect((await call(`invitations/${id}/open`, token ?? '')).status).toBe(404);
      expect((await call(`invitations/${id}/begin`, token ?? '')).status).toBe(404);
    } // prettier-ignore
    expect((await call<{ error: { code: string } }>(`submissions/${ana.id}/answers`, ana.token, 'GET')).status).toBe(
      404,
    );
    expect(await states()).toMatchObject({ 'ana@mail.example': expect.stringMatching(/invited|waiting/) });
  });

  it('is found by a part of its name or address, without wildcards', async () => {
    await invite('Ana 100%', 'ana_ruiz@mail.example');
    await invite('Ben', 'anaxruiz@mail.example');
    const found = async (search: string) =>
      (await listInvitations(site.db, 'driver', { limit: 100, search })).items.map(({ name }) => name);
    expect(await found('a_R')).toEqual(['Ana 100%']);
    expect((await found('ANA')).sort()).toEqual(['Ana 100%', 'Ben']);
    expect(await found('0%')).toEqual(['Ana 100%']);
    expect(await found('\\')).toEqual([]);
  });

  it('has a token that no log and no address on the server holds', async () => {
    await invite('Ana Ruiz', 'ana@mail.example');
    const { invitation } = await begun('ana@mail.example');
    const rows = await Promise.all(['invitations', 'deliveries', 'attempts', 'jobs', 'events'].map((table) => site.db.query.selectFrom(table as 'jobs').selectAll().execute())); // prettier-ignore
    expect(JSON.stringify(rows)).not.toContain(invitation.token);
    expect(site.logged()).not.toMatch(new RegExp(`${invitation.token}|ana@mail|Ana Ruiz`));
    const { text } = { text: await (await fetch(`${site.origin}/admin/messages/${(await listed())[0]?.deliveryId}`, { headers: { cookie } })).text() }; // prettier-ignore
    expect(text).not.toContain(invitation.token);
  });
});

describe('a CSV file with something wrong', () => {
  it('creates no invitation, and gets an error with its line', async () => {
    const answer = await upload('name,email\nAna,ana@mail.example\nBen,nobody\n');
    expect(answer.status).toBe(422);
    const text = await answer.text();
    expect(text).toContain('Line 3:');
    expect(text).toContain('“nobody” is not an email address');
    expect(text).toContain('No one was invited.');
    expect(await listed()).toEqual([]);
    expect(server.mails).toEqual([]);
  });

  it('creates no second invitation, unless the member leaves out known people', async () => {
    await invite('Ana', 'ana@mail.example');
    const csv = 'name,email\nAna,ANA@mail.example\nBen,ben@mail.example\n';
    const refused = await upload(csv);
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('ana@mail.example');
    expect(await listed()).toHaveLength(1);
    const taken = await upload(csv, { skip: 'yes' });
    expect(taken.headers.get('location')).toContain('invited=1&left=1');
    expect(Object.keys(await states()).sort()).toEqual(['ana@mail.example', 'ben@mail.example']);
    expect((await invite('Ana', 'ana@mail.example')).status).toBe(422);
  });

  it(`of ${PEOPLE} people is accepted as a whole, each with a waiting email`, async () => {
    const lines = Array.from({ length: PEOPLE }, (_, n) => `Person ${n},p${n}@mail.example`);
    const answer = await upload(`\uFEFFname;email\r\n${lines.join('\r\n').replaceAll(',', ';')}`);
    expect(answer.headers.get('location')).toContain(`invited=${PEOPLE}`);
    const { count } = await site.db.query.selectFrom('deliveries').select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow(); // prettier-ignore
    expect(count).toBe(PEOPLE);
    const bad = await upload(`name,email\n${lines.join('\n')}\nLast,nobody`, { skip: 'yes' });
    expect(await bad.text()).toContain(`Line ${PEOPLE + 2}:`);
  });

  it('larger than 4 MB, from elsewhere, or of a stranger is not read', async () => {
    expect((await upload('x'.repeat(5_000_000))).status).toBe(413);
    expect((await upload('name,email\n', {}, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await upload('name,email\n', {}, { cookie: '' })).headers.get('location')).toMatch(/^\/admin\/sign-in/);
    expect(await listed()).toEqual([]);
  });
});
