/** Answers that can be sent once per form, such as an email address. Only their keyed hashes are stored. */
import type { Database } from '../db/database.ts';

/**
 * The submission that holds an answer of `form`, if one does.
 * @param keyHashes the answer's hashes, one for each key that it may have been stored under
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

/** Takes an answer for a submission, unless it is held already; who holds it first keeps it. */
export async function reserve(db: Database, form: string, keyHash: string, submissionId: string): Promise<void> {
  await db.query
    .insertInto('unique_answers')
    .values({ form, key_hash: keyHash, submission_id: submissionId })
    .onConflict((conflict) => conflict.columns(['form', 'key_hash']).doNothing())
    .execute();
}

/** Gives back what a submission holds. */
export async function releaseAll(db: Database, submissionId: string): Promise<void> {
  await db.query.deleteFrom('unique_answers').where('submission_id', '=', submissionId).execute();
}
