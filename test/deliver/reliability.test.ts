/**
 * The fate of a delivery when its receiver or mail server fails. The table in docs/operate/reliability.md is written
 * from it.
 */
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import * as prettier from 'prettier';
import { describe, expect, it } from 'vitest';
import { deliveryHandlers } from '../../src/deliver/deliver.ts';
import { createMailer } from '../../src/deliver/mailer.ts';
import { createWebhookPoster } from '../../src/deliver/webhook-post.ts';
import { DELIVERY_JOBS, listAttempts } from '../../src/record/deliveries.ts';
import { listDeliveries } from '../../src/record/delivery-queries.ts';
import { runDue } from '../../src/record/jobs/worker.ts';
import { lastingPort } from '../helpers/ports.ts';
import { removeFolder, root, type TestSite } from '../helpers/site.ts';
import { eventually, openSiteThatTells, send } from './forms.ts';
import { openMailServer } from './mail-server.ts';
import { openReceiver, SECRET } from './receiver.ts';

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
const BEGIN = new Date();
const FROM = 'forms@acme.example';

interface Scene {
  fault: string;
  by: 'webhook' | 'email';
  /** The behavior of the receiver during the fault; without it, it is not there. */
  answer?(response: ServerResponse): void;
  /** The refusal of the mail server during the fault; without it, it is not there. */
  refuse?: { responseCode: number; message: string };
  lasts: number;
  /** There is no mail server at all. */
  none?: boolean;
}

const says =
  (status: number, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, headers).end();

const scenes: Scene[] = [
  { fault: 'Nothing, for comparison', by: 'webhook', answer: says(204), lasts: 0 },
  { fault: 'The receiver answers 301 for three hours', by: 'webhook', answer: says(301, { location: 'https://acme.example/' }), lasts: 3 * HOUR },
  { fault: 'The receiver answers 400 for three hours', by: 'webhook', answer: says(400), lasts: 3 * HOUR },
  { fault: 'The receiver answers 410', by: 'webhook', answer: says(410), lasts: 3 * HOUR },
  { fault: 'The receiver answers 429 with `Retry-After` of one hour', by: 'webhook', answer: says(429, { 'retry-after': '3600' }), lasts: HOUR / 2 },
  { fault: 'The receiver answers 500 for three hours', by: 'webhook', answer: says(500), lasts: 3 * HOUR },
  { fault: 'The receiver answers 500 for a week', by: 'webhook', answer: says(500), lasts: WEEK },
  { fault: 'The receiver does not answer for three hours', by: 'webhook', answer: () => {}, lasts: 3 * HOUR },
  { fault: 'The receiver is down for three hours', by: 'webhook', lasts: 3 * HOUR },
  { fault: 'The mail server is down for three hours', by: 'email', lasts: 3 * HOUR },
  { fault: 'The mail server is down for a week', by: 'email', lasts: WEEK },
  { fault: 'The mail server rejects the email temporarily (451) for three hours', by: 'email', refuse: { responseCode: 451, message: 'Try again later' }, lasts: 3 * HOUR },
  { fault: 'The mail server rejects the address permanently (550)', by: 'email', refuse: { responseCode: 550, message: 'No such person here' }, lasts: 3 * HOUR },
  { fault: 'No mail server is configured', by: 'email', none: true, lasts: 0 },
]; // prettier-ignore

/** Things to close after a scene, the last one first. */
type Left = (() => unknown)[];

/** Where it goes, while the fault lasts and after. */
async function openOther(scene: Scene, left: Left) {
  const hookPort = await lastingPort();
  const receiver = await openReceiver(hookPort);
  const mailPort = await lastingPort();
  const mail = await openMailServer(mailPort);
  let [hooks, mails] = [receiver, mail];
  let refused = 0;
  left.push(() => hooks.close(), () => mails.close()); // prettier-ignore
  const gone = !scene.answer && !scene.refuse && !scene.none;
  if (scene.answer) receiver.answer = scene.answer;
  mail.refuse = scene.refuse;
  if (gone) await Promise.all([receiver.close(), mail.close()]);
  return {
    receiver,
    mail: { url: mail.url, from: FROM },
    async mend() {
      if (gone) [hooks, mails] = [await openReceiver(hookPort), await openMailServer(mailPort)];
      else refused = receiver.received.length;
      receiver.answer = says(204);
      mail.refuse = undefined;
    },
    /** How often it was taken. */
    arrived: () => hooks.received.length - refused + mails.mails.length,
  };
}

async function play(scene: Scene): Promise<string[]> {
  const left: Left = [];
  try {
    return await playIn(scene, left);
  } finally {
    for (const step of left.reverse()) await step();
  }
}

