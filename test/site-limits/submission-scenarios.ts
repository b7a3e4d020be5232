/** A test for each limit in `SUBMISSION_LIMITS`. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { linkOf } from '../../src/invite/link.ts';
import { createRates } from '../../src/api/bounds/rates.ts';
import {
  limitEventBytes,
  KEY_BYTES,
  limitWindows,
  limitSubmissionRequest,
  type SubmissionRequest,
  readLargeFor,
} from '../../src/api/bounds/limit-requests.ts';
import type { ApiException } from '../../src/api/errors.ts';
import { FORM_SIZES } from '../../src/form/schema.ts';
import { createQuota } from '../../src/site-limits/counting/quota.ts';
import { appendEvents, serverEvent, type RecordedEvent } from '../../src/record/events.ts';
import { linkedViews } from '../../src/dashboard/people/linked.ts';
import { listLinked, type LinkedData } from '../../src/record/accounts/account-data.ts';
import { listAccounts, recordAccount, type Account } from '../../src/record/accounts/accounts.ts';
import { listArchives } from '../../src/record/accounts/archives.ts';
import { latestEvents, listEvents } from '../../src/record/event-queries.ts';
import { deleteKeys } from '../../src/record/idempotency.ts';
import { diskStore } from '../../src/record/files/disk.ts';
import { countChanges } from '../../src/record/results/count-changes.ts';
import { countOpenings } from '../../src/record/results/openings.ts';
import { pageViewsOf } from '../../src/record/results/read-counts.ts';
import type { Results } from '../../src/record/results/results.ts';
import type { Job } from '../../src/record/jobs/jobs.ts';
import { listInvitations } from '../../src/record/invitation-list.ts';
import { attachSubmission } from '../../src/record/invitations.ts';
import { mergeAnswers } from '../../src/record/submissions/save-answers.ts';
import { findSubmission, setSmileUser } from '../../src/record/submissions/submissions.ts';
import { takeEvents } from '../../src/record/submissions/usage.ts';
import { recordEvents } from '../../src/respond/events.ts';
import { retentionJob } from '../../src/respond/erase.ts';
import { done, submissionFull } from '../../src/respond/errors/api-error.ts';
import type { Services } from '../../src/respond/services.ts';
import { checkUploads } from '../../src/respond/smile/check-uploads.ts';
import { retrieve } from '../../src/respond/smile/retrieve.ts';
import { receiveWebhook } from '../../src/respond/smile/webhook.ts';
import { WINK_EVENTS } from '../../src/respond/smile/wink-state.ts';
import type { SmileArchive } from '../../src/smile/resources/archives.ts';
import type { SUBMISSION_LIMITS } from '../../src/site-limits/submission-limits.ts';
import { createCountExchange } from '../../src/site-limits/counting/count-exchange.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { ABOUT, begin, beforeConnect, DRIVER, eventually, expectRefusal, openSmallSite, PLAIN, send, signature, webhook, WEBHOOK_SECRET, type Draft } from '../helpers/api/client.ts'; // prettier-ignore
import { clock, filled, limited, post, startOf } from '../helpers/api/limited.ts';
import { opened } from '../helpers/api/opened.ts';
import { signedIn, wordsOf } from '../helpers/visitor.ts';
import { API_KEY, ask, removeFolder, type TestSite } from '../helpers/site.ts';
import { collect } from '../helpers/collect.ts';
import { createInvitations } from '../helpers/samples/invitations.ts';
import { draft, NOW, temporaryDatabase, temporaryFolder } from '../helpers/database.ts';
import type { Scenario } from './scenario.ts';

const AT = '2026-11-27T09:00:00Z';

/** The entries that the page of a submission shows of one account, which has these lists. */
const entriesOf = (lists: object[][], dataPoint = 'transactions') =>
  linkedViews(
    [{ accountId: 'a-1' } as Account],
    lists.map(
      (items) => ({ accountId: 'a-1', dataPoint, items, removedAt: null, readAt: AT }) as unknown as LinkedData,
    ),
    () => 'Grab',
  ).flatMap(({ points }) => points);

/** As many questions as a screen may have, each with a text field for another answer. */
const CHOICES = Array.from({ length: FORM_SIZES.fieldsOnScreen }, (_, n) => `city_${n}`);
const MANY_CHOICES = `
title: Cities
screens:
  - { id: about, title: Cities, fields: [${CHOICES.map((id) => `{ id: ${id}, type: select, label: City, options: [Manila, Cebu], other: true }`).join(', ')}] }
endings:
  - { id: done, title: Done }
`;

/** Its texts together may be larger than the answers of one submission may be. */
const LONG = `
title: Long
screens:
${['a', 'b'].map((screen) => `  - { id: ${screen}, title: Texts, fields: [${Array.from({ length: 30 }, (_, n) => `{ id: ${screen}_${n}, type: textarea, label: Text }`).join(', ')}] }`).join('\n')}
endings:
  - { id: done, title: Done }
`;

/** Runs `run` on a site of two forms, and closes it. */
const onSite =
  (run: (site: TestSite) => Promise<void>, more: Parameters<typeof openSmallSite>[0] = {}): Scenario =>
  async () => {
    const site = await openSmallSite(more);
    try {
      await run(site);
    } finally {
      await site.close();
    }
  };

/** A form that is posted again is the same submission for `ms`. */
const sameWithin = (ms: number, headers: Record<string, string>): Scenario =>
  onSite(
    async (site) => {
      const send = async () => {
        expect((await post(site, '/plain', { full_name: 'Ana' }, headers)).status).toBe(303);
        return (await site.db.query.selectFrom('submissions').select('id').execute()).length;
      };
      expect(await send()).toBe(1);
      time.on(ms / 1_000 - 1);
      expect(await send()).toBe(1);
      time.on(2);
      expect(await send()).toBe(2);
    },
    { now: time.now },
  );

/** Runs `run` on a site that has the submission of Ana to a form that each email can send once. */
const onceTaken = (run: (site: TestSite) => Promise<void>): Scenario =>
  onSite(
    async (site) => {
      expect((await (await filled(site, 'once', 'ana@b.co')).post('submit')).status).toBe(200);
      await run(site);
    },
    { forms: { once: limited('limits: { one_per: email }') }, env: { RATE_LIMIT: 'on' } },
  );

const tell = (draft: Draft, name: string, length = 2) => draft.tell(name, { text: 'x'.repeat(length) });

/** An answer that is as large as any may be is for its field to judge, and a larger one is no answer. */
const tooLargeAnswer = (answer: (more: 0 | 1) => unknown): Scenario =>
  onSite(async (site) => {
    const draft = await begin(site);
    expectRefusal(await draft.put('about', { full_name: answer(0) }), 422, 'invalid_answers');
    expectRefusal(await draft.put('about', { full_name: answer(1) }), 400, 'invalid_request');
  });

const differentAddresses = (count: number) => Array.from({ length: count }, (_, n) => `10.0.${n >> 8}.${n & 255}`);

