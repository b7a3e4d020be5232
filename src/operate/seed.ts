/** Generated submissions, to see how the dashboard and the store do with many. Nobody is in them. */
import { insertRows } from '../record/db/bulk.ts';
import type { Database } from '../record/db/database.ts';
import { randomInt } from 'node:crypto';
import { referenceOf } from '../record/ids.ts';
import type { Tables } from '../record/db/tables.ts';
import { rebuildTallies } from '../record/submissions/tallies.ts';
import { addPassage, type Rows } from './seed/passage.ts';
import type { Form } from '../form/schema.ts';
import { sensitiveFields } from '../form/sensitive.ts';

const AT_ONCE = 2_000;
const DAY_MS = 86_400_000;

/** In the order in which one refers to another. */
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
 * Stores `count` submissions, begun over the 90 days before `now`, each of one of the published `forms` in turn; seven of
 * ten were sent. Of several versions of a form, each has its share.
 * @param tell told how many there are, now and then
 */
export async function seed(
  db: Database,
  forms: { form: Form; version: string }[],
  count: number,
  now: Date,
  tell: (done: number) => void = () => undefined,
): Promise<void> {
  // References are drawn by chance; these follow from a number, and its beginning is drawn.
  const first = randomInt(2 ** 32);
  const known = forms.map((published) => ({ ...published, sensitive: sensitiveFields(published.form) }));
  for (let done = 0; done < count; done += AT_ONCE) {
    const rows = Object.fromEntries(TABLES.map((table) => [table, []])) as unknown as Rows;
    const end = Math.min(done + AT_ONCE, count);
    for (let number = done; number < end; number++) {
      // In order, so that ids grow as they would have.
      const at = new Date(now.getTime() - 90 * DAY_MS * (1 - number / count));
      const published = known[number % known.length];
      if (published)
        addPassage(rows, { ...published, number, reference: referenceOf(first + number), at, keys: db.keys });
    }
    // As they come in when many people are at it.
    rows.events.sort((a, b) => Number(a.received_at > b.received_at) - Number(a.received_at < b.received_at));
    await db.transaction(
      async (trx) => {
        for (const table of TABLES) await insertRows(trx, table, rows[table] as never);
      },
      { locksRow: true },
    );
    tell(end);
  }
  await rebuildTallies(db);
}
