import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastingPort } from '../helpers/ports.ts';
import { removeFolder, type TestSite } from '../helpers/site.ts';
import { markRevoked, recordAccount } from '../../src/record/accounts/accounts.ts';
import { listAttempts, sendAgain, sendElsewhere } from '../../src/record/deliveries.ts';
import { listDeliveries } from '../../src/record/delivery-queries.ts';
import { createMailer } from '../../src/deliver/mailer.ts';
import { htmlOf, mailText, type Mail } from '../../src/deliver/mail.ts';
import { moreMail, notificationMail } from '../../src/deliver/notification-mail.ts';
import { parseForm } from '../../src/form/parse.ts';
import type { Submission } from '../../src/record/submissions/submissions.ts';
import { begin, eventually, openSiteThatTells, send, yamlOf } from './forms.ts';
import { openMailServer, type MailServer } from './mail-server.ts';

const NOTIFY = '  - { email: ops@acme.example }';
const FROM = 'Acme Rides <forms@acme.example>';

let server: MailServer;
const sites: TestSite[] = [];
beforeEach(async () => void (server = await openMailServer(await lastingPort())));
afterEach(async () => {
  for (const site of sites.splice(0)) {
    await site.close();
    removeFolder(site.folder);
  }
  await server.close();
});

async function open(notify: string, env: Record<string, string>): Promise<TestSite> {
  const site = await openSiteThatTells(notify, { env });
  sites.push(site);
  return site;
}

const withMail = () =>
  open(NOTIFY, { SMTP_URL: server.url, MAIL_FROM: FROM, PUBLIC_ORIGIN: 'https://forms.acme.example' });
const firstMail = () => eventually(() => server.mails[0]);
const listed = async ({ db }: TestSite) => (await listDeliveries(db, {}, { limit: 50 })).items;
const settled = (site: TestSite, status: string) =>
  eventually(async () => (await listed(site)).find((one) => one.status === status));

