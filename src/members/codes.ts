/** Codes that whoever runs the server gives to one person: to become a member, or to choose a new password. */
import type { Database } from '../record/db/database.ts';
import { newId } from '../record/ids.ts';
import { sha256 } from '../record/crypto/secrets.ts';
import type { HashQueue } from './hash-queue.ts';
import { emailFault, normalised, type Member } from './members.ts';
import { chosenPasswordFault, hashPassword } from './passwords.ts';
import { newCode, plainCode } from './setup-code.ts';

/** How long a code can be used. */
export const CODE_HOURS = 24;

/**
 * Makes the code of one person, in place of any that they had; the store holds only its hash. A password that they
 * have stays until the code is used.
 * @param given `add`: nobody is a member under this email yet; `reset`: somebody is
 */
export async function giveCode(
  db: Database,
  given: { what: 'add' | 'reset'; email: string; now: Date },
): Promise<{ code: string; email: string; expiresAt: string; fault?: undefined } | { fault: string }> {
  const email = normalised(given.email);
  const fault = emailFault(email);
  if (fault) return { fault };
  const code = newCode();
  const expiresAt = new Date(given.now.getTime() + CODE_HOURS * 60 * 60_000).toISOString();
  const row = { code_hash: hashOf(code), created_at: given.now.toISOString(), expires_at: expiresAt };
  return db.transaction(async (trx) => {
    const member = await trx.query.selectFrom('members').select('id').where('email', '=', email).executeTakeFirst();
    if (member && given.what === 'add')
      return { fault: `${email} is already a member. For a new password, run npm run member -- reset ${email}` };
    if (!member && given.what === 'reset')
      return { fault: `There is no member with the email ${email}. To add one, run npm run member -- add ${email}` };
    await trx.query
      .insertInto('member_codes')
      .values({ email, ...row })
      .onConflict((conflict) => conflict.column('email').doUpdateSet(row))
      .execute();
    return { code, email, expiresAt };
  });
}

/**
 * Uses a code, once: makes its person a member with this password, or changes their password and signs them out
 * everywhere. Says nothing of whether the email or the code was wrong.
 * @param hashing bounds the hashes that are computed at once
 * @throws {HashQueueFull}
 */
export async function redeemCode(
  db: Database,
  given: { email: string; code: string; password: string; now: Date },
  hashing: HashQueue = (work) => work(),
): Promise<{ member: Member; fault?: undefined } | { field: 'code' | 'password'; fault: string }> {
  const email = normalised(given.email);
  const now = given.now.toISOString();
  // Looked for first: hashing is expensive, and a wrong code costs no more than this.
  const found = await db.query
    .selectFrom('member_codes')
    .select('email')
    .where('email', '=', email)
    .where('code_hash', '=', hashOf(given.code))
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (!found) return { field: 'code', fault: WRONG_CODE };
  const fault = await chosenPasswordFault(given.password, email);
  if (fault) return { field: 'password', fault };
  const passwordHash = await hashing(() => hashPassword(given.password));
  return db.transaction(async (trx) => {
    const { numDeletedRows } = await trx.query
      .deleteFrom('member_codes')
      .where('email', '=', email)
      .where('code_hash', '=', hashOf(given.code))
      .where('expires_at', '>', now)
      .executeTakeFirst();
    if (numDeletedRows !== 1n) return { field: 'code', fault: WRONG_CODE };
    const known = await trx.query.selectFrom('members').selectAll().where('email', '=', email).executeTakeFirst();
    const member: Member = { id: known?.id ?? newId(given.now), email, createdAt: known?.created_at ?? now };
    if (known) {
      await trx.query.updateTable('members').set({ password_hash: passwordHash }).where('id', '=', known.id).execute();
      await trx.query.deleteFrom('sessions').where('member_id', '=', known.id).execute();
    } else {
      const row = { id: member.id, email, password_hash: passwordHash, created_at: member.createdAt };
      await trx.query.insertInto('members').values(row).execute();
    }
    return { member };
  });
}

/** Ends a membership at once: no password, code or session of theirs opens anything. False when there is none. */
export async function removeMember(db: Database, given: string): Promise<boolean> {
  const email = normalised(given);
  return db.transaction(async (trx) => {
    await trx.query.deleteFrom('member_codes').where('email', '=', email).execute();
    const member = await trx.query.selectFrom('members').select('id').where('email', '=', email).executeTakeFirst();
    if (!member) return false;
    await trx.query.deleteFrom('sessions').where('member_id', '=', member.id).execute();
    await trx.query.deleteFrom('members').where('id', '=', member.id).execute();
    return true;
  });
}

const WRONG_CODE = 'The email and the code do not belong together, or the code is used or too old. Ask for a new one.';

const hashOf = (code: string): string => sha256(plainCode(code));
