/** Checks the setup of a site. Changes nothing: its test file in a bucket is deleted. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { isSupportedNode, NEEDED_NODE } from '../../scripts/node-version.mjs';
import { formatCount } from '../form/format-count.ts';
import { findFreeSpace } from '../record/files/free-space.ts';
import type { Bucket } from '../record/files/s3.ts';
import { compactedAt, isSmall } from '../record/db/sqlite-file.ts';
import { checkDatabase, cutOffRestore } from './backup.ts';
import { bucketOfFiles, folderOfFiles } from './doctor/files.ts';
import type { DoctorFinding } from './doctor/finding.ts';
import { missingWebhookSecrets } from './doctor/forms.ts';
import { mailServer } from './doctor/mail.ts';
import { safety, type Exposed } from './doctor/safety.ts';

export interface Checked {
  node: string;
  dataDir: string;
  databaseUrl: string;
  postgres: boolean;
  /** Where the key is: `SECRET_KEY` itself, or the path of the file that was generated; absent: nowhere yet. */
  secretKey: string | undefined;
  local: boolean;
  webhookSecret: boolean;
  publicUrl: string | undefined;
  /** Where files are kept, instead of a folder in `dataDir`. */
  bucket: Bucket | undefined;
  /** The address of the mail server, which may hold a password. */
  smtpUrl: string | undefined;
  formsDir: string;
  /** What others could reach or guess. */
  exposed: Omit<Exposed, 'publicUrl' | 'local' | 'dataDir' | 'database'>;
  /** The value of an environment variable that forms may name. */
  secret(name: string): string | undefined;
}

/** All findings, in a useful order. */
export async function examine(checked: Checked): Promise<DoctorFinding[]> {
  const { node, local, webhookSecret, publicUrl, secretKey, dataDir } = checked;
  const cutOff = cutOffRestore(dataDir);
  const { databaseUrl, postgres: elsewhere, exposed } = checked;
  const database = elsewhere ? undefined : databaseUrl;
  const [store, files, mail, safe] = await Promise.all([
    checked.postgres ? postgres(checked.databaseUrl) : sqlite(checked.databaseUrl),
    checked.bucket ? bucketOfFiles(checked.bucket) : folderOfFiles(dataDir),
    mailServer(checked.smtpUrl),
    safety({ ...exposed, publicUrl, local, dataDir, database }),
  ]);
  return [
    nodeVersion(node),
    ...(await folder(dataDir, checked.bucket === undefined)),
    ...(cutOff ? [{ how: 'bad', says: cutOff } as const] : []),
    ...store.findings,
    files,
    secretKey
      ? {
          how: 'good',
          says: `The key is in ${secretKey}. Keep a copy of it: without it, no one can read encrypted data.`,
        }
      : {
          how: 'note',
          says: 'There is no SECRET_KEY yet. The first start generates secret.key. Back it up then.',
        },
    local
      ? { how: 'note', says: 'Work accounts are linked at local Smile, a stand-in. To use Smile, set API_KEY, API_SECRET and OPEN_API_HOST.' } // prettier-ignore
      : { how: 'good', says: 'Work accounts are linked at Smile.' },
    ...(webhookSecret || local || store.webhook
      ? []
      : [{ how: 'note', says: 'No Smile webhook is registered, and WEBHOOK_SECRET is not set, so accounts are confirmed more slowly. Run npm run smile -- register' } as const]), // prettier-ignore
    ...(local || !store.webhook
      ? []
      : [{ how: 'good', says: `Smile sends its webhooks to ${store.webhook}.` } as const]),
    mail,
    ...missingWebhookSecrets(checked.formsDir, checked.secret),
    publicUrl
      ? { how: 'good', says: `People open the site at ${publicUrl}.` }
      : {
          how: 'note',
          says: 'PUBLIC_ORIGIN is not set. That is fine on this machine. Set it if the site is public or behind a proxy.',
        },
    ...safe,
  ];
}

function nodeVersion(node: string): DoctorFinding {
  if (isSupportedNode(node)) return { how: 'good', says: `Flipsite supports Node ${node}.` };
  const says = `Flipsite does not support Node ${node}. It needs ${NEEDED_NODE}. Start it with npm start, which installs one if necessary.`; // prettier-ignore
  return { how: 'bad', says };
}

/** @param keepsFiles whether files are kept in it too */
async function folder(path: string, keepsFiles: boolean): Promise<DoctorFinding[]> {
  const place = resolve(path);
  const there = existsSync(place) ? place : nearest(place);
  try {
    accessSync(there, constants.W_OK);
  } catch {
    return [
      { how: 'bad', says: `This user cannot write to ${place}. Make it writable, or set DATA_DIR to another folder.` },
    ];
  }
  const space = await findFreeSpace(there);
  if (!space) return [{ how: 'note', says: `${place} is writable. The free space of its disk is unknown.` }];
  const { freeBytes, minFreeBytes } = space;
  const says = `${place} is writable. Its disk has ${size(freeBytes)} of free space.`;
  const refused = keepsFiles ? `Flipsite accepts no files below ${size(minFreeBytes)}.` : '';
  if (freeBytes < minFreeBytes) return [{ how: 'bad', says: `${says} ${refused} Free some space.` }];
  return [{ how: freeBytes < 2_000 * MB ? 'note' : 'good', says: `${says} ${refused}`.trim() }];
}

