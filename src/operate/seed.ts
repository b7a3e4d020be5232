/** Generates submissions of invented people, to try the dashboard and the database with many. */
import { insertRows } from '../record/db/bulk.ts';
import type { Database } from '../record/db/database.ts';
import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { referenceOf } from '../record/ids.ts';
import type { Tables } from '../record/db/tables.ts';
import { rebuildResults } from '../record/results/count-changes.ts';
import { rebuildTallies } from '../record/submissions/tallies.ts';
import { addPassage, type Rows } from './seed/passage.ts';
import type { Form } from '../form/schema.ts';
import { sensitiveFields } from '../form/inspect/sensitive.ts';

const AT_ONCE = 2_000;
const DAY_MS = 86_400_000;

/** In the order of their foreign keys. */
const TABLES = [
  'submissions',
  'events',
  'accounts',
  'account_data',
  'idempotency',
  'deliveries',
  'attempts',
  'jobs',
] as const satisfies (keyof Tables)[];

/**
 * Stores `count` submissions of the published `forms` in turn, started over the 90 days before `now`. Seven of ten are
 * submitted. Several versions of a form get equal shares.
 * @param onProgress called now and then with the number that is stored
 */
export async function seed(
  db: Database,
  forms: { form: Form; version: string }[],
  count: number,
  now: Date,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  // References are unique from a running number, which begins at random.
  const first = randomInt(2 ** 32);
  const known = forms.map((published) => ({ ...published, sensitive: sensitiveFields(published.form) }));
  for (let done = 0; done < count; done += AT_ONCE) {
    const rows = Object.fromEntries(TABLES.map((table) => [table, []])) as unknown as Rows;
    const end = Math.min(done + AT_ONCE, count);
    for (let number = done; number < end; number++) {
      // In order, so that ids grow as on a real site.
      const at = new Date(now.getTime() - 90 * DAY_MS * (1 - number / count));
      const published = known[number % known.length];
      if (published)
        addPassage(rows, { ...published, number, reference: referenceOf(first + number), at, keys: db.keys });
    }
    // In the order of many people at once.
    rows.events.sort((a, b) => Number(a.received_at > b.received_at) - Number(a.received_at < b.received_at));
    await db.transaction(
      async (trx) => {
        for (const table of TABLES) await insertRows(trx, table, rows[table] as never);
      },
      { locksRow: true },
    );
    onProgress(end);
  }
  // PostgreSQL does so by itself, some time after so much is new.
  if (db.engine.kind === 'postgres') await sql`analyze`.execute(db.query);
  await rebuildTallies(db);
  await rebuildResults(db);
}
