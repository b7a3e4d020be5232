/** Forward only: a migration that has been released is never changed; what it lacks is added by a later one. */
import type { Migration } from 'kysely/migration';
import { tables } from './2026-11-24-tables.ts';

/** Applied in the order of their names. */
export const migrations: Record<string, Migration> = {
  '2026-11-24-tables': tables,
};
