/** Invited people who never started are deleted too: by a form's retention, or because a member deletes them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkOf } from '../../src/invite/link.ts';
import { listInvitations } from '../../src/record/invitation-list.ts';
import { findInvitation, renewInvitation } from '../../src/record/invitations.ts';
import { findSubmission } from '../../src/record/submissions/submissions.ts';
import { createInvitations } from '../helpers/samples/invitations.ts';
import { signedIn, visitor, type Visitor } from '../helpers/visitor.ts';
import { eventually } from '../deliver/forms.ts';
import { openMailServer, type MailServer } from '../deliver/mail-server.ts';
import { LONG } from '../helpers/run/long.ts';
import { continueRetention, ask, doOwed, openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { tablesWith } from '../record/traces.ts';
import { INVITING } from './forms.ts';

const KEY = Buffer.alloc(32, 3);
const PAGE = '/admin/forms/driver/invitations';
const ERASED = `${PAGE}?done=erased`;

let server: MailServer;
let site: TestSite;
let member: Visitor;
let now: Date;
beforeEach(async () => {
  server = await openMailServer();
  now = new Date();
  site = await openTestSite({
    forms: { driver: INVITING, brief: `${INVITING}\nretention: 60 days` },
    env: { RATE_LIMIT: 'off', SMTP_URL: server.url, MAIL_FROM: 'forms@acme.example' },
    key: KEY,
    now: () => now,
  });
  member = await signedIn(site, now);
});
afterEach(async () => {
  await site.close();
  removeFolder(site.folder);
  await server.close();
});

async function invite(name: string, form = 'driver') {
  const email = `${name.toLowerCase()}@mail.example`;
  await member(PAGE.replace('driver', form), { name, email, language: 'en' });
  const { items } = await listInvitations(site.db, form, { limit: 1, search: email });
  const invitation = items[0]!;
  const path = `/admin/invitations/${invitation.id}`;
  return { ...invitation, path, token: linkOf([KEY], invitation, '').split('.').at(-1) ?? '' };
}

type Invited = Awaited<ReturnType<typeof invite>>;

async function follow({ id, token }: Invited, what: 'open' | 'begin') {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${site.origin}/api/invitations/${id}/${what}`, { method: 'POST', headers });
  return { status: response.status, body: (await response.json()) as { id?: string; status?: string } };
}

const attempts = () => site.db.query.selectFrom('attempts').select('message').execute();

/** Waits until the mail server, which refuses everything for now, has been asked for so many. */
async function refused(times: number): Promise<void> {
  await eventually(async () => {
    await doOwed(site, now);
    return (await attempts()).length >= times || undefined;
  });
}

describe('an invitation that its person has not started', () => {
  it('is erased with its sent emails and its waiting ones, and no other data', async () => {
    server.refuse = { responseCode: 451, message: 'Try again later' };
    const ben = await invite('Ben');
    const ana = await invite('Ana');
    await refused(2);
    expect((await tablesWith(site.db, ana.deliveryId ?? '')).sort()).toEqual(['attempts', 'deliveries', 'jobs']);
    expect((await member(`${ana.path}/erase`, {})).location).toBe(ERASED);
    expect((await member(ERASED)).text).toContain('The invitation is deleted. You can invite the person again.');
    for (const word of ['ana@mail.example', ana.id, ana.deliveryId ?? ''])
      expect(await tablesWith(site.db, word)).toEqual([]);
    expect(await findInvitation(site.db, ben.id)).toMatchObject({ name: 'Ben' });

    server.refuse = undefined;
    now = new Date(now.getTime() + 3_600_000);
    await eventually(async () => {
      await doOwed(site, now);
      return server.mails[0];
    });
    expect(server.mails.map(({ to }) => to[0])).toEqual(['ben@mail.example']);
    expect(site.logged()).toContain('An invitation was deleted');
    expect(site.logged()).not.toMatch(/ana@mail|"Ana"/);
  });

  it('can be erased when it was opened, withdrawn or has expired, and once', async () => {
    const [opened, withdrawn, expired] = [await invite('Ana'), await invite('Ben'), await invite('Cara')];
    await follow(opened, 'open');
    await member(`${withdrawn.path}/withdraw`, {});
    await site.db.query.updateTable('invitations').set({ expires_at: '2020-01-01T00:00:00.000Z' }).where('id', '=', expired.id).execute(); // prettier-ignore
    const { text } = await member(PAGE);
    for (const { path } of [opened, withdrawn, expired]) {
      expect(text).toContain(`action="${path}/erase"`);
      expect((await member(`${path}/erase`, {})).location).toBe(ERASED);
      expect(await member(`${path}/erase`, {})).toMatchObject({ status: 404, text: expect.stringContaining('There is no such invitation') }); // prettier-ignore
    }
    expect(await site.db.query.selectFrom('invitations').select('id').execute()).toEqual([]);
  });

  it('has a link that then says it is over, not that it is broken', async () => {
    const ana = await invite('Ana');
    await member(`${ana.path}/erase`, {});
    expect(await follow(ana, 'open')).toEqual({ status: 200, body: { status: 'over' } });
    expect(await follow(ana, 'begin')).toMatchObject({ status: 410, body: { error: { code: 'invitation_over' } } });
    expect((await follow({ ...ana, token: `${ana.token}x` }, 'open')).status).toBe(404);
  });

  it('leaves its person free for a new invitation', async () => {
    const first = await invite('Ana');
    await member(`${first.path}/erase`, {});
    const second = await invite('Ana');
    expect(second.id).not.toBe(first.id);
    expect((await follow(second, 'begin')).status).toBe(200);
  });

  it('is not erased without a session, or from another site', async () => {
    const ana = await invite('Ana');
    expect((await visitor(site.origin)(`${ana.path}/erase`, {})).location).toBe('/admin/sign-in?lost=change');
    expect((await member(`${ana.path}/erase`, {}, 'https://evil.example')).status).toBe(403);
    expect((await member(`${ana.path}/erase`)).status).toBe(405);
    expect(await findInvitation(site.db, ana.id)).toMatchObject({ name: 'Ana' });
  });

  it('is either begun or erased when both are asked for at once', async () => {
    for (const name of ['Ana', 'Ben', 'Cara', 'Dan', 'Eva']) {
      const one = await invite(name);
      const [begun, erased] = await Promise.all([follow(one, 'begin'), member(`${one.path}/erase`, {})]);
      const left = await findInvitation(site.db, one.id);
      if (begun.status === 200) {
        expect([erased.status, left?.submissionId]).toEqual([409, begun.body.id]);
      } else {
        expect([begun.status, erased.location, left]).toEqual([410, ERASED, undefined]);
        expect(await tablesWith(site.db, one.id)).toEqual([]);
      }
    }
  });
});

