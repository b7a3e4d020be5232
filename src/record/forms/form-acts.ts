/** Closes, opens and archives forms, and records the member. */
import type { Database } from '../db/database.ts';
import { newId } from '../ids.ts';
import { formState } from './form-states.ts';

export const FORM_ACTS = ['close', 'open', 'archive'] as const;

/** `close`: the form takes no new submissions from now on. `archive`: it also leaves the list of forms. `open`: undoes both. */
export type FormAct = (typeof FORM_ACTS)[number];

/**
 * Does an act, unless the form is in that state already.
 * @returns whether anything changed
 */
export async function actOnForm(
  db: Database,
  form: string,
  act: FormAct,
  memberId: string,
  now: Date,
): Promise<boolean> {
  return db.transaction(async (trx) => {
    const state = await formState(trx, form);
    if (!state) return false;
    const [closed, archived] = [state.closedAt !== null, state.archivedAt !== null];
    const isThere = { close: closed && !archived, open: !closed && !archived, archive: archived }[act];
    if (isThere) return false;
    const at = now.toISOString();
    const closedAt = state.closedAt ?? at;
    const change = {
      close: { closed_at: closedAt, archived_at: null },
      open: { closed_at: null, archived_at: null },
      archive: { closed_at: closedAt, archived_at: at },
    }[act];
    await trx.query.updateTable('forms').set(change).where('slug', '=', form).execute();
    await trx.query
      .insertInto('form_acts')
      .values({ id: newId(now), form, act, member_id: memberId, at })
      .execute();
    return true;
  });
}

/** The latest acts on a form, the newest first. */
export async function listFormActs(
  db: Database,
  form: string,
  limit: number,
): Promise<{ act: FormAct; memberId: string; at: string }[]> {
  const rows = await db.query
    .selectFrom('form_acts')
    .select(['act', 'member_id', 'at'])
    .where('form', '=', form)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ act, member_id, at }) => ({ act: act as FormAct, memberId: member_id, at }));
}
