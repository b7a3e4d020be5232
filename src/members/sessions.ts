/** Sessions of signed-in members. The store holds only hashes, so a copy of it opens nothing. */
import { randomBytes } from 'node:crypto';
import type { Database } from '../record/db/database.ts';
import { sha256 } from '../record/crypto/secrets.ts';
import type { Member } from './members.ts';

/** How long a session lasts from signing in. */
export const SESSION_DAYS = 7;

/**
 * Starts a session and returns its token for the cookie; undefined if the member was removed. Deletes expired sessions.
 * @param passwordHash the hash that the password was checked against; if it changed meanwhile, no session starts
 */
export async function startSession(
  db: Database,
  memberId: string,
  now: Date,
  passwordHash?: string,
): Promise<string | undefined> {
  const token = randomBytes(32).toString('base64url');
  const expires = new Date(now.getTime() + SESSION_DAYS * 24 * 60 * 60 * 1000);
  return db.transaction(async (trx) => {
    const member = await trx.query
      .selectFrom('members')
      .select('password_hash')
      .where('id', '=', memberId)
      .executeTakeFirst();
    if (!member || (passwordHash !== undefined && member.password_hash !== passwordHash)) return undefined;
    await trx.query.deleteFrom('sessions').where('expires_at', '<=', now.toISOString()).execute();
    await trx.query
      .insertInto('sessions')
      .values({
        id_hash: sha256(token),
        member_id: memberId,
        created_at: now.toISOString(),
        expires_at: expires.toISOString(),
      })
      .execute();
    return token;
  });
}

/** The member of a valid session, or undefined. */
export async function findSession(db: Database, token: string, now: Date): Promise<Member | undefined> {
  const row = await db.query
    .selectFrom('sessions')
    .innerJoin('members', 'members.id', 'sessions.member_id')
    .select(['members.id', 'members.email', 'members.created_at'])
    .where('id_hash', '=', sha256(token))
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst();
  return row && { id: row.id, email: row.email, createdAt: row.created_at };
}

/** Signs out. An unknown token is no error. */
export async function endSession(db: Database, token: string): Promise<void> {
  await db.query.deleteFrom('sessions').where('id_hash', '=', sha256(token)).execute();
}