describe('an invitation that was begun', () => {
  it('is not offered for erasure, and the refusal names the right action', async () => {
    const ana = await invite('Ana');
    const { body } = await follow(ana, 'begin');
    expect((await member(PAGE)).text).not.toContain('/erase"');
    const refused = await member(`${ana.path}/erase`, {});
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Delete the data of this person instead: the invitation is part of it.');
    expect(await findInvitation(site.db, ana.id)).toMatchObject({ submissionId: body.id });
    expect(await findSubmission(site.db, body.id ?? '')).toMatchObject({ answers: { full_name: 'Ana' } });
  });

  it('goes with its submission, and its link is over', async () => {
    const ana = await invite('Ana');
    const { body } = await follow(ana, 'begin');
    await member(`/admin/forms/driver/people/${body.id}/erase`, {});
    expect(await ask(site, `submissions/${body.id}`)).toMatchObject({ erasedAt: now.toISOString() });
    expect(await tablesWith(site.db, ana.id)).toEqual([]);
    expect(await follow(ana, 'open')).toEqual({ status: 200, body: { status: 'over' } });
  });
});

describe('retention', () => {
  const DAY_MS = 24 * 60 * 60_000;

  const left = async (): Promise<string[]> => {
    const rows = await site.db.query.selectFrom('invitations').select('name').execute();
    return rows.map(({ name }) => name).sort();
  };

  /** Lets the time be so long after `start`, and all be done that is due then, until these are left. */
  async function expectLeft(names: string[], start: number, ms: number): Promise<void> {
    const then = new Date(start + ms);
    await continueRetention(site.db, then);
    now = then;
    const done = async () => ((await doOwed(site, now)) === 0 ? left() : undefined);
    await expect.poll(done, { timeout: 20_000 }).toEqual(names);
  }

  const allSent = () =>
    eventually(async () => {
      await doOwed(site, now);
      const waiting = await site.db.query
        .selectFrom('deliveries')
        .select('id')
        .where('status', '=', 'waiting')
        .execute();
      return waiting.length === 0 || undefined;
    });

  it('erases unused invitations at that time after their end, and none of a form that keeps them', async () => {
    const start = now.getTime();
    const [, , cara, dan] = [await invite('Ana', 'brief'), await invite('Ben', 'brief'), await invite('Cara', 'brief'), await invite('Dan', 'brief')]; // prettier-ignore
    await invite('Eva');
    await allSent();
    await expectLeft(['Ana', 'Ben', 'Cara', 'Dan', 'Eva'], start, 5 * DAY_MS);
    expect((await follow(dan, 'begin')).status).toBe(200);
    await renewInvitation(site.db, cara.id, new Date(start + 99 * DAY_MS), now);
    await allSent();
    await expectLeft(['Ana', 'Ben', 'Cara', 'Dan', 'Eva'], start, 64 * DAY_MS);
    // The one that was begun goes with its submission; the others hold to the end of their seventh day.
    await expectLeft(['Ana', 'Ben', 'Cara', 'Eva'], start, 67 * DAY_MS);
    await expectLeft(['Cara', 'Eva'], start, 69 * DAY_MS);
    expect(await tablesWith(site.db, 'ana@mail.example')).toEqual([]);
    await expectLeft(['Eva'], start, 160 * DAY_MS);
  });

  it('takes all of many in the same hour', async () => {
    const start = now.getTime();
    const prefill = { answers: {}, params: {} };
    const people = Array.from({ length: LONG ? 250 : 60 }, (_, at) => ({ name: `P${at}`, email: `p${at}@mail.example`, language: 'en', prefill })); // prettier-ignore
    const as = { form: 'brief', via: 'mail' as const, memberId: 'm', expiresAt: now };
    await createInvitations(site.db, people, as, now);
    await allSent();
    await expectLeft([], start, 61 * DAY_MS);
    expect(await tablesWith(site.db, '@mail.example')).toEqual([]);
  });
});
