/** The doctor checks the setup of a site, and says how to fix it. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AwsClient } from 'aws4fetch';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { checkSetup, type Setup } from '../../src/operate/doctor.ts';
import { closeDatabase, isPostgresUrl, openDatabase } from '../../src/record/db/database.ts';
import { diskStore } from '../../src/record/files/disk.ts';
import { s3Store, type Bucket } from '../../src/record/files/s3.ts';
import { newId } from '../../src/record/ids.ts';
import { defaultKeys } from '../../src/local-smile/local-smile.ts';
import { registerWebhook } from '../../src/respond/smile/register.ts';
import { createSmileClient } from '../../src/smile/client.ts';
import { checkSiteKey } from '../../src/record/crypto/site-key.ts';
import { setManagedIn } from '../../src/record/forms/form-states.ts';
import { saveVersion } from '../../src/record/versions.ts';
import { yamlOf } from '../deliver/forms.ts';
import { compile } from '../helpers/compile.ts';
import { openMailServer } from '../deliver/mail-server.ts';
import { startSmile, type RunningSmile } from '../local-smile/smile.ts';
import { asOtherUser } from '../helpers/other-user.ts';
import { lastingPort } from '../helpers/ports.ts';
import { postgresFor } from '../helpers/postgres/postgres.ts';
import { PROGRAM_ENV, commandArguments } from '../helpers/programs.ts';
import { addFile, writeBytes } from '../../src/record/files/files.ts';
import { inParts } from '../helpers/samples/files.ts';
import { startS3 } from '../helpers/s3-server.ts';
import { afterwards, draft, later, NOW, temporaryFolder } from '../helpers/database.ts';
import { describeLong } from '../helpers/run/it-long.ts';
import { mountable, mounted, NOBODYS, unmount } from '../record/db/small-disk.ts';
import { checked } from './checked-setup.ts';

function place() {
  const dataDir = join(temporaryFolder(), 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  return { dataDir, database: join(dataDir, 'flipsite.sqlite') };
}

/** The settings of a site with `key`. */
const withKey = (key: Buffer) => ({ ...checked.exposed, keys: { current: { key, place: 'SECRET_KEY' }, former: [] } });

/** The findings for a setup that has all of `checked` but `differs`, a line for each. */
async function found(differs: Partial<Setup>): Promise<string[]> {
  const { dataDir, database } = place();
  const findings = await checkSetup({ ...checked, dataDir, databaseUrl: database, ...differs });
  return findings.map(({ level, message }) => `${level} ${message}`);
}

const bad = async (differs: Partial<Setup>) => (await found(differs)).filter((line) => line.startsWith('error'));