/** The person sends the form at once; then time passes, from one attempt to the next. */
async function playIn(scene: Scene, left: Left): Promise<string[]> {
  const other = await openOther(scene, left);
  const { receiver, mail } = other;
  const hook = `{ webhook: "${receiver.origin}/hooks", secret_env: ACME_HOOK_SECRET }`;
  const site = await openSiteThatTells(`  - ${scene.by === 'webhook' ? hook : '{ email: ops@acme.example }'}`, {
    now: () => BEGIN,
    env: { WEBHOOK_ALLOWED_HOSTS: receiver.host, ...(!scene.none && { SMTP_URL: mail.url, MAIL_FROM: FROM }) },
    secrets: { ACME_HOOK_SECRET: SECRET },
  });
  left.push(async () => {
    await site.close();
    removeFolder(site.folder);
  });
  const { reference } = await send(site, { full_name: 'Ana' });
  await eventually(async () => {
    const { status, tries } = await one(site);
    const leased = await site.db.query.selectFrom('jobs').select('id').where('kind', 'in', DELIVERY_JOBS).where('leased_until', 'is not', null).executeTakeFirst(); // prettier-ignore
    return ((status !== 'waiting' || tries > 0) && !leased) || undefined;
  });
  // The site’s own clock stands still, so that all other attempts are made here.
  const mailer = createMailer(mail);
  left.push(() => mailer.close());
  let now = BEGIN;
  const post = createWebhookPoster({ allowed: [receiver.host], timeoutMs: 1_500 });
  const jobs = deliveryHandlers({ db: site.db, now: () => now, mailer: scene.none ? undefined : mailer, post, secret: () => SECRET, origin: site.origin, keys: undefined, print: () => {}, logError: () => {}, inviteBySmile: () => Promise.reject(new Error('Nobody is invited here')) }); // prettier-ignore
  let mended = false;
  for (let due = await owed(site); due; due = await owed(site)) {
    now = new Date(Math.max(Date.parse(due.due_at), now.getTime()));
    if (!mended && now.getTime() - BEGIN.getTime() >= scene.lasts) await other.mend().then(() => (mended = true));
    await runDue({ db: site.db, jobs, now: () => now, log: { warn: () => {} }, random: () => 1 });
  }
  const saw = /^[A-Z0-9 ]{10}$/.test(reference) ? 'Submitted the form and got a reference' : 'No reference';
  return [scene.fault, saw, await storedOf(site, other.arrived())];
}

/** The queued job of the delivery, once no server works on it; null when there is none. */
const owed = ({ db }: TestSite) =>
  eventually(async () => {
    const row = await db.query.selectFrom('jobs').select(['due_at', 'leased_until']).where('kind', 'in', DELIVERY_JOBS).where('failed_at', 'is', null).executeTakeFirst(); // prettier-ignore
    return row?.leased_until ? undefined : (row ?? null);
  });

const one = async ({ db }: TestSite) => (await listDeliveries(db, {}, { limit: 1 })).items[0]!;

async function storedOf(site: TestSite, arrived: number): Promise<string> {
  const { id, status, tries, lastMessage } = await one(site);
  const attempts = await listAttempts(site.db, id);
  const after = inWords(Date.parse(attempts.at(-1)?.at ?? '') - BEGIN.getTime());
  const times = tries === 1 ? 'one attempt' : `${tries} attempts, the last one ${after} later`;
  if (status === 'sent') return `Sent in ${times}${arrived === 1 ? '' : `, and arrived ${arrived} times`}`;
  if (status === 'failed')
    return `Failed after ${times}: “${lastMessage}”. The dashboard lists it, and a member can send it again`;
  if (status === 'held') return 'Waiting in the dashboard. A member can send it once a mail server is set';
  return `Still ${status} after ${times}`;
}

const inWords = (ms: number) =>
  ms < 2 * HOUR ? `${Math.round(ms / 60_000)} minutes` : `${Math.round(ms / HOUR)} hours`;

const rows = new Map<string, string[]>();

describe('a submission with deliveries', () => {
  it.concurrent.each(scenes)('$fault', { timeout: 60_000 }, async (scene) => {
    const row = await play(scene);
    rows.set(scene.fault, row);
    expect(row[1]).toBe('Submitted the form and got a reference');
    expect(row[2]).toMatch(/^(Sent in|Failed after|Waiting)/);
    expect(row[2]).not.toContain('arrived');
  });
});

it('the table in docs/operate/reliability.md has every row', async () => {
  const cells = (row: string[]) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const table = [
    cells(['Failure', 'What the person sees', 'What happens to the delivery']),
    cells(['---', '---', '---']),
    ...scenes.map(({ fault }) => cells(rows.get(fault) ?? [fault, '', ''])),
  ];
  const file = path.join(root, 'docs/operate/reliability.md');
  const config = await prettier.resolveConfig(file);
  const part = await prettier.format([INTRODUCTION, table.join('\n')].join('\n\n'), { ...config, parser: 'markdown' });
  const parts = readFileSync(file, 'utf8').split(/^(?=## )/m);
  const whole = parts
    .map((one) => (one.startsWith('## When a receiver or mail server fails') ? `${part}\n` : one))
    .join('');
  await expect(whole).toMatchFileSnapshot(file);
});

const INTRODUCTION = `## When a receiver or mail server fails

<!-- test/deliver/reliability.test.ts plays each row and writes the table. After a change, run it with --update. -->

Flipsite queues emails and webhooks in the same transaction as the event that caused them. The person who fills in the form doesn't wait for them and doesn't notice a failure.
[Webhooks](../integrate/webhooks.md#answer-the-webhook) has the schedule of the retries. In this table, each wait has its full length.

If a server stops while it sends, another server, or the next start, sends again after two minutes. The \`webhook-id\` stays the same, so that a receiver recognizes the repeat.`;
