import { createServer, type AddressInfo, type Socket } from 'node:net';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { deliveryHandlers, BACKOFF, type DeliveryServices } from '../../src/deliver/deliver.ts';
import { createWebhookPoster } from '../../src/deliver/webhook-post.ts';
import { insertRows } from '../../src/record/db/bulk.ts';
import type { Database } from '../../src/record/db/database.ts';
import { newId } from '../../src/record/ids.ts';
import {
  findDelivery,
  listAttempts,
  recordAttempt,
  enqueueDeliveries,
  enqueueDelivery,
  sendAgain,
} from '../../src/record/deliveries.ts';
import { listEvents } from '../../src/record/event-queries.ts';
import { sendAllAgain } from '../../src/record/resend-deliveries.ts';
import { runDue } from '../../src/record/jobs/worker.ts';
import { mergeAnswers } from '../../src/record/submissions/save-answers.ts';
import type { Submission } from '../../src/record/submissions/submissions.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { draft, later, NOW, temporaryDatabase } from '../helpers/database.ts';
import { openReceiver, SECRET, verified, type Receiver } from './receiver.ts';

let receiver: Receiver;
let db: Database;
let submission: Submission;
let now: Date;
let told: string[];

beforeEach(async () => {
  receiver = await openReceiver();
  db = await temporaryDatabase();
  submission = await draft(db);
  now = NOW;
  told = [];
});
afterEach(() => receiver.close());

const courier = (given: Partial<DeliveryServices> = {}): DeliveryServices => ({
  db,
  now: () => now,
  mailer: undefined,
  post: createWebhookPoster({ allowed: [receiver.host], timeoutMs: 400 }),
  secret: (name) => (name === 'ACME_HOOK_SECRET' ? SECRET : undefined),
  origin: 'https://forms.acme.example',
  keys: undefined,
  inviteBySmile: () => Promise.reject(new Error('Nobody is invited here')),
  print: (text) => void told.push(text),
  logError: () => expect.fail('Flipsite has failed'),
  ...given,
});

/** Runs the jobs that are due at `at`, with complete waits. */
async function turn(at: Date, given?: Partial<DeliveryServices>): Promise<number> {
  now = at;
  const jobs = deliveryHandlers(courier(given));
  return runDue({ db, jobs, now: () => now, log: { warn: () => {} }, random: () => 1 });
}

async function oweOne(secretEnv = 'ACME_HOOK_SECRET'): Promise<string> {
  const target = `${receiver.origin}/hooks`;
  const given = { form: 'driver', channel: 'webhook' as const, target, cause: 'submitted' as const };
  await enqueueDelivery(db, { ...given, submissionId: submission.id, secretEnv }, now);
  const { id } = await db.query.selectFrom('deliveries').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow();
  return id;
}

const statusOf = async (id: string) => (await findDelivery(db, id))?.status;

