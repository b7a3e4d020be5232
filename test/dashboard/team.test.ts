/** The team: an owner adds colleagues, changes their roles and removes them without a terminal. */
import { beforeEach, expect, it } from 'vitest';
import { redeemCode } from '../../src/members/codes.ts';
import { listTeam } from '../../src/members/team.ts';
import type { Database } from '../../src/record/db/database.ts';
import { openDatabase } from '../../src/record/db/database.ts';
import { NOW, SECRET } from '../helpers/database.ts';
import { addMember, createClient, MEMBER } from '../helpers/dashboard-client.ts';
import { compiled, publish } from './forms.ts';

const ANA = 'ana@acme.example';
const LOAN = compiled('title: Loan\nscreens: [{ id: a, title: A, fields: [{ id: name, type: text, label: Name }] }]\nendings: [{ id: done, title: Done }]\n', 'loan'); // prettier-ignore

let db: Database;
let owner: Awaited<ReturnType<typeof signedIn>>;

beforeEach(async () => {
  db = await openDatabase(':memory:', [SECRET]);
  await publish(db, LOAN);
  await addMember(db);
  owner = await signedIn(MEMBER);
});

async function signedIn(member: { email: string; password: string }) {
  const client = await createClient(db);
  const answer = await client.send('/admin/sign-in', member);
  expect(answer.status).toBe(303);
  return client;
}

const act = (wanted: string, more: Record<string, string>, email = ANA) => owner.send('/admin/team', { do: wanted, email, ...more }); // prettier-ignore
const codeIn = (text: string): string => /shows the code <b[^>]*>([^<]+)</.exec(text)?.[1] ?? '';
const PASSWORD = 'a pumpkin on the moon';

/** Adds Ana with a role, and signs her in. */
async function addAna(fields: Record<string, string> = { role: 'reviewer', scope: 'some', form: 'loan' }) {
  const { text } = await act('add', fields);
  const used = await redeemCode(db, { email: ANA, code: codeIn(text), password: PASSWORD, now: NOW });
  expect(used.fault).toBeUndefined();
  return signedIn({ email: ANA, password: PASSWORD });
}

it('adds a colleague with a role on some forms, by a code that is shown once', async () => {
  const answer = await act('add', { role: 'reviewer', scope: 'some', form: 'loan', reveal: 'yes' });
  expect(answer.text).toContain(`Give ${ANA} this code`);
  // The address of this site has no https.
  expect(answer.text).toContain('This link is not encrypted');
  const later = await owner.ask('/admin/team');
  expect(later.text).not.toContain(codeIn(answer.text));
  await redeemCode(db, { email: ANA, code: codeIn(answer.text), password: PASSWORD, now: NOW });

  const { members } = await listTeam(db, NOW);
  expect(members.find(({ email }) => email === ANA)?.grants).toEqual([
    { role: 'reviewer', form: 'loan', mayReveal: true },
  ]);
  expect((await owner.ask('/admin/team')).text).toContain('Reviewer of Loan, with private answers');
});

it('refuses all forms together with ticked forms, and keeps the ticks', async () => {
  const answer = await act('add', { role: 'viewer', scope: 'all', form: 'loan' });

  expect(answer.status).toBe(422);
  expect(answer.text).toContain('You ticked forms, and chose All forms. Choose one of the two.');
  expect(answer.text).toMatch(/name="form" value="loan" checked/);
  expect((await listTeam(db, NOW)).codes).toEqual([]);
  expect((await act('roles', { role: 'owner', scope: 'all', form: 'loan' }, MEMBER.email)).status).toBe(422);
});

it.each(['add', 'roles'])(
  'keeps the choice of some forms, and the member, where no form is ticked (%s)',
  async (wanted) => {
    if (wanted === 'roles') await addAna({ role: 'viewer', scope: 'all' });
    const { status, text } = await act(wanted, { role: 'editor', scope: 'some' });
    const ofAna = text.slice(text.lastIndexOf(`value="${ANA}"`, text.indexOf('value="some" checked')));

    expect(status).toBe(422);
    expect(text).toContain('Tick at least one form, or choose All forms.');
    expect(ofAna).toMatch(/^[^]*?value="editor" checked[^]*?value="all">[^]*?value="some" checked/);
    if (wanted === 'roles') {
      expect(text).toContain(`The role of ${ANA} was not changed.`);
      expect(text).toMatch(new RegExp(`<details[^>]* open[^]{0,200}value="${ANA}"`));
    }
  },
);

