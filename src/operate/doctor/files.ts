/** Checks whether Flipsite can store people's files, in a folder or in a bucket. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { diskStore } from '../../record/files/disk.ts';
import { FileFault } from '../../record/files/fault.ts';
import { BucketError, s3Store, tryBucket, type Bucket } from '../../record/files/s3.ts';
import { explainOthers } from '../../record/files/site-marks.ts';
import type { FileStore } from '../../record/files/store.ts';
import { withFolder } from '../../record/files/with-folder.ts';
import { formatCount } from '../../form/format-count.ts';
import type { DoctorFinding } from './finding.ts';
import { tryWrite } from './try-write.ts';

/** Checks the folder for files in `dataDir`. The first file creates it. */
export function checkFilesFolder(dataDir: string): DoctorFinding {
  const place = resolve(join(dataDir, 'files'));
  try {
    const known = statSync(place, { throwIfNoEntry: false });
    if (known && !known.isDirectory())
      return {
        level: 'error',
        message: `${place} is not a folder, so files cannot be stored. Move it to another place.`,
      };
    const problem = known && tryWrite(place);
    return problem
      ? { level: 'error', message: `Files cannot be stored. ${problem}` }
      : { level: 'ok', message: `Files are stored in ${place}.` };
  } catch {
    return {
      level: 'error',
      message: `This user cannot write to ${place}, so files cannot be stored. Make it writable.`,
    };
  }
}

const KEY = 'Check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.';
const REGION = 'Check S3_REGION, and the region in S3_BUCKET_URL.';

/** How to fix an error of a bucket, by its code. */
const REMEDIES: Record<string, string> = {
  NoSuchBucket: 'There is no such bucket. Create it, or set S3_BUCKET_URL to another one.',
  InvalidAccessKeyId: `The bucket does not know this key. ${KEY}`,
  SignatureDoesNotMatch: `The secret does not belong to the key. ${KEY}`,
  AccessDenied: 'Allow the key in S3_ACCESS_KEY_ID to read, write, list and delete.',
  RequestTimeTooSkewed: 'The clock of this machine is wrong. Set it.',
  AuthorizationHeaderMalformed: REGION,
  PermanentRedirect: REGION,
};

/** Writes a test file to the bucket and deletes it. */
export async function checkBucket(bucket: Bucket): Promise<DoctorFinding> {
  try {
    await tryBucket(bucket);
    return {
      level: 'ok',
      message: `Files are stored in the bucket ${bucket.url}. A test file was written and deleted.`,
    };
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    const why = error.cause instanceof BucketError ? refused(error.cause) : unreached(error.cause as Error);
    return { level: 'error', message: `The check of the bucket ${bucket.url} failed. ${why}` };
  }
}

const refused = ({ message, code }: BucketError): string =>
  `${message}. ${REMEDIES[code] ?? 'Check S3_BUCKET_URL, and allow its key to read, write, list and delete.'}`;

function unreached({ name, cause }: Error): string {
  const { code, message = '' } = (cause ?? {}) as { code?: string; message?: string };
  const why = name === 'TimeoutError' ? 'it did not answer in time' : code || message;
  return `The bucket cannot be reached${why && `: ${why}`}. Check S3_BUCKET_URL, and the network of this machine.`;
}

interface Database {
  databaseUrl: string;
  postgres: boolean;
}

/** The places of a site's data. */
interface Places extends Database {
  dataDir: string;
  bucket: Bucket | undefined;
  outgoing: boolean;
}

/**
 * Checks whether the oldest and the newest files of the database are where this site looks for them, whether another
 * database has files there, and whether files from before the bucket are still in the folder.
 */
export async function checkStoredFiles({ dataDir, bucket, outgoing, ...database }: Places): Promise<DoctorFinding[]> {
  const folder = diskStore(join(dataDir, 'files'));
  try {
    return [
      ...(await checkSomeFiles(bucket ? withFolder(s3Store(bucket), folder) : folder, database)),
      // A copy with OUTGOING=off deletes nothing in a bucket.
      ...(bucket && outgoing ? await checkOwners(s3Store(bucket), database) : []),
      ...(await checkOwners(folder, database)),
      ...(bucket ? await checkEarlierFiles(folder) : []),
    ];
  } catch {
    // Another check has the reason: the store or the database cannot be reached.
    return [];
  }
}

/** Of each kind. A bucket takes some ms for each. */
const MAX_TRIED = 10;

/**
 * An unmounted disk is an empty folder, and a site that leaves its bucket looks in the folder. New files can be there since.
 */
async function checkSomeFiles(store: FileStore, database: Database): Promise<DoctorFinding[]> {
  const some = (order: string) =>
    `select id from (select id from files where removed_at is null order by id ${order} limit ${MAX_TRIED}) as chosen`;
  const ids = await idsOf(database, `${some('asc')} union ${some('desc')}`);
  let missing = 0;
  for (const id of ids) if ((await store.read(id, 0, 1)) === undefined) missing++;
  const message = `${missing} of ${formatCount(ids.length, 'file')}, the oldest and the newest in the database, ${missing === 1 ? 'is' : 'are'} not in ${store.place}. Check that its disk is mounted, and that DATA_DIR and S3_BUCKET_URL are those of this database.`;
  return missing ? [{ level: 'error', message }] : [];
}

async function checkOwners(store: FileStore, database: Database): Promise<DoctorFinding[]> {
  const ids = await store.marks();
  const own = ids.length
    ? await idsOf(database, `select id from submissions where id in (${ids.map((id) => `'${id}'`).join()})`)
    : [];
  const others = ids.filter((id) => !own.includes(id));
  return others.length ? [{ level: 'error', message: explainOthers(store.place, others) }] : [];
}

async function checkEarlierFiles(folder: FileStore): Promise<DoctorFinding[]> {
  let count = 0;
  for await (const ids of folder.list()) count += ids.length;
  const message = `${formatCount(count, 'file')} from before the bucket ${count === 1 ? 'is' : 'are'} in ${folder.place}. Only servers with this folder can read and delete ${count === 1 ? 'it' : 'them'}. With several servers, copy the files to the bucket: docs/operate/scale.md`;
  return count ? [{ level: 'note', message }] : [];
}

async function idsOf({ postgres, databaseUrl }: Database, query: string): Promise<string[]> {
  if (postgres) return idsOnPostgres(databaseUrl, query);
  if (!statSync(databaseUrl, { throwIfNoEntry: false })) return [];
  const file = new DatabaseSync(databaseUrl, { readOnly: true, timeout: 5_000 });
  try {
    return file
      .prepare(query)
      .all()
      .map(({ id }) => String(id));
  } finally {
    file.close();
  }
}

async function idsOnPostgres(url: string, query: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const made = await client.query<{ has: boolean }>(`select to_regclass('files') is not null as has`);
    return made.rows[0]?.has ? (await client.query<{ id: string }>(query)).rows.map(({ id }) => id) : [];
  } finally {
    await client.end().catch(() => undefined);
  }
}
