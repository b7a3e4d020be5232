import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { typeable } from '../../form/typeable.ts';

/** The columns with words of Smile, which earlier versions stored with invisible characters. */
const COLUMNS = [
  ['providers', 'name'],
  ['accounts', 'provider_id'],
  ['accounts', 'error_code'],
  ['archives', 'type'],
  ['archives', 'status'],
  ['archives', 'error_code'],
] as const;

/** Words of Smile have no invisible characters. There are few different ones, however many accounts have them. */
export const visibleWords: Migration = {
  async up(db: Kysely<Record<string, Record<string, string | null>>>): Promise<void> {
    for (const [table, column] of COLUMNS) {
      const rows = await db.selectFrom(table).select(column).distinct().where(column, 'is not', null).execute();
      for (const { [column]: word } of rows) {
        const visible = typeable(word ?? '').trim();
        if (visible !== word) await db.updateTable(table).set({ [column]: visible }).where(column, '=', word!).execute(); // prettier-ignore
      }
    }
  },
};