describe('a form with an email under notify', () => {
  it('mails each submission: the form, the reference, the answers by label, a link to the dashboard', async () => {
    const site = await withMail();
    const { id, reference } = await send(site, { full_name: 'Ana Ruiz', status: 'employed', why: 'First\nSecond' });
    const { to, from, parsed } = await firstMail();
    expect([to, from]).toEqual([['ops@acme.example'], 'forms@acme.example']);
    expect(parsed.from?.text).toBe('"Acme Rides" <forms@acme.example>');
    expect(parsed.subject).toBe(`A new submission – Become a driver (${reference})`);
    const href = `https://forms.acme.example/admin/forms/driver/people/${id}`;
    for (const text of [parsed.text, parsed.html || '']) {
      for (const word of [
        reference,
        'Full name',
        'Ana Ruiz',
        'Employed',
        'Why us?',
        href,
        'because the form “Become a driver” sends',
      ])
        expect(text).toContain(word);
    }
    expect(parsed.text).toMatch(/Why us\? First\n +Second/);
    expect(parsed.messageId).toMatch(/^<[\w-]{36}@acme\.example>$/);
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('has the values of the link in its titles and labels', () => {
    const parsed = parseForm('form.yaml', yamlOf('').replace('brand:', 'params: [employer]\nbrand:').replace('label: Why us?', "label: 'Why {employer}?'"), new Date()); // prettier-ignore
    if (!parsed.ok) throw new Error('The form has errors.');
    const submission = { id: 'x', reference: null, answers: { why: 'Near' }, unreadable: {}, params: { employer: 'Acme' }, suspicion: [] } as unknown as Submission; // prettier-ignore
    const { groups } = notificationMail({ form: parsed.form, submission, accounts: [], cause: 'submitted', ofRule: true, origin: 'https://forms.acme.example' }); // prettier-ignore
    expect(groups.flatMap(({ rows }) => rows)).toEqual([['Why Acme?', 'Near']]);
  });

  it('has no sensitive answers, and says that there are more in the dashboard', async () => {
    const site = await withMail();
    await send(site, { full_name: 'Ana', sss: '34-5678901-2' });
    const { raw, parsed } = await firstMail();
    expect(raw).not.toContain('34-5678901-2');
    expect(parsed.text).not.toContain('SSS number');
    expect(parsed.text).toContain('One answer is private and not in this email. The dashboard has all answers.');
  });

  it('says who sent it, where a member sends it to another address', async () => {
    const site = await withMail();
    await send(site, { full_name: 'Ana' });
    const delivery = await settled(site, 'sent');
    await sendElsewhere(site.db, delivery, 'boss@other.example', new Date());
    const { parsed } = await eventually(() => server.mails.find(({ to }) => to.includes('boss@other.example')));
    expect(parsed.text).toContain('You get this email because a member of the dashboard sent it to this address.');
    expect(parsed.text).not.toContain('sends its submissions to this address');
  });

  it('names the work account, also after Flipsite has read and disconnected it', async () => {
    const site = await withMail();
    const person = await begin(site.origin);
    await person.call('PUT', 'answers', { screen: 'about', answers: { full_name: 'Ana' } });
    const account = { submissionId: person.id, accountId: 'a-1', screen: 'connect', providerId: 'grab', confirmed: true }; // prettier-ignore
    const at = (seconds: number) => ({ now: new Date(seconds * 1_000), at: new Date(seconds * 1_000).toISOString() });
    await recordAccount(site.db, { ...account, ...at(1), status: 'CONNECTED' });
    await markRevoked(site.db, 'a-1', at(2).now);
    await recordAccount(site.db, { ...account, ...at(3), status: 'DISCONNECTED' });
    await person.call('POST', 'submit', {});
    expect((await firstMail()).parsed.text).toMatch(/Work account: \S+, confirmed by Smile/);
  });

  it('leaves out the answers that a later version marked as sensitive', async () => {
    const site = await withMail();
    const person = await begin(site.origin);
    await person.call('PUT', 'answers', { screen: 'about', answers: { full_name: 'Ana', why: 'A private reason' } });
    const marked = yamlOf(NOTIFY).replace('label: Why us?', 'label: Why us?, sensitive: true');
    writeFileSync(path.join(site.formsDir, 'driver.yaml'), marked);
    await site.catalog.sync(site.formsDir, new Date());
    await person.call('POST', 'submit', {});
    const { raw, parsed } = await firstMail();
    expect(parsed.text).toContain('Ana');
    expect(raw).not.toContain('A private reason');
  });

  it('mails hostile answers as the text they are, in no header and as no element', async () => {
    const site = await withMail();
    await send(site, { full_name: '<img src=x onerror=alert(1)>', why: '</td><script>alert(1)</script>\r\nBcc: all@acme.example' }); // prettier-ignore
    const { to, parsed } = await firstMail();
    expect(to).toEqual(['ops@acme.example']);
    expect(parsed.html).not.toMatch(/<(img|script)/);
    expect(parsed.html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect([parsed.bcc, parsed.cc]).toEqual([undefined, undefined]);
  });

  it('keeps an answer in a title or a label in the line of that title, and the lines of an answer indented', () => {
    const text = mailText({ subject: '', heading: 'A new submission', text: [], groups: [{ title: 'About Ana\n\n--\n\nOpen evil.example', rows: [['Of Ana\r\nand', 'Yes\nNo'], ['Note', 'A\u2028B\u0085C\u2029D']] }], foot: [], language: { tag: 'en', direction: 'ltr' } }); // prettier-ignore
    expect(text).toContain(
      '\n\nAbout Ana -- Open evil.example\n  Of Ana and: Yes\n    No\n  Note: A\n    B\n    C\n    D\n\n',
    );
  });

  it('reads from left to right in English, also for a form in Arabic', () => {
    const parsed = parseForm('safar.yaml', 'title: انضم إلى سفر\nlanguages: [ar]\nscreens: [{ id: a, title: عنك }]\nendings: [{ id: b, title: شكرا }]\n', new Date()); // prettier-ignore
    if (!parsed.ok) throw new Error('The form has errors.');
    expect(htmlOf(moreMail(parsed.form, { ofRule: true, origin: 'https://forms.acme.example' }))).toContain(
      '<html lang="en" dir="ltr">',
    );
  });

  it('says of further submissions how many emails one address gets', () => {
    const parsed = parseForm('plain.yaml', 'title: Plain\nscreens: [{ id: a, title: A }]\nendings: [{ id: b, title: B }]\n', new Date()); // prettier-ignore
    if (!parsed.ok) throw new Error('The form has errors.');
    const { text } = moreMail(parsed.form, { ofRule: true, origin: 'https://forms.acme.example' });
    expect(text).toEqual([expect.stringContaining('it sends 100 an hour about one form, and 300 a day in all.')]);
  });

  it('is asked again while the mail server cannot be reached, and loses nothing', async () => {
    const { url } = server;
    await server.close();
    const site = await open(NOTIFY, { SMTP_URL: url, MAIL_FROM: FROM });
    await send(site, { full_name: 'Ana' });
    const waiting = await eventually(async () => (await listed(site)).find(({ tries }) => tries > 0));
    expect(waiting).toMatchObject({ status: 'waiting', lastMessage: 'The mail server could not be reached' });
    expect(waiting.next).not.toBeNull();
    server = await openMailServer(Number(new URL(url).port));
    await site.db.query.updateTable('jobs').set({ due_at: new Date().toISOString() }).execute();
    await firstMail();
    expect(await settled(site, 'sent')).toMatchObject({ id: waiting.id, tries: 2 });
  });

  it('has the same Message-ID where a retry, or a member who sends it again, may make a second copy', async () => {
    server.closes = 'before';
    const site = await withMail();
    await send(site, { full_name: 'Ana' });
    await eventually(async () => (await listed(site)).find(({ tries }) => tries > 0));
    server.closes = undefined;
    await site.db.query.updateTable('jobs').set({ due_at: new Date().toISOString() }).execute();
    const { id } = await settled(site, 'sent');
    await sendAgain(site.db, id, new Date());
    await eventually(() => server.mails[2]);
    const ids = server.mails.map(({ parsed }) => parsed.messageId);
    expect(ids).toEqual(Array(3).fill(`<${id}@acme.example>`));
  });

  it('stops at once where the server refuses the address for good, and says why', async () => {
    server.refuse = { responseCode: 550, message: 'No such person here' };
    const site = await withMail();
    await send(site, { full_name: 'Ana' });
    const failed = await settled(site, 'failed');
    expect(failed.lastMessage).toContain('No such person here');
    expect(await listAttempts(site.db, failed.id)).toMatchObject([{ status: 550, ok: false }]);
  });

  it('goes on where the server refuses for now', async () => {
    server.refuse = { responseCode: 451, message: 'Try again later' };
    const site = await withMail();
    await send(site, { full_name: 'Ana' });
    const waiting = await eventually(async () => (await listed(site)).find(({ tries }) => tries > 0));
    expect(waiting.status).toBe('waiting');
  });

  it('keeps its mails where no server is set', async () => {
    const site = await open(NOTIFY, {});
    await send(site, { full_name: 'Ana' });
    expect(await settled(site, 'held')).toMatchObject({ target: 'ops@acme.example', tries: 0 });
  });

  it('writes no answer, address or password into the log', async () => {
    const site = await open(NOTIFY, { SMTP_URL: 'smtp://me:geheim@127.0.0.1:9', MAIL_FROM: FROM });
    await send(site, { full_name: 'Ana Ruiz' });
    await eventually(async () => (await listed(site)).find(({ tries }) => tries > 0));
    await eventually(
      () =>
        site
          .logged()
          .includes('Flipsite could not send an email. Flipsite retries within 30 seconds: /admin/messages/') ||
        undefined,
    );
    expect(site.logged()).not.toMatch(/Ana Ruiz|ops@acme|geheim/);
  });
});

/** A mail server whose answers never end. It sends one more line of them at once, and then each 50 ms. */
async function openDripping(): Promise<{ url: string; close(): void }> {
  const sockets = new Set<Socket>();
  const dripping = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).write('220 ready\r\n');
    const drip = setInterval(() => socket.write('250-more\r\n'), 50);
    socket.on('close', () => (clearInterval(drip), sockets.delete(socket)));
  }).listen(0, '127.0.0.1');
  await once(dripping, 'listening');
  const close = () => (sockets.forEach((socket) => socket.destroy()), dripping.close());
  return { url: `smtp://127.0.0.1:${(dripping.address() as AddressInfo).port}`, close };
}