/** Reads large answers for all addresses at once. Counts those that were read at the same time, and those refused. */
async function readLarge(addresses: string[]): Promise<{ atOnce: number; refused: number }> {
  const rates = createRates();
  let [running, atOnce] = [0, 0];
  const read = async () => {
    atOnce = Math.max(atOnce, ++running);
    await new Promise((turn) => setImmediate(turn));
    running--;
  };
  const size = SITE_LIMITS.requestAnswerBytes.value;
  const outcomes = await Promise.allSettled(addresses.map(async (address) => readLargeFor(rates, () => address)?.(size, read))); // prettier-ignore
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  for (const { error } of reasons as ApiException[]) expect(error.code).toBe('rate_limited');
  return { atOnce, refused: reasons.length };
}

/** Stores as many things of the size that `limit` says as still count as few stored answers, and then two more. */
async function expectLargeFrom(
  limit: 'eventAnswerBytes' | 'writeAnswerBytes',
  store: (where: { db: TestSite['db']; id: string }, things: number) => Promise<unknown>,
): Promise<void> {
  const site = await openSmallSite({ forms: { plain: PLAIN } });
  try {
    const { id, put } = await begin(site, 'plain');
    await put('only', { full_name: 'Ana' });
    const isLarge = async () => {
      let bytes = 0;
      await findSubmission(site.db, id, (size, read) => {
        bytes = size;
        return read();
      });
      return bytes > 0;
    };
    const where = { db: site.db, id };
    await store(where, Math.floor(SITE_LIMITS.requestAnswerBytes.value / SITE_LIMITS[limit].value) - 1);
    expect(await isLarge()).toBe(false);
    await store(where, 2);
    expect(await isLarge()).toBe(true);
  } finally {
    await site.close();
    removeFolder(site.folder);
  }
}

/** A start with a text of the longest length, and with a longer one. */
const tooLongIn = (most: number, start: (text: string) => object): Scenario =>
  onSite(async (site) => {
    expect((await startOf(site, 'plain', start('x'.repeat(most)))).status).toBe(201);
    expectRefusal(await startOf(site, 'plain', start('x'.repeat(most + 1))), 400, 'invalid_request');
  });

/** As if the submission had stored so much already. */
const used = (
  site: TestSite,
  id: string,
  more: Partial<Record<'page_events' | 'page_bytes' | 'widget_events' | 'widget_bytes', number>>,
) =>
  site.db.query
    .insertInto('submission_usage')
    .values({ submission_id: id, page_events: 0, page_bytes: 0, widget_events: 0, widget_bytes: 0, ...more })
    .execute();

/** One event more than the count allows, of a submission that is one event below it. */
const full = (column: 'page_events' | 'widget_events', limit: number, name: string): Scenario =>
  onSite(async (site) => {
    const draft = await begin(site);
    await used(site, draft.id, { [column]: limit - 1 });
    expect((await tell(draft, name)).status).toBe(200);
    expectRefusal(await tell(draft, name), 422, 'submission_full');
  });

/** The same in bytes. */
const fullOfBytes = (column: 'page_bytes' | 'widget_bytes', limit: number, name: string): Scenario =>
  onSite(async (site) => {
    const draft = await begin(site);
    await used(site, draft.id, { [column]: limit - 2_000 });
    expect((await tell(draft, name, 1_500)).status).toBe(200);
    expectRefusal(await tell(draft, name, 1_500), 422, 'submission_full');
  });

/** A person who has the widget open. */
async function linking(site: TestSite): Promise<{ id: string; userId: string }> {
  const draft = await beforeConnect(site);
  const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
  return { id: draft.id, userId };
}

/** A webhook as Smile sends it, with an id of its own. */
const ofSmile = (type: string, data: object, createdAt = AT) => ({ id: `et-${crypto.randomUUID()}`, type, createdAt, data }); // prettier-ignore

/** The last webhook that a person has room for, and one that comes after it: its account still has its status. */
const fullOfSmile = (used: { events: number; bytes: number }): Scenario =>
  onSite(async (site) => {
    const { id, userId } = await linking(site);
    // Local Smile reports the new user by a webhook of its own.
    await eventually(() => site.db.query.selectFrom('events').select('id').where('name', '=', 'USER_CREATED').executeTakeFirst()); // prettier-ignore
    await site.db.query.deleteFrom('smile_usage').execute();
    await site.db.query
      .insertInto('smile_usage')
      .values({ person_id: id, ...used })
      .execute();
    const account = { userId, accountId: 'a-1', providers: ['grab'] };
    const last = ofSmile('ACCOUNT_CONNECTED', { ...account, text: 'x'.repeat(300) });
    expect((await webhook(site, last)).body).toEqual({ stored: 1, repeated: 0 });
    const more = ofSmile('ACCOUNT_DISCONNECTED', { ...account, text: 'x'.repeat(300) }, '2026-11-27T09:01:00Z');
    expect((await webhook(site, more)).body).toEqual({ stored: 0, repeated: 0, leftOut: 1 });
    expect(await listAccounts(site.db, id)).toMatchObject([{ accountId: 'a-1', status: 'DISCONNECTED' }]);
    const { text } = await (await signedIn(site))(`/admin/forms/driver/people/${id}`);
    expect(wordsOf(text)).toContain('No room for more events of Smile');
  });

/** Events of the browser as an older version may have stored them. */
async function stored(
  site: TestSite,
  id: string,
  name: string,
  source: string,
  count: number,
  mark = 'old',
): Promise<void> {
  const row = (n: number) => ({ scope: id, id: `${mark}-${n}`, submission_id: id, smile_user_id: null, name, source, at: AT, received_at: AT, data: '{"screen":"connect"}' }); // prettier-ignore
  for (let at = 0; at < count; at += 500)
    await site.db.query
      .insertInto('events')
      .values(Array.from({ length: Math.min(500, count - at) }, (_, n) => row(at + n)))
      .execute();
}

const names = (count: number) => Array.from({ length: count }, (_, n) => `p-${n}`);

/** The names by which Results counts the providers that each person chose. */
async function providersCounted(people: string[][]): Promise<string[]> {
  const db = await temporaryDatabase();
  for (const providers of people) {
    const { id } = await draft(db);
    await mergeAnswers(db, id, { set: { name: 'Ana' }, clear: [] }, NOW);
    await setSmileUser(db, id, `user-${id}`);
    const chose = (providerId: string): RecordedEvent => ({ id: crypto.randomUUID(), submissionId: id, smileUserId: null, name: 'onAccountCreated', source: 'widget', at: AT, receivedAt: AT, data: { providerId } }); // prettier-ignore
    await appendEvents(db, [serverEvent(id, 'linkTokenIssued', { screen: 'connect' }, NOW), ...providers.map(chose)]);
  }
  await countChanges(db);
  const [row] = await db.query.selectFrom('result_cohorts').select('counts').execute();
  const steps = Object.keys(JSON.parse(row?.counts ?? '{}') as object);
  return steps.flatMap((step) => /^provider:connect:(.+)/.exec(step)?.[1] ?? []);
}

/** Asks so often that one is too many, and says how many of them were let through. */
async function letThrough(count: number, ask: (n: number) => void | Promise<void>): Promise<number> {
  const said = await Promise.allSettled(Array.from({ length: count }, async (_, n) => ask(n)));
  return said.filter(({ status }) => status === 'fulfilled').length;
}
const asked = (more: Partial<SubmissionRequest>): SubmissionRequest => ({ action: 'saves', id: 's', hasToken: true, address: '203.0.113.7', ...more }); // prettier-ignore

