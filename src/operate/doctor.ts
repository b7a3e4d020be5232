/** Checks the setup of a site. Changes nothing: its test files in folders and in a bucket are deleted. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { isSupportedNode, NEEDED_NODE } from '../../scripts/node-version.mjs';
import { formatCount } from '../form/format-count.ts';
import type { SmileClientOptions } from '../smile/client.ts';
import { findFreeSpace, shortage } from '../record/files/free-space.ts';
import type { Bucket } from '../record/files/s3.ts';
import { sealKeys } from '../record/crypto/seal.ts';
import { explainMissingKey, lastKeyId } from '../record/crypto/site-key.ts';
import { DATABASE_CLOCK, explainClockDifference } from '../record/db/clock-difference.ts';
import { explainMissingRight, MAY_CREATE, MISSING_RIGHT } from '../record/db/database.ts';
import { NOT_PRIMARY } from '../record/db/fault.ts';
import { explainTexts } from '../record/db/postgres-texts.ts';
import { compactedAt, fileBytes, MAX_COMPACTED_BYTES } from '../record/db/sqlite-file.ts';
import { migrations } from '../record/migrations/migrations.ts';
import { checkDatabase, cutOffRestore } from './backup.ts';
import { explainOwnership, isRefusal, ownerOf, processUser, userName, type SystemUser } from './ownership.ts';
import { checkBucket, checkFilesFolder, checkStoredFiles } from './doctor/files.ts';
import type { DoctorFinding } from './doctor/finding.ts';
import { checkWebhookSecrets, LIVE_FORMS, type LiveFormRow } from './doctor/forms.ts';
import { checkMailServer } from './doctor/mail.ts';
import { checkPublicAddress } from './doctor/public-address.ts';
import { checkExposure, type Exposed } from './doctor/safety.ts';
import { checkSmile, type RegisteredWebhook } from './doctor/smile.ts';
import { tryWrite } from './doctor/try-write.ts';

/** The settings of a site. */
export interface Setup {
  node: string;
  dataDir: string;
  databaseUrl: string;
  postgres: boolean;
  /** The place of the key: `SECRET_KEY`, or the path of the generated file. Undefined before the first start. */
  secretKey: string | undefined;
  /** The id of a key that the operator has given up. */
  lostSecretKey?: string | undefined;
  /** Says that the database is there without its key, or that the key is damaged. */
  lostKey?: string | undefined;
  /** How to call Smile. Absent where local Smile takes its place. */
  smile: SmileClientOptions | undefined;
  /** Whether emails, webhooks and calls to Smile leave the site. */
  outgoing: boolean;
  webhookSecret: boolean;
  publicUrl: string | undefined;
  /** The bucket for files. Without it they are in a folder in `dataDir`. */
  bucket: Bucket | undefined;
  /** The address of the mail server, which may hold a password. */
  smtpUrl: string | undefined;
  formsDir: string;
  /** Settings that can leave something open to others. */
  exposed: Omit<Exposed, 'publicUrl' | 'local' | 'dataDir' | 'database'>;
  /** The value of an environment variable that forms may name. */
  secret(name: string): string | undefined;
  /** Whether Flipsite reads the variable itself. */
  isSetting(name: string): boolean;
}