it('lists an unused code with its role and forms', async () => {
  await act('add', { role: 'viewer', scope: 'some', form: 'loan' });
  const { text } = await owner.ask('/admin/team');

  expect(text).toMatch(new RegExp(`<bdi>\\s*${ANA}\\s*</bdi>[^]{0,40}Viewer of Loan, until`));
});

it('changes a role at once, without a new sign-in', async () => {
  const ana = await addAna({ role: 'viewer', scope: 'all' });
  const refused = await ana.ask('/admin/forms/new');
  expect(refused.status).toBe(403);
  expect(refused.text).toContain('Ask an owner to change your role.');
  await act('roles', { role: 'editor', scope: 'all' });

  expect((await ana.ask('/admin/forms/new')).status).toBe(200);
});

it('keeps the role that another owner gave since the page was opened, and the choice of the page', async () => {
  await addAna({ role: 'viewer', scope: 'all' });
  const { text } = await owner.ask('/admin/team');
  const roles = /name="roles" value="([^"]*viewer[^"]*)"/.exec(text)?.[1]?.replace(/&(quot|#34);/g, '"') ?? ''; // prettier-ignore
  const roleOfAna = async () => (await listTeam(db, NOW)).members.find(({ email }) => email === ANA)?.grants[0]?.role;
  expect((await act('roles', { role: 'reviewer', scope: 'all', roles })).status).toBe(200);
  expect((await act('roles', { role: 'reviewer', scope: 'all', roles })).status).toBe(200);
  const late = await act('roles', { role: 'editor', scope: 'some', form: 'loan', roles });
  expect([late.status, await roleOfAna()]).toEqual([409, 'reviewer']);
  expect(late.text).toMatch(/changed in the meantime[^]*Reviewer of all forms[^]*<details[^>]* open[^]*value="editor" checked[^]*value="loan" checked/); // prettier-ignore
});

it('says to a member without a role whom to ask, and offers to sign out', async () => {
  const ana = await addAna();
  const { id } = await db.query.selectFrom('members').select('id').where('email', '=', ANA).executeTakeFirstOrThrow();
  await db.query.deleteFrom('grants').where('member_id', '=', id).execute();
  for (const path of ['/admin', '/admin/forms/loan', '/admin/team']) {
    const { status, text } = await ana.ask(path);
    expect(status).toBe(403);
    expect(text).toContain(`Ask ${MEMBER.email} to give you a role under Team.`);
    expect(text).toMatch(/<main.*action="\/admin\/sign-out"/s);
    expect(text).not.toContain('Go to your forms');
  }
});

it('removes a member, who is signed out everywhere', async () => {
  const ana = await addAna();
  await act('remove', {});

  expect((await ana.ask('/admin/forms/loan')).status).toBe(303);
  expect((await listTeam(db, NOW)).members.map(({ email }) => email)).toEqual([MEMBER.email]);
});

it('refuses what a removed member began to send before', async () => {
  const ana = await addAna({ role: 'owner', scope: 'all' });
  const body = new ReadableStream(
    {
      async pull(stream) {
        await act('remove', {});
        stream.enqueue(Buffer.from('do=add&email=ben%40acme.example&role=owner'));
        stream.close();
      },
    },
    { highWaterMark: 0 },
  );
  const headers = { origin: 'http://forms.example', 'content-type': 'application/x-www-form-urlencoded' };
  const request = { method: 'POST', headers, body, duplex: 'half' };
  const answer = await ana.ask('/admin/team', request);

  expect(answer.status).toBe(303);
  expect((await listTeam(db, NOW)).codes).toEqual([]);
});

it.each([
  ['takes the role back', { do: 'roles', email: ANA, role: 'owner', scope: 'all' }],
  ['makes a code for another owner', { do: 'add', email: 'ben@acme.example', role: 'owner', scope: 'all' }],
  ['makes a code for the password of another owner', { do: 'reset', email: MEMBER.email }],
  ['removes another owner', { do: 'remove', email: MEMBER.email }],
])('refuses a member who loses the role while a request that %s runs', async (_, fields) => {
  const ana = await addAna({ role: 'owner', scope: 'all' });
  const { transaction } = db;
  db.transaction = async (run, options) => {
    db.transaction = transaction;
    await act('roles', { role: 'viewer', scope: 'all' });
    return transaction(run, options);
  };
  const answer = await ana.send('/admin/team', fields);

  expect(answer.status).toBe(403);
  const { members, codes } = await listTeam(db, NOW);
  expect(members.map(({ email, grants }) => [email, grants[0]?.role])).toEqual([[ANA, 'viewer'], [MEMBER.email, 'owner']]); // prettier-ignore
  expect(codes).toEqual([]);
});

it.each([
  ['is removed', () => act('remove', {})],
  ['is no owner any more', () => act('roles', { role: 'viewer', scope: 'all' })],
])('withdraws the codes that an owner has made when the owner %s', async (_, lose) => {
  const ana = await addAna({ role: 'owner', scope: 'all' });
  const codeFor = async (who: typeof owner, email: string) =>
    codeIn((await who.send('/admin/team', { do: 'add', email, role: 'owner', scope: 'all' })).text);
  const own = await codeFor(owner, 'ben@acme.example');
  const hers = await codeFor(ana, 'cleo@acme.example');
  await lose();
  const fault = async (email: string, code: string) => (await redeemCode(db, { email, code, password: PASSWORD, now: NOW })).fault; // prettier-ignore

  expect(await fault('cleo@acme.example', hers)).toMatch(/^Email or code is wrong/);
  expect(await fault('ben@acme.example', own)).toBeUndefined();
});

it('makes a code for a new password, and withdraws a code', async () => {
  await addAna();
  const { text } = await act('reset', {});
  expect(codeIn(text)).not.toBe('');
  await act('withdraw', {});
  const used = await redeemCode(db, { email: ANA, code: codeIn(text), password: PASSWORD, now: NOW });

  expect(used.fault).toContain('code is wrong');
});

it.each([
  ['removed', 'remove', {}],
  ['given a smaller role', 'roles', { role: 'editor', scope: 'all' }],
])('keeps the last owner of all forms from being %s', async (_, wanted, fields) => {
  const answer = await act(wanted, fields, MEMBER.email);

  expect(answer.status).toBe(422);
  expect(answer.text).toContain('Make another member an owner first.');
  expect((await owner.ask('/admin/team')).status).toBe(200);
});

it('refuses a wrong email, a member who is there already, and a role without a form', async () => {
  const { text } = await act('add', { role: 'editor', scope: 'all' }, 'ana');
  expect(text).toMatch(/<a href="#email">Enter an email address/);
  expect(text).toMatch(/<input id="email"[^>]*aria-invalid="true"/);
  expect((await act('add', { role: 'editor', scope: 'all' }, MEMBER.email)).text).toContain('is already a member.');
  const without = await act('add', { role: 'editor', scope: 'some' });
  expect(without.text).toContain('Tick at least one form');
  expect(without.text).toMatch(/value="editor" checked/);
  expect(without.text).toContain(`value="${ANA}"`);
  expect((await listTeam(db, NOW)).codes).toEqual([]);
});

it('is open to owners of all forms only', async () => {
  const ana = await addAna({ role: 'owner', scope: 'some', form: 'loan' });

  expect((await ana.ask('/admin/team')).status).toBe(403);
  expect((await ana.send('/admin/team', { do: 'remove', email: MEMBER.email })).status).toBe(403);
  expect((await ana.ask('/admin')).text).not.toContain('href="/admin/team"');
});

it('lists an archived form that a role is for, so that another role keeps it', async () => {
  await addAna();
  await owner.send('/admin/forms/loan/state', { do: 'archive' });
  const { text } = await owner.ask('/admin/team');
  expect(text).toContain('Reviewer of Loan');
  expect(text).toMatch(/name="form" value="loan" checked/);
});
