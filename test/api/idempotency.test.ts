/** Requests that come twice, late, at once, or out of order change nothing that they changed before. */
import { StatementSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TestSite } from '../helpers/site.ts';
import { ABOUT, begin, beforeConnect, expectRefusal, openSmallSite, send, stored } from '../helpers/api/client.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSmallSite();
});
afterAll(() => site.close());

const twenty = <T>(once: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, once));
const answersOf = async (id: string) => {
  const row = await site.db.query.selectFrom('submissions').select('answers').where('id', '=', id).executeTakeFirst();
  return JSON.parse(row?.answers ?? '');
};
const count = async (table: 'submissions' | 'events', where: { id?: string; name?: string } = {}) => {
  let query = site.db.query.selectFrom(table).select((column) => column.fn.countAll<number>().as('n'));
  if (where.id) query = query.where(table === 'events' ? 'submission_id' : 'id', '=', where.id);
  if (where.name) query = query.where('name', '=', where.name);
  return (await query.executeTakeFirstOrThrow()).n;
};

describe('starting', () => {
  const start = (key: string, body: unknown = {}, slug = 'driver') =>
    send(site, 'POST', `/api/forms/${slug}/submissions`, body, { 'idempotency-key': key });

  it('begins one submission however often one key comes, also at once', async () => {
    const before = await count('submissions');
    const key = crypto.randomUUID();
    const said = [await start(key), ...(await twenty(() => start(key)))];
    expect(new Set(said.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(said[0]?.status).toBe(201);
    expect(await count('submissions')).toBe(before + 1);
  });

  it('reads no answers for a key that comes again, because long ones keep everyone waiting', async () => {
    const key = crypto.randomUUID();
    const { body } = await start(key);
    const answers = JSON.stringify({ full_name: 'é'.repeat(100_000) });
    await site.db.query.updateTable('submissions').set({ answers }).where('id', '=', body.id).execute();
    const read = StatementSync.prototype.all as (...values: unknown[]) => Record<string, never>[];
    const all: string[] = [];
    vi.spyOn(StatementSync.prototype, 'all').mockImplementation(function (this: StatementSync, ...values: unknown[]) {
      const rows = read.apply(this, values);
      all.push(JSON.stringify(rows));
      return rows;
    });
    const again = await start(key);
    vi.restoreAllMocks();
    expect(again.body).toEqual(body);
    expect(all.filter((rows) => rows.length > 50_000)).toEqual([]);
  });

  it('takes the same body in another order of keys for the same', async () => {
    const key = crypto.randomUUID();
    const [one, two] = ['{"language":"en","params":{"customer_id":"1","utm_source":"a"}}', '{"params":{"utm_source":"a","customer_id":"1"},"language":"en"}']; // prettier-ignore
    expect((await start(key, two)).body).toEqual((await start(key, one)).body);
  });

  it('refuses the key of another body, and stores nothing', async () => {
    const key = crypto.randomUUID();
    await start(key, { language: 'en' });
    const before = await stored(site);
    expectRefusal(await start(key, { language: 'es' }), 422, 'idempotency_conflict');
    expectRefusal(await start(key, {}), 422, 'idempotency_conflict');
    expect(await stored(site)).toEqual(before);
  });

  it('takes one key at two forms for two keys', async () => {
    const key = crypto.randomUUID();
    expect((await start(key)).body.id).not.toBe((await start(key, {}, 'plain')).body.id);
  });
});

describe('saving', () => {
  it('never lets a late retry undo a newer save', async () => {
    const draft = await begin(site);
    const [first, second] = [{ 'idempotency-key': 'first' }, { 'idempotency-key': 'second' }];
    const told = await draft.put('about', { ...ABOUT, full_name: 'Old' }, first);
    await draft.put('about', { ...ABOUT, full_name: 'New' }, second);
    const events = await count('events', { id: draft.id });
    for (const again of await twenty(() => draft.put('about', { ...ABOUT, full_name: 'Old' }, first))) {
      expect([again.status, again.body]).toEqual([200, told.body]);
    }
    expect(await answersOf(draft.id)).toMatchObject({ full_name: 'New' });
    expect(await count('events', { id: draft.id })).toBe(events);
  });

  it('gives a late retry the answer of the first call, also where the journey has turned away or ended since', async () => {
    const draft = await begin(site);
    await draft.put('about', ABOUT);
    const told = await draft.put('money', { wage: 5 }, { 'idempotency-key': 'money' });
    await draft.put('about', { ...ABOUT, status: 'none' });
    const turned = await draft.put('money', { wage: 5 }, { 'idempotency-key': 'money' });
    expect([turned.status, turned.body]).toEqual([200, told.body]);
    await draft.post('submit');
    const ended = await draft.put('money', { wage: 5 }, { 'idempotency-key': 'money' });
    expect([ended.status, ended.body]).toEqual([200, told.body]);
  });

  it('refuses the key of another body', async () => {
    const draft = await begin(site);
    await draft.put('about', ABOUT, { 'idempotency-key': 'k' });
    const before = await stored(site);
    expectRefusal(await draft.put('about', { ...ABOUT, full_name: 'Eve' }, { 'idempotency-key': 'k' }), 422, 'idempotency_conflict'); // prettier-ignore
    expectRefusal(await draft.put('money', { wage: 5 }, { 'idempotency-key': 'k' }), 422, 'idempotency_conflict');
    expect(await stored(site)).toEqual(before);
  });

  it("takes one person's key for no other's", async () => {
    const [ana, eve] = [await begin(site), await begin(site)];
    await ana.put('about', ABOUT, { 'idempotency-key': 'same' });
    expect((await eve.put('about', { ...ABOUT, full_name: 'Eve' }, { 'idempotency-key': 'same' })).status).toBe(200);
    expect(await answersOf(eve.id)).toMatchObject({ full_name: 'Eve' });
  });

  it('can be tried again under the key of a save that was refused', async () => {
    const draft = await begin(site);
    expect((await draft.put('about', {}, { 'idempotency-key': 'k' })).status).toBe(422);
    expect((await draft.put('about', ABOUT, { 'idempotency-key': 'k' })).status).toBe(200);
  });

  it('loses no screen when two are saved at once', async () => {
    const draft = await begin(site);
    await draft.put('about', ABOUT);
    await Promise.all([draft.put('about', { ...ABOUT, full_name: 'Both' }), draft.put('money', { wage: 7 })]);
    expect(await answersOf(draft.id)).toMatchObject({ full_name: 'Both', wage: 7 });
  });
});

describe('telling events', () => {
  it('stores every id once: repeated, reordered, in one batch or at once', async () => {
    const draft = await begin(site);
    const events = Array.from({ length: 10 }, (_, n) => ({ id: crypto.randomUUID(), name: 'screenSeen', at: '2026-01-01T00:00:00Z', data: { n } })); // prettier-ignore
    const tell = (batch: unknown) => draft.post('events', { events: batch });
    expect((await tell([...events, ...events])).body).toEqual({ stored: 10, repeated: 10 });
    expect((await tell(events.toReversed())).body).toEqual({ stored: 0, repeated: 10 });
    await twenty(() => tell(events));
    expect(await count('events', { id: draft.id, name: 'screenSeen' })).toBe(10);
  });

  it('counts correctly when 20 requests report the same new events at once', async () => {
    const draft = await begin(site);
    const events = [{ id: crypto.randomUUID(), name: 'screenSeen', at: '2026-01-01T00:00:00Z', data: {} }];
    const said = await twenty(() => draft.post('events', { events }));
    expect(said.reduce((sum, { body }) => sum + body.stored, 0)).toBe(1);
  });

  it('ignores an event with a known id, also with other content', async () => {
    const draft = await beforeConnect(site);
    const { userId } = (await draft.post('link-token', { screen: 'connect' })).body;
    const id = crypto.randomUUID();
    await draft.tell('screenSeen', {}, { id });
    // Local Smile reports the new user by a webhook of its own, which comes at any time.
    const told = site.db.query.selectFrom('events').select('id').where('smile_user_id', '=', userId);
    await vi.waitFor(async () => expect(await told.execute()).toHaveLength(1));
    const before = await stored(site);
    const claim = { accountId: 'a-1', userId, providerId: 'upwork', screen: 'connect' };
    expect((await draft.tell('onAccountConnected', claim, { id })).body).toEqual({ stored: 0, repeated: 1 });
    expect(await stored(site)).toEqual(before);
  });

  it("takes one person's id for no other's", async () => {
    const [ana, eve] = [await begin(site), await begin(site)];
    const id = crypto.randomUUID();
    await ana.tell('screenSeen', {}, { id });
    expect((await eve.tell('screenSeen', {}, { id })).body).toEqual({ stored: 1, repeated: 0 });
  });

  it('still stores them after the submission was sent', async () => {
    const draft = await begin(site, 'plain');
    await draft.put('only', { full_name: 'Ana' });
    await draft.post('submit');
    expect((await draft.tell('onClose', { reason: 'exit' })).body).toEqual({ stored: 1, repeated: 0 });
  });
});

describe('submitting', () => {
  it('ends once: twice and 20 times at once give one reference', async () => {
    const draft = await begin(site, 'plain');
    await draft.put('only', { full_name: 'Ana' });
    const said = [...(await twenty(() => draft.post('submit'))), await draft.post('submit')];
    expect(new Set(said.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(said[0]?.body.reference).toMatch(/^\w{3} \w{3} \w{2}$/);
    expect(await count('events', { id: draft.id, name: 'submitted' })).toBe(1);
  });

  it('refuses answers afterwards, and keeps those that were sent', async () => {
    const draft = await begin(site, 'plain');
    await draft.put('only', { full_name: 'Ana' });
    const { reference, submittedAt } = (await draft.post('submit')).body;
    const before = await stored(site);
    const late = await draft.put('only', { full_name: 'Eve' });
    expectRefusal(late, 409, 'already_submitted');
    // A page in another tab can show the sent answers and the time.
    expect(Math.abs(Date.now() - Date.parse(submittedAt))).toBeLessThan(600_000);
    expect(late.body.error).toMatchObject({ reference, submittedAt });
    const token = { authorization: `Bearer ${draft.token}` };
    const read = await send(site, 'GET', `/api/submissions/${draft.id}/answers`, undefined, token);
    expect(read.body).toMatchObject({ answers: {}, ended: { reference, submittedAt } });
    expectRefusal(await draft.post('link-token', { screen: 'only' }), 400, 'invalid_request');
    expect(await stored(site)).toEqual(before);
  });

  it('keeps every save that was acknowledged before it, also one that came at the same time', async () => {
    for (let round = 0; round < 10; round++) {
      const draft = await begin(site, 'plain');
      await draft.put('only', { full_name: 'Old' });
      const [save] = await Promise.all([draft.put('only', { full_name: 'New' }), draft.post('submit')]);
      if (save.status === 200) expect(await answersOf(draft.id)).toEqual({ full_name: 'New' });
      else expectRefusal(save, 409, 'already_submitted');
    }
  });
});

describe('the key on the other writes', () => {
  it('of a batch of events refuses another batch', async () => {
    const draft = await begin(site);
    const event = { id: crypto.randomUUID(), name: 'screenSeen', at: '2026-01-01T00:00:00Z', data: {} };
    await draft.post('events', { events: [event] }, { 'idempotency-key': 'k' });
    const other = { events: [{ ...event, id: crypto.randomUUID() }] };
    expectRefusal(await draft.post('events', other, { 'idempotency-key': 'k' }), 422, 'idempotency_conflict');
  });

  it.each(['events', 'link-token', 'submit'])('of %s must be a key', async (what) => {
    const draft = await beforeConnect(site);
    const bodies: Record<string, unknown> = {
      events: { events: [{ id: crypto.randomUUID(), name: 'screenSeen', at: '2026-01-01T00:00:00Z', data: {} }] },
      'link-token': { screen: 'connect' },
    };
    const said = await draft.post(what, bodies[what] ?? {}, { 'idempotency-key': 'a key' });
    expectRefusal(said, 400, 'invalid_request');
  });
});
