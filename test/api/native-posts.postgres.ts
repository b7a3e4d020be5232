/** Many people at once, on PostgreSQL, who post forms, send them and claim accounts. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeDatabase, openDatabase, type Database } from '../../src/record/db/database.ts';
import { lockForm } from '../../src/record/forms/form-states.ts';
import { setSmileUser } from '../../src/record/submissions/submissions.ts';
import { ofClaims } from '../../src/respond/access/submission-access.ts';
import type { Services } from '../../src/respond/services.ts';
import { storeSpamDecision } from '../../src/respond/spam-decision.ts';
import { startPostgres, createDatabase, type Postgres } from '../helpers/postgres/postgres.ts';
import type { TestSite } from '../helpers/site.ts';
import { SECRET } from '../helpers/database.ts';
import { begin, eventually, openSmallSite, PLAIN, send } from '../helpers/api/client.ts';
import { filled, limited, post } from '../helpers/api/limited.ts';

/** The places of the form with limits. */
const MAX = 45;

/** The second window shows the account of the first one. */
const LINKING = `
title: Linking
screens:
  - { id: only, title: Only, wink: [{ title: First, require: none }, { title: Second, require: any }] }
endings:
  - { id: done, title: Thank you }
`;

let server: Postgres;
let site: TestSite;
let watch: Database;
beforeAll(async () => {
  server = await startPostgres();
  const url = server.url('posts');
  await createDatabase(url);
  await createDatabase(server.url('watch'));
  const forms = {
    plain: PLAIN,
    linking: LINKING,
    club: limited(`limits: { one_per: email, max: ${MAX} }`),
    team: limited('limits: { one_per: email }'),
  };
  site = await openSmallSite({ forms, key: SECRET, env: { DATABASE_URL: url } });
  watch = await openDatabase(server.url('watch'));
});
afterAll(async () => {
  await site.close();
  await closeDatabase(watch);
  await server.stop();
});

/** Transactions of the site's database so far. */
async function transactions() {
  const { rows } = await sql<{ written: number; rolledBack: number }>`
    select tup_inserted as written, xact_rollback as "rolledBack" from pg_stat_database where datname = 'posts'`.execute(
    watch.query,
  );
  return rows[0] as { written: number; rolledBack: number };
}

it('posts that have nothing to do with each other never make each other begin again', async () => {
  await post(site, '/plain', { full_name: 'First' });
  const before = await transactions();
  const said = await Promise.all(Array.from({ length: 200 }, (_, n) => post(site, '/plain', { full_name: `Ana ${n}` }))); // prettier-ignore
  expect(said.filter(({ status }) => status !== 303)).toEqual([]);
  // Each inserts five rows and more. PostgreSQL tells its counts with a delay.
  const after = await eventually(async () => {
    const now = await transactions();
    return now.written - before.written >= 1_000 && now;
  });
  expect(after.rolledBack - before.rolledBack).toBe(0);
});

it('the same post twice at once is one submission', async () => {
  const said = await Promise.all(Array.from({ length: 8 }, () => post(site, '/plain', { full_name: 'Twice' })));
  expect(new Set(said.map(({ status, headers }) => `${status} ${headers.get('set-cookie')}`)).size).toBe(1);
});

it('people who send a form with limits at once wait for each other, and none begins again', async () => {
  const before = await transactions();
  // Of each two, both have the same email.
  const emails = Array.from({ length: 120 }, (_, n) => `ana-${n >> 1}@mail.example`);
  const posted = emails.slice(0, 60).map((email) => post(site, '/club', { email }));
  const sent = emails.slice(60).map(async (email) => {
    const draft = await filled(site, 'club', email);
    return draft.post('submit');
  });
  const said = await Promise.all([...posted, ...sent]);
  expect(Object.groupBy(said, ({ status }) => status)[500]).toBeUndefined();
  const { rows } = await sql<{ stored: number; people: number }>`
    select count(*) as stored, (select count(*) from unique_answers) as people from submissions
    where form = 'club' and submitted_at is not null`.execute(site.db.query);
  expect(rows).toEqual([{ stored: MAX, people: MAX }]);
  await eventually(async () => (await transactions()).written - before.written >= 500);
  // A post that is refused rolls nothing back either: its draft stays.
  expect((await transactions()).rolledBack - before.rolledBack).toBe(0);
});

