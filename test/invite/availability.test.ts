/** People are invited only to a form that they can start, and members see the state of the emails. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listInvitations } from '../../src/record/invitation-list.ts';
import { countInvitations } from '../../src/record/invitations.ts';
import { signedIn, wordsOf, type Visitor } from '../helpers/visitor.ts';
import { openMailServer } from '../deliver/mail-server.ts';
import { begin } from '../helpers/api/client.ts';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../deliver/forms.ts';

const form = (limits: string, expires = '14 days') => `
title: Driver
invite: { expires: ${expires} }
${limits}
screens: [{ id: about, title: About, fields: [{ id: full_name, type: text, label: Name }] }]
endings: [{ id: done, title: Thank you }]
`;

const FORMS = {
  open: form(''),
  closed: form('limits: { closes: 2026-11-01 }'),
  full: form('limits: { max: 1 }'),
  archived: form(''),
  later: form('limits: { opens: 2026-12-01 }'),
  much: form('limits: { opens: 2027-03-01 }'),
  smile: form('').replace('{ expires: 14 days }', '{ via: smile, template: tpl-1 }'),
};

let site: TestSite;
let member: Visitor;
let now: Date;

async function open(env: Record<string, string> = {}): Promise<void> {
  now = new Date('2026-11-24T10:00:00.000Z');
  site = await openTestSite({ forms: FORMS, env: { RATE_LIMIT: 'off', ...env }, now: () => now });
  member = await signedIn(site, now);
}
afterEach(async () => {
  await site.close();
  removeFolder(site.folder);
});

const pageOf = (slug: string) => `/admin/forms/${slug}/invitations`;
const invite = (slug: string, name = 'Ana') =>
  member(pageOf(slug), { name, email: `${name.toLowerCase()}@mail.example`, language: 'en' });

describe('an invitation', () => {
  beforeEach(() => open());

  it.each([
    ['closed', 'This form closed after 1 Nov 2026. Change “Closes on” (closes) and publish, then invite people.'],
    [
      'full',
      'This form is full: its max of 1 is reached. Increase “Largest number of submissions” (max) and publish, then invite people.',
    ],
    ['much', 'This form opens 1 Mar 2027, and an invitation made now ends before that.'],
    ['archived', 'This form is archived. Open it again in its settings, then invite people.'],
  ])('to a form that is %s is refused with the reason, and the page offers none', async (slug, text) => {
    if (slug === 'full') {
      const draft = await begin(site, 'full');
      await draft.put('about', { full_name: 'Ben' });
      expect((await draft.post('submit')).status).toBe(200);
    }
    if (slug === 'archived') await member('/admin/forms/archived/state', { do: 'archive' });
    const refused = await invite(slug);
    expect(refused.status).toBe(409);
    expect(wordsOf(refused.text)).toContain(text);
    expect(await countInvitations(site.db, slug)).toBe(0);
    const shown = (await member(pageOf(slug))).text;
    expect(wordsOf(shown)).toContain(text);
    expect(shown).not.toContain('Invite one person');
  });

  it('is warned of before it is made, while its link works only on this computer', async () => {
    expect(wordsOf((await member(pageOf('open'))).text)).toContain('This link works only on this computer.');
  });

  it('to a form that is no longer in the folder is refused, and so is sending an earlier one again', async () => {
    await invite('open');
    const [{ id } = { id: '' }] = (await listInvitations(site.db, 'open', { limit: 1 })).items;
    rmSync(path.join(site.formsDir, 'open.yaml'));
    await eventually(async () => site.catalog.current('open')?.removed || undefined);
    for (const refused of [await invite('open', 'Ben'), await member(`/admin/invitations/${id}/again`, {})]) {
      expect(refused.status).toBe(409);
      expect(wordsOf(refused.text)).toContain('This form is no longer in the folder, so nobody new can start it.');
    }
    expect(await countInvitations(site.db, 'open')).toBe(1);
  });

  it('is searched for while its form invites no one any more, and the page says where there is none', async () => {
    await invite('open');
    writeFileSync(path.join(site.formsDir, 'open.yaml'), FORMS.open.replace(/invite: .*/, ''));
    await eventually(async () => !site.catalog.current('open')?.form.invite || undefined);
    expect(wordsOf((await member(`${pageOf('open')}?q=ana`)).text)).toContain('Matching people');
    expect(wordsOf((await member(`${pageOf('open')}?q=ben`)).text)).toContain('No one matches Clear the search');
  });

  it('to a form that opens before it ends goes out, and the page says when it opens', async () => {
    expect(wordsOf((await member(pageOf('later'))).text)).toContain('This form opens 1 Dec 2026.');
    expect((await invite('later')).status).toBe(303);
  });
});

