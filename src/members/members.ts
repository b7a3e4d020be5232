/** Members: people who can sign in to the dashboard. */
import { z } from 'zod';
import type { Database } from '../record/db/database.ts';
import { newId } from '../record/ids.ts';
import { addGrants, OWNER_OF_ALL } from './grants.ts';
import {
  chosenPasswordFault,
  hashPassword,
  isOutdated,
  NOBODYS_HASH,
  passwordFault,
  verifyPassword,
} from './passwords.ts';

export type Member = { id: string; email: string; createdAt: string };

/** `fault` is a sentence for the person; `field` is the input it is about, absent if there is already a member. */
export type MemberError = { fault: string; field?: 'email' | 'password' };

export async function hasMembers(db: Database): Promise<boolean> {
  return (await db.query.selectFrom('members').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** The email of a member; null if the member was removed. */
export async function emailOf(db: Database, memberId: string): Promise<string | null> {
  const row = await db.query.selectFrom('members').select('email').where('id', '=', memberId).executeTakeFirst();
  return row?.email ?? null;
}

/** Creates the first member, an owner of all forms. Fails if there is one, also if several calls race. */
export async function createFirstMember(
  db: Database,
  input: { email: string; password: string; now: Date },
): Promise<{ member: Member; fault?: undefined } | MemberError> {
  const email = normalised(input.email);
  const wrong = emailFault(email);
  if (wrong) return { field: 'email', fault: wrong };
  const fault = await chosenPasswordFault(input.password, email);
  if (fault) return { field: 'password', fault };
  const member: Member = { id: newId(input.now), email, createdAt: input.now.toISOString() };
  const passwordHash = await hashPassword(input.password);
  return db.transaction(async (trx) => {
    if (await hasMembers(trx)) return { fault: 'This dashboard has been set up already. Sign in instead.' };
    await trx.query
      .insertInto('members')
      .values({ id: member.id, email, password_hash: passwordHash, created_at: member.createdAt })
      .execute();
    await addGrants(trx, member.id, [OWNER_OF_ALL]);
    return { member };
  });
}

/**
 * Finds the member with this email and password, and the stored hash. A hash of a lower cost than today's is replaced. An
 * unknown email takes as long as a wrong password.
 */
export async function checkPassword(
  db: Database,
  email: string,
  password: string,
): Promise<(Member & { passwordHash: string }) | undefined> {
  if (passwordFault(password)) return undefined;
  const row = await db.query
    .selectFrom('members')
    .selectAll()
    .where('email', '=', normalised(email))
    .executeTakeFirst();
  const stored = row?.password_hash ?? NOBODYS_HASH;
  const right = await verifyPassword(password, stored);
  // Also without a member, so that the time does not reveal which emails exist.
  const renewed = isOutdated(stored) ? await hashPassword(password) : undefined;
  if (!row || !right) return undefined;
  const member = { id: row.id, email: row.email, createdAt: row.created_at };
  if (!renewed) return { ...member, passwordHash: stored };
  const { numUpdatedRows } = await db.query
    .updateTable('members')
    .set({ password_hash: renewed })
    .where('id', '=', row.id)
    .where('password_hash', '=', stored)
    .executeTakeFirst();
  // The hash changed meanwhile, so the new one is checked.
  return numUpdatedRows === 1n ? { ...member, passwordHash: renewed } : checkPassword(db, email, password);
}

/** Why this cannot be a member's email, as a sentence. */
export function emailFault(email: string): string | undefined {
  if (z.email().max(254).safeParse(email).success) return undefined;
  return 'Enter an email address, like name@example.com.';
}

/** An email as it is stored and looked for. */
export const normalised = (email: string): string => email.trim().toLowerCase();
