/** Deletes forms that were never published, with all that belongs to them. */
import type { Database } from '../db/database.ts';
import { enqueueWipe } from '../erasure.ts';
import { formState } from './form-states.ts';
import { withdrawPreviewLinks } from './preview-generations.ts';
import { latestPublication } from './publications.ts';

/**
 * Deletes a form of the dashboard, or one whose file is gone, with its draft, its comments and its schedule. Its link is free
 * again, and old links to its preview stay without effect. A form that was published stays, because people may have started it.
 * @returns whether it was deleted
 */
export async function deleteUnpublishedForm(db: Database, slug: string, now: Date): Promise<boolean> {
  return db.transaction(async (trx) => {
    const state = await formState(trx, slug);
    const wasPublished = state?.version !== undefined || (await latestPublication(trx, slug)) !== undefined;
    if (!state || wasPublished || (state.managedIn === 'files' && state.removedAt === null)) return false;
    await withdrawPreviewLinks(trx, slug);
    for (const table of ['form_drafts', 'form_comments', 'scheduled_publications'] as const)
      await trx.query.deleteFrom(table).where('form', '=', slug).execute();
    await trx.query.deleteFrom('forms').where('slug', '=', slug).execute();
    // Comments have names of colleagues.
    await enqueueWipe(trx, now);
    return true;
  });
}
