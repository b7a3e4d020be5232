/** A server that is killed between the acknowledgment of a submission and the sending of its messages. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDeliveries } from '../../src/record/delivery-queries.ts';
import { closeDatabase, openDatabase } from '../../src/record/db/database.ts';
import { kill, serve } from '../api/serve.ts';
import { postgresFor } from '../helpers/postgres/postgres.ts';
import { removeFolder } from '../helpers/site.ts';
import { eventually, send, yamlOf } from './forms.ts';
import { openMailServer, type MailServer } from './mail-server.ts';
import { openReceiver, SECRET, verified, type Receiver } from './receiver.ts';

const PEOPLE = 24;

let folder: string;
let receiver: Receiver;
let mail: MailServer;
let env: Record<string, string>;
let database: string;
beforeAll(async () => {
  receiver = await openReceiver();
  mail = await openMailServer();
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-crash-'));
  mkdirSync(path.join(folder, 'forms'));
  const notify = `  - { email: ops@acme.example }
  - { webhook: "${receiver.origin}/hooks", secret_env: ACME_HOOK_SECRET }`;
  writeFileSync(path.join(folder, 'forms', 'driver.yaml'), yamlOf(notify));
  const postgres = await postgresFor(folder);
  database = postgres ?? path.join(folder, 'data', 'flipsite.sqlite');
  env = {
    ...(postgres && { DATABASE_URL: postgres }),
    SMTP_URL: mail.url,
    MAIL_FROM: 'forms@acme.example',
    ACME_HOOK_SECRET: SECRET,
    WEBHOOK_ALLOWED_HOSTS: receiver.host,
    LOG_LEVEL: 'silent',
  };
});
afterAll(async () => {
  await receiver.close();
  await mail.close();
  removeFolder(folder);
});

/** As if the length of a lease had passed: anyone can take the jobs of the dead server. */
async function leasesRunOut(): Promise<void> {
  const db = await openDatabase(database);
  await db.query.updateTable('jobs').set({ leased_until: null }).execute();
  await closeDatabase(db);
}

describe('a server that is killed while people send', () => {
  it('sends its emails and webhooks for each of them, once it runs again', async () => {
    const references: string[] = [];
    let { child, origin } = await serve(folder, env);
    for (let round = 0; round < 3; round++) {
      const sent = Array.from({ length: PEOPLE / 3 }, (_, n) =>
        send({ origin }, { full_name: `Person ${round} ${n}` }),
      );
      // The first of them may be on their way when the last one is acknowledged.
      for (const { reference } of await Promise.all(sent)) references.push(reference);
      await kill(child);
      await leasesRunOut();
      ({ child, origin } = await serve(folder, env));
    }
    const db = await openDatabase(database);
    const all = async () => (await listDeliveries(db, {}, { limit: 500 })).items;
    const left = () => db.query.selectFrom('jobs').selectAll().where('submission_id', 'is not', null).execute();
    await eventually(async () => (await all()).every(({ status }) => status === 'sent') || undefined);
    await eventually(async () => (await left()).length === 0 || undefined);
    const owed = await all();
    await closeDatabase(db);
    await kill(child);

    expect(owed).toHaveLength(2 * PEOPLE);
    // One attempt each, but for those under way when the server died: such an attempt was never written down.
    expect(owed.map(({ tries }) => tries)).toEqual(owed.map(() => 1));
    const hooks = receiver.received.map((one) => verified(one) as { data: { reference: string } });
    expect(new Set(hooks.map(({ data }) => data.reference))).toEqual(new Set(references));
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(PEOPLE);
    const mailed = mail.mails.map(({ parsed }) => /\((.+)\)$/.exec(parsed.subject ?? '')?.[1]);
    expect(new Set(mailed)).toEqual(new Set(references));
    expect(new Set(mail.mails.map(({ parsed }) => parsed.messageId)).size).toBe(PEOPLE);
  }, 120_000);
});
