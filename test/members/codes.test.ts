import { describe, expect, it } from 'vitest';
import {
  CODE_HOURS,
  expiredCodesJob,
  giveCode,
  redeemCode,
  removeMember,
  withdrawCode,
} from '../../src/members/codes.ts';
import { listGrants, OWNER_OF_ALL } from '../../src/members/grants.ts';
import { checkPassword } from '../../src/members/members.ts';
import type { Grant } from '../../src/members/roles.ts';
import { findSession, startSession } from '../../src/members/sessions.ts';
import type { Database } from '../../src/record/db/database.ts';
import { WIPE } from '../../src/record/erasure.ts';
import type { Job } from '../../src/record/jobs/jobs.ts';
import { openSmallSite } from '../helpers/api/client.ts';
import { addMember, MEMBER } from '../helpers/dashboard-client.ts';
import { doOwed, removeFolder } from '../helpers/site.ts';
import { later, NOW, temporaryDatabase } from '../helpers/database.ts';

const ANA = { email: 'ana@acme.example', password: MEMBER.password };
const BEN = 'ben@acme.example';

async function given(db: Database, what: 'add' | 'reset', email: string): Promise<string> {
  const made = await giveCode(db, { what, email, now: NOW });
  if (made.fault !== undefined) throw new Error(made.fault);
  return made.code;
}

describe('a code for somebody new', () => {
  it('makes them a member, once, in any spelling', async () => {
    const db = await temporaryDatabase();
    const code = await given(db, 'add', ` ${BEN.toUpperCase()} `);
    const right = { email: BEN, code: code.toLowerCase().replaceAll('-', ' '), password: 'battery staple', now: NOW };
    expect(await redeemCode(db, right)).toMatchObject({ member: { email: BEN } });
    expect(await checkPassword(db, BEN, 'battery staple')).toMatchObject({ email: BEN });
    expect(await redeemCode(db, { ...right, password: 'another one here' })).toMatchObject({ field: 'code' });
    expect(await checkPassword(db, BEN, 'another one here')).toBeUndefined();
  });

  it('is of no use to anybody else, after a day, or once another one was given', async () => {
    const db = await temporaryDatabase();
    const first = await given(db, 'add', BEN);
    const code = await given(db, 'add', BEN);
    const use = { email: BEN, code, password: 'battery staple', now: NOW };
    expect(await redeemCode(db, { ...use, code: first })).toMatchObject({ field: 'code' });
    expect(await redeemCode(db, { ...use, email: ANA.email })).toMatchObject({ field: 'code' });
    expect(await redeemCode(db, { ...use, now: later(CODE_HOURS * 3_600) })).toMatchObject({ field: 'code' });
    expect(await redeemCode(db, { ...use, password: 'short' })).toMatchObject({ field: 'password' });
    expect(await redeemCode(db, use)).toMatchObject({ member: { email: BEN } });
  });

  it('is used by one of several people who try at the same time', async () => {
    const db = await temporaryDatabase();
    const code = await given(db, 'add', BEN);
    const tries = ['one password', 'two passwords', 'three passwords'].map((password) =>
      redeemCode(db, { email: BEN, code, password, now: NOW }),
    );
    const results = await Promise.all(tries);
    expect(results.filter(({ fault }) => fault === undefined)).toHaveLength(1);
  });

  it('is deleted with its email address by the site, within an hour after its end', async () => {
    let now = NOW;
    const site = await openSmallSite({ forms: {}, now: () => now });
    await given(site.db, 'add', BEN);
    const emailsAt = async (seconds: number) => {
      now = later(seconds);
      await doOwed(site, now);
      return (await site.db.query.selectFrom('member_codes').select('email').execute()).map(({ email }) => email);
    };
    expect(await emailsAt(CODE_HOURS * 3_600 - 1)).toEqual([BEN]);
    await expect.poll(() => emailsAt((CODE_HOURS + 1) * 3_600)).toEqual([]);
    await site.close();
    removeFolder(site.folder);
  });

  it('goes from the file of the database too: at its end, when it is withdrawn, and with the member', async () => {
    const wipes = async (remove: (db: Database) => Promise<unknown>) => {
      const db = await temporaryDatabase();
      await addMember(db, ANA.email);
      await given(db, 'add', BEN);
      await remove(db);
      return (await db.query.selectFrom('jobs').select('kind').execute()).filter(({ kind }) => kind === WIPE).length;
    };
    const atEnd = (db: Database) => expiredCodesJob({ db, now: () => later(CODE_HOURS * 3_600) }).run({} as Job);
    const wiped = (await temporaryDatabase()).engine.kind === 'sqlite' ? 1 : 0;
    expect(await wipes(() => Promise.resolve())).toBe(0);
    expect(await wipes(atEnd)).toBe(wiped);
    expect(await wipes((db) => withdrawCode(db, BEN, NOW))).toBe(wiped);
    expect(await wipes((db) => removeMember(db, ANA.email, NOW))).toBe(wiped);
  });

  it('is not readable in the store', async () => {
    const db = await temporaryDatabase();
    const code = await given(db, 'add', BEN);
    const rows = await db.query.selectFrom('member_codes').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(code);
    expect(JSON.stringify(rows)).not.toContain(code.replaceAll('-', ''));
  });

  it('is not made for a member, nor for a text that is no email', async () => {
    const db = await temporaryDatabase();
    await addMember(db, ANA.email);
    expect((await giveCode(db, { what: 'add', email: ANA.email, now: NOW })).fault).toContain('reset ana@acme.example');
    expect((await giveCode(db, { what: 'reset', email: BEN, now: NOW })).fault).toContain('add ben@acme.example');
    for (const email of ['ben', 'ben@acme', 'ben\u001b[2J@acme.example'])
      expect((await giveCode(db, { what: 'add', email, now: NOW })).fault).toContain('Enter an email address');
  });
});

