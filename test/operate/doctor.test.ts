/** The doctor says in words how the place is that a site runs in, and what to do about it. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine, type Checked } from '../../src/operate/doctor.ts';
import { closeDatabase, openDatabase } from '../../src/record/database.ts';
import type { Bucket } from '../../src/record/files/s3.ts';
import { addWebhook, confirmWebhook } from '../../src/record/smile-webhooks.ts';
import { startS3 } from '../helpers/s3-server.ts';
import { draft, temporaryFolder } from '../record/temporary.ts';

const checked = {
  node: '26.10.0',
  postgres: false,
  secretKey: 'SECRET_KEY',
  local: true,
  webhookSecret: true,
  publicUrl: undefined,
  bucket: undefined,
};

function place() {
  const dataDir = join(temporaryFolder(), 'data');
  mkdirSync(dataDir);
  return { dataDir, database: join(dataDir, 'flipsite.sqlite') };
}

/** What is found in a place that has all of `checked` but `differs`, a line for each finding. */
async function found(differs: Partial<Checked>): Promise<string[]> {
  const { dataDir, database } = place();
  const findings = await examine({ ...checked, dataDir, databaseUrl: database, ...differs });
  return findings.map(({ how, says }) => `${how} ${says}`);
}

const bad = async (differs: Partial<Checked>) => (await found(differs)).filter((line) => line.startsWith('bad'));

describe('the doctor', () => {
  it('says in words how things are', async () => {
    const at = place();
    const db = await openDatabase(at.database);
    await draft(db);
    await closeDatabase(db);
    const says = (await examine({ ...checked, dataDir: at.dataDir, databaseUrl: at.database })).map((one) => one.says);
    expect(says.join('\n')).toMatch(/is whole: 1 submissions/);
    expect(says.join('\n')).toMatch(/can be written; its disk has \d/);
  });

  it('says whether Smile tells the site anything, and where the key is', async () => {
    const at = place();
    const examined = async () => {
      const findings = await examine({ ...checked, dataDir: at.dataDir, databaseUrl: at.database, local: false, webhookSecret: false, secretKey: 'data/secret.key' }); // prettier-ignore
      return findings.map(({ how, says }) => `${how} ${says}`).join('\n');
    };
    const db = await openDatabase(at.database, [randomBytes(32)]);
    const { id } = await addWebhook(db, 'https://forms.example.com/api/webhooks/smile', new Date());
    expect(await examined()).toContain('note Smile tells this site nothing');
    await confirmWebhook(db, id, 'whk-1', new Date());
    expect(await examined()).toContain(
      'good Smile sends its webhooks to https://forms.example.com/api/webhooks/smile.',
    );
    expect(await examined()).not.toContain('tells this site nothing');
    expect(await examined()).toContain('good The key is in data/secret.key.');
    await closeDatabase(db);
  });

  it('finds a damaged database, and a PostgreSQL that is not there without repeating its password', async () => {
    const at = place();
    writeFileSync(at.database, 'no database at all '.repeat(100));
    const damaged = await examine({ ...checked, dataDir: at.dataDir, databaseUrl: at.database });
    expect(damaged.filter(({ how }) => how === 'bad')).toMatchObject([
      { says: expect.stringMatching(/npm run restore/) },
    ]);
    const databaseUrl = 'postgres://ada:hidden@127.0.0.1:1/none';
    const [bad] = (await examine({ ...checked, dataDir: at.dataDir, databaseUrl, postgres: true })).filter(({ how }) => how === 'bad'); // prettier-ignore
    expect(bad?.says).toContain('cannot be reached');
    expect(bad?.says).not.toContain('hidden');
  });
});

describe('the doctor on the files', () => {
  let s3: Awaited<ReturnType<typeof startS3>>;
  beforeAll(async () => {
    s3 = await startS3();
  });
  afterAll(() => s3.stop());

  it('says which folder keeps them, and makes none', async () => {
    const { dataDir } = place();
    expect(await found({ dataDir })).toContain(`good Files that people send are kept in ${join(dataDir, 'files')}.`);
    expect(existsSync(join(dataDir, 'files'))).toBe(false);
  });

  it('says where something stands in the way of the folder', async () => {
    const { dataDir } = place();
    writeFileSync(join(dataDir, 'files'), 'not a folder');
    expect(await bad({ dataDir })).toEqual([
      `bad ${join(dataDir, 'files')} is no folder, so no file can be kept. Move it away.`,
    ]);
  });

  it('tries the bucket, and leaves nothing in it', async () => {
    const { url, ...keys } = s3.bucket;
    expect(await found({ bucket: s3.bucket })).toContain(
      `good Files that people send are kept in the bucket ${url}, which was tried.`,
    );
    const listed = await new AwsClient({ ...keys, service: 's3' }).fetch(url);
    const text = await listed.text();
    expect([text.includes('<ListBucketResult'), text.includes('<Key>')]).toEqual([true, false]);
  });

  it.each<[string, (bucket: Bucket) => Partial<Bucket>, string]>([
    ['a wrong secret', () => ({ secretAccessKey: 'a-hidden-one' }), 'The bucket of files answered PUT with 403 SignatureDoesNotMatch. The secret is not that of this key. Check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.'], // prettier-ignore
    ['a key that nobody knows', () => ({ accessKeyId: 'a-hidden-one' }), 'The bucket of files answered PUT with 403 InvalidAccessKeyId. It does not know this key. Check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.'], // prettier-ignore
    ['a bucket that is not there', ({ url }) => ({ url: url.replace('/forms', '/nowhere') }), 'The bucket of files answered PUT with 404 NoSuchBucket. There is no such bucket: make it, or set S3_BUCKET_URL to one that is there.'], // prettier-ignore
  ])('says what to do about %s, and repeats no secret', async (_, wrong, says) => {
    const bucket = { ...s3.bucket, ...wrong(s3.bucket) };
    const lines = await bad({ bucket });
    expect(lines).toEqual([`bad No file can be kept in ${bucket.url}. ${says}`]);
    expect(lines.join()).not.toContain('hidden');
  });

  it('says that a bucket cannot be reached once its store has stopped', async () => {
    const { bucket, stop } = await startS3();
    await stop();
    expect(await bad({ bucket })).toEqual([
      `bad No file can be kept in ${bucket.url}. The bucket cannot be reached: ECONNREFUSED. Check S3_BUCKET_URL, and that this machine may go there.`,
    ]);
  });
});
