import { execFile } from 'node:child_process';
import { scryptSync } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkPassword, createFirstMember, hasMembers } from '../../src/members/members.ts';
import { chosenPasswordFault, hashPassword, passwordFault, verifyPassword } from '../../src/members/passwords.ts';
import { addMember, MEMBER } from '../helpers/dashboard-client.ts';
import { PROGRAM_ENV } from '../helpers/programs.ts';
import { root } from '../helpers/site.ts';
import { NOW, temporaryDatabase } from '../helpers/database.ts';

const ANA = { email: 'Ana@Acme.example ', password: 'correct horse', now: NOW };

describe('passwords', () => {
  it('are refused when shorter than 10 or longer than 200 characters', () => {
    expect(passwordFault('123456789')).toBe('The password is too short. Use at least 10 characters.');
    expect(passwordFault('😀'.repeat(200))).toBeUndefined();
    expect(passwordFault('x'.repeat(201))).toBe('The password is too long. Use at most 200 characters.');
  });

  it.each([
    '1234567890',
    'Password123!',
    'qwertyuiop',
    '1q2w3e4r5t',
    'aaaaaaaaaaaa',
    'ana@acme.example',
    'flipsite2026',
  ])('are refused when they are as easy to guess as %s', async (password) => {
    expect(await chosenPasswordFault(password, 'ana@acme.example')).toMatch(/^This password is easy to guess\./);
  });

  it('are refused for a beginning that is easy to guess, since a long one takes long to estimate', async () => {
    const [beginning, rest] = ['1'.repeat(60), ' correct horse battery'];
    expect(await chosenPasswordFault(beginning + rest, 'ana@acme.example')).toMatch(
      /^This password is easy to guess\./,
    );
    expect(await chosenPasswordFault(beginning.slice(0, 20) + rest, 'ana@acme.example')).toBeUndefined();
  });

  it.each(['correct horse battery', 'contraseña buena', 'another one here', 'x7#kQ2!vLp'])(
    'may be %s',
    async (password) => {
      expect(await chosenPasswordFault(password, 'ana@acme.example')).toBeUndefined();
    },
  );

  it('are known again from their hash, in either spelling of an accent, and no other one is', async () => {
    const hash = await hashPassword('contrase\u00f1a buena');
    expect(hash).toMatch(/^scrypt\$131072\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await verifyPassword('contrasen\u0303a buena', hash)).toBe(true);
    expect(await verifyPassword('contrasena buena', hash)).toBe(false);
  });

  it('cost an attacker as much as their hash names', async () => {
    // In a process of its own, since scrypt costs less in this one.
    const program = `
      import { scryptSync } from 'node:crypto';
      import { hashPassword } from './src/members/passwords.ts';
      const [, , , , salt, key] = (await hashPassword('correct horse')).split('$');
      const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
      const derived = scryptSync('correct horse', Buffer.from(salt, 'base64url'), 32, cost);
      console.log(derived.toString('base64url') === key);`;
    const ran = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { cwd: root, env: PROGRAM_ENV }); // prettier-ignore
    expect(ran.stdout).toBe('true\n');
  });

  it('are hashed with a salt of their own', async () => {
    expect(await hashPassword('correct horse')).not.toBe(await hashPassword('correct horse'));
  });

  it('are checked with the cost that their hash was made with', async () => {
    // RFC 7914, section 12: "password" with the salt "NaCl", N=1024, r=8, p=16.
    const key = Buffer.from('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162', 'hex').toString(
      'base64url',
    );
    const hash = `scrypt$1024$8$16$${Buffer.from('NaCl').toString('base64url')}$${key}`;
    expect(await verifyPassword('password', hash)).toBe(true);
  });
});

describe('the first member', () => {
  it('is created once, also when two try at the same time', async () => {
    const db = await temporaryDatabase();
    expect(await hasMembers(db)).toBe(false);
    const results = await Promise.all(
      [1, 2].map((n) => createFirstMember(db, { ...ANA, email: `ana${n}@acme.example` })),
    );
    const created = results.filter((result) => result.fault === undefined);
    expect(created).toHaveLength(1);
    expect(results.filter((result) => result.fault?.includes('set up already'))).toHaveLength(1);
    expect(await hasMembers(db)).toBe(true);
  });

  it('needs an email address and a good password', async () => {
    const db = await temporaryDatabase();
    expect(await createFirstMember(db, { ...ANA, email: 'ana' })).toMatchObject({ field: 'email' });
    expect(await createFirstMember(db, { ...ANA, password: 'short' })).toMatchObject({ field: 'password' });
    expect(await hasMembers(db)).toBe(false);
  });
});

describe('a password whose hash costs less than hashes do now', () => {
  it('opens all the same, and is hashed again when it is right', async () => {
    const db = await temporaryDatabase();
    await addMember(db, 'ana@acme.example');
    // As it was made before: scrypt with N=1024 and no salt.
    const key = scryptSync(ANA.password, Buffer.alloc(16), 32, { N: 1024, r: 8, p: 1 }).toString('base64url');
    const former = `scrypt$1024$8$1$${Buffer.alloc(16).toString('base64url')}$${key}`;
    await db.query.updateTable('members').set({ password_hash: former }).execute();
    const stored = async () => (await db.query.selectFrom('members').select('password_hash').executeTakeFirst())?.password_hash; // prettier-ignore

    const two = await Promise.all([checkPassword(db, ANA.email, ANA.password), checkPassword(db, ANA.email, ANA.password)]); // prettier-ignore
    expect(await stored()).toMatch(/^scrypt\$131072\$8\$1\$/);
    for (const one of two) expect(one?.passwordHash).toBe(await stored());
  });
});

describe('signing in', () => {
  it('takes the right password under the email in any case', async () => {
    const db = await temporaryDatabase();
    await addMember(db, 'ana@acme.example');
    expect(await checkPassword(db, ' ana@ACME.example', MEMBER.password)).toMatchObject({ email: 'ana@acme.example' });
    expect(await checkPassword(db, ANA.email, 'wrong password')).toBeUndefined();
    expect(await checkPassword(db, 'ben@acme.example', MEMBER.password)).toBeUndefined();
    expect(await checkPassword(db, ANA.email, '')).toBeUndefined();
  });
});