/** Checks everything. @returns all findings, in a useful order */
export async function checkSetup(setup: Setup, now = Date.now): Promise<DoctorFinding[]> {
  const { node, outgoing, webhookSecret, publicUrl, secretKey, lostKey, dataDir } = setup;
  const local = setup.smile === undefined;
  const cutOff = cutOffRestore(dataDir);
  const { databaseUrl, postgres: elsewhere, exposed } = setup;
  const database = elsewhere ? undefined : databaseUrl;
  const store = setup.postgres ? await checkPostgres(setup.databaseUrl, now) : checkSqlite(setup.databaseUrl);
  const { current, former } = exposed.keys;
  const keys = sealKeys([...(current ? [current.key] : []), ...former]);
  const keyFault = lostKey ?? (store.keyId && explainMissingKey(store.keyId, keys, setup.lostSecretKey));
  const [files, mail, smile, address, safe] = await Promise.all([
    setup.bucket ? checkBucket(setup.bucket) : checkFilesFolder(dataDir),
    outgoing ? checkMailServer(setup.smtpUrl) : undefined,
    outgoing
      ? checkSmile(setup.smile, store.webhook, webhookSecret, { keys: keyFault ? undefined : keys, publicUrl })
      : [],
    checkPublicAddress(publicUrl, outgoing && setup.smtpUrl !== undefined),
    checkExposure({ ...exposed, publicUrl, local, dataDir, database }),
  ]);
  return [
    checkNodeVersion(node),
    ...(await checkDataDir(dataDir, setup.bucket === undefined)),
    ...(database ? checkDatabaseFolder(database, dataDir) : []),
    ...checkUser(dataDir, database),
    ...(cutOff ? [{ level: 'error', message: cutOff } as const] : []),
    ...store.findings,
    files,
    ...(files.level === 'ok' ? await checkStoredFiles(setup) : []),
    keyFault
      ? { level: 'error', message: keyFault }
      : secretKey
        ? {
            level: 'ok',
            message: `The key is in ${secretKey}. Keep a copy of it: without it, no one can read encrypted data.`,
          }
        : {
            level: 'note',
            message: 'There is no SECRET_KEY yet. The first start generates secret.key. Back it up then.',
          },
    ...(outgoing ? [] : [{ level: 'note', message: 'OUTGOING is off, so emails and webhooks wait, and Flipsite does not ask Smile. Remove it on the real site.' } as const]), // prettier-ignore
    ...smile,
    ...(mail ? [mail] : []),
    ...checkWebhookSecrets(setup.formsDir, store.forms ?? [], setup),
    address,
    ...safe,
  ];
}

function checkNodeVersion(node: string): DoctorFinding {
  if (isSupportedNode(node)) return { level: 'ok', message: `Flipsite supports Node ${node}.` };
  const message = `Flipsite does not support Node ${node}. It needs ${NEEDED_NODE}. Start it with npm start, which installs one if necessary.`;
  return { level: 'error', message };
}

/** @param keepsFiles whether the folder has people's files too */
async function checkDataDir(path: string, keepsFiles: boolean): Promise<DoctorFinding[]> {
  const place = resolve(path);
  const there = existsSync(place) ? place : nearest(place);
  if (!statSync(there).isDirectory())
    return [{ level: 'error', message: `${there} is not a folder. Move it, or set DATA_DIR to a folder.` }];
  const problem = there === place ? tryWrite(place) : cannotMake(place, there);
  if (problem) return [{ level: 'error', message: problem }];
  const space = await findFreeSpace(there);
  if (!space) return [{ level: 'note', message: `${place} is writable. The free space of its disk is unknown.` }];
  const { freeBytes, minFreeBytes } = space;
  const message = `${place} is writable. Its disk has ${size(freeBytes)} of free space.`;
  const refused = keepsFiles ? `Flipsite accepts no files below ${size(minFreeBytes)}.` : '';
  if (freeBytes < minFreeBytes) return [{ level: 'error', message: `${message} ${refused} Free some space.` }];
  const short = keepsFiles ? shortage(space) : undefined;
  if (short) return [{ level: 'error', message: `${place} is writable. Its disk ${short}. Delete files of other programs.` }]; // prettier-ignore
  return [{ level: freeBytes < 2_000 * MB ? 'note' : 'ok', message: `${message} ${refused}`.trim() }];
}

/** Writes nothing, because only the site makes the folder. @param there the folder above it that is there */
function cannotMake(place: string, there: string): string | undefined {
  try {
    accessSync(there, constants.W_OK);
    return undefined;
  } catch {
    return `This user cannot write to ${place}. Make it writable, or set DATA_DIR to another folder.`;
  }
}

/** SQLite writes files beside the database. @param dataDir was checked already */
function checkDatabaseFolder(database: string, dataDir: string): DoctorFinding[] {
  const folder = dirname(resolve(database));
  const problem = folder === resolve(dataDir) || !existsSync(folder) ? undefined : tryWrite(folder);
  return problem ? [{ level: 'error', message: problem }] : [];
}

/**
 * Lists the paths that other users may open, and says if the doctor runs as another user than the site.
 * @param database the SQLite file, unless the database is elsewhere
 */
function checkUser(dataDir: string, database = join(dataDir, 'flipsite.sqlite')): DoctorFinding[] {
  const [user, owner] = [processUser(), ownerOf(dataDir)];
  if (!user || !owner) return [];
  const isOther = user.uid !== owner.uid;
  const [own, other] = [userName(owner.uid), userName(user.uid)];
  const message = `The doctor runs as ${other}, and ${resolve(dataDir)} belongs to ${own}. To check what the site may do, run sudo -u ${own} npm run doctor`;
  // Root may open everything, so root's check shows nothing about the site.
  const site: SystemUser = user.uid === 0 ? owner : user;
  const refused = explainOwnership({ dataDir, database }, site);
  return [
    ...(isOther ? [{ level: 'note', message } as const] : []),
    ...(refused ? [{ level: 'error', message: refused } as const] : []),
  ];
}

