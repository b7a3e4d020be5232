import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Smile's status of invitations that Smile sent. */
export const addInviteStatus: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('invitations').addColumn('smile_status', 'text').execute();
  },
};
