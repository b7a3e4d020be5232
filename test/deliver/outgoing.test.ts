/** A copy of a site that is tried out: nothing leaves it, and everything that waits in it stays. */
import { afterAll, expect, it } from 'vitest';
import { s3Store } from '../../src/record/files/s3.ts';
import { newId } from '../../src/record/ids.ts';
import { addWebhook, confirmWebhook, listOwnWebhooks } from '../../src/record/webhook-registrations.ts';
import { enqueue } from '../../src/record/jobs/jobs.ts';
import { signedIn, wordsOf } from '../helpers/visitor.ts';
import { doOwed, removeFolder, type TestSite } from '../helpers/site.ts';
import { startS3 } from '../helpers/s3-server.ts';
import { eventually, openSiteThatTells, send } from './forms.ts';
import { openMailServer } from './mail-server.ts';
import { openReceiver, SECRET } from './receiver.ts';

const receiver = await openReceiver();
const mail = await openMailServer();
const s3 = await startS3();
let site: TestSite | undefined;
afterAll(async () => {
  await site?.close();
  await Promise.all([receiver.close(), mail.close(), s3.stop()]);
  if (site) removeFolder(site.folder);
});

const NOTIFY = `  - { email: ops@acme.example }\n  - { webhook: "${receiver.origin}/hook", secret_env: HOOK }`;

const HOUR = 3_600_000;

const open = (OUTGOING: string, { folder, now }: { folder?: string; now?: () => Date } = {}) =>
  openSiteThatTells(NOTIFY, {
    ...(now && { now }),
    ...(folder !== undefined && { folder }),
    secrets: { HOOK: SECRET },
    bucket: s3.bucket,
    env: {
      OUTGOING,
      SMTP_URL: mail.url,
      MAIL_FROM: 'forms@acme.example',
      WEBHOOK_ALLOWED_HOSTS: receiver.host,
      // The receiver takes the place of Smile too.
      API_KEY: 'key',
      API_SECRET: 'secret',
      OPEN_API_HOST: `${receiver.origin}/v1`,
    },
  });

it('with OUTGOING=off emails, webhooks, calls to Smile and files in the bucket wait, and all of them go on without it', async () => {
  const old = newId(new Date(Date.now() - 2 * HOUR));
  const hasFile = async () => (await s3Store(s3.bucket).read(old, 0, 1)) !== undefined;
  await s3Store(s3.bucket).write(old, (async function* () {
    yield Buffer.from('of the real site');
  })()); // prettier-ignore

  site = await open('off', { now: () => new Date(Date.now() - 3 * HOUR) });
  await send(site, { full_name: 'Ana' });
  const { id } = await site.db.query.selectFrom('submissions').select('id').executeTakeFirstOrThrow();
  // The real site has marked its bucket, and the copy of its database has the same submission.
  await s3Store(s3.bucket).mark(id);
  // So has the registration of its webhook at Smile.
  const own = await addWebhook(site.db, 'https://real.example/webhooks/smile', new Date());
  await confirmWebhook(site.db, own.id, 'webhook-1', new Date());
  await site.close();

  site = await open('off', { folder: site.folder });
  await enqueue(site.db, { kind: 'disconnect', subject: 'account-1' }, new Date());
  await doOwed(site);
  expect([mail.mails, receiver.received, await hasFile()]).toEqual([[], [], true]);
  const ask = await signedIn(site, new Date());
  expect(wordsOf((await ask('/admin/messages')).text)).toMatch(/Emails and webhooks wait, .*Waiting \(2\)/);
  // The keys of the Smile account may be set, or missing.
  for (const page of ['/admin/settings', '/admin/settings/smile'])
    expect(wordsOf((await ask(page)).text)).toMatch(
      /Accounts are invented\. To use your Smile account, remove OUTGOING.*\. Without the keys of the account, the site stays in test mode\./,
    );
  const smilePage = wordsOf((await ask('/admin/settings/smile')).text);
  expect(smilePage).not.toMatch(/Connected|Connect again|Connect to Smile/);
  const pressed = wordsOf((await ask('/admin/settings/smile/register', {})).text);
  expect(pressed).toContain('Nothing is sent to Smile now, because OUTGOING is off.');
  expect(await listOwnWebhooks(site.db)).toMatchObject([{ smileId: 'webhook-1', deletedAt: null }]);
  await site.close();

  site = await open('on', { folder: site.folder });
  await doOwed(site);
  await eventually(async () => mail.mails.length > 0 && receiver.received.length > 1 && !(await hasFile()) || undefined); // prettier-ignore
  expect(mail.mails.map(({ to }) => to)).toEqual([['ops@acme.example']]);
  expect(receiver.received.map(({ path }) => path).sort()).toEqual(['/hook', expect.stringMatching(/^\/v1\//)]);
});