describe('after inviting', () => {
  it('the page says that nothing was sent where no mail server is set', async () => {
    await open();
    expect(wordsOf((await member(pageOf('open'))).text)).toContain('Email is not set up. Send each person the personal link that “Copy link” shows. They can start within 14 days. To turn email on, ask the person who runs Flipsite to set SMTP_URL .'); // prettier-ignore
    const { location } = await invite('open');
    const words = wordsOf((await member(location ?? '')).text);
    expect(words).toContain('1 invitation is ready. Email is not set up, so nothing was sent. Copy its link below.');
    expect(words).toContain('Not sent: email is off');
  });

  it.each([
    ['open', 'Emails wait, because OUTGOING is off.'],
    ['smile', 'Smile is not asked to send emails, because OUTGOING is off.'],
  ])('the page says that nothing is sent while nothing leaves the site (%s)', async (slug, text) => {
    await open({ OUTGOING: 'off', SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'forms@acme.example' });
    const wordsAt = async (at: string) => wordsOf((await member(at)).text);
    const before = await wordsAt(pageOf(slug));
    expect(before).toContain(text);
    expect(before).not.toMatch(/gets an email|Smile sends/);
    const words = await wordsAt((await invite(slug)).location ?? '');
    expect(words).toContain(`1 invitation is ready. ${text}`);
    expect(words).toContain('Waiting');
    expect(words).not.toContain('On its way');
    const [{ id } = { id: '' }] = (await listInvitations(site.db, slug, { limit: 1 })).items;
    const again = await member(`/admin/invitations/${id}/again`, {});
    expect(await wordsAt(again.location ?? '')).toContain(`The invitation is valid again. ${text}`);
  });

  it('a link is offered while it starts the form, and then the page says what to do instead', async () => {
    await open();
    await invite('open');
    const [{ id } = { id: '' }] = (await listInvitations(site.db, 'open', { limit: 1 })).items;
    const copied = await member(`/admin/invitations/${id}/link`, {});
    const [, token] = /#[\w-]+\.([\w-]+)/.exec(copied.text) ?? [];
    await member(`/admin/invitations/${id}/withdraw`, {});
    const ended = await member(`/admin/invitations/${id}/link`, {});
    expect(wordsOf(ended.text)).toContain('The invitation has ended. Send it again to get a link that works.');
    await member(`/admin/invitations/${id}/again`, {});
    await fetch(`${site.origin}/api/invitations/${id}/begin`, { method: 'POST', headers: { authorization: `Bearer ${token}` } }); // prettier-ignore
    const begun = await member(`/admin/invitations/${id}/link`, {});
    expect(wordsOf(begun.text)).toContain('This person has started the form, and continues with the link that they have.'); // prettier-ignore
  });

  it('the page says how many emails are queued where one is', async () => {
    const server = await openMailServer();
    try {
      await open({ SMTP_URL: server.url, MAIL_FROM: 'forms@acme.example' });
      const { location } = await invite('open');
      expect(wordsOf((await member(location ?? '')).text)).toContain('1 invitation is ready, and 1 email is queued.');
    } finally {
      await server.close();
    }
  });
});