function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}

/** What is found in the store, and where our own webhook at Smile goes, if one counts. */
type Store = { findings: DoctorFinding[]; webhook?: string | undefined };

const WEBHOOK = `select url from smile_webhooks
  where smile_id is not null and replaced_at is null and deleted_at is null order by id desc limit 1`;

function sqlite(path: string): Store {
  const place = resolve(path);
  if (!existsSync(place))
    return { findings: [{ how: 'note', says: `There is no database yet. The first start creates ${place}.` }] };
  try {
    checkDatabase(place);
    const db = new DatabaseSync(place, { readOnly: true, timeout: 5_000 });
    const { n } = db.prepare('select count(*) as n from submissions').get() as { n: number };
    // An earlier version may have made it, which this does not change.
    const made = db.prepare(`select 1 from sqlite_master where name = 'smile_webhooks'`).get();
    const own = made && (db.prepare(WEBHOOK).get() as { url: string } | undefined);
    const deleted = deletedSince(db);
    db.close();
    // What was written last stands beside it until it is taken over.
    const bytes = [place, `${place}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    const says = `Database ${place} is intact (${formatCount(n, 'submission')}, ${size(bytes.reduce((sum, one) => sum + one, 0))}).`;
    return { findings: [{ how: 'good', says }, ...deleted], webhook: own?.url };
  } catch (error) {
    if (isLocked(error)) {
      const says = `Database ${place} is locked, probably by a site that started on a full disk. Free some space, then restart the site.`; // prettier-ignore
      return { findings: [{ how: 'bad', says }] };
    }
    const says = `Database ${place} cannot be read: ${(error as Error).message}. Stop the site, keep the file, and run npm run restore -- BACKUP`; // prettier-ignore
    return { findings: [{ how: 'bad', says }] };
  }
}

/** A small file is rewritten by the site itself. */
function deletedSince(db: DatabaseSync): DoctorFinding[] {
  const known = db.prepare(`select 1 from pragma_table_info('submissions') where name = 'erased_at'`).get();
  if (!known || isSmall(db)) return [];
  const { last } = db.prepare('select max(erased_at) as last from submissions').get() as { last: string | null };
  const since = compactedAt(db)?.toISOString() ?? '';
  if (last === null || last < since) return [];
  return [
    { how: 'note', says: 'The free space of the database file may still have data of deleted people. Stop the site, then run npm run compact' }, // prettier-ignore
  ];
}

/** SQLITE_BUSY (SQLite, Result and Error Codes). */
function isLocked(error: unknown): boolean {
  const { errcode, cause } = error as { errcode?: number; cause?: { errcode?: number } };
  return ((errcode ?? cause?.errcode ?? 0) & 0xff) === 5;
}

async function postgres(url: string): Promise<Store> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    const begun = performance.now();
    await client.connect();
    const { rows } = await client.query<{ version: string; connections: string; fsync: string; sync: string }>(
      `select version(), current_setting('max_connections') as connections, current_setting('fsync') as fsync,
       current_setting('synchronous_commit') as sync`,
    );
    const took = performance.now() - begun;
    const { version = '', connections, fsync, sync } = rows[0] ?? {};
    const durable = fsync === 'on' && sync !== 'off';
    const made = await client.query<{ made: boolean }>(`select to_regclass('smile_webhooks') is not null as made`);
    const own = made.rows[0]?.made ? await client.query<{ url: string }>(WEBHOOK) : undefined;
    const findings: DoctorFinding[] = [
      {
        how: 'good',
        says: `${version.split(' ').slice(0, 2).join(' ')} answers in ${took.toFixed(0)} ms and allows ${connections} connections.`,
      },
      durable
        ? { how: 'good', says: 'Commits survive a power failure.' }
        : { how: 'bad', says: 'PostgreSQL can lose acknowledged data in a power failure, because fsync or synchronous_commit is off. Turn both on.' }, // prettier-ignore
    ];
    return { findings, webhook: own?.rows[0]?.url };
  } catch (error) {
    // The address may hold a password, and what pg says does not.
    const { code, message } = error as { code?: string; message: string };
    const says = `PostgreSQL cannot be reached: ${message || code}. Check DATABASE_URL, and check that PostgreSQL is running.`;
    return { findings: [{ how: 'bad', says }] };
  } finally {
    await client.end().catch(() => undefined);
  }
}

const MB = 1_048_576;
const size = (bytes: number): string =>
  bytes < 1_024 * MB ? `${(bytes / MB).toFixed(1)} MB` : `${(bytes / MB / 1_024).toFixed(1)} GB`;
