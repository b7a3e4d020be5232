import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How far Smile says that an invitation of its own has come. */
export const addInviteStatus: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('invitations').addColumn('smile_status', 'text').execute();
  },
};
