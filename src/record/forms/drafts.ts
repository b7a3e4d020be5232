/** Drafts of forms that are managed in the dashboard: one a form, which all members edit. */
import { randomInt } from 'node:crypto';
import type { Database } from '../db/database.ts';
import { textHash } from './form-text.ts';
import { previewGeneration } from './preview-generations.ts';
import { boundDraft } from './text-bounds.ts';
import { latestPublication, type Publication } from './publications.ts';

export interface FormDraft {
  form: string;
  text: string;
  textHash: string;
  title: string;
  /** One more with each change. From 1, or from a random number where the form had a draft before. */
  revision: number;
  memberId: string | undefined;
  updatedAt: string;
}

export interface DraftToStore {
  form: string;
  text: string;
  /** The title of the form in its first language, for lists. */
  title: string;
  memberId?: string | undefined;
}

/**
 * Saves a draft.
 * @param base the revision that the text was made from; 0 where there was no draft
 * @returns the new draft; or the draft that is stored, if another change was saved since `base`. None is stored if the form
 *   was handed to files since
 * @throws TextsFull
 */
export async function saveDraft(
  db: Database,
  draft: DraftToStore,
  base: number,
  now: Date,
): Promise<{ saved: true; draft: FormDraft } | { saved: false; draft: FormDraft | undefined }> {
  return db.transaction(async (trx) => {
    const stored = await findDraft(trx, draft.form);
    if ((stored?.revision ?? 0) !== base) return { saved: false, draft: stored };
    await boundDraft(trx, { form: draft.form, memberId: draft.memberId }, draft.text, stored?.text);
    const row = {
      text: draft.text,
      text_hash: textHash(draft.text),
      title: draft.title,
      revision: stored ? base + 1 : await firstRevision(trx, draft.form),
      member_id: draft.memberId ?? null,
      updated_at: now.toISOString(),
    };
    await trx.query
      .insertInto('form_drafts')
      .values({ form: draft.form, ...row })
      .onConflict((conflict) => conflict.column('form').doUpdateSet(row))
      .execute();
    return { saved: true, draft: toDraft({ form: draft.form, ...row }) };
  });
}

/** A window with the editor of a draft that was deleted may still be open. Its revision must not come back. */
async function firstRevision(trx: Database, form: string): Promise<number> {
  const wasDeleted = (await previewGeneration(trx, form)) > 1;
  const wasInDashboard = (await latestPublication(trx, form)) !== undefined;
  return wasDeleted || wasInDashboard ? randomInt(2, 2 ** 30) : 1;
}

/** Gives a draft its title for lists, unless another change was saved meanwhile. */
export async function setDraftTitle(
  db: Database,
  { form, revision, title }: Pick<FormDraft, 'form' | 'revision' | 'title'>,
): Promise<void> {
  const query = db.query.updateTable('form_drafts').set({ title });
  await query.where('form', '=', form).where('revision', '=', revision).execute();
}

export async function findDraft(db: Database, form: string): Promise<FormDraft | undefined> {
  const row = await db.query.selectFrom('form_drafts').selectAll().where('form', '=', form).executeTakeFirst();
  return row && toDraft(row);
}

/** The hash of the text of a draft. A long text takes a hundred times as long to read. */
export async function findDraftHash(db: Database, form: string): Promise<string | undefined> {
  const row = await db.query.selectFrom('form_drafts').select('text_hash').where('form', '=', form).executeTakeFirst();
  return row?.text_hash;
}

/** The draft of a form beside its latest publication. `isChanged`: the draft has another text, or nothing is published. */
export async function findDraftState(
  db: Database,
  form: string,
): Promise<{ draft: FormDraft | undefined; latest: Publication | undefined; isChanged: boolean }> {
  const [draft, latest] = await Promise.all([findDraft(db, form), latestPublication(db, form)]);
  return { draft, latest, isChanged: draft !== undefined && draft.textHash !== latest?.textHash };
}

export interface DraftSummary {
  form: string;
  title: string;
  /** Whether its text differs from the published one, or there is none. */
  isChanged: boolean;
}

/** The drafts of forms of the dashboard, without their texts. @param slug of one form; without it, of all */
export async function listDrafts(db: Database, slug?: string): Promise<DraftSummary[]> {
  let query = db.query
    .selectFrom('form_drafts as draft')
    .innerJoin('forms', 'forms.slug', 'draft.form')
    .select(({ selectFrom }) => [
      'draft.form',
      'draft.title',
      'draft.text_hash',
      selectFrom('publications')
        .select('text_hash')
        .whereRef('publications.form', '=', 'draft.form')
        .orderBy('number', 'desc')
        .limit(1)
        .as('published'),
    ])
    .where('owner', '=', 'dashboard');
  if (slug !== undefined) query = query.where('draft.form', '=', slug);
  const rows = await query.execute();
  return rows.map(({ form, title, text_hash, published }) => ({ form, title, isChanged: text_hash !== published }));
}

export async function deleteDraft(db: Database, form: string): Promise<void> {
  await db.query.deleteFrom('form_drafts').where('form', '=', form).execute();
}

type Row = { form: string; text: string; text_hash: string; title: string; revision: number; member_id: string | null; updated_at: string }; // prettier-ignore

const toDraft = ({ text_hash, member_id, updated_at, ...row }: Row): FormDraft => ({
  ...row,
  textHash: text_hash,
  memberId: member_id ?? undefined,
  updatedAt: updated_at,
});