/** Keys of some age and the next younger one, of which the older is deleted. */
const keysOf =
  (which: 'starts' | 'writes', scope: string, days: number): Scenario =>
  // Without a site, whose own job deletes old keys too.
  async () => {
    const db = await temporaryDatabase();
    const now = Date.parse(AT);
    const row = (key: string, age: number) => ({ scope, key, body_hash: '', response: '1', created_at: new Date(now - age).toISOString() }); // prettier-ignore
    const old = days * 86_400_000;
    await db.query.insertInto('idempotency').values([row('old', old + 1), row('young', old - 1)]).execute(); // prettier-ignore
    await deleteKeys(db, which, new Date(now - old), 10);
    expect(await db.query.selectFrom('idempotency').select('key').where('scope', '=', scope).execute()).toEqual([{ key: 'young' }]); // prettier-ignore
  };

const time = clock(AT);

export const submissionScenarios: Record<keyof typeof SUBMISSION_LIMITS, Scenario> = {
  async openingCounters() {
    const db = await temporaryDatabase();
    const openings = countOpenings();
    const most = SITE_LIMITS.openingCounters.value;
    // A day has fewer rows than the memory.
    const dayOf = (link: number) => new Date(Date.parse(AT) + Math.floor(link / SITE_LIMITS.countedRowsPerDay.value) * 86_400_000); // prettier-ignore
    const add = (link: number) => openings.add({ form: 'driver', link: `l-${link}`, language: 'en', device: 'phone', visitor: 'person' }, dayOf(link)); // prettier-ignore
    for (let link = 0; link <= most; link++) add(link);
    add(0);
    await openings.flush(db);
    const counted = await collect(pageViewsOf(db, { form: 'driver' }));
    expect([counted.length, counted.find(({ link }) => link === 'l-0')?.count]).toEqual([most, 2]);
    add(most);
    await openings.flush(db);
    expect(await collect(pageViewsOf(db, { form: 'driver' }))).toHaveLength(most + 1);
  },

  openingsPerAddressAndMinute: onSite(
    async (site) => {
      const most = SITE_LIMITS.openingsPerAddressAndMinute.value;
      for (let number = 0; number < most + 2; number++) expect((await opened(site, 'plain')).status).toBe(204);
      const { steps, leftOut } = await ask<Results>(site, 'forms/plain/results');
      expect([steps[0]?.count, leftOut.robots]).toEqual([most, 2]);
    },
    { env: { RATE_LIMIT: 'on' } },
  ),

  pageEvents: full('page_events', SITE_LIMITS.pageEvents.value, 'screenSeen'),
  pageEventBytes: fullOfBytes('page_bytes', SITE_LIMITS.pageEventBytes.value, 'screenSeen'),
  widgetEvents: full('widget_events', SITE_LIMITS.widgetEvents.value, 'onUIEvent'),
  widgetEventBytes: fullOfBytes('widget_bytes', SITE_LIMITS.widgetEventBytes.value, 'onUIEvent'),

  eventsBodyBytes: onSite(async (site) => {
    const draft = await begin(site);
    const event = { id: crypto.randomUUID(), name: 'screenSeen', at: AT, data: {} };
    const fitting = JSON.stringify({ events: [event] }).padEnd(SITE_LIMITS.eventsBodyBytes.value, ' ');
    const ask = (body: string) => send(site, 'POST', `/api/submissions/${draft.id}/events`, body, draft.headers);
    expect((await ask(fitting)).status).toBe(200);
    expectRefusal(await ask(`${fitting} `), 413, 'too_large');
  }),

  eventsPerBatch: onSite(async (site) => {
    const draft = await begin(site);
    const event = () => ({ id: crypto.randomUUID(), name: 'screenSeen', at: AT, data: {} });
    const ask = (count: number) => draft.post('events', { events: Array.from({ length: count }, event) });
    expect((await ask(SITE_LIMITS.eventsPerBatch.value)).status).toBe(200);
    expectRefusal(await ask(SITE_LIMITS.eventsPerBatch.value + 1), 400, 'invalid_request');
  }),

  eventDataCharacters: onSite(async (site) => {
    const draft = await begin(site);
    // The characters around the text in the JSON: {"text":""}
    const most = SITE_LIMITS.eventDataCharacters.value - 11;
    expect((await tell(draft, 'screenSeen', most)).status).toBe(200);
    expectRefusal(await tell(draft, 'screenSeen', most + 1), 400, 'invalid_request');
  }),

  async eventBytesPerAddressAndDay() {
    const most = SITE_LIMITS.eventBytesPerAddressAndDay.value;
    const { eventBytes } = createRates();
    const store = (bytes: number, [stored, repeated] = [1, 0], address = '203.0.113.7') =>
      limitEventBytes(eventBytes, address, bytes, async () => done({ stored, repeated }));
    await store(most - 100);
    // Half of the batch is a repeat, which stores nothing.
    await store(100, [1, 1]);
    await limitEventBytes(eventBytes, '203.0.113.7', 50, async () => submissionFull('events'));
    await store(50);
    await expect(store(1)).rejects.toThrow('rate_limited');
    await store(1, [1, 0], '203.0.113.8');
    // Each event counts 400 bytes more.
    const storeTwo = (bytes: number) => limitEventBytes(eventBytes, '203.0.113.9', bytes, async (before) => (before(2), done({ stored: 2, repeated: 0 }))); // prettier-ignore
    await storeTwo(most - 1_700);
    await expect(storeTwo(101)).rejects.toThrow('rate_limited');
    await storeTwo(100);
    // So do bytes that come as fewer.
    const storeLonger = (bytes: number) => limitEventBytes(eventBytes, '203.0.113.11', 100, async (before) => (before(1, bytes), done({ stored: 1, repeated: 0 }))); // prettier-ignore
    await storeLonger(most - 400);
    await expect(storeLonger(1)).rejects.toThrow('rate_limited');
    // A batch of repeats stores its key.
    const repeat = () => limitEventBytes(eventBytes, '203.0.113.10', 100, async () => done({ stored: 0, repeated: 1 }), KEY_BYTES); // prettier-ignore
    const fill = (bytes: number) => limitEventBytes(eventBytes, '203.0.113.10', bytes, async () => done({ stored: 1, repeated: 0 })); // prettier-ignore
    await repeat();
    await expect(fill(most - KEY_BYTES + 1)).rejects.toThrow('rate_limited');
    await fill(most - KEY_BYTES);
    await expect(repeat()).rejects.toThrow('rate_limited');
    let hours = 0;
    const quota = createQuota(1, { now: () => hours * 3_600_000 });
    expect([quota.consume('a', 1), quota.consume('a', 1)]).toEqual([0, 86_400_000]);
    hours = 23;
    expect(quota.wait('a')).toBe(3_600_000);
    hours = 24;
    expect(quota.wait('a')).toBe(0);
  },

  async reportedCounts() {
    const exchange = createCountExchange(Buffer.alloc(32), () => new Date(AT));
    const report = exchange.share('tries', { max: 1, windowMs: 60_000 }, () => undefined);
    const most = SITE_LIMITS.reportedCounts.value;
    for (let n = 0; n <= most; n++) report(`name ${n}`, 1);
    const reported = () => Object.keys((JSON.parse(exchange.drain() ?? '{}') as { tries: object }).tries).length;
    expect([reported(), reported(), exchange.drain()]).toEqual([most, 1, undefined]);
  },

  async addressesRemembered() {
    const others = Array.from({ length: SITE_LIMITS.addressesRemembered.value - 1 }, (_, n) => `other ${n}`);
    const quota = createQuota(1);
    for (const address of ['first', 'second', ...others]) quota.consume(address, 1);
    expect([quota.wait('first'), quota.wait('second') > 0]).toEqual([0, true]);
    const { start: begin, guess } = createRates();
    for (const [limit, most] of [
      [begin, SITE_LIMITS.startsAtOnce],
      [guess, SITE_LIMITS.wrongTokensPerAddressAndMinute],
    ] as const) {
      for (const address of ['first', 'second'])
        for (let n = 0; n <= most.value; n++) expect(limit(address) > 0).toBe(n === most.value);
      for (const address of others) limit(address);
      expect([limit('second'), limit('first')]).toEqual([expect.any(Number), 0]);
    }
  },

  answersCharacters: onSite(
    async (site) => {
      const draft = await begin(site, 'long');
      const texts = (screen: string, count: number, length: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, n) => [`${screen}_${n}`, 'x'.repeat(length)]));
      const first = texts('a', 30, 5_000);
      expect((await draft.put('a', first)).status).toBe(200);
      const second = { ...texts('b', 22, 4_990), b_22: 'x' };
      const missing = SITE_LIMITS.answersCharacters.value - JSON.stringify({ ...first, ...second }).length;
      expectRefusal(await draft.put('b', { ...second, b_22: 'x'.repeat(missing + 2) }), 413, 'too_large');
      expect((await draft.put('b', { ...second, b_22: 'x'.repeat(missing + 1) })).status).toBe(200);
      expect((await draft.put('a', first)).status).toBe(200);
    },
    { forms: { long: LONG } },
  ),

  submissionWrites: onSite(async (site) => {
    const draft = await begin(site);
    await site.db.query
      .updateTable('submissions')
      .set({ write_count: SITE_LIMITS.submissionWrites.value - 1 })
      .execute();
    expect((await draft.put('about', ABOUT)).status).toBe(200);
    expectRefusal(await draft.put('about', ABOUT), 422, 'submission_full');
    expectRefusal(await draft.post('link-token', { screen: 'connect' }), 422, 'submission_full');
  }),

  smilePollsPerAddressAndDay: onSite(async (site) => {
    const { smilePolls } = createRates();
    const open = (isOpen: boolean) => limitWindows(smilePolls, '203.0.113.7', async () => (isOpen ? done({}) : submissionFull('link tokens'))); // prettier-ignore
    expect(smilePolls.consume('203.0.113.7', SITE_LIMITS.smilePollsPerAddressAndDay.value - 1)).toBe(0);
    // A window that does not open does not count.
    await open(false);
    await open(true);
    await expect(open(true)).rejects.toThrow('rate_limited');
    expect(smilePolls.wait('203.0.113.8')).toBe(0);

    const draft = await beforeConnect(site);
    const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
    const submission = await findSubmission(site.db, draft.id);
    const form = submission && (await site.catalog.version(submission.form, submission.version));
    if (!submission || !form) throw new Error('It should be there.');
    const jobs = site.db.query.selectFrom('jobs').select(['kind', 'generation']).where('submission_id', '=', draft.id);
    const before = await jobs.execute();
    const tell = (accountId: string, mayPoll: () => boolean) => {
      const data = { accountId, userId, providerId: 'grab' };
      const event = { id: crypto.randomUUID(), name: 'onAccountConnected', at: AT, data };
      const services = { db: site.db, now: () => NOW } as unknown as Services;
      return recordEvents(services, submission, form, [event], undefined, mayPoll);
    };
    expect((await tell('a-1', () => smilePolls.consume('203.0.113.7', 1) === 0)).ok).toBe(true);
    expect(await listAccounts(site.db, draft.id)).toMatchObject([{ accountId: 'a-1', confirmed: false }]);
    expect(await jobs.execute()).toEqual(before);
    await tell('a-2', () => smilePolls.consume('203.0.113.8', 1) === 0);
    expect(await jobs.execute()).not.toEqual(before);
  }),

  claimedAccounts: onSite(async (site) => {
    const draft = await beforeConnect(site);
    const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
    const claim = (n: number) => draft.tell('onAccountConnected', { accountId: `a-${n}`, userId, providerId: 'grab' });
    for (let n = 0; n <= SITE_LIMITS.claimedAccounts.value; n++) expect((await claim(n)).status).toBe(200);
    expect(await listAccounts(site.db, draft.id)).toHaveLength(SITE_LIMITS.claimedAccounts.value);
  }),

  claimsPerBatch: onSite(async (site) => {
    const draft = await beforeConnect(site);
    const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
    const event = (n: number) => ({ id: crypto.randomUUID(), name: 'onAccountConnected', at: AT, data: { accountId: `a-${n}`, userId, providerId: 'grab' } }); // prettier-ignore
    const events = Array.from({ length: SITE_LIMITS.claimsPerBatch.value + 1 }, (_, n) => event(n));
    expect((await draft.post('events', { events })).body.stored).toBe(events.length);
    const ids = (await listAccounts(site.db, draft.id)).map(({ accountId }) => accountId);
    expect([ids.length, ids.includes('a-0')]).toEqual([SITE_LIMITS.claimsPerBatch.value, false]);
    // Several reports about one account count once, by the latest.
    const named = (name: string, accountId: string, second: number) => ({ ...event(0), id: crypto.randomUUID(), name, at: `2026-11-24T10:00:0${second}.000Z`, data: { accountId, userId, providerId: 'grab' } }); // prettier-ignore
    const connected = [named('onAccountConnected', 'b-0', 9), named('onAccountConnected', 'b-1', 9)];
    const created = Array.from({ length: SITE_LIMITS.claimsPerBatch.value }, (_, n) => named('onAccountCreated', 'b-1', n)); // prettier-ignore
    expect((await draft.post('events', { events: [...connected, ...created] })).status).toBe(200);
    const found = (await listAccounts(site.db, draft.id)).filter(({ accountId }) => accountId.startsWith('b-'));
    expect(found.map(({ status }) => status)).toEqual(['CONNECTED', 'CONNECTED']);
    // At the same time, the status that an account has later counts.
    const together = [named('onAccountConnected', 'c-0', 9), named('onAccountCreated', 'c-0', 9)];
    expect((await draft.post('events', { events: together })).status).toBe(200);
    const both = (await listAccounts(site.db, draft.id)).filter(({ accountId }) => accountId === 'c-0');
    expect(both.map(({ status }) => status)).toEqual(['CONNECTED']);
  }),

  confirmedAccounts: onSite(async (site) => {
    const { id, userId } = await linking(site);
    const most = SITE_LIMITS.confirmedAccounts.value;
    const rows = Array.from({ length: most - 1 }, (_, n) => ({ account_id: `a-${n}`, submission_id: id, screen: 'connect', provider_id: 'grab', status: 'ERROR', error_code: null, confirmed: 1, status_at: AT, created_at: AT, updated_at: AT })); // prettier-ignore
    await site.db.query.insertInto('accounts').values(rows).execute();
    for (const accountId of ['a-last', 'a-more'])
      expect((await webhook(site, ofSmile('ACCOUNT_FAILED', { userId, accountId, providers: ['grab'] }))).body.stored).toBe(1); // prettier-ignore
    const ids = (await listAccounts(site.db, id)).map(({ accountId }) => accountId);
    expect([ids.length, ids.includes('a-last'), ids.includes('a-more')]).toEqual([most, true, false]);
  }),

  documents: onSite(async (site) => {
    const { id, userId } = await linking(site);
    const submission = await findSubmission(site.db, id);
    const form = site.catalog.current('driver')?.form;
    const most = SITE_LIMITS.documents.value;
    const document = (n: number) => ({ id: `d-${n}`, userId, type: 'PAYSLIP', state: { status: 'ANALYZED' } }) as SmileArchive; // prettier-ignore
    const check = async (numbers: number[]) => {
      const smile = { listArchives: async () => numbers.map(document) };
      await checkUploads({ ...site, now: time.now, smile } as unknown as Services, submission!, form!);
      return (await listArchives(site.db, id)).map(({ archiveId }) => archiveId);
    };
    await webhook(site, ofSmile('ARCHIVE_STARTED', { userId, archiveId: 'd-0' }));
    await check([most + 1]);
    const followed = await check(Array.from({ length: most + 2 }, (_, n) => n));
    // Those that are stored come first.
    expect([followed.length, followed.includes(`d-${most + 1}`), followed.includes(`d-${most - 1}`)]).toEqual([most, true, false]); // prettier-ignore
  }),

  documentCharacters: onSite(
    async (site) => {
      const { id, userId } = await linking(site);
      const submission = await findSubmission(site.db, id);
      const form = site.catalog.current('driver')?.form;
      const document = (length: number) => ({ id: `d-${length}`, userId, state: { status: 'ANALYZED' }, analysis: { text: 'x'.repeat(length) } }) as SmileArchive; // prettier-ignore
      const most = SITE_LIMITS.documentCharacters.value;
      const smile = { listArchives: async () => [document(most - 200), document(most)] };
      await checkUploads({ ...site, now: time.now, smile } as unknown as Services, submission!, form!);
      const stored = await listArchives(site.db, id);
      expect(stored.map(({ content, readAt }) => [content !== undefined && 'analysis' in content, readAt !== null])).toEqual([[true, true], [false, true]]); // prettier-ignore
    },
    { forms: { driver: DRIVER.replace('wink: { require: connected }', 'wink: { require: uploaded, retrieve: [archives] }') } }, // prettier-ignore
  ),

  async linkedBytes() {
    const db = await temporaryDatabase();
    const { id } = await draft(db);
    const wink = { require: 'any', retrieve: ['identities', 'ratings', 'incomes'] };
    await db.query.updateTable('versions').set({ definition: JSON.stringify({ screens: [{ id: 'connect', wink }] }) }).execute(); // prettier-ignore
    await recordAccount(db, { accountId: 'a-1', submissionId: id, screen: 'connect', providerId: 'grab', status: 'CONNECTED', confirmed: true, at: NOW.toISOString(), now: NOW }); // prettier-ignore
    const read: string[] = [];
    const listData = async (point: string) => (read.push(point), [{ text: 'x'.repeat(SITE_LIMITS.linkedBytes.value / 2) }]); // prettier-ignore
    const smile = { listTasks: async () => [], listData };
    await expect(retrieve({ db, now: () => NOW, smile } as unknown as Services, { subject: 'a-1' })).rejects.toThrow('more than 32 MB'); // prettier-ignore
    expect([read, await listLinked(db, id)]).toEqual([['identities', 'ratings'], []]);
  },

  smileEvents: fullOfSmile({ events: SITE_LIMITS.smileEvents.value - 1, bytes: 0 }),
  smileEventBytes: fullOfSmile({ events: 1, bytes: SITE_LIMITS.smileEventBytes.value - 700 }),

  async unownedWebhookBytesPerDay() {
    const most = SITE_LIMITS.unownedWebhookBytesPerDay.value;
    const { unownedWebhooks } = createRates();
    expect([unownedWebhooks.consume('all', most), unownedWebhooks.consume('all', 1) > 0]).toEqual([0, true]);
    await onSite(async (site) => {
      let room = 1_500;
      const take = (bytes: number) => {
        if (room < bytes) return false;
        room -= bytes;
        return true;
      };
      const receive = (event: object) => {
        const body = Buffer.from(JSON.stringify(event));
        return receiveWebhook({ ...site, now: time.now } as unknown as Services, body, signature(body), [WEBHOOK_SECRET], take); // prettier-ignore
      };
      const first = ofSmile('TASK_STARTED', { userId: 'of another site' });
      expect(await receive(first)).toEqual(done({ stored: 1, repeated: 0 }));
      expect(await receive(ofSmile('TASK_STARTED', { userId: 'yet another' }))).toEqual(done({ stored: 0, repeated: 0, leftOut: 1 })); // prettier-ignore
      expect(await receive(first)).toEqual(done({ stored: 0, repeated: 1 }));
      // People of this site have their own room.
      const { userId } = await linking(site);
      expect(await receive(ofSmile('TASK_STARTED', { userId }))).toEqual(done({ stored: 1, repeated: 0 }));
    })();
  },

  listedAccounts: onSite(async (site) => {
    const { id } = await begin(site);
    const row = (n: number) => ({ account_id: `a-${n}`, submission_id: id, screen: 'connect', provider_id: 'grab', status: 'CONNECTED', error_code: null, confirmed: n === 200 ? 1 : 0, status_at: AT, created_at: AT, updated_at: AT }); // prettier-ignore
    const rows = Array.from({ length: SITE_LIMITS.listedAccounts.value + 1 }, (_, n) => row(n));
    await site.db.query.insertInto('accounts').values(rows).execute();
    const accounts = await listAccounts(site.db, id);
    expect(accounts).toHaveLength(SITE_LIMITS.listedAccounts.value);
    expect(accounts.some(({ confirmed }) => confirmed)).toBe(true);
  }),

  eventsForDecision: onSite(async (site) => {
    const { id } = await begin(site);
    await stored(site, id, 'onClose', 'widget', SITE_LIMITS.eventsForDecision.value + 1);
    const events = await listEvents(site.db, { id, smileUserId: null }, WINK_EVENTS);
    expect(events).toHaveLength(SITE_LIMITS.eventsForDecision.value);
    expect(events[0]?.id).toBe('old-1');
  }),

  eventsInResults: onSite(async (site) => {
    const draft = await beforeConnect(site);
    const steps = async () => {
      await draft.tell('screenSeen', { screen: 'connect' });
      await countChanges(site.db);
      const [row] = await site.db.query.selectFrom('submission_progress').select('steps').execute();
      return row?.steps.split(' ');
    };
    await stored(site, draft.id, 'widgetBlocked', 'page', 1);
    await stored(site, draft.id, 'screenSeen', 'page', SITE_LIMITS.eventsInResults.value - 2, 'older');
    expect(await steps()).toContain('blocked:connect');
    const after = await steps();
    expect(after).not.toContain('blocked:connect');
    expect(after).toEqual(expect.arrayContaining(['started', 'screen:connect']));
  }),

  async providersPerPerson() {
    const most = SITE_LIMITS.providersPerPerson.value;
    expect(await providersCounted([names(most + 1)])).toEqual(names(most));
  },

  async providersInResults() {
    const most = SITE_LIMITS.providersInResults.value;
    const people = names(most + 2).map((name) => [name]);
    expect((await providersCounted(people)).toSorted()).toEqual([...names(most), 'other'].toSorted());
  },

  eventsInTimeline: onSite(async (site) => {
    const { id } = await begin(site);
    await stored(site, id, 'screenSeen', 'page', SITE_LIMITS.eventsInTimeline.value + 1);
    const most = SITE_LIMITS.eventsInTimeline.value;
    const { events, leftOut } = await latestEvents(site.db, { id, smileUserId: null }, most);
    expect([events.length, leftOut]).toEqual([most + 1, 1]);
  }),

  async accountEntriesPerPage() {
    const most = SITE_LIMITS.accountEntriesPerPage.value;
    const listOf = (length: number) => Array.from({ length }, (_, n) => ({ date: `${2000 + n}` }));
    const [many, few] = [listOf(most), listOf(3)];
    expect(entriesOf([few, many, many]).map(({ entries, more }) => [entries.length, more])).toEqual([[3, 0], ...Array<[number, number]>(2).fill([(most - 4) / 2, most - (most - 4) / 2])]); // prettier-ignore
    expect(entriesOf([few, many.slice(3)]).map(({ more }) => more)).toEqual([0, 0]);
  },
  async factsPerPage() {
    const most = SITE_LIMITS.factsPerPage.value;
    const features = (length: number) => [{ features: Object.fromEntries(Array.from({ length }, (_, n) => [`f${n}`, n + 1])) }]; // prettier-ignore
    const facts = (items: object[][]) => entriesOf(items, 'insights').map(({ entries }) => entries[0]?.facts.length);
    expect(facts([features(most)])).toEqual([most]);
    // The last fact says that there are more.
    expect(facts([features(most), features(30)])).toEqual([most / 2 + 1, 30]);
    expect(facts(Array.from({ length: most }, () => features(30))).slice(0, 1)).toEqual([26]);
  },

  listBytes: onSite(async (site) => {
    const ids: string[] = [];
    for (let at = 0; at < 12; at++) {
      const { id } = await begin(site);
      // Each character has three bytes.
      await mergeAnswers(site.db, id, { set: { name: '漢'.repeat(250_000) }, clear: [] }, time.now());
      ids.unshift(id);
    }
    const read = async (more: string) =>
      (await send(site, 'GET', `/api/forms/driver/submissions?limit=200${more}`, undefined, { authorization: `Bearer ${API_KEY}` })).body; // prettier-ignore
    const first = await read('');
    expect(first.items).toHaveLength(Math.floor(SITE_LIMITS.listBytes.value / 751_000));
    const second = await read(`&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
    await mergeAnswers(site.db, ids[0]!, { set: { name: 'x'.repeat(SITE_LIMITS.listBytes.value) }, clear: [] }, time.now()); // prettier-ignore
    expect((await read('')).items).toHaveLength(1);
  }),

  eventsInApi: onSite(async (site) => {
    const { id } = await begin(site);
    await stored(site, id, 'screenSeen', 'page', SITE_LIMITS.eventsInApi.value + 3);
    const { body } = await send(site, 'GET', `/api/submissions/${id}`, undefined, { authorization: `Bearer ${API_KEY}` }); // prettier-ignore
    expect([body.events.length, body.eventsLeftOut]).toEqual([SITE_LIMITS.eventsInApi.value + 1, 3]);
  }),

  ownEventsRead: onSite(async (site) => {
    const { id } = await begin(site);
    await stored(site, id, 'answersSaved', 'server', SITE_LIMITS.ownEventsRead.value + 1);
    const { events, leftOut } = await latestEvents(site.db, { id, smileUserId: null }, 10);
    // The start is another one.
    expect([events.length, leftOut]).toEqual([SITE_LIMITS.ownEventsRead.value, 2]);
  }),

  ownEventBytesRead: onSite(async (site) => {
    const { id } = await begin(site);
    const text = 'x'.repeat(900_000);
    await appendEvents(site.db, Array.from({ length: 12 }, (_, n) => serverEvent(id, 'answersSaved', { n, text } as never, time.now()))); // prettier-ignore
    const { events, leftOut } = await latestEvents(site.db, { id, smileUserId: null }, 10);
    const most = Math.floor(SITE_LIMITS.ownEventBytesRead.value / 900_100);
    // The start is another one.
    expect([events.length, leftOut]).toEqual([most, 13 - most]);
    expect(events.map(({ data }) => (data as { n: number }).n)).toEqual(Array.from({ length: most }, (_, n) => n + 12 - most)); // prettier-ignore
  }),

  paramsInStart: onSite(async (site) => {
    const start = (params: number) => send(site, 'POST', '/api/forms/driver/submissions', { params: Object.fromEntries(Array.from({ length: params }, (_, n) => [`p${n}`, 'x'])) }); // prettier-ignore
    expect((await start(SITE_LIMITS.paramsInStart.value)).status).toBe(201);
    const refused = await start(SITE_LIMITS.paramsInStart.value + 1);
    expectRefusal(refused, 400, 'invalid_request');
    expect(refused.body.error.message).toContain('has more than 1000 names');
  }),

  answersInSave: onSite(
    async (site) => {
      const draft = await begin(site, 'choices');
      const answers = Object.fromEntries(CHOICES.flatMap((id) => [[id, 'other'], [`${id}_other`, 'x']])); // prettier-ignore
      expect(Object.keys(answers)).toHaveLength(SITE_LIMITS.answersInSave.value);
      expect((await draft.put('about', answers)).status).toBe(200);
      expectRefusal(await draft.put('about', { ...answers, one_more: 'x' }), 400, 'invalid_request');
    },
    { forms: { choices: MANY_CHOICES } },
  ),
  answerListEntries: tooLargeAnswer((more) => Array(SITE_LIMITS.answerListEntries.value + more).fill('x')),
  answerParts: tooLargeAnswer((more) => Object.fromEntries(Array.from({ length: SITE_LIMITS.answerParts.value + more }, (_, n) => [`part_${n}`, 'x']))), // prettier-ignore
  answerPartCharacters: tooLargeAnswer((more) => ({ city: 'x'.repeat(SITE_LIMITS.answerPartCharacters.value + more) })),

  accentsInRow: onSite(async (site) => {
    const name = (accents: number) => `a${'\u0323\u0301'.repeat(accents / 2)}${'\u0301'.repeat(accents % 2)}`;
    const save = async (accents: number) => (await begin(site)).put('about', { ...ABOUT, full_name: name(accents) });
    expect((await save(SITE_LIMITS.accentsInRow.value)).status).toBe(200);
    expectRefusal(await save(SITE_LIMITS.accentsInRow.value + 1), 422, 'invalid_answers');
    const stored = async (accents: number) => {
      const { body } = await startOf(site, 'plain', { params: { utm_source: name(accents) } });
      return Object.keys((await findSubmission(site.db, body.id))?.params ?? {});
    };
    expect(await stored(SITE_LIMITS.accentsInRow.value)).toEqual(['utm_source']);
    expect(await stored(SITE_LIMITS.accentsInRow.value + 1)).toEqual([]);
  }),
  trapCharacters: tooLongIn(SITE_LIMITS.trapCharacters.value, (trap) => ({ trap })),
  paramCharacters: onSite(async (site) => {
    const stored = async (length: number) => {
      const { body } = await startOf(site, 'plain', { params: { utm_source: 'x'.repeat(length) } });
      return (await findSubmission(site.db, body.id))?.params;
    };
    expect(Object.keys((await stored(SITE_LIMITS.paramCharacters.value)) ?? {})).toEqual(['utm_source']);
    expect(await stored(SITE_LIMITS.paramCharacters.value + 1)).toEqual({});
  }),

  idempotencyKeyCharacters: onSite(async (site) => {
    const draft = await begin(site);
    const save = (length: number) => draft.put('about', ABOUT, { 'idempotency-key': 'k'.repeat(length) });
    expect((await save(SITE_LIMITS.idempotencyKeyCharacters.value)).status).toBe(200);
    expectRefusal(await save(SITE_LIMITS.idempotencyKeyCharacters.value + 1), 400, 'invalid_request');
  }),

  formPostRepeatMs: sameWithin(SITE_LIMITS.formPostRepeatMs.value, { cookie: 'flipsite_view=one' }),

  unmarkedPostRepeatMs: sameWithin(SITE_LIMITS.unmarkedPostRepeatMs.value, {}),

  unownedWebhookDays: onSite(
    async (site) => {
      const age = SITE_LIMITS.unownedWebhookDays.value * 86_400_000;
      const row = (id: string, ms: number) => ({ scope: 'webhook', id, submission_id: null, smile_user_id: 'nobody', name: 'ACCOUNT_CREATED', source: 'webhook', at: AT, received_at: new Date(time.now().getTime() - ms).toISOString(), data: '{}' }); // prettier-ignore
      await site.db.query.insertInto('events').values([row('old', age + 1_000), row('young', age - 1_000)]).execute(); // prettier-ignore
      const files = diskStore(path.join(site.folder, 'data', 'files'));
      await retentionJob({ ...site, files, now: time.now, log: console }).run({
        dueAt: time.now().toISOString(),
      } as Job);
      const left = await site.db.query.selectFrom('events').select('id').where('source', '=', 'webhook').execute();
      expect(left).toEqual([{ id: 'young' }]);
    },
    { now: time.now },
  ),

  utmParams: onSite(async (site) => {
    const names = Array.from({ length: SITE_LIMITS.utmParams.value + 1 }, (_, n) => `utm_${String.fromCharCode(97 + n)}`); // prettier-ignore
    const { body } = await startOf(site, 'plain', { params: Object.fromEntries(names.map((name) => [name, 'x'])) });
    const row = await site.db.query.selectFrom('submissions').select('params').where('id', '=', body.id).executeTakeFirstOrThrow(); // prettier-ignore
    expect(Object.keys(JSON.parse(row.params))).toEqual(names.slice(0, -1));
  }),

  startKeyCharacters: onSite(async (site) => {
    const least = SITE_LIMITS.startKeyCharacters.value;
    const start = (length: number) => startOf(site, 'plain', {}, { 'idempotency-key': 'k'.repeat(length) });
    expect((await start(least)).status).toBe(201);
    expectRefusal(await start(least - 1), 400, 'invalid_request');
  }),

  startReplayMs: onSite(
    async (site) => {
      const start = () => startOf(site, 'plain', {}, { 'idempotency-key': 'one-and-the-same' });
      const { body } = await start();
      time.on(SITE_LIMITS.startReplayMs.value / 1_000);
      expect((await start()).body).toEqual(body);
      time.on(0.001);
      expectRefusal(await start(), 422, 'idempotency_conflict');
    },
    { now: time.now },
  ),

  startKeyDays: keysOf('starts', 'start:plain', SITE_LIMITS.startKeyDays.value),
  writeKeyDays: keysOf('writes', '019abcde-0000-7000-8000-000000000000', SITE_LIMITS.writeKeyDays.value),

  replacedVersionDays: onSite(
    async (site) => {
      const version = site.catalog.current('plain')?.version;
      // Not in the folder of the site, which it follows by the clock of the machine.
      const folder = temporaryFolder();
      writeFileSync(path.join(folder, 'plain.yaml'), PLAIN.replace('title: Plain', 'title: Plainer'));
      await site.catalog.sync(folder, time.now());
      time.on(SITE_LIMITS.replacedVersionDays.value * 86_400);
      // A page of a static host asks first.
      const status = async (of = '') => (await send(site, 'GET', `/api/forms/plain/versions/${of}`)).body;
      expect((await startOf(site, 'plain', { version })).status).toBe(201);
      expect(await status(version)).toEqual({ startable: true });
      time.on(1);
      expectRefusal(await startOf(site, 'plain', { version }), 409, 'form_changed');
      expect(await status(version)).toEqual({ startable: false });
      for (const other of [site.catalog.current('plain')?.version, 'newer'])
        expect(await status(other)).toEqual({ startable: true });
    },
    { now: time.now },
  ),

  async requestsPerAddressAndMinute() {
    const rates = createRates();
    const most = SITE_LIMITS.requestsPerAddressAndMinute.value;
    expect(await letThrough(most + 1, (n) => limitSubmissionRequest(rates, asked({ id: `s-${n}` })))).toBe(most);
    limitSubmissionRequest(rates, asked({ address: '203.0.113.8' }));
  },

  eventAnswerBytes: () =>
    expectLargeFrom('eventAnswerBytes', async ({ db, id }, events) => {
      await takeEvents(db, id, { page_events: Math.floor(events / 2), page_bytes: 1, widget_events: Math.ceil(events / 2), widget_bytes: 1 }); // prettier-ignore
    }),

  writeAnswerBytes: () =>
    expectLargeFrom('writeAnswerBytes', async ({ db, id }, writes) => {
      await db.query.updateTable('submissions').set((is) => ({ write_count: is('write_count', '+', writes) })).where('id', '=', id).execute(); // prettier-ignore
    }),

  async largeReadsAtOnce() {
    const [one, two] = ['203.0.113.7', '203.0.113.8'];
    expect((await readLarge([one, one, one])).atOnce).toBe(SITE_LIMITS.largeReadsAtOnce.value);
    // Those of others do not wait for them.
    expect((await readLarge([one, one, two])).atOnce).toBe(2);
  },
  async largeReadsOfAllAtOnce() {
    const { atOnce, refused } = await readLarge(differentAddresses(3 * SITE_LIMITS.largeReadsOfAllAtOnce.value));
    expect([atOnce, refused]).toEqual([SITE_LIMITS.largeReadsOfAllAtOnce.value, 0]);
  },
  async largeReadsPerAddress() {
    const most = SITE_LIMITS.largeReadsPerAddress.value;
    expect((await readLarge(Array<string>(most + 1).fill('203.0.113.7'))).refused).toBe(1);
    // The addresses of an IPv6 network wait together.
    expect((await readLarge(Array.from({ length: most + 1 }, (_, n) => `2001:db8:0:${n.toString(16)}::/64`))).refused).toBe(1); // prettier-ignore
  },
  async largeReads() {
    expect((await readLarge(differentAddresses(SITE_LIMITS.largeReads.value + 1))).refused).toBe(1);
  },

  async requestAnswerBytes() {
    const part = SITE_LIMITS.requestAnswerBytes.value;
    const most = SITE_LIMITS.requestsPerAddressAndMinute.value;
    const key = Buffer.alloc(32, 3);
    const site = await openSmallSite({ forms: { plain: PLAIN }, key, env: { RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' } });
    try {
      const start = () => begin(site, 'plain');
      const [small, middle, large] = [await start(), await start(), await start()];
      const store = (id: string, parts: number) => site.db.query.updateTable('submissions').set({ answers: JSON.stringify({ full_name: 'x'.repeat(parts * part - 100) }) }).where('id', '=', id).execute(); // prettier-ignore
      await store(small.id, 1);
      await store(middle.id, 40);
      // Ten times as many as a person can store, so that few requests pass the limit.
      await store(large.id, most / 4 - 10);
      const ask = async ({ id, headers }: Draft, from: string) => (await send(site, 'GET', `/api/submissions/${id}/accounts`, undefined, { ...headers, 'x-forwarded-for': from })).status; // prettier-ignore
      const asked = [1, 2, 3, 4, 5].map(() => ask(large, '203.0.113.7'));
      expect((await Promise.all(asked)).toSorted()).toEqual([200, 200, 200, 200, 429]);
      // They have left room for less than 40 more requests.
      expect([await ask(small, '203.0.113.7'), await ask(middle, '203.0.113.7'), await ask(middle, '203.0.113.8')]).toEqual([200, 429, 200]); // prettier-ignore
      const save = (characters: number) => send(site, 'PUT', `/api/submissions/${small.id}/answers`, { screen: 'only', answers: { full_name: 'x'.repeat(characters) } }, { ...small.headers, 'x-forwarded-for': '203.0.113.7' }); // prettier-ignore
      const event = () => ({
        id: crypto.randomUUID(),
        name: 'screenSeen',
        at: AT,
        data: { text: 'x'.repeat(part - 300) },
      });
      const tell = () => send(site, 'POST', `/api/submissions/${small.id}/events`, { events: Array.from({ length: 7 }, event) }, { ...small.headers, 'x-forwarded-for': '203.0.113.7' }); // prettier-ignore
      // They are refused where they are read, unless there is no room for them.
      const said = [await save(3 * part), await save(15 * part), await tell(), await tell(), await tell(), await save(15 * part)]; // prettier-ignore
      expect(said.map(({ status }) => status)).toEqual([422, 422, 422, 422, 429, 429]);
      // Stored ones are refused unread: these are no JSON.
      const unread = await start();
      await site.db.query.updateTable('submissions').set({ answers: 'x'.repeat(50 * part) }).where('id', '=', unread.id).execute(); // prettier-ignore
      const unreadSave = await send(site, 'PUT', `/api/submissions/${unread.id}/answers`, { screen: 'only', answers: {} }, { ...unread.headers, 'x-forwarded-for': '203.0.113.7' }); // prettier-ignore
      expect([await ask(unread, '203.0.113.7'), unreadSave.status]).toEqual([429, 429]);
      const ending = async (from: string) => (await send(site, 'GET', '/plain/ending', undefined, { cookie: `flipsite_ended=${middle.id}.${middle.token}`, 'x-forwarded-for': from })).status; // prettier-ignore
      expect([await ending('203.0.113.7'), await ending('203.0.113.8')]).toEqual([429, 200]);
      const invited = { name: 'Ana', email: 'ana@mail.example', language: 'en', prefill: { answers: {}, params: {} } };
      const expiresAt = new Date(Date.now() + 3_600_000);
      await createInvitations(site.db, [invited], { form: 'plain', via: 'mail', memberId: 'none', expiresAt }, new Date()); // prettier-ignore
      const invitation = (await listInvitations(site.db, 'plain', { limit: 1 })).items[0]!;
      await attachSubmission(site.db, invitation.id, middle.id);
      const authorization = `Bearer ${linkOf([key], invitation, '').split('.').at(-1)}`;
      const follow = async (what: 'open' | 'begin', from: string) => (await send(site, 'POST', `/api/invitations/${invitation.id}/${what}`, undefined, { authorization, 'x-forwarded-for': from })).status; // prettier-ignore
      for (const what of ['open', 'begin'] as const)
        expect([await follow(what, '203.0.113.7'), await follow(what, '203.0.113.8')]).toEqual([429, 200]);
    } finally {
      await site.close();
      removeFolder(site.folder);
    }
  },

  async wrongTokensPerAddressAndMinute() {
    const rates = createRates();
    const most = SITE_LIMITS.wrongTokensPerAddressAndMinute.value;
    expect(
      await letThrough(most + 1, (n) => limitSubmissionRequest(rates, asked({ id: `s-${n}`, hasToken: false }))),
    ).toBe(most);
    limitSubmissionRequest(rates, asked({}));
  },

  takenAnswersPerAddressAndMinute: onceTaken(async (site) => {
    const most = SITE_LIMITS.takenAnswersPerAddressAndMinute.value;
    // Free answers of many people at once: those that wait for others may try again at once.
    const crowd = await Promise.all(Array.from({ length: 2 * most }, (_, n) => post(site, '/once', { email: `p${n}@b.co` }))); // prettier-ignore
    expect(crowd.filter(({ status }) => status === 303).length).toBeGreaterThanOrEqual(most);
    expect(crowd.filter(({ status, headers }) => status !== 303 && headers.get('retry-after') !== '1')).toEqual([]);
    const all: Awaited<ReturnType<typeof post>>[] = [];
    while (all.length <= most) all.push(await post(site, '/once', { email: 'ANA@b.co' }));
    expect(all.map(({ status }) => status)).toEqual([...Array<number>(most).fill(422), 429]);
    // The answer is the same where it is free.
    const free = await post(site, '/once', { email: 'ben@b.co' });
    expect([free, ...all].filter(({ status }) => status === 429)).toHaveLength(2);
    expect(Number(free.headers.get('retry-after'))).toBeGreaterThan(1);
  }),

  takenAnswersPerSubmission: onceTaken(async (site) => {
    const draft = await filled(site, 'once', 'ANA@b.co');
    for (let tries = 0; tries < SITE_LIMITS.takenAnswersPerSubmission.value; tries++)
      expectRefusal(await draft.post('submit'), 422, 'invalid_answers');
    expect((await draft.put('only', { email: 'ben@b.co' })).status).toBe(200);
    expectRefusal(await draft.post('submit'), 429, 'rate_limited');
    expect((await (await filled(site, 'once', 'ben@b.co')).post('submit')).status).toBe(200);
  }),

  async readsPerMinute() {
    const rates = createRates();
    const most = SITE_LIMITS.readsPerMinute.value;
    for (const action of ['answerReads', 'accountReads', 'fileReads'] as const)
      expect(await letThrough(most + 1, () => limitSubmissionRequest(rates, asked({ action })))).toBe(most);
  },
};
