/** A store as an older version has left it after a flood: one draft with thousands of large events and claims. */
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { sql } from 'kysely';

export interface Flooded {
  /** The database's address or path. */
  url: string;
  /** The draft. */
  id: string;
  userId: string;
  events: number;
  /** Characters of each event's data. */
  length: number;
  claims: number;
}

/** Names that readers ask for, in turn. */
const NAMES: [name: string, source: string][] = [
  ['onUploadsCreated', 'widget'],
  ['answersSaved', 'page'],
  ['onUIEvent', 'widget'],
  ['onAccountConnected', 'widget'],
];

export async function seedFlood({ url, id, userId, events, length, claims }: Flooded): Promise<void> {
  const db = await openDatabase(url);
  const at = '2026-11-01T09:00:00.000Z';
  const text = 'x'.repeat(length - 200);
  const row = (n: number) => {
    const [name = '', source = ''] = NAMES[n % NAMES.length] ?? [];
    const data = JSON.stringify({ screen: 'connect', uploads: [{ id: `u-${n}` }], accountId: `c-${n}`, userId, providerId: `p-${n}`, text }); // prettier-ignore
    return { scope: id, id: `flood-${n}`, submission_id: id, smile_user_id: null, name, source, at, received_at: at, data }; // prettier-ignore
  };
  const account = (n: number) => ({ account_id: `c-${n}`, submission_id: id, screen: 'connect', provider_id: `p-${n}`, status: 'CONNECTED', error_code: null, confirmed: 0, status_at: at, created_at: at, updated_at: at }); // prettier-ignore
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
  for (let from = 0; from < events; from += 250)
    await db.query.insertInto('events').values(range(from, Math.min(from + 250, events)).map(row)).execute(); // prettier-ignore
  for (let from = 0; from < claims; from += 500)
    await db.query.insertInto('accounts').values(range(from, Math.min(from + 500, claims)).map(account)).execute(); // prettier-ignore
  await sql`update submissions set smile_user_id = ${userId}, wink_screen = 'connect' where id = ${id}`.execute(
    db.query,
  );
  await sql`update jobs set due_at = ${at} where subject = ${id}`.execute(db.query);
  await closeDatabase(db);
}