it('a form with limits is sent, and a decision about spam stored, after the transaction of another server about the form', async () => {
  const [draft, doubtful] = await Promise.all(
    ['ana', 'ben'].map((name) => filled(site, 'team', `${name}@mail.example`)),
  );
  const services = { db: site.db, catalog: site.catalog, keys: [], now: () => new Date() } as unknown as Services;
  const waits = async (write: () => Promise<unknown> | undefined) => {
    let isOver = false;
    const [written] = await site.db.transaction(async (trx) => {
      await lockForm(trx, 'team');
      const writing = write()?.finally(() => (isOver = true));
      await eventually(async () => isOver || (await waitingForLocks()) > 0);
      expect(isOver).toBe(false);
      // In an array, so that the transaction does not wait for it.
      return [writing];
    });
    return written;
  };
  expect(await waits(() => draft?.post('submit'))).toMatchObject({ status: 200 });
  expect(await waits(() => post(site, '/team', { email: 'cleo@mail.example' }))).toMatchObject({ status: 303 });
  const member = { id: 'm', email: 'ana@acme.example' };
  expect(await waits(() => storeSpamDecision(services, 'team', doubtful?.id ?? '', 'spam', member))).toBe('stored');
});

async function waitingForLocks(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity
    where datname = 'posts' and wait_event_type = 'Lock'`.execute(watch.query);
  return rows[0]?.n ?? 0;
}

it('people who claim the same accounts at once wait for each other without a connection, and none begins again', async () => {
  const drafts = await Promise.all(Array.from({ length: 30 }, () => begin(site, 'plain')));
  for (const { id } of drafts) await setSmileUser(site.db, id, `user-${id}`);
  const accounts = Array.from({ length: 10 }, () => crypto.randomUUID());
  const before = await transactions();
  const told = await Promise.all(
    drafts.map(({ id, headers }, n) => {
      const claimed = n % 2 ? accounts : accounts.toReversed();
      const events = claimed.map((accountId) => ({ id: crypto.randomUUID(), name: 'onAccountCreated', at: new Date().toISOString(), data: { accountId, userId: `user-${id}`, providerId: 'grab', status: 'CONNECTED' } })); // prettier-ignore
      return send(site, 'POST', `/api/submissions/${id}/events`, { events }, headers);
    }),
  );
  expect(told.filter(({ status }) => status !== 200)).toEqual([]);
  // The first one has them. The others have an event that says so.
  const { rows } = await sql<{ n: number }>`select count(*) as n from accounts where provider_id = 'grab'`.execute(site.db.query); // prettier-ignore
  expect(rows).toEqual([{ n: accounts.length }]);
  await eventually(async () => (await transactions()).written - before.written >= 600);
  expect((await transactions()).rolledBack - before.rolledBack).toBe(0);
});

it('people whose windows show their accounts at once never make each other begin again', async () => {
  const drafts = await Promise.all(Array.from({ length: 30 }, () => begin(site, 'linking')));
  for (const { id } of drafts) await setSmileUser(site.db, id, `user-${id}`);
  const report = ({ id, headers }: (typeof drafts)[number], name: string, data: object) => {
    const event = { id: crypto.randomUUID(), name, at: new Date().toISOString(), data };
    return send(site, 'POST', `/api/submissions/${id}/events`, { events: [event] }, headers);
  };
  const claim = ({ id }: { id: string }) => ({ accountId: `of-${id}`, userId: `user-${id}`, providerId: 'lazada', screen: 'only' }); // prettier-ignore
  for (const draft of drafts) await report(draft, 'onAccountConnected', claim(draft));
  const before = await transactions();
  const shows = (id: string) => ({ eventName: 'AccountRevokePageOpened', account: { accountId: `of-${id}` }, screen: 'only', widget: 1 }); // prettier-ignore
  const told = await Promise.all(drafts.flatMap((draft) => Array.from({ length: 4 }, () => report(draft, 'onUIEvent', shows(draft.id))))); // prettier-ignore
  expect(told.filter(({ status }) => status !== 200)).toEqual([]);
  const { rows } = await sql<{ widget: number; n: number }>`
    select widget, count(*) as n from accounts where provider_id = 'lazada' group by widget`.execute(site.db.query);
  expect(rows).toEqual([{ widget: 1, n: drafts.length }]);
  await eventually(async () => (await transactions()).written - before.written >= 150);
  expect((await transactions()).rolledBack - before.rolledBack).toBe(0);
});

it('an event of the widget that claims no account does not wait for claims', async () => {
  const { id, headers } = await begin(site, 'plain');
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const done: string[] = [];
  const first = ofClaims(site.db, () => held);
  const second = ofClaims(site.db, async () => done.push('claims'));
  const event = { id: crypto.randomUUID(), name: 'onUIEvent', at: new Date().toISOString(), data: { eventName: 'LoginPageOpened' } }; // prettier-ignore
  expect((await send(site, 'POST', `/api/submissions/${id}/events`, { events: [event] }, headers)).status).toBe(200);
  done.push('event');
  release();
  await Promise.all([first, second]);
  expect(done).toEqual(['event', 'claims']);
});