/** The address of a server that takes connections and says nothing. */
async function silentServer(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  afterwards(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The address of a server that gives this answer to each request. */
async function answering(status: number, body: string, headers = {}): Promise<string> {
  const server = createHttpServer((_request, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  afterwards(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the doctor', () => {
  it('says that nothing leaves a copy, and does not try its mail server', async () => {
    const lines = await found({ outgoing: false, smtpUrl: 'smtp://127.0.0.1:9' });
    expect(lines).toContain('note OUTGOING is off, so emails and webhooks wait, and Flipsite does not ask Smile. Remove it on the real site.'); // prettier-ignore
    expect(lines.join()).not.toContain('mail server');
  });

  it('finds a file in the place of DATA_DIR', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    writeFileSync(dataDir, '');
    const message = `error ${dataDir} is not a folder. Move it, or set DATA_DIR to a folder.`;
    expect(await bad({ dataDir, databaseUrl: join(dataDir, 'flipsite.sqlite') })).toContain(message);
  });

  it('says in words how things are', async () => {
    const at = place();
    const db = await openDatabase(at.database);
    await draft(db);
    await closeDatabase(db);
    const says = (await checkSetup({ ...checked, dataDir: at.dataDir, databaseUrl: at.database })).map(
      (one) => one.message,
    );
    expect(says.join('\n')).toMatch(/is intact \(1 submission, /);
    expect(says.join('\n')).toMatch(/is writable. Its disk has \d/);
  });

  it('leaves nothing in the folders that it tries', async () => {
    const { dataDir } = place();
    const [files, other] = [join(dataDir, 'files'), temporaryFolder()];
    mkdirSync(files);
    await closeDatabase(await openDatabase(join(other, 'flipsite.sqlite')));
    expect(await found({ dataDir, databaseUrl: join(other, 'flipsite.sqlite') })).toContain(
      `ok Files are stored in ${files}.`,
    );
    expect([dataDir, files, other].flatMap((folder) => readdirSync(folder)).join()).not.toContain('doctor');
  });

  it.runIf(process.platform === 'linux')(
    'finds a folder that the system calls writable and that takes no file',
    async () => {
      const message = `This user cannot write to ${NOBODYS}. Make it writable.`;
      expect(await bad({ dataDir: NOBODYS })).toContain(`error ${message}`);
      const { dataDir, database } = place();
      symlinkSync(NOBODYS, join(dataDir, 'files'));
      const inFiles = `error Files cannot be stored. This user cannot write to ${join(dataDir, 'files')}. Make it writable.`;
      expect(await bad({ dataDir, databaseUrl: database })).toContain(inFiles);
      expect(await bad({ dataDir, databaseUrl: join(NOBODYS, 'flipsite.sqlite') })).toContain(`error ${message}`);
    },
  );

  describe.runIf(mountable())('on a disk of its own', () => {
    const onDisk = async (run: (dataDir: string) => Promise<void>) => {
      const dataDir = temporaryFolder();
      mounted(dataDir, 'size=2m');
      try {
        await run(dataDir);
      } finally {
        unmount(dataDir);
      }
    };

    it('says that the disk is read-only, and what to do', () =>
      onDisk(async (dataDir) => {
        await closeDatabase(await openDatabase(join(dataDir, 'flipsite.sqlite')));
        mounted(dataDir, 'remount,ro');
        expect(await bad({ dataDir, databaseUrl: join(dataDir, 'flipsite.sqlite') })).toContain(
          `error The disk of ${dataDir} is read-only. The system does that after an error of the disk. Look into the log of the system, check the disk, and mount it as writable.`,
        );
      }));

    it('says that the disk is full, and not that it cannot be written', () =>
      onDisk(async (dataDir) => {
        expect(() => writeFileSync(join(dataDir, 'large'), Buffer.alloc(4_000_000))).toThrow('ENOSPC');
        expect(await bad({ dataDir })).toEqual([expect.stringContaining(`${dataDir} is writable. Its disk has 0.0 MB of free space.`)]); // prettier-ignore
        expect(readdirSync(dataDir)).toEqual(['large']);
      }));
  });

  it('finds a database that a newer version has updated', async () => {
    const { dataDir, database } = place();
    const db = await openDatabase(database);
    await sql`insert into kysely_migration values ('2099-01-01-later', '2099-01-01')`.execute(db.query);
    await closeDatabase(db);
    expect(await bad({ dataDir, databaseUrl: database })).toContain(
      `error A newer Flipsite wrote the database ${database}. Update Flipsite.`,
    );
  });

  it('finds another key than that of the last start', async () => {
    const { dataDir, database } = place();
    const databaseUrl = (await postgresFor(dataDir)) ?? database;
    const [key, other] = [randomBytes(32), randomBytes(32)];
    const db = await openDatabase(databaseUrl, [key]);
    await checkSiteKey(db, undefined);
    await closeDatabase(db);
    const withKeys = async (current: Buffer, former: Buffer[] = []) => {
      const keys = { current: { place: 'SECRET_KEY', key: current }, former };
      const exposed = { ...checked.exposed, keys };
      return (await found({ dataDir, databaseUrl, postgres: isPostgresUrl(databaseUrl), exposed })).join('\n');
    };
    const missing = 'error The database was last used with the secret key';
    expect(await withKeys(other)).toContain(missing);
    expect(await withKeys(key)).not.toContain(missing);
    expect(await withKeys(other, [key])).not.toContain(missing);
  });

  it.each(['24.15.0', '24.21.0', '26.0.0', '27.1.0'])('finds Node %s good', async (node) => {
    expect(await found({ node })).toContain(`ok Flipsite supports Node ${node}.`);
  });

  it.each(['20.20.2', '22.23.2', '24.14.1', '25.9.0'])(
    'finds Node %s bad, which `engines` does not allow',
    async (node) => {
      expect(await bad({ node })).toEqual([
        expect.stringContaining(`Flipsite does not support Node ${node}. It needs Node 24.15`),
      ]);
      expect(packageJson.engines.node).toBe('^24.15.0 || >=26.0.0');
    },
  );

  it('has the error about a key that the database has lost, and does not promise a new one', async () => {
    const findings = await found({ secretKey: undefined, lostKey: 'Its key is not.' });
    expect(findings).toContain('error Its key is not.');
    expect(findings.join('\n')).not.toContain('secret.key');
  });

  it('names the place of the key', async () => {
    expect(await found({ secretKey: 'data/secret.key' })).toContainEqual(
      expect.stringContaining('ok The key is in data/secret.key.'),
    );
  });

  it('finds a damaged database, and a PostgreSQL that is not there without repeating its password', async () => {
    const at = place();
    writeFileSync(at.database, 'no database at all '.repeat(100), { mode: 0o600 });
    const damaged = await checkSetup({ ...checked, dataDir: at.dataDir, databaseUrl: at.database });
    expect(damaged.filter(({ level }) => level === 'error')).toMatchObject([
      { message: expect.stringMatching(/npm run restore/) },
    ]);
    const databaseUrl = 'postgres://ada:hidden@127.0.0.1:1/none';
    const [bad] = (await checkSetup({ ...checked, dataDir: at.dataDir, databaseUrl, postgres: true })).filter(({ level }) => level === 'error'); // prettier-ignore
    expect(bad?.message).toContain('cannot be reached');
    expect(bad?.message).not.toContain('hidden');
  });
});

it('the doctor finds data that the user of the site may not open, without advising a restore', async () => {
  const { dataDir, database } = place();
  await closeDatabase(await openDatabase(database));
  chmodSync(database, 0);
  const other = process.geteuid?.() === 0;
  // Other users may not look into the folders of the tests.
  for (const above of ['..', '../..']) chmodSync(join(dataDir, above), 0o711);
  if (other) chownSync(dataDir, 65_534, 65_534);
  const says = (await asOtherUser(() => checkSetup({ ...checked, dataDir, databaseUrl: database }))).map(({ message }) => message); // prettier-ignore
  expect(says.join('\n')).toContain(`This user cannot open the database ${database}`);
  expect(says.join('\n')).not.toContain('restore');
  // As root, which may open all of it, the doctor speaks of the user whom the data folder belongs to.
  const asOwner = (await found({ dataDir, databaseUrl: database })).join('\n');
  expect(/error .*flipsite\.sqlite belongs to root, and the user \S+ may not open it/.test(asOwner)).toBe(other);
  expect(asOwner.includes('note The doctor runs as root, and ')).toBe(other);
});

describe('the doctor on the files', () => {
  let s3: Awaited<ReturnType<typeof startS3>>;
  beforeAll(async () => {
    s3 = await startS3();
  });
  afterAll(() => s3.stop());

  it('says which folder keeps them, and makes none', async () => {
    const { dataDir } = place();
    expect(await found({ dataDir })).toContain(`ok Files are stored in ${join(dataDir, 'files')}.`);
    expect(existsSync(join(dataDir, 'files'))).toBe(false);
  });

  it.each(['folder', 'bucket'])('finds files of another database in the %s, and not those of its own', async (kind) => {
    const at = place();
    const folder = temporaryFolder();
    const url = await postgresFor(folder);
    const db = await openDatabase(url ?? `sqlite:${at.database}`, [Buffer.alloc(32, 7)]);
    const own = (await draft(db)).id;
    const bucket = kind === 'bucket' ? s3.bucket : undefined;
    const store = bucket ? s3Store(bucket) : diskStore(join(at.dataDir, 'files'));
    const setup = { dataDir: at.dataDir, databaseUrl: url ?? at.database, postgres: url !== undefined, bucket };
    const about = async () => (await found(setup)).filter((line) => line.includes('another database'));
    await store.mark(own);
    expect(await about()).toEqual([]);
    await closeDatabase(db);
    const other = newId(NOW);
    await store.mark(other);
    expect(await about()).toEqual([
      `error ${store.place} has files of another database of Flipsite, so Flipsite deletes no unused files there. Use another bucket or another DATA_DIR for one of the two sites. If no site uses the other database any more, delete ${store.place}/site-${other}`,
    ]);
    const { url: address, ...keys } = s3.bucket;
    for (const id of bucket ? [own, other] : []) await new AwsClient({ ...keys, service: 's3' }).fetch(`${address}/site-${id}`, { method: 'DELETE' }); // prettier-ignore
  });

  it('counts the files that were in the folder before there was a bucket', async () => {
    const { dataDir } = place();
    const store = diskStore(join(dataDir, 'files'));
    for (const _ of [1, 2]) await store.write(newId(NOW), inParts(Buffer.from('x')));
    expect(await found({ dataDir, bucket: s3.bucket })).toContain(
      `note 2 files from before the bucket are in ${store.place}. Only servers with this folder can read and delete them. With several servers, copy the files to the bucket: docs/operate/scale.md`,
    );
    expect((await found({ dataDir })).join()).not.toContain('before the bucket');
  });

  it.each(['folder', 'bucket'])('looks for the oldest and the newest files in the %s', async (kind) => {
    const { dataDir, database } = place();
    const url = await postgresFor(temporaryFolder());
    const db = await openDatabase(url ?? `sqlite:${database}`, [Buffer.alloc(32, 7)]);
    afterwards(() => closeDatabase(db));
    const store = kind === 'bucket' ? s3Store(s3.bucket) : diskStore(join(dataDir, 'files'));
    const setup = { dataDir, databaseUrl: url ?? database, postgres: url !== undefined, ...(kind === 'bucket' && { bucket: s3.bucket }) }; // prettier-ignore
    const about = async () => (await found(setup)).filter((line) => line.includes('the newest'));
    const { id: submissionId } = await draft(db);
    const files = Array.from({ length: 12 }, (_, n) => newId(later(n)));
    for (const id of files) {
      await writeBytes(db, store, id, [Buffer.from('x')]);
      await addFile(db, { id, submissionId, field: 'cv', name: 'a.pdf', type: 'application/pdf', size: 1, sha256: 'ab' }, NOW); // prettier-ignore
    }
    expect(await about()).toEqual([]);
    await store.remove(files[0] ?? '');
    expect(await about()).toEqual([
      `error 1 of 12 files, the oldest and the newest in the database, is not in ${store.place}. Check that its disk is mounted, and that DATA_DIR and S3_BUCKET_URL are those of this database.`,
    ]);
    for (const id of files) await store.remove(id);
  });

  it('names the thing in the way of the folder', async () => {
    const { dataDir } = place();
    writeFileSync(join(dataDir, 'files'), 'not a folder');
    expect(await bad({ dataDir })).toEqual([
      `error ${join(dataDir, 'files')} is not a folder, so files cannot be stored. Move it to another place.`,
    ]);
  });

  it('tries the bucket, and leaves nothing in it', async () => {
    const { url, ...keys } = s3.bucket;
    expect(await found({ bucket: s3.bucket })).toContain(
      `ok Files are stored in the bucket ${url}. A test file was written and deleted.`,
    );
    const listed = await new AwsClient({ ...keys, service: 's3' }).fetch(url);
    const text = await listed.text();
    expect([text.includes('<ListBucketResult'), text.includes('<Key>')]).toEqual([true, false]);
  });

  it.each<[string, (bucket: Bucket) => Partial<Bucket>, string]>([
    ['a wrong secret', () => ({ secretAccessKey: 'a-hidden-one' }), 'The bucket answered PUT with 403 SignatureDoesNotMatch. The secret does not belong to the key. Check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.'], // prettier-ignore
    ['a key that nobody knows', () => ({ accessKeyId: 'a-hidden-one' }), 'The bucket answered PUT with 403 InvalidAccessKeyId. The bucket does not know this key. Check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.'], // prettier-ignore
    ['a bucket that is not there', ({ url }) => ({ url: url.replace('/forms', '/nowhere') }), 'The bucket answered PUT with 404 NoSuchBucket. There is no such bucket. Create it, or set S3_BUCKET_URL to another one.'], // prettier-ignore
  ])('has a remedy for %s, and repeats no secret', async (_, wrong, says) => {
    const bucket = { ...s3.bucket, ...wrong(s3.bucket) };
    const lines = await bad({ bucket });
    expect(lines).toEqual([`error The check of the bucket ${bucket.url} failed. ${says}`]);
    expect(lines.join()).not.toContain('hidden');
  });

  it('says that a bucket cannot be reached once its store has stopped', async () => {
    const { bucket, stop } = await startS3();
    await stop();
    expect(await bad({ bucket })).toEqual([
      `error The check of the bucket ${bucket.url} failed. The bucket cannot be reached: ECONNREFUSED. Check S3_BUCKET_URL, and the network of this machine.`,
    ]);
  });
});

describe('the doctor on emails', () => {
  const account = { name: 'ada', password: 'hidden' };
  const signedIn = (url: string, password: string) => url.replace('//', `//ada:${password}@`);

  it('accepts a site without a mail server, and names the place of its emails', async () => {
    expect(await found({})).toContain(
      'note No mail server is set, so emails wait in the dashboard. To send them, set SMTP_URL and MAIL_FROM.',
    );
  });

  it('signs in to the mail server, sends nothing, and says where the links in emails lead', async () => {
    const server = await openMailServer(0, account);
    afterwards(() => server.close());
    const { host } = new URL(server.url);
    const lines = await found({ smtpUrl: signedIn(server.url, 'hidden') });
    expect(lines).toContain(`ok The mail server ${host} accepts the sign-in.`);
    expect(lines).toContainEqual(expect.stringContaining('the links in emails lead to localhost'));
    expect(server.mails).toEqual([]);
  });

  it('claims no sign-in where SMTP_URL has no name and password, or the mail server offers none', async () => {
    const [server, open] = [await openMailServer(0, account), await openMailServer()];
    afterwards(() => Promise.all([server.close(), open.close()]));
    const said = async (smtpUrl: string) => (await found({ smtpUrl })).filter((line) => line.includes('mail server'));
    expect(await said(server.url)).toEqual([
      `note The mail server ${new URL(server.url).host} answers and offers a sign-in, which was not tried, because SMTP_URL has no name and password. If the server refuses emails without a sign-in, add them to SMTP_URL.`,
    ]);
    const without = `ok The mail server ${new URL(open.url).host} answers. It offers no sign-in, so Flipsite sends emails without one.`;
    expect(await said(open.url)).toEqual([without]);
    expect(await said(signedIn(open.url, 'hidden'))).toEqual([without]);
  });

  it('says that a password is wrong, without repeating it', async () => {
    const server = await openMailServer(0, { ...account, password: 'another' });
    afterwards(() => server.close());
    const { host } = new URL(server.url);
    expect(await bad({ smtpUrl: signedIn(server.url, 'hidden') })).toEqual([
      `error The mail server did not accept the name and password in SMTP_URL (${host}). Check SMTP_URL. Flipsite retries emails for two days.`,
    ]);
  });

  it('does not call a password wrong that the mail server could not check', async () => {
    const server = await openMailServer(0, { ...account, isBusy: true });
    afterwards(() => server.close());
    const [said] = await bad({ smtpUrl: signedIn(server.url, 'hidden') });
    expect(said).toContain('454 Try later');
    expect(said).not.toContain('did not accept');
  });

  it('says that the mail server cannot be reached once it has stopped', async () => {
    const { url, close } = await openMailServer(0, account);
    await close();
    const { host } = new URL(url);
    expect(await bad({ smtpUrl: signedIn(url, 'hidden') })).toEqual([
      `error The mail server could not be reached (${host}). Check SMTP_URL. Flipsite retries emails for two days.`,
    ]);
  });
});

describe('the doctor on Smile', () => {
  let smile: RunningSmile;
  beforeAll(async () => {
    smile = await startSmile();
  });
  afterAll(() => smile.stop());
  const keys = () => ({ host: `${smile.origin}/v1`, ...defaultKeys });
  const about = (lines: string[]) => lines.filter((line) => line.includes('Smile'));

  it('asks it for the keys and the webhook, and says which it has not', async () => {
    const { dataDir, database } = place();
    const databaseUrl = (await postgresFor(dataDir)) ?? database;
    const key = randomBytes(32);
    const db = await openDatabase(databaseUrl, [key]);
    afterwards(() => closeDatabase(db));
    const setup = { dataDir, databaseUrl, postgres: isPostgresUrl(databaseUrl), smile: keys(), webhookSecret: false, exposed: withKey(key) }; // prettier-ignore
    const examined = async (more = {}) => about(await found({ ...setup, ...more }));
    const accepted = 'ok Smile accepts the keys.';
    expect(await examined()).toEqual([accepted, expect.stringContaining('note No Smile webhook is registered')]);

    const site = { db, smile: createSmileClient(keys()), now: () => new Date() };
    const { id } = await registerWebhook(site, 'https://forms.example.com/api/webhooks/smile');
    expect(await examined()).toEqual([
      accepted,
      'ok Smile sends its webhooks to https://forms.example.com/api/webhooks/smile.',
    ]);

    expect(await examined({ publicUrl: 'https://new.example.com/in' })).toContain(
      'note Smile sends its webhooks to https://forms.example.com/api/webhooks/smile, but the address of this site is https://new.example.com/in/api/webhooks/smile. Accounts are confirmed more slowly. Run npm run smile -- register',
    );
    expect(await examined({ exposed: withKey(randomBytes(32)) })).toContain(
      'note This site refuses the webhooks of Smile, because the key that encrypted their secret is lost. Accounts are confirmed more slowly. Run npm run smile -- register',
    );

    await smile.call('DELETE', `/v1/webhooks/${id}`);
    expect(await examined()).toEqual([
      accepted,
      'note Smile no longer has the webhook of this site. Accounts are confirmed more slowly. Run npm run smile -- register',
    ]);
  });

  it('says that Smile refuses the keys, without repeating them', async () => {
    const lines = about(await found({ smile: { ...keys(), apiSecret: 'hidden' } }));
    expect(lines).toEqual(['error Smile refused the keys. Check API_KEY, API_SECRET and OPEN_API_HOST.']);
  });

  it.each<[string, () => Promise<string>, string]>([
    ['nothing', async () => `http://127.0.0.1:${await lastingPort()}`, 'Smile could not be reached for GET /webhooks (ECONNREFUSED). Check OPEN_API_HOST and the network of the server.'], // prettier-ignore
    ['a silent server', async () => `http://${await silentServer()}`, 'Smile did not answer GET /webhooks in time. Check OPEN_API_HOST and the network of the server.'], // prettier-ignore
    ['another website', () => answering(200, '<html>'), "Smile's answer to GET /webhooks is not JSON. Check OPEN_API_HOST."], // prettier-ignore
  ])('says that %s is at OPEN_API_HOST', async (_, host, says) => {
    expect(about(await found({ smile: { ...keys(), host: await host() } }))).toEqual([`error ${says}`]);
  });
});

describe('the doctor on the secrets of webhooks', () => {
  const good = randomBytes(32).toString('base64');

  function formsThatName(...names: string[]): string {
    const formsDir = temporaryFolder();
    names.forEach((name, at) => {
      const notify = `  - { webhook: "https://acme.example/${at}", secret_env: ${name} }`;
      writeFileSync(join(formsDir, `form-${at}.yaml`), yamlOf(notify));
    });
    return formsDir;
  }

  it('names the forms that cannot be published without one, and the line to write', async () => {
    const formsDir = formsThatName('ACME_HOOK_SECRET', 'OTHER_HOOK_SECRET', 'SHORT_HOOK_SECRET', 'SECRET_KEY');
    const set: Record<string, string> = { OTHER_HOOK_SECRET: good, SHORT_HOOK_SECRET: 'hidden' };
    const write = (name: string) =>
      `Set ${name} in the environment or in .env to the output of \`openssl rand -base64 32\`. Then restart Flipsite.`;
    expect(await bad({ formsDir, secret: (name) => set[name] })).toEqual([
      `error ${join(formsDir, 'form-0.yaml')} cannot be published: the environment variable ACME_HOOK_SECRET is not set. ${write('ACME_HOOK_SECRET')}`,
      `error ${join(formsDir, 'form-2.yaml')} cannot be published: SHORT_HOOK_SECRET is not base64 of 24 to 64 bytes. ${write('SHORT_HOOK_SECRET')}`,
      // A new value would make all stored data unreadable.
      `error ${join(formsDir, 'form-3.yaml')} cannot be published: SECRET_KEY is a setting of Flipsite. Use another name, such as ACME_HOOK_SECRET.`,
    ]);
  });

  it('says that all are there, and nothing where no form names one', async () => {
    const formsDir = formsThatName('ACME_HOOK_SECRET');
    const lines = await found({ formsDir, secret: () => good });
    expect(lines).toContain('ok Forms sign their webhooks with ACME_HOOK_SECRET.');
    expect(lines.join()).not.toContain(good);
    rmSync(join(formsDir, 'form-0.yaml'));
    expect((await found({ formsDir })).join()).not.toContain('webhooks with');
  });

  it('finds those of live forms that the dashboard manages, or whose file has an error now', async () => {
    const { dataDir, database } = place();
    const databaseUrl = (await postgresFor(dataDir)) ?? database;
    const db = await openDatabase(databaseUrl);
    const publish = async (slug: string, secret: string) => {
      const notify = `  - { webhook: "https://acme.example/${slug}", secret_env: ${secret} }`;
      await saveVersion(db, compile(yamlOf(notify), `forms/${slug}.yaml`), NOW);
    };
    await publish('in-file', 'FILE_HOOK_SECRET');
    for (const slug of ['moved', 'archived']) {
      await publish(slug, `${slug.toUpperCase()}_HOOK_SECRET`);
      await setManagedIn(db, slug, 'dashboard', NOW);
    }
    await db.query
      .updateTable('forms')
      .set({ archived_at: NOW.toISOString() })
      .where('slug', '=', 'archived')
      .execute();
    await closeDatabase(db);
    const formsDir = temporaryFolder();
    writeFileSync(join(formsDir, 'in-file.yaml'), 'title: Not a form any more');
    // The site does not read the file of a form that the dashboard manages.
    writeFileSync(join(formsDir, 'moved.yaml'), yamlOf(''));
    const setup = { dataDir, databaseUrl, postgres: isPostgresUrl(databaseUrl), formsDir };
    const wanting = (slug: string, name: string) =>
      expect.stringContaining(`error The live form ${slug} cannot sign its webhooks: the environment variable ${name} is not set. Set ${name}`); // prettier-ignore
    const findings = (await bad(setup)).filter((line) => line.includes('webhook'));
    expect(findings).toEqual([wanting('in-file', 'FILE_HOOK_SECRET'), wanting('moved', 'MOVED_HOOK_SECRET')]);
    expect(await found({ ...setup, secret: () => good })).toContain('ok Forms sign their webhooks with FILE_HOOK_SECRET, MOVED_HOOK_SECRET.'); // prettier-ignore
  });

  it('reports a missing folder of forms, without which the site does not start', async () => {
    const formsDir = join(temporaryFolder(), 'gone');
    expect(await bad({ formsDir })).toEqual([
      `error The folder of forms does not exist: ${formsDir}. Create it, or set FORMS_DIR to another folder.`,
    ]);
  });
});

describeLong('npm run doctor', () => {
  const run = async (env: Record<string, string>) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'forms'));
    const options = { cwd: folder, env: { ...PROGRAM_ENV, ...env } };
    const command = promisify(execFile)(process.execPath, commandArguments('doctor'), options);
    return command.then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
    );
  };

  it('ends with 1 and the errors, after requests to the bucket and the mail server of the environment', async () => {
    const s3 = await startS3();
    afterwards(() => s3.stop());
    const mail = await openMailServer(0, { name: 'ada', password: 'right' });
    afterwards(() => mail.close());
    const { url, accessKeyId, secretAccessKey, region } = s3.bucket;
    const env = {
      S3_BUCKET_URL: url,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
      S3_REGION: region,
      SMTP_URL: mail.url.replace('//', '//ada:right@'),
      MAIL_FROM: 'Acme <a@acme.example>',
      SECRET_KEY: Buffer.alloc(32).toString('base64'),
    };
    const well = await run(env);
    expect(well).toEqual({
      code: 0,
      stdout: expect.stringContaining(`stored in the bucket ${url}. A test file was written and deleted.`),
    });
    expect(well.stdout).toContain('accepts the sign-in.');
    expect(well.stdout).toContain('The key in SECRET_KEY is not random');
    const ill = await run({ ...env, S3_SECRET_ACCESS_KEY: 'hidden-one', SMTP_URL: mail.url.replace('//', '//ada:hidden-two@') }); // prettier-ignore
    expect(ill.code).toBe(1);
    expect(ill.stdout.match(/^ERROR /gm)).toHaveLength(2);
    expect(ill.stdout).not.toContain('hidden');
  });

  it('does not wait for a bucket and a mail server that never answer', async () => {
    const [store, mail] = [await silentServer(), await silentServer()];
    const { stdout } = await run({
      S3_BUCKET_URL: `http://${store}/forms`,
      S3_ACCESS_KEY_ID: 'key',
      S3_SECRET_ACCESS_KEY: 'secret',
      SMTP_URL: `smtp://${mail}`,
      MAIL_FROM: 'a@acme.example',
    });
    expect(stdout).toContain(`The check of the bucket http://${store}/forms failed. The bucket cannot be reached: it did not answer in time.`); // prettier-ignore
    expect(stdout).toContain(`The mail server did not answer in time (${mail}).`);
  });
});