describe('a webhook', () => {
  it('carries the submission as programs read it, signed so that the library of Standard Webhooks takes it', async () => {
    now = new Date();
    const id = await oweOne();
    await turn(now);
    const [got] = receiver.received;
    expect(got?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': id });
    expect(verified(got!)).toMatchObject({
      type: 'submission.submitted',
      timestamp: now.toISOString(),
      data: { id: submission.id, form: 'driver', status: 'draft', answers: {}, accounts: [] },
    });
    expect(await statusOf(id)).toBe('sent');
  });

  it('that was changed on its way, or is signed with another secret, is not taken by the library', async () => {
    now = new Date();
    await oweOne();
    await turn(now);
    const [got] = receiver.received;
    expect(() => verified({ ...got!, body: got!.body.replace('draft', 'submitted') })).toThrow();
    const other = `whsec_${Buffer.alloc(32, 6).toString('base64')}`;
    expect(() => new Webhook(other).verify(got!.body, got!.headers as Record<string, string>)).toThrow();
  });

  it('is signed with both secrets while one takes the place of the other', async () => {
    now = new Date();
    const next = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
    await oweOne();
    await turn(now, { secret: () => `${next} ${SECRET}` });
    expect(verified(receiver.received[0]!, next)).toEqual(verified(receiver.received[0]!, SECRET));
  });

  it('has a line in the terminal for each failed attempt, up to a number a minute', async () => {
    const most = SITE_LIMITS.failedRequestsInLogPerMinute.value;
    for (let n = 0; n < most + 5; n++) await oweOne();
    now = NOW;
    const jobs = deliveryHandlers(courier({ post: async () => ({ message: 'Nothing listens at the address' }) }));
    const turnOnce = () => runDue({ db, jobs, now: () => now, log: { warn: () => {} }, random: () => 1 });
    while (await turnOnce());
    expect(await db.query.selectFrom('attempts').select('id').execute()).toHaveLength(most + 5);
    expect(told).toHaveLength(most);
    // The next minute has lines again.
    now = later(90);
    await turnOnce();
    expect(told.length).toBeGreaterThan(most);
  });

  it('of a rule is not sent to a receiver that the form no longer has, which counts as no failure', async () => {
    const given = { form: 'driver', channel: 'webhook' as const, target: `${receiver.origin}/hooks`, cause: 'submitted' as const }; // prettier-ignore
    await enqueueDelivery(db, { ...given, submissionId: submission.id, dedupeKey: 'one' }, NOW);
    const { id } = await db.query.selectFrom('deliveries').select('id').executeTakeFirstOrThrow();
    const failed: string[] = [];
    await turn(NOW, { countFailure: (channel) => void failed.push(channel) });
    expect(receiver.received).toEqual([]);
    expect((await listAttempts(db, id))[0]?.message).toBe('Not sent: the form no longer sends to this address');
    expect([await statusOf(id), failed]).toEqual(['failed', []]);
    await oweOne();
    const none = createWebhookPoster({ allowed: [] });
    for (let at = 0; at <= BACKOFF.length; at++)
      await turn(later(at * 90_000), { post: none, countFailure: (channel) => void failed.push(channel) });
    expect(failed).toEqual(['webhook']);
    expect(await sendAllAgain(db, { statuses: ['failed'] }, now, async () => {})).toBe(1);
  });

  it('of a rule goes once to an address of 2,000 characters, in any script', async () => {
    // Letters in no order, since PostgreSQL compresses others.
    const path = Array.from({ length: 1_900 }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7_919) % 20_000))).join(
      '',
    );
    const given = { form: 'driver', channel: 'webhook' as const, target: `https://acme.example/${path}`, cause: 'submitted' as const }; // prettier-ignore
    for (const dedupeKey of ['one', 'one', 'two'])
      await enqueueDelivery(db, { ...given, submissionId: submission.id, dedupeKey }, NOW);
    expect(await db.query.selectFrom('deliveries').select('id').execute()).toHaveLength(2);
  });

  it('is sent again with hundreds of others, while other people save in between', async () => {
    const target = `${receiver.origin}/hooks`;
    const given = { form: 'driver', channel: 'webhook' as const, target, cause: 'submitted' as const };
    await enqueueDeliveries(db, Array.from({ length: 450 }, () => ({ ...given, submissionId: submission.id })), now); // prettier-ignore
    await db.query.updateTable('deliveries').set({ status: 'failed' }).execute();
    await db.query.deleteFrom('jobs').execute();
    const save = () => db.transaction((trx) => mergeAnswers(trx, submission.id, { set: { full_name: 'Ana' }, clear: [] }, now)); // prettier-ignore
    const sentBeforeSaves = [0];
    const shared: Database = {
      ...db,
      // A person saves each time that the database is free.
      transaction: async (run, options) => {
        const result = await db.transaction(run, options);
        await save();
        sentBeforeSaves.push(0);
        return result;
      },
    };
    const sent = await sendAllAgain(shared, { statuses: ['failed'] }, now, async () => void sentBeforeSaves.push(sentBeforeSaves.pop()! + 1)); // prettier-ignore
    expect(sent).toBe(450);
    expect(Math.max(...sentBeforeSaves)).toBe(200);
    const { rows } = await sql<{ number: number }>`select count(*) as number from jobs, deliveries where jobs.subject = deliveries.id and deliveries.status = 'waiting'`.execute(db.query); // prettier-ignore
    expect(Number(rows[0]?.number)).toBe(450);
  });

  it('is found among thousands that are not sent again, while other people save in between', async () => {
    const id = await oweOne();
    const row = await db.query.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const sent = Array.from({ length: 12_000 }, (_, n) => ({ ...row, id: newId(later(-n - 1)), status: 'sent' }));
    await insertRows(db, 'deliveries', sent);
    let parts = 0;
    const counted: Database = { ...db, transaction: (...given) => (parts++, db.transaction(...given)) };
    expect(await sendAllAgain(counted, { statuses: ['waiting', 'failed'] }, now, async () => {})).toBe(1);
    expect(parts).toBe(3);
  });

  it('waits for its secret with an error that names it, and is sent once the secret is there', async () => {
    const id = await oweOne('OTHER_SECRET');
    await turn(NOW);
    expect(receiver.received).toEqual([]);
    expect((await listAttempts(db, id))[0]).toMatchObject({ ok: false, message: 'Not sent: OTHER_SECRET is not set, so Flipsite cannot sign it' }); // prettier-ignore
    await turn(later(30), { secret: () => SECRET });
    expect(await statusOf(id)).toBe('sent');
  });

  it('stays sent if a server that was paused fails after another one has sent it', async () => {
    const id = await oweOne();
    const sent = { at: NOW.toISOString(), ok: true, status: 200, message: '', tookMs: 1 };
    receiver.answer = (response) =>
      void recordAttempt(db, id, sent, 'sent', NOW).then(() => response.writeHead(500).end());
    await turn(NOW);
    expect(await statusOf(id)).toBe('sent');
    expect((await listAttempts(db, id)).map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('is not sent to an address that has become private', async () => {
    const id = await oweOne();
    await turn(NOW, { post: createWebhookPoster({ allowed: [] }) });
    expect(receiver.received).toEqual([]);
    expect(await statusOf(id)).toBe('failed');
    expect((await listAttempts(db, id))[0]?.message).toBe('Not sent: the address is not https');
  });
});

describe('a receiver', () => {
  it('that accepts a webhook gets it once, and the start of its answer is kept', async () => {
    receiver.answer = (response) => void response.writeHead(200).end(`thank you\r\n\u0007${'x'.repeat(1_000_000)}`);
    const id = await oweOne();
    await turn(NOW);
    expect(await turn(later(999_999))).toBe(0);
    const [attempt, ...others] = await listAttempts(db, id);
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({ at: NOW.toISOString(), ok: true, status: 200 });
    expect(attempt?.message).toMatch(/^thank you x{190}$/);
  });

  it.each([301, 302, 307, 308])('that redirects with %i is not followed, and asked again', async (status) => {
    const elsewhere = await openReceiver();
    receiver.answer = (response) => void response.writeHead(status, { location: elsewhere.origin }).end();
    const id = await oweOne();
    await turn(NOW);
    expect(elsewhere.received).toEqual([]);
    expect(await listAttempts(db, id)).toMatchObject([{ ok: false, status, message: expect.stringContaining('does not follow redirects') }]); // prettier-ignore
    expect(await statusOf(id)).toBe('waiting');
    receiver.answer = (response) => void response.writeHead(200).end();
    await turn(later(30));
    expect(await statusOf(id)).toBe('sent');
    await elsewhere.close();
  });

  it.each([400, 401, 404, 500, 502])(
    'that answers %i is asked again by the plan, under the same id',
    async (status) => {
      receiver.answer = (response) => void response.writeHead(status).end('no');
      const id = await oweOne();
      await turn(NOW);
      expect(await turn(later(29))).toBe(0);
      expect(await turn(later(30))).toBe(1);
      expect(await listAttempts(db, id)).toMatchObject([{ status, message: 'no' }, { status, message: 'no' }]); // prettier-ignore
      expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
      const [first, second] = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']));
      expect((second ?? 0) - (first ?? 0)).toBe(30);
    },
  );

  it('that answers 410 is never asked again, unless a member sends it again', async () => {
    receiver.answer = (response) => void response.writeHead(410).end('gone');
    const id = await oweOne();
    await turn(NOW);
    expect(await turn(later(999_999))).toBe(0);
    expect(await statusOf(id)).toBe('failed');
    receiver.answer = (response) => void response.writeHead(204).end();
    await sendAgain(db, id, later(1_000_000));
    await turn(later(1_000_000));
    expect(await statusOf(id)).toBe('sent');
    expect(await listAttempts(db, id)).toMatchObject([{ status: 410 }, { status: 204, ok: true }]);
  });

  it.each([
    [429, '600', 600],
    [503, '3600', 3_600],
    [429, later(900).toUTCString(), 900],
    [429, '999999999', 86_400],
  ])('that answers %i with Retry-After %s is asked again then', async (status, header, seconds) => {
    receiver.answer = (response) => void response.writeHead(status, { 'retry-after': header }).end();
    await oweOne();
    await turn(NOW);
    expect(await turn(later(seconds - 1))).toBe(0);
    expect(await turn(later(seconds))).toBe(1);
  });

  it('that answers 429 without a usable time is asked again by the plan', async () => {
    receiver.answer = (response) => void response.writeHead(429, { 'retry-after': 'soon' }).end();
    await oweOne();
    await turn(NOW);
    expect(await turn(later(30))).toBe(1);
  });

  it('gets its attempts in order when the clock is set back', async () => {
    receiver.answer = (response) => void response.writeHead(500).end('first');
    const id = await oweOne();
    await turn(later(3_600));
    receiver.answer = (response) => void response.writeHead(204).end();
    await sendAgain(db, id, NOW);
    await turn(NOW);
    expect(await listAttempts(db, id)).toMatchObject([{ status: 500 }, { status: 204, at: NOW.toISOString() }]);
  });

  it('that never answers is given up on in time, and asked again', async () => {
    receiver.answer = () => {};
    const id = await oweOne();
    await turn(NOW);
    expect(await listAttempts(db, id)).toMatchObject([{ ok: false, status: null, message: 'No answer within 0.4 seconds' }]); // prettier-ignore
    expect(await statusOf(id)).toBe('waiting');
  });

  it('that never ends its answer has answered all the same', async () => {
    receiver.answer = (response) => void response.writeHead(200).write('so far');
    const id = await oweOne();
    await turn(NOW);
    expect(await statusOf(id)).toBe('sent');
  });

  it('that is not there, or cuts the connection off, is asked again', async () => {
    receiver.answer = (response) => void response.destroy();
    const id = await oweOne();
    await turn(NOW);
    await receiver.close();
    await turn(later(30));
    expect((await listAttempts(db, id)).map(({ message }) => message)).toEqual([
      'The connection was closed early',
      'Nothing listens at the address',
    ]);
  });
});

describe('a delivery that every receiver refuses', () => {
  it('is tried for about two days, then stays as failed, and its submission shows that', async () => {
    receiver.answer = (response) => void response.writeHead(500).end();
    const id = await oweOne();
    let at = NOW;
    for (const wait of [0, ...BACKOFF]) {
      at = new Date(at.getTime() + wait);
      expect(await turn(at)).toBe(1);
    }
    const hours = BACKOFF.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
    expect(told[0]).toBe(`${receiver.host} answered 500 to a webhook. Flipsite retries within 30 seconds: /admin/messages/${id}`); // prettier-ignore
    expect(told[5]).toContain('Flipsite retries within 3 hours: ');
    expect(told.at(-1)).toBe(`${receiver.host} answered 500 to a webhook. Flipsite does not retry: /admin/messages/${id}`); // prettier-ignore
    expect([hours / 2, hours]).toSatisfy(([least = 0, most = 0]) => least < 48 && most > 48);
    expect(await turn(later(9_999_999))).toBe(0);
    expect(await statusOf(id)).toBe('failed');
    expect(await listAttempts(db, id)).toHaveLength(BACKOFF.length + 1);
    const events = await listEvents(db, submission);
    expect(events).toMatchObject([{ name: 'webhookFailed', source: 'server', data: { delivery: id, to: receiver.host } }]); // prettier-ignore
  });
});

describe('a webhook that Flipsite fails to make', () => {
  it('is a failed attempt with a line in the log, and failed after its last one', async () => {
    const id = await oweOne();
    await db.query.updateTable('submissions').set({ params: '{' }).where('id', '=', submission.id).execute();
    const errors: unknown[] = [];
    const given = { logError: (error: unknown) => void errors.push(error) };
    let at = NOW;
    for (const wait of [0, ...BACKOFF]) await turn((at = new Date(at.getTime() + wait)), given);
    expect([await statusOf(id), errors.length]).toEqual(['failed', BACKOFF.length + 1]);
    expect((await listAttempts(db, id)).at(-1)).toMatchObject({
      ok: false,
      message: 'Flipsite stopped at an error of its own. Its log has the reason',
    });
    expect(receiver.received).toEqual([]);
  });
});

describe('an attempt ends when the receiver', () => {
  /** The recorded result of an attempt with this answer, byte by byte as it is. */
  async function tellOf(answer: (socket: Socket) => void): Promise<unknown> {
    const server = createServer((socket) => socket.on('error', () => {}).once('data', () => answer(socket)));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    // An attempt is not to need its time, which is longer than that of the test.
    const post = createWebhookPoster({ allowed: [host], timeoutMs: 60_000 });
    const said = await post(`http://${host}/hooks`, '{}', {});
    await new Promise((closed) => server.close(closed));
    return said;
  }

  it('changes to another protocol', async () => {
    const said = await tellOf((socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')); // prettier-ignore
    expect(said).toEqual({ message: 'The connection was closed early' });
  });

  it.each(['100 Continue', '103 Early Hints'])('says %s without end', async (interim) => {
    const some = `HTTP/1.1 ${interim}\r\n\r\n`.repeat(100);
    const said = await tellOf((socket) => {
      const go = () => void (!socket.destroyed && socket.write(some, () => setImmediate(go)));
      go();
    });
    expect(said).toEqual({ message: 'The connection was closed early' });
  });

  it('says it once, and then answers', async () => {
    const said = await tellOf((socket) => socket.end('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 OK\r\n\r\n'));
    expect(said).toMatchObject({ status: 204 });
  });
});
