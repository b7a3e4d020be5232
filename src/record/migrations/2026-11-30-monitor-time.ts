import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The time of an account's sync status. Until now a late webhook put an earlier status back. */
export const monitorTime: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('accounts').addColumn('monitor_at', 'text').execute();
  },
};