describe('the doctor on the public address', () => {
  it('says that it leads to Flipsite', async () => {
    const publicUrl = await answering(200, 'Flipsite 0.1.0: ok');
    expect(await found({ publicUrl })).toContain(`ok People open the site at ${publicUrl}.`);
  });

  it('finds http in PUBLIC_ORIGIN behind a proxy with https bad', async () => {
    const publicUrl = await answering(301, '', { location: 'https://forms.invalid/healthz' });
    expect(await bad({ publicUrl })).toEqual([
      `error PUBLIC_ORIGIN is ${publicUrl}, but the proxy sends people to https. Set it to ${publicUrl.replace('http:', 'https:')}.`,
    ]);
  });

  it('says that something else answers, or nothing, which is no error before the first start', async () => {
    const publicUrl = await answering(404, 'Welcome to nginx!');
    expect(await found({ publicUrl })).toContain(`note ${publicUrl} answers with status 404, and not as Flipsite. If the site is running, check the proxy and PUBLIC_ORIGIN.`); // prettier-ignore
    const gone = 'http://name.invalid';
    expect((await found({ publicUrl: gone })).join('\n')).toMatch(/note http:\/\/name\.invalid cannot be reached from this machine: E\w+\. If the site is running, check its domain and the proxy\./); // prettier-ignore
  });

  it('says that the certificate of https is not right', async () => {
    const publicUrl = (await answering(200, 'Flipsite')).replace('http:', 'https:');
    expect((await found({ publicUrl })).join('\n')).toMatch(/note https:\S+ cannot be reached from this machine: ERR_SSL_\w+\. If the site is running, check its certificate and the clock of this machine\./); // prettier-ignore
  });
});

