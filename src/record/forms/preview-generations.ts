/** Withdraws the links to the preview of a form. */
import type { Database } from '../db/database.ts';

/** The generation in which links to the preview of `form` work now, from 1. */
export async function previewGeneration(db: Database, form: string): Promise<number> {
  const row = await db.query
    .selectFrom('preview_generations')
    .select('generation')
    .where('form', '=', form)
    .executeTakeFirst();
  return row?.generation ?? 1;
}

/** Begins the next generation, so that every link from before stops working. */
export async function withdrawPreviewLinks(db: Database, form: string): Promise<void> {
  await db.transaction(async (trx) => {
    const generation = (await previewGeneration(trx, form)) + 1;
    await trx.query
      .insertInto('preview_generations')
      .values({ form, generation })
      .onConflict((conflict) => conflict.column('form').doUpdateSet({ generation }))
      .execute();
  });
}
