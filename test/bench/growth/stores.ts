/** The same generated submissions in two sizes, on both databases, in a folder that can be used again. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { parseForm } from '../../../src/form/parse.ts';
import type { Form } from '../../../src/form/schema.ts';
import { seed } from '../../../src/operate/seed.ts';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { saveVersion } from '../../../src/record/versions.ts';
import { createDatabase, type Postgres } from '../../helpers/postgres/postgres.ts';
import { root } from '../../helpers/site.ts';

/** When the last submission was begun: the site goes by this clock. */
export const NOW = new Date('2026-11-25T09:00:00Z');
export const KEY = Buffer.alloc(32, 7);

/** The form that is looked at; it has six of ten submissions. */
export const FORM = 'gig-driver';
const OTHERS = ['prestamo-nomina', 'tenant-check'];

/** The shipped forms, with a notification of each submission, and without erasing any during the test. */
export const FORMS = Object.fromEntries(
  [FORM, ...OTHERS].map((slug) => {
    const yaml = readFileSync(path.join(root, 'forms', `${slug}.yaml`), 'utf8').replace(/^retention:.*$/m, '');
    // Without a retention, the site would delete the old drafts while it is measured.
    return [slug, `${yaml}\nretention: 3650 days\nnotify: [{ email: ops@acme.example }]\n`];
  }),
);

export const KINDS = ['SQLite', 'PostgreSQL'] as const;
export type Kind = (typeof KINDS)[number];

export interface Store {
  kind: Kind;
  count: number;
  /** For the data that a site keeps beside its database. */
  folder: string;
  url: string;
}

/** Opens the store of `count` submissions under `folder`, and fills it when it is not there. */
export async function storeOf(kind: Kind, count: number, folder: string, postgres: Postgres): Promise<Store> {
  const place = path.join(folder, `${kind}-${count}`);
  const store = { kind, count, folder: place, url: path.join(place, 'flipsite.sqlite') };
  if (kind === 'PostgreSQL') store.url = postgres.url(`growth_${count}`);
  const done = path.join(place, 'filled');
  if (existsSync(done)) return store;
  mkdirSync(place, { recursive: true });
  if (kind === 'PostgreSQL') await createDatabase(store.url);
  const begun = performance.now();
  await fill(store);
  const seconds = (performance.now() - begun) / 1_000;
  writeFileSync(done, '');
  console.error(`${count} submissions are generated on ${kind} in ${seconds.toFixed(0)} s`);
  return store;
}

/** Of PostgreSQL: checks no foreign keys, which takes as long as to store the rows, and stops no long statement. */
const LOADING = '?options=-c%20session_replication_role%3Dreplica&statement_timeout=0&idle_in_transaction_session_timeout=0'; // prettier-ignore

async function fill({ url, count, kind }: Store): Promise<void> {
  const db = await openDatabase(kind === 'PostgreSQL' ? url + LOADING : url, [KEY]);
  try {
    const published = async (slug: string, title?: string) => {
      const parsed = parseForm(`${slug}.yaml`, FORMS[slug] ?? '', NOW);
      if (!parsed.ok) throw new Error(`forms/${slug}.yaml has faults.`);
      const form: Form = title ? { ...parsed.form, title } : parsed.form;
      return { form, version: await saveVersion(db, form, NOW) };
    };
    const [earlier, now] = [await published(FORM, 'Drive with us'), await published(FORM)];
    const others = await Promise.all(OTHERS.map((slug) => published(slug)));
    const tell = (done: number) => {
      if (done % 100_000 === 0) console.error(`${kind}: ${done} of ${count}`);
    };
    await seed(db, [earlier, now, now, ...others], count, NOW, tell);
    // PostgreSQL does so by itself, some time after so much is new.
    if (kind === 'PostgreSQL') await sql`vacuum analyze`.execute(db.query);
  } finally {
    await closeDatabase(db);
  }
}

/** Bytes of the store, with its indexes. Space that a migration has freed is not counted, because it is used again. */
export async function bytesOf({ kind, url }: Store): Promise<number> {
  const size =
    kind === 'SQLite'
      ? sql<{ size: number }>`select (page_count - freelist_count) * page_size as size
          from pragma_page_count(), pragma_freelist_count(), pragma_page_size()`
      : sql<{ size: number }>`select pg_database_size(current_database()) as size`;
  const db = await openDatabase(url, [KEY]);
  try {
    return Number((await size.execute(db.query)).rows[0]?.size);
  } finally {
    await closeDatabase(db);
  }
}
