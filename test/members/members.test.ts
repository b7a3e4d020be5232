import { describe, expect, it } from 'vitest';
import { checkPassword, createFirstMember, hasMembers } from '../../src/members/members.ts';
import { hashPassword, passwordFault, verifyPassword } from '../../src/members/passwords.ts';
import { NOW, temporaryDatabase } from '../record/temporary.ts';

const ANA = { email: 'Ana@Acme.example ', password: 'correct horse', now: NOW };

describe('passwords', () => {
  it('are refused when shorter than 10 or longer than 200 characters', () => {
    expect(passwordFault('123456789')).toBe('The password is too short. Use at least 10 characters.');
    expect(passwordFault('1234567890')).toBeUndefined();
    expect(passwordFault('😀'.repeat(200))).toBeUndefined();
    expect(passwordFault('x'.repeat(201))).toBe('The password is too long. Use at most 200 characters.');
  });

  it('are known again from their hash, in either spelling of an accent, and no other one is', async () => {
    const hash = await hashPassword('contrase\u00f1a buena');
    expect(hash).toMatch(/^scrypt\$32768\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await verifyPassword('contrasen\u0303a buena', hash)).toBe(true);
    expect(await verifyPassword('contrasena buena', hash)).toBe(false);
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
  it('is created once, also when five try at the same time', async () => {
    const db = await temporaryDatabase();
    expect(await hasMembers(db)).toBe(false);
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => createFirstMember(db, { ...ANA, email: `ana${n}@acme.example` })),
    );
    const created = results.filter((result) => result.fault === undefined);
    expect(created).toHaveLength(1);
    expect(results.filter((result) => result.fault?.includes('set up already'))).toHaveLength(4);
    expect(await hasMembers(db)).toBe(true);
  });

  it('needs an email address and a good password', async () => {
    const db = await temporaryDatabase();
    expect(await createFirstMember(db, { ...ANA, email: 'ana' })).toMatchObject({ field: 'email' });
    expect(await createFirstMember(db, { ...ANA, password: 'short' })).toMatchObject({ field: 'password' });
    expect(await hasMembers(db)).toBe(false);
  });
});

describe('signing in', () => {
  it('takes the right password under the email in any case', async () => {
    const db = await temporaryDatabase();
    await createFirstMember(db, ANA);
    expect(await checkPassword(db, ' ana@ACME.example', ANA.password)).toMatchObject({ email: 'ana@acme.example' });
    expect(await checkPassword(db, ANA.email, 'wrong password')).toBeUndefined();
    expect(await checkPassword(db, 'ben@acme.example', ANA.password)).toBeUndefined();
    expect(await checkPassword(db, ANA.email, '')).toBeUndefined();
  });
});
