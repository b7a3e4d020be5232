/** Comments on a form, and approvals of its text, by colleagues with the link to its preview. They have no account. */
import type { Database } from '../db/database.ts';
import { enqueueWipe } from '../erasure.ts';
import { newId } from '../ids.ts';

export interface NewFormComment {
  form: string;
  kind: 'comment' | 'approval';
  /** The screen and the question that it is about. */
  screen?: string | undefined;
  field?: string | undefined;
  /** The name that the person wrote. Nothing proves it. */
  name: string;
  text: string;
  /** The text of the form that the person saw, as `textHash` names it. */
  textHash: string;
}

export interface FormComment extends NewFormComment {
  id: string;
  /** ISO 8601. */
  createdAt: string;
  isDone: boolean;
}

/**
 * Stores a comment or an approval, unless the same one is open. A person whose network lost the answer sends it again.
 * @param maxOpen how many of one form may be open
 * @returns false, and stores nothing, where as many are open
 */
export async function addFormComment(
  db: Database,
  comment: NewFormComment,
  maxOpen: number,
  now: Date,
): Promise<boolean> {
  const { form, kind, screen, field, name, text, textHash } = comment;
  return db.transaction(async (trx) => {
    const { count: same } = await countOpen(trx, form)
      .where('kind', '=', kind)
      .where('screen', 'is not distinct from', screen ?? null)
      .where('field', 'is not distinct from', field ?? null)
      .where('name', '=', name)
      .where('text', '=', text)
      .where('text_hash', '=', textHash)
      .executeTakeFirstOrThrow();
    if (Number(same) > 0) return true;
    const { count } = await countOpen(trx, form).executeTakeFirstOrThrow();
    if (Number(count) >= maxOpen) return false;
    await trx.query
      .insertInto('form_comments')
      .values({
        id: newId(now),
        form,
        kind,
        screen: screen ?? null,
        field: field ?? null,
        name,
        text,
        text_hash: textHash,
        created_at: now.toISOString(),
        done_at: null,
        done_by: null,
      })
      .execute();
    return true;
  });
}

/** The open comments on a form and the latest of the others, the newest first. */
export async function listFormComments(db: Database, form: string, limit: number): Promise<FormComment[]> {
  const rows = await db.query
    .selectFrom('form_comments')
    .selectAll()
    .where('form', '=', form)
    // Newer ones that are done must not hide them.
    .orderBy((is) => is.case().when('done_at', 'is', null).then(0).else(1).end())
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  rows.sort((a, b) => (a.id < b.id ? 1 : -1));
  return rows.map(({ id, kind, screen, field, name, text, text_hash, created_at, done_at }) => ({
    id,
    form,
    kind: kind === 'approval' ? 'approval' : 'comment',
    screen: screen ?? undefined,
    field: field ?? undefined,
    name,
    text,
    textHash: text_hash,
    createdAt: created_at,
    isDone: done_at !== null,
  }));
}

/** The number of comments on a form that no member has marked as done. */
export async function countOpenComments(db: Database, form: string): Promise<number> {
  const { count } = await countOpen(db, form).where('kind', '=', 'comment').executeTakeFirstOrThrow();
  return Number(count);
}

/** Comments and approvals that no member has marked as done. */
const countOpen = (db: Database, form: string) =>
  db.query
    .selectFrom('form_comments')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('form', '=', form)
    .where('done_at', 'is', null);

/** Marks a comment as done. One that is done already stays as it is. */
export async function finishFormComment(
  db: Database,
  form: string,
  id: string,
  memberId: string,
  now: Date,
): Promise<void> {
  await db.query
    .updateTable('form_comments')
    .set({ done_at: now.toISOString(), done_by: memberId })
    .where('id', '=', id)
    .where('form', '=', form)
    .where('done_at', 'is', null)
    .execute();
}

/** Deletes the comments that were marked as done before `doneBefore`, and all from before `madeBefore`. */
export async function deleteFormComments(db: Database, doneBefore: Date, madeBefore: Date, now: Date): Promise<void> {
  await db.transaction(async (trx) => {
    const { numDeletedRows } = await trx.query
      .deleteFrom('form_comments')
      .where((is) =>
        is.or([is('done_at', '<', doneBefore.toISOString()), is('created_at', '<', madeBefore.toISOString())]),
      )
      .executeTakeFirstOrThrow();
    if (numDeletedRows) await enqueueWipe(trx, now);
  });
}
