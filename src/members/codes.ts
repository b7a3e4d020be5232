/** Codes with which one person becomes a member, or chooses a new password. The operator creates and hands them over. */
import type { Database } from '../record/db/database.ts';
import { enqueueWipe } from '../record/erasure.ts';
import { newId } from '../record/ids.ts';
import { HOUR_MS, HOURLY, type JobHandler } from '../record/jobs/worker.ts';
import { sha256 } from '../record/crypto/secrets.ts';
import type { HashQueue } from './hash-queue.ts';
import { addGrants, grantsOfCode } from './grants.ts';
import { emailFault, normalised, type Member } from './members.ts';
import { chosenPasswordFault, hashPassword } from './passwords.ts';
import type { Grant } from './roles.ts';
import { newCode, plainCode } from './setup-code.ts';

/** How long a code is valid. */
export const CODE_HOURS = 24;

/**
 * Creates a code for one person, which replaces an earlier one. The database has only its hash. The current password stays
 * valid until the code is used.
 * @param input `add`: for a new member with `grants`, or without them an owner of all forms. `reset`: for an existing
 * one.
 * `madeBy`: the id of the member who makes it. The code ends if that member is removed, or can't change the team any
 * more
 * @returns the code, or `fault`, a sentence for the operator
 */
export async function giveCode(
  db: Database,
  input: { what: 'add' | 'reset'; email: string; now: Date; grants?: readonly Grant[]; madeBy?: string },
): Promise<{ code: string; email: string; expiresAt: string; fault?: undefined } | { fault: string }> {
  const email = normalised(input.email);
  // An older version may have taken an address that is refused now.
  const fault = input.what === 'add' ? emailFault(email) : undefined;
  if (fault) return { fault };
  const code = newCode();
  const expiresAt = new Date(input.now.getTime() + CODE_HOURS * HOUR_MS).toISOString();
  const grants = input.grants ? JSON.stringify(input.grants) : null;
  const row = {
    code_hash: hashOf(code),
    created_at: input.now.toISOString(),
    expires_at: expiresAt,
    grants,
    made_by: input.madeBy ?? null,
  };
  return db.transaction(async (trx) => {
    const member = await trx.query.selectFrom('members').select('id').where('email', '=', email).executeTakeFirst();
    if (member && input.what === 'add')
      return { fault: `${email} is already a member. For a new password, run npm run member -- reset ${email}` };
    if (!member && input.what === 'reset')
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
 * Uses a code: creates the member with this password, or changes the password and signs the member out everywhere. The
 * result does not reveal whether the email or the code was wrong.
 * @param hashing limits the hashes that run at once
 * @throws {HashQueueFull}
 */
export async function redeemCode(
  db: Database,
  input: { email: string; code: string; password: string; now: Date },
  hashing: HashQueue = (work) => work(),
): Promise<{ member: Member; fault?: undefined } | { field: 'code' | 'password'; fault: string }> {
  const email = normalised(input.email);
  const now = input.now.toISOString();
  // Checked before the password is hashed, so that a wrong code costs little.
  const found = await db.query
    .selectFrom('member_codes')
    .select('email')
    .where('email', '=', email)
    .where('code_hash', '=', hashOf(input.code))
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (!found) return { field: 'code', fault: WRONG_CODE };
  const fault = await chosenPasswordFault(input.password, email);
  if (fault) return { field: 'password', fault };
  const passwordHash = await hashing(() => hashPassword(input.password));
  return db.transaction(async (trx) => {
    const used = await trx.query
      .deleteFrom('member_codes')
      .where('email', '=', email)
      .where('code_hash', '=', hashOf(input.code))
      .where('expires_at', '>', now)
      .returning('grants')
      .executeTakeFirst();
    if (!used) return { field: 'code', fault: WRONG_CODE };
    const known = await trx.query.selectFrom('members').selectAll().where('email', '=', email).executeTakeFirst();
    const member: Member = { id: known?.id ?? newId(input.now), email, createdAt: known?.created_at ?? now };
    if (known) {
      await trx.query.updateTable('members').set({ password_hash: passwordHash }).where('id', '=', known.id).execute();
      await trx.query.deleteFrom('sessions').where('member_id', '=', known.id).execute();
    } else {
      const row = { id: member.id, email, password_hash: passwordHash, created_at: member.createdAt };
      await trx.query.insertInto('members').values(row).execute();
      await addGrants(trx, member.id, grantsOfCode(used.grants));
    }
    return { member };
  });
}

/** Withdraws the codes that a member has made. */
export async function withdrawCodesOf(db: Database, memberId: string, now: Date): Promise<void> {
  await db.query.deleteFrom('member_codes').where('made_by', '=', memberId).execute();
  await enqueueWipe(db, now);
}

/** Withdraws the code of a person. */
export async function withdrawCode(db: Database, address: string, now: Date): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.query.deleteFrom('member_codes').where('email', '=', normalised(address)).execute();
    await enqueueWipe(trx, now);
  });
}

/** Every hour, deletes the codes that can't be used any more. They have email addresses, and no list shows them. */
export function expiredCodesJob({ db, now }: { db: Database; now: () => Date }): JobHandler {
  return {
    backoff: HOURLY,
    async run() {
      const time = now();
      await db.transaction(async (trx) => {
        const ended = trx.query.deleteFrom('member_codes').where('expires_at', '<=', time.toISOString());
        if ((await ended.executeTakeFirstOrThrow()).numDeletedRows) await enqueueWipe(trx, time);
      });
      return { again: new Date(time.getTime() + HOUR_MS) };
    },
  };
}

/** Removes a member with all sessions and codes, also those that they made for others. False if there is no member with this email. */
export async function removeMember(db: Database, address: string, now: Date): Promise<boolean> {
  const email = normalised(address);
  return db.transaction(async (trx) => {
    await trx.query.deleteFrom('member_codes').where('email', '=', email).execute();
    const member = await trx.query.selectFrom('members').select('id').where('email', '=', email).executeTakeFirst();
    if (!member) return false;
    await withdrawCodesOf(trx, member.id, now);
    await trx.query.deleteFrom('sessions').where('member_id', '=', member.id).execute();
    await trx.query.deleteFrom('grants').where('member_id', '=', member.id).execute();
    await trx.query.deleteFrom('members').where('id', '=', member.id).execute();
    return true;
  });
}

const WRONG_CODE = 'Email or code is wrong, or the code is used or too old. Ask for a new code.';

const hashOf = (code: string): string => sha256(plainCode(code));