describe('a code for a member without a password', () => {
  it('changes it and signs them out everywhere; until it is used, all stays as it was', async () => {
    const db = await temporaryDatabase();
    const member = { id: await addMember(db, ANA.email) };
    const token = (await startSession(db, member.id, NOW)) ?? '';
    const code = await given(db, 'reset', ANA.email);
    expect(await findSession(db, token, NOW)).toMatchObject({ id: member.id });

    const use = { email: ANA.email, code, password: 'another one here', now: NOW };
    expect(await redeemCode(db, use)).toMatchObject({ member });
    expect(await checkPassword(db, ANA.email, ANA.password)).toBeUndefined();
    expect(await checkPassword(db, ANA.email, 'another one here')).toMatchObject({ id: member.id });
    expect(await findSession(db, token, NOW)).toBeUndefined();
  });

  it('keeps out a person who was signing in with the old password meanwhile', async () => {
    const db = await temporaryDatabase();
    await addMember(db, ANA.email);
    const code = await given(db, 'reset', ANA.email);
    const checked = await checkPassword(db, ANA.email, ANA.password);
    if (!checked) throw new Error('It is the right one still.');
    await redeemCode(db, { email: ANA.email, code, password: 'another one here', now: NOW });
    expect(await startSession(db, checked.id, NOW, checked.passwordHash)).toBeUndefined();
    expect(await db.query.selectFrom('sessions').selectAll().execute()).toEqual([]);
  });
});

describe('a removed member', () => {
  it('gets in no more: by password, by session, or by a code that is still out', async () => {
    const db = await temporaryDatabase();
    const member = { id: await addMember(db, ANA.email) };
    const token = (await startSession(db, member.id, NOW)) ?? '';
    const code = await given(db, 'reset', ANA.email);
    expect(await removeMember(db, ANA.email, NOW)).toBe(true);
    expect(await removeMember(db, ANA.email, NOW)).toBe(false);
    expect(await checkPassword(db, ANA.email, ANA.password)).toBeUndefined();
    expect(await findSession(db, token, NOW)).toBeUndefined();
    expect(await redeemCode(db, { ...ANA, code, now: NOW })).toMatchObject({ field: 'code' });
    expect(await startSession(db, member.id, NOW)).toBeUndefined();
  });
});

describe('the roles of a member', () => {
  const roles = async (db: Database, email: string) => {
    const row = await db.query.selectFrom('members').select('id').where('email', '=', email).executeTakeFirstOrThrow();
    return listGrants(db, row.id);
  };
  const use = async (db: Database, code: string) =>
    redeemCode(db, { email: BEN, code, password: 'battery staple', now: NOW });

  it('come with the code, and are owner of all forms without a choice', async () => {
    const db = await temporaryDatabase();
    await use(db, await given(db, 'add', BEN));
    expect(await roles(db, BEN)).toEqual([OWNER_OF_ALL]);
  });

  it('are those that were chosen, stay with a new password, and go with the member', async () => {
    const db = await temporaryDatabase();
    const grants = ['lease', 'loan'].map((form): Grant => ({ role: 'reviewer', form, mayReveal: true }));
    const made = await giveCode(db, { what: 'add', email: BEN, now: NOW, grants });
    await use(db, 'code' in made ? made.code : '');
    expect(await roles(db, BEN)).toEqual(grants);
    await use(db, await given(db, 'reset', BEN));
    expect(await roles(db, BEN)).toEqual(grants);
    await removeMember(db, BEN, NOW);
    expect(await db.query.selectFrom('grants').selectAll().execute()).toEqual([]);
  });
});
