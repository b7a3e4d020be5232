/** Unique answers: each can be submitted once per form, such as an email address. Only keyed hashes are stored. */
import type { Database } from '../db/database.ts';

/**
 * Finds the submission that reserved an answer of `form`.
 * @param keyHashes the hash of the answer under each key, current and former
 * @returns its id, or undefined
 */
export async function findHolder(db: Database, form: string, keyHashes: string[]): Promise<string | undefined> {
  const row = await db.query
    .selectFrom('unique_answers')
    .select('submission_id')
    .where('form', '=', form)
    .where('key_hash', 'in', keyHashes)
    .executeTakeFirst();
  return row?.submission_id;
}

/** Reserves an answer for a submission. If another submission has it, nothing changes. */
export async function reserve(db: Database, form: string, keyHash: string, submissionId: string): Promise<void> {
  await db.query
    .insertInto('unique_answers')
    .values({ form, key_hash: keyHash, submission_id: submissionId })
    .onConflict((conflict) => conflict.columns(['form', 'key_hash']).doNothing())
    .execute();
}

/** Releases all answers that a submission reserved. */
export async function releaseAll(db: Database, submissionId: string): Promise<void> {
  await db.query.deleteFrom('unique_answers').where('submission_id', '=', submissionId).execute();
}