const PLAIN_MAIL: Mail = { subject: 'Hello', heading: 'Hello', text: ['Hello'], groups: [], foot: [], language: { tag: 'en', direction: 'ltr' } }; // prettier-ignore

describe('a mail', () => {
  it('is given up after its time, also where the server goes on answering, and so are those that wait for it', async () => {
    const dripping = await openDripping();
    const mailer = createMailer({ url: dripping.url, from: FROM, timeoutMs: 500 });
    const sends = Array.from({ length: 10 }, (_, n) => mailer.send('ana@mail.example', PLAIN_MAIL, { id: `id-${n}` }));
    for (const send of await Promise.allSettled(sends))
      expect(send).toMatchObject({ status: 'rejected', reason: { message: 'The mail server did not answer in time', final: false } }); // prettier-ignore
    mailer.close();
    dripping.close();
  });

  it.each([
    ['before', { status: 'rejected', reason: { message: 'The mail server closed the connection before it confirmed the email, so the email may have arrived', final: false } }], // prettier-ignore
    ['after', { status: 'fulfilled', value: { status: 250 } }],
  ] as const)(
    'of which the server closes the connection %s it confirms the mail has the true outcome',
    async (closes, outcome) => {
      // prettier-ignore
      const mailer = createMailer({ url: server.url, from: FROM });
      server.closes = closes;
      const [sent] = await Promise.allSettled([mailer.send('ana@mail.example', PLAIN_MAIL, { id: 'one' })]);
      mailer.close();
      expect(sent).toMatchObject(outcome);
      expect(server.mails).toHaveLength(1);
    },
  );

  it('is sent again if a setting is the cause: the sender is refused, or the server requires a sign-in', async () => {
    const mailer = createMailer({ url: server.url, from: FROM });
    const error = (): Promise<unknown> =>
      mailer.send('ana@mail.example', PLAIN_MAIL, { id: 'one' }).catch((thrown) => thrown);
    server.refuseSender = { responseCode: 550, message: 'You may not send as this address' };
    expect(await error()).toMatchObject({ status: 550, message: '550 You may not send as this address', final: false });
    server.refuseSender = undefined;
    server.refuse = { responseCode: 530, message: 'Authentication required' };
    expect(await error()).toMatchObject({ status: 530, final: false });
    server.refuse = { responseCode: 550, message: 'No such person here' };
    expect(await error()).toMatchObject({ status: 550, final: true });
    mailer.close();
  });

  it('says why no secure connection can be made', async () => {
    // Its own certificate is one that has expired, from an authority that no one knows.
    const untrusted = new SMTPServer({ secure: true, logger: false });
    untrusted.on('error', () => {});
    await once(untrusted.listen(0, '127.0.0.1'), 'listening');
    const { port } = untrusted.server.address() as AddressInfo;
    const reasons = [`smtps://127.0.0.1:${port}`, server.url.replace('smtp:', 'smtps:')].map(async (url) => {
      const mailer = createMailer({ url, from: FROM });
      const error: unknown = await mailer.send('ana@mail.example', PLAIN_MAIL, { id: 'one' }).catch((thrown) => thrown);
      mailer.close();
      return error;
    });
    expect(await Promise.all(reasons)).toMatchObject([
      { message: 'Flipsite does not trust the certificate of the mail server (certificate has expired)', final: false },
      { message: 'The mail server does not begin with TLS on this port. Write smtp: instead of smtps: in SMTP_URL', final: false }, // prettier-ignore
    ]);
    await new Promise<void>((closed) => untrusted.close(closed));
  });

  it('is answered in words that every database can store, and that hide nothing', async () => {
    const mailer = createMailer({ url: server.url, from: FROM });
    server.accept = 'queued\u0000as \u202egpj\u0007';
    const { message } = await mailer.send('ana@mail.example', PLAIN_MAIL, { id: 'one' });
    mailer.close();
    expect(message).toBe('250 queued as gpj');
  });

  it('has one subject, one sender and one receiver, with any characters in their texts', async () => {
    const mailer = createMailer({ url: server.url, from: FROM });
    const hostile = 'Hello\r\nBcc: all@acme.example\r\n\r\n<b>body</b>\u2028x';
    const mail: Mail = { subject: hostile, heading: hostile, text: [hostile], groups: [], foot: [], language: { tag: 'en', direction: 'ltr' } }; // prettier-ignore
    await mailer.send('ana@mail.example', mail, { id: 'one', from: hostile });
    mailer.close();
    const { to, raw, parsed } = await firstMail();
    expect(to).toEqual(['ana@mail.example']);
    const headers = raw.slice(0, raw.indexOf('\r\n\r\n'));
    expect(headers).not.toMatch(/^bcc:/im);
    expect(parsed.subject).toBe('Hello Bcc: all@acme.example <b>body</b> x');
    expect(parsed.from?.value).toEqual([{ address: 'forms@acme.example', name: 'Hello Bcc: all@acme.example <b>body</b> x' }]); // prettier-ignore
  });
});