function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}

type Store = {
  /** About the database itself. */
  findings: DoctorFinding[];
  /** The webhook that this site registered at Smile. */
  webhook?: RegisteredWebhook | undefined;
  /** The id of the key of the last start. */
  keyId?: string | undefined;
  forms?: LiveFormRow[];
};

type Applied = { name: string }[];

/** Whether the tables are those of this version. The doctor does not update them. */
const isCurrent = (applied: Applied): boolean =>
  Object.keys(migrations).every((name) => applied.some((one) => one.name === name));

const WEBHOOK = `select id, secret, smile_id from smile_webhooks
  where smile_id is not null and replaced_at is null and deleted_at is null order by id desc limit 1`;

function checkSqlite(path: string): Store {
  const place = resolve(path);
  try {
    if (!statSync(place, { throwIfNoEntry: false }))
      return { findings: [{ level: 'note', message: `There is no database yet. The first start creates ${place}.` }] };
    checkDatabase(place);
    const db = new DatabaseSync(place, { readOnly: true, timeout: 5_000 });
    const { n } = db.prepare('select count(*) as n from submissions').get() as { n: number };
    // A database of an earlier version may not have this table. The doctor does not migrate it.
    const made = db.prepare(`select 1 from sqlite_master where name = 'smile_webhooks'`).get();
    const own = made && (db.prepare(WEBHOOK).get() as RegisteredWebhook | undefined);
    const deleted = checkDeletedData(db);
    const applied = made ? (db.prepare('select name from kysely_migration').all() as Applied) : [];
    const forms = isCurrent(applied) ? (db.prepare(LIVE_FORMS).all() as LiveFormRow[]) : [];
    const keyId = lastKeyId(db);
    db.close();
    // The newest writes are in a file beside it.
    const bytes = [place, `${place}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    const message = `Database ${place} is intact (${formatCount(n, 'submission')}, ${size(bytes.reduce((sum, one) => sum + one, 0))}).`;
    return {
      findings: [{ level: 'ok', message }, ...newerTables(applied, place), ...deleted],
      webhook: own,
      keyId,
      forms,
    };
  } catch (error) {
    if (isLocked(error)) {
      const message = `Database ${place} is locked, probably by a site that started on a full disk. Free some space, then restart the site.`;
      return { findings: [{ level: 'error', message }] };
    }
    if (isRefusal(error)) {
      const message = `This user cannot open the database ${place}. Run the doctor as the user of the site. If it is that user, make the file, its folder and its disk writable.`;
      return { findings: [{ level: 'error', message }] };
    }
    const message = `Database ${place} cannot be read: ${(error as Error).message}. Stop the site, keep the file, and run npm run restore -- BACKUP`;
    return { findings: [{ level: 'error', message }] };
  }
}

/** @param applied the updates of the tables that the database has */
function newerTables(applied: Applied, place: string): DoctorFinding[] {
  if (applied.every(({ name }) => name in migrations)) return [];
  return [{ level: 'error', message: `A newer Flipsite wrote the database ${place}. Update Flipsite.` }];
}

/** The site rewrites a small file after each deletion, and a large one if it has little data at that moment. */
function checkDeletedData(db: DatabaseSync): DoctorFinding[] {
  const known = db.prepare(`select 1 from pragma_table_info('submissions') where name = 'erased_at'`).get();
  if (!known || fileBytes(db) <= MAX_COMPACTED_BYTES) return [];
  const { last } = db.prepare('select max(erased_at) as last from submissions').get() as { last: string | null };
  const since = compactedAt(db)?.toISOString() ?? '';
  if (last === null || last < since) return [];
  return [
    { level: 'note', message: 'The free space of the database file may still have data of deleted people. Stop the site, then run npm run compact' }, // prettier-ignore
  ];
}

/** SQLITE_BUSY (SQLite, Result and Error Codes). */
function isLocked(error: unknown): boolean {
  const { errcode, cause } = error as { errcode?: number; cause?: { errcode?: number } };
  return ((errcode ?? cause?.errcode ?? 0) & 0xff) === 5;
}

/** How long PostgreSQL may take for one answer to the doctor, in ms. */
const SILENT_AFTER_MS = 30_000;

async function checkPostgres(url: string, now: () => number): Promise<Store> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    query_timeout: SILENT_AFTER_MS,
  });
  client.on('error', () => undefined);
  try {
    const begun = performance.now();
    await client.connect();
    const { rows } = await client.query<{
      version: string;
      connections: string;
      fsync: string;
      sync: string;
      readOnly: string;
      mayCreate: boolean | null;
    }>(
      `select version(), current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync,
       current_setting('transaction_read_only') as "readOnly", ${MAY_CREATE} as "mayCreate",
       (select min(most) from (
         select cast(current_setting('max_connections') as integer) as most
         union all select datconnlimit from pg_database where datname = current_database()
         union all select rolconnlimit from pg_roles where rolname = current_user
       ) as limits where most >= 0) as connections`,
    );
    const took = performance.now() - begun;
    const { version = '', connections, fsync, sync, readOnly, mayCreate } = rows[0] ?? {};
    const durable = fsync === 'on' && sync !== 'off';
    const tables = await client.query<{ webhooks: boolean; key: boolean }>(
      `select to_regclass('smile_webhooks') is not null as webhooks, to_regclass('site_key') is not null as key`,
    );
    const has = tables.rows[0];
    const own = has?.webhooks ? await client.query<RegisteredWebhook>(WEBHOOK) : undefined;
    const applied = own ? (await client.query<Applied[number]>('select name from kysely_migration')).rows : [];
    const forms = isCurrent(applied) ? (await client.query<LiveFormRow>(LIVE_FORMS)).rows : [];
    const last = has?.key ? await client.query<{ key_id: string }>('select key_id from site_key') : undefined;
    const findings: DoctorFinding[] = [
      {
        level: 'ok',
        message: `${version.split(' ').slice(0, 2).join(' ')} answers in ${took.toFixed(0)} ms and allows ${connections} connections.`,
      },
      durable
        ? { level: 'ok', message: 'Commits survive a power failure.' }
        : { level: 'error', message: 'PostgreSQL can lose acknowledged data in a power failure, because fsync or synchronous_commit is off. Turn both on.' }, // prettier-ignore
    ];
    if (readOnly === 'on') findings.push({ level: 'error', message: NOT_PRIMARY });
    else if (!mayCreate && !isCurrent(applied)) findings.push({ level: 'error', message: explainMissingRight(undefined, url) }); // prettier-ignore
    const read = async () => (await client.query<{ ms: number }>(DATABASE_CLOCK)).rows[0]?.ms ?? 0;
    const difference = await explainClockDifference(read, now);
    if (difference) findings.push({ level: 'note', message: `${difference}.` });
    const { problems } = await explainTexts(async (query) => (await client.query<object>(query)).rows);
    findings.push(...problems.map((problem): DoctorFinding => ({ level: 'error', message: `${problem}.` })));
    const webhook = own?.rows[0];
    return {
      findings: [...findings, ...newerTables(applied, 'on PostgreSQL')],
      webhook,
      keyId: last?.rows[0]?.key_id,
      forms,
    };
  } catch (error) {
    // The address may have a password in it. The message of pg has none.
    const { code, message: cause } = error as { code?: string; message: string };
    const message =
      cause === 'Query read timeout'
        ? `PostgreSQL accepts connections, but gave no answer for ${SILENT_AFTER_MS / 1_000} seconds. Check PostgreSQL and the network to it.`
        : code === '53300'
          ? `PostgreSQL has no free connection for the doctor: ${cause}. Lower DATABASE_CONNECTIONS, or raise the limit of PostgreSQL or of the user.`
          : code === MISSING_RIGHT
            ? explainMissingRight(cause, url)
            : `PostgreSQL cannot be reached: ${cause || code}. Check DATABASE_URL, and check that PostgreSQL is running.`;
    return { findings: [{ level: 'error', message }] };
  } finally {
    // Nothing waits for its end, since it may have become silent.
    (client as unknown as { unref(): void }).unref();
    void client.end().catch(() => undefined);
  }
}

const MB = 1_048_576;
const size = (bytes: number): string =>
  bytes < 1_024 * MB ? `${(bytes / MB).toFixed(1)} MB` : `${(bytes / MB / 1_024).toFixed(1)} GB`;
