import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Members have roles. Until now each member could do everything, so each becomes an owner of all forms. */
export const memberRoles: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('grants')
      .addColumn('member_id', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      // Null for all forms.
      .addColumn('form', 'text')
      .addColumn('may_reveal', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await sql`create unique index grants_unique on grants (member_id, role, coalesce(form, ''))`.execute(db);
    await sql`insert into grants (member_id, role) select id, 'owner' from members`.execute(db);
    // The roles that a new member gets with their code, as JSON. A code without them makes an owner.
    await db.schema.alterTable('member_codes').addColumn('grants', 'text').execute();
  },
};