describe('the doctor on open access', () => {
  const answer = { code: 'OK', data: { items: [], nextCursor: null } };
  const smile = { host: 'https://smile.invalid', ...defaultKeys, fetch: () => Promise.resolve(Response.json(answer)) };
  const live = { publicUrl: 'https://forms.invalid', smile };
  const exposing = (differs: Partial<Setup['exposed']>) => ({ ...live, exposed: { ...checked.exposed, ...differs } });
  const STRONG = 'b2f0a6d1c93e4875b2f0a6d1c93e4875d10c7f';

  it('is silent about a site behind a proxy on the same machine with keys that are hard to guess', async () => {
    const current = { place: 'SECRET_KEY', key: createHash('sha256').update('').digest() };
    const settings = { setupCode: 'KP4T-W7HX-CDF2', integratorApiKey: STRONG, metricsKey: STRONG, keys: { current, former: [current.key] } }; // prettier-ignore
    const says = await found(exposing(settings));
    expect(says.filter((line) => /^error|listens on|is off|guess|every user/.test(line))).toEqual([]);
  });

  it('counts a name under localhost as this machine', async () => {
    expect(
      await found({ ...exposing({ host: '0.0.0.0' }), publicUrl: 'http://try.localhost:8000', smile: undefined }),
    ).not.toContainEqual(expect.stringMatching(/^error|listens on/));
  });

  it('says that people can bypass the proxy', async () => {
    expect(await found(exposing({ host: '0.0.0.0' }))).toContainEqual(
      expect.stringMatching(/^note Port 8000 listens on 0\.0\.0\.0, .*Set APP_HOST=127\.0\.0\.1,/),
    );
  });

  it('warns that local Smile replaces Smile at a public address', async () => {
    expect(await bad({ ...live, smile: undefined })).toEqual([expect.stringContaining('local Smile')]);
    expect(await bad({ publicUrl: 'http://localhost:8000' })).toEqual([]);
  });

  it('says that limits are off', async () => {
    expect(await bad(exposing({ rateLimit: false }))).toEqual([expect.stringContaining('RATE_LIMIT is off')]);
  });

  it.each([
    ['SETUP_CODE', { setupCode: 'open sesame' }],
    ['SETUP_CODE', { setupCode: '1234' }],
    ['INTEGRATOR_API_KEY', { integratorApiKey: 'aaaaaaaaaaaaaaaaaaaaaaaa' }],
    ['INTEGRATOR_API_KEY', { integratorApiKey: 'password-password-123' }],
    ['METRICS_KEY', { metricsKey: '12345678901234567890' }],
  ])('says that a weak %s can be guessed, and does not repeat it', async (name, settings) => {
    const [finding = '', ...others] = await bad(exposing(settings));
    expect(finding).toContain(`${name} is easy to guess.`);
    expect(finding).not.toContain(Object.values(settings)[0]);
    expect(others).toEqual([]);
  });

  it.each([
    ['zeros', Buffer.alloc(32)],
    ['a count', Buffer.from(Array.from({ length: 32 }, (_, at) => at + 7))],
    ['a text', Buffer.from('correct horse battery staple pass')],
  ])('says that a key of %s can be guessed, also a former one', async (_, key) => {
    const current = { place: 'data/secret.key', key };
    expect(await bad(exposing({ keys: { current, former: [] } }))).toEqual([expect.stringContaining('The key in data/secret.key is not random')]); // prettier-ignore
    expect(await bad(exposing({ keys: { current: undefined, former: [key] } }))).toEqual([expect.stringContaining('A key in FORMER_SECRET_KEYS is not random')]); // prettier-ignore
  });

  it('says which files every user of the machine can read', async () => {
    const { dataDir, database } = place();
    const envFile = join(dataDir, '.env');
    for (const file of [envFile, join(dataDir, 'secret.key')]) writeFileSync(file, '', { mode: 0o644 });
    await closeDatabase(await openDatabase(database));
    chmodSync(database, 0o644);
    chmodSync(dataDir, 0o755);
    const says = await found({ dataDir, databaseUrl: database, ...exposing({ envFile }) });
    for (const file of [envFile, join(dataDir, 'secret.key'), database])
      expect(says).toContain(`error Every user of this machine can read ${file}. Run chmod o= ${file}`);
    expect(says).toContain(`note Every user of this machine can open ${dataDir}. Run chmod 700 ${dataDir}`);
  });

  it('writes the names of these files as a shell reads them', async () => {
    const envFile = join(place().dataDir, 'our settings');
    writeFileSync(envFile, '', { mode: 0o644 });
    expect(await bad(exposing({ envFile }))).toEqual([expect.stringContaining(`Run chmod o= '${envFile}'`)]);
  });
});
