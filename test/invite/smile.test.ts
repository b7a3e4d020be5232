import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listInvitations } from '../../src/record/invitation-list.ts';
import { findInvitation } from '../../src/record/invitations.ts';
import { listAttempts } from '../../src/record/deliveries.ts';
import { appendEvents } from '../../src/record/events.ts';
import { invitationStateOf } from '../../src/invite/state.ts';
import { createInvitations } from '../helpers/samples/invitations.ts';
import { eventually } from '../deliver/forms.ts';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { signedIn, wordsOf } from '../helpers/visitor.ts';
import { fails, ok, raw, startScriptedSmile, type ScriptedSmile } from '../smile/scripted-smile.ts';

const YAML = `
title: Become a driver
invite: { via: smile, template: tpl-123abc }
screens:
  - { id: connect, title: Connect, wink: { require: none, template: wtpl-456def } }
endings:
  - { id: done, title: Thank you }
`;

const INVITE = {
  id: 'iv-1',
  createdAt: '2026-11-24T10:00:00Z',
  updatedAt: '2026-11-24T10:00:00Z',
  invitedAt: '2026-11-24T10:00:00Z',
  linkedAt: null,
  fullName: 'Ana Ruiz',
  email: 'ana@mail.example',
  templateId: 'tpl-123abc',
  userId: 'acme-1',
  status: 'INVITED',
};

let smile: ScriptedSmile;
let site: TestSite;
beforeEach(async () => {
  smile = await startScriptedSmile();
  smile.answers(ok(INVITE, 201));
  site = await openTestSite({
    forms: { driver: YAML },
    env: { API_KEY: 'key', API_SECRET: 'secret', OPEN_API_HOST: smile.host, RATE_LIMIT: 'off' },
  });
});
afterEach(async () => {
  await site.close();
  removeFolder(site.folder);
  await smile.close();
});

const now = () => new Date();

async function invite(): Promise<string> {
  const as = { form: 'driver', via: 'smile' as const, memberId: 'm', expiresAt: new Date(Date.now() + 86_400_000) };
  const person = { name: 'Ana Ruiz', email: 'ana@mail.example', language: 'en', prefill: { answers: {}, params: {} } };
  await createInvitations(site.db, [person], as, now());
  return (await one()).id;
}
const one = async () => (await listInvitations(site.db, 'driver', { limit: 1 })).items[0]!;
const until = (state: string) =>
  eventually(async () => (invitationStateOf(await one(), now()) === state ? one() : undefined));
const attemptsOfJob = async () => (await site.db.query.selectFrom('jobs').select('attempts').where('kind', '=', 'delivery').executeTakeFirst())?.attempts; // prettier-ignore
const attempts = async () => listAttempts(site.db, (await one()).deliveryId ?? '');

describe('an invitation by Smile', () => {
  it('is asked for once, with the templates of the form, and its user is remembered', async () => {
    const id = await invite();
    await until('invited');
    expect(smile.seen.map(({ method, url, body }) => [method, url, JSON.parse(body)])).toEqual([
      ['POST', '/v1/invites', { fullName: 'Ana Ruiz', email: 'ana@mail.example', templateId: 'tpl-123abc', winkTemplateId: 'wtpl-456def' }], // prettier-ignore
    ]);
    expect(await findInvitation(site.db, id)).toMatchObject({ smileUserId: 'acme-1', smileInviteId: 'iv-1' });
  });

  it('is linked once Smile says so', async () => {
    await invite();
    await until('invited');
    const at = now().toISOString();
    await appendEvents(site.db, [{ id: 'evt-1', submissionId: null, smileUserId: 'acme-1', name: 'INVITE_LINKED', source: 'webhook', at, receivedAt: at, data: {} }]); // prettier-ignore
    await until('linked');
  });

  it.each([
    ['answers 500', raw(500, '')],
    ['answers what is no invite', ok({}, 201)],
    ['cuts the connection off', (response: import('node:http').ServerResponse) => void response.destroy()],
  ])('is not asked for a second time where Smile %s: it may have gone out', async (_what, answer) => {
    smile.answers(answer);
    await invite();
    await until('failed');
    expect(smile.seen).toHaveLength(1);
    expect((await attempts())[0]?.message).toContain('It may have been sent. Check at Smile before you send it again');
  });

  it('is not asked for a second time where its answer could not be stored, until a member sends it again', async () => {
    const isSqlite = site.db.engine.kind === 'sqlite';
    await sql
      .raw(
        isSqlite
          ? "create trigger fails before update on invitations when new.smile_user_id is not null begin select raise(abort, 'full'); end"
          : 'alter table invitations add constraint fails check (smile_user_id is null)',
      )
      .execute(site.db.query);
    const id = await invite();
    await eventually(async () => (smile.seen.length === 1 && (await attemptsOfJob()) === 1 ? true : undefined));
    await sql
      .raw(isSqlite ? 'drop trigger fails' : 'alter table invitations drop constraint fails')
      .execute(site.db.query);
    await site.db.query
      .updateTable('jobs')
      .set({ due_at: now().toISOString() })
      .where('kind', '=', 'delivery')
      .execute();
    await until('failed');
    expect(smile.seen).toHaveLength(1);
    expect((await attempts()).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('It may have been sent. Check at Smile before you send it again'),
    );
    await (
      await signedIn(site)
    )(`/admin/invitations/${id}/again`, {});
    await until('invited');
    expect(smile.seen).toHaveLength(2);
  });

  it('is not asked for again where Smile refuses it, and says why', async () => {
    smile.answers(fails(404, 'MISSING_RESOURCE'));
    await invite();
    await until('failed');
    expect(await attempts()).toMatchObject([{ status: 404, ok: false, message: 'Smile answered POST /invites with 404 MISSING_RESOURCE' }]); // prettier-ignore
  });

  it('is withdrawn here only, and the page says so', async () => {
    const id = await invite();
    await until('invited');
    const member = await signedIn(site);
    const { location } = await member(`/admin/invitations/${id}/withdraw`, {});
    await until('withdrawn');
    const words = wordsOf((await member(location ?? '')).text);
    expect(words).toContain('withdrawn here. If Smile has sent it, the link in its email still works.');
    expect(words).not.toContain('does not open the form any more');
    // Smile fills in no answers.
    expect(words).not.toContain('Other columns can fill in answers');
  });

  it('waits where Smile has too many requests, or the keys are wrong', async () => {
    smile.answers(fails(401, 'UNAUTHORIZED'));
    await invite();
    await eventually(async () => (await attempts())[0]);
    expect(invitationStateOf(await one(), now())).toBe('waiting');
  });
});
