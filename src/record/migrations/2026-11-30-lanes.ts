import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Webhooks get their own kind of job, with a lane for each receiver. Until now a slow receiver delayed all other jobs. */
export const lanes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('jobs').addColumn('lane', 'text').execute();
    await sql`update jobs set kind = 'webhookDelivery', lane = (select target from deliveries where id = jobs.subject)
      where kind = 'delivery' and subject in (select id from deliveries where channel = 'webhook')`.execute(db);
  },
};
