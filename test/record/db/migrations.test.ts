/** Whatever state a database was left in, the next start brings it up to date and loses nothing. */
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { describe, expect, it, vi } from 'vitest';
import { redeemCode } from '../../../src/members/codes.ts';
import { listGrants, OWNER_OF_ALL } from '../../../src/members/grants.ts';
import { listAccounts } from '../../../src/record/accounts/accounts.ts';
import { providerNames } from '../../../src/record/accounts/providers.ts';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { sha256 } from '../../../src/record/crypto/secrets.ts';
import { countDeliveries } from '../../../src/record/delivery-queries.ts';
import { listEvents } from '../../../src/record/event-queries.ts';
import { countedDay, linkClicks } from '../../../src/record/links/clicks.ts';
import { listFormComments } from '../../../src/record/forms/form-comments.ts';
import { migrations } from '../../../src/record/migrations/migrations.ts';
import { postgresEngine } from '../../../src/record/db/postgres.ts';
import { openPool } from '../../../src/record/db/postgres-pool.ts';
import { plainKysely } from '../../../src/record/db/sqlite.ts';
import { openSqlite } from '../../../src/record/db/sqlite-file.ts';
import type { Tables } from '../../../src/record/db/tables.ts';
import { resultsOf } from '../../../src/record/results/results.ts';
import { findSubmission } from '../../../src/record/submissions/submissions.ts';
import { countByForm } from '../../../src/record/submissions/tallies.ts';
import { someOf } from '../../helpers/run/long.ts';
import { emptyPostgresFor } from '../../helpers/postgres/postgres.ts';
import { NOW, temporaryFolder } from '../../helpers/database.ts';

const names = Object.keys(migrations).toSorted();
const at = NOW.toISOString();

/** Rows that every state so far has had room for. */
async function fill(db: Kysely<Tables>, id: string): Promise<void> {
  const answers = '{"full_name":"Ana"}';
  await db
    .insertInto('submissions')
    .values({
      id,
      form: 'driver',
      version: 'v1',
      language: 'en',
      params: '{}',
      answers,
      created_at: at,
      updated_at: at,
    })
    .execute();
  const told = { submission_id: id, name: 'started', source: 'server', at, received_at: at, data: '{}' };
  await db
    .insertInto('events')
    .values({ scope: id, id: 'e', ...told })
    .execute();
  const linked = { screen: 'connect', provider_id: 'grab', status: 'CONNECTED', confirmed: 1, status_at: at };
  await db
    .insertInto('accounts')
    .values({ account_id: `a-${id}`, submission_id: id, ...linked, created_at: at, updated_at: at })
    .execute();
}

async function opened(place: string | undefined, path: string) {
  if (!place) {
    const sqlite = openSqlite(path);
    return { db: plainKysely(sqlite), close: async () => sqlite.close() };
  }
  const engine = postgresEngine(openPool(place));
  return { db: engine.autocommit.kysely, close: () => engine.close() };
}

/** Migrates as far as `step`. */
async function migrateTo(step: string, db: Kysely<Tables>, postgres: string | undefined): Promise<void> {
  const migrate = (on: Kysely<Tables>) =>
    new Migrator({ db: on, provider: { getMigrations: async () => migrations } }).migrateTo(step);
  const { error } = postgres ? await db.transaction().execute(migrate) : await migrate(db);
  if (error) throw error;
}

describe('a database', () => {
  it.each(someOf(names, 6))('that was left at %s is brought up to date with all that is in it', async (name) => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const postgres = await emptyPostgresFor(path);
    const { db, close } = await opened(postgres, path);
    // A server may have run at each state on the way.
    const steps = names.slice(0, names.indexOf(name) + 1);
    for (const step of steps) {
      await migrateTo(step, db, postgres);
      await fill(db, `at-${step}`);
    }
    await close();

    const now = await openDatabase(postgres ?? path);
    // Rows that were stored before the last change of the counts are counted with it.
    const before = steps.filter((step) => step < '2026-11-27-which-count').length;
    const counts = { started: before, connected: before, submitted: 0, completed: 0, quarantined: 0, deleted: 0 };
    expect((await countByForm(now)).get('driver')).toEqual(counts);
    for (const step of steps) {
      const id = `at-${step}`;
      expect(await findSubmission(now, id)).toMatchObject({
        answers: { full_name: 'Ana' },
        suspicion: [],
        verdict: null,
      });
      expect(await listEvents(now, { id, smileUserId: null })).toMatchObject([{ name: 'started', at }]);
      expect(await listAccounts(now, id)).toMatchObject([
        { accountId: `a-${id}`, status: 'CONNECTED', confirmed: true },
      ]);
    }
    await closeDatabase(now);
  });

  it('keeps the numbers of deleted people, emails that wait and comments under their new names', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const postgres = await emptyPostgresFor(path);
    const { db, close } = await opened(postgres, path);
    await migrateTo('2026-12-28-other-sources', db, postgres);
    for (const kept of [0, 1])
      await sql`insert into result_cohorts (form, day, link, language, device, kept, counts, times)
        values ('driver', '2026-11-24', '', 'en', 'phone', ${kept}, ${`{"started":${2 + kept}}`}, '{}')`.execute(db);
    await sql`insert into deliveries (id, form, channel, target, cause, status, created_at)
      values ('d', 'driver', 'email', 'ops@acme.example', 'test', 'kept', ${at})`.execute(db);
    await sql`insert into review_notes (id, form, kind, name, text, text_hash, created_at)
      values ('c', 'driver', 'comment', 'Ben', 'Shorter, please', 'hash', ${at})`.execute(db);
    await close();

    const now = await openDatabase(postgres ?? path);
    const { steps, deleted } = await resultsOf(now, undefined, { form: 'driver' }, NOW);
    expect(steps.find(({ id }) => id === 'started')).toMatchObject({ count: 5, deleted: 3 });
    expect(deleted).toBe(3);
    expect(await countDeliveries(now)).toMatchObject({ held: 1 });
    expect(await listFormComments(now, 'driver', 10)).toMatchObject([
      { id: 'c', name: 'Ben', text: 'Shorter, please' },
    ]);
    await closeDatabase(now);
  });

  it('loses the invisible characters of words that Smile sent to an earlier version', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const postgres = await emptyPostgresFor(path);
    const { db, close } = await opened(postgres, path);
    await migrateTo('2026-12-31-site-key', db, postgres);
    for (const id of ['one', 'two']) await fill(db, id);
    await db
      .updateTable('accounts')
      .set({ provider_id: '\u202egrab', error_code: 'NO\u200b_CODE' })
      .where('submission_id', '=', 'one')
      .execute();
    await db.insertInto('providers').values({ id: 'grab', name: '\u202eGrab\u2066 ', fetched_at: at }).execute();
    await close();

    const now = await openDatabase(postgres ?? path);
    expect(await listAccounts(now, 'one')).toMatchObject([{ providerId: 'grab', errorCode: 'NO_CODE' }]);
    expect(await listAccounts(now, 'two')).toMatchObject([{ providerId: 'grab', errorCode: null }]);
    expect(await providerNames(now, ['grab'])).toEqual(new Map([['grab', 'Grab']]));
    await closeDatabase(now);
  });

  it('counts accounts that a browser claims as connected no longer', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const postgres = await emptyPostgresFor(path);
    const { db, close } = await opened(postgres, path);
    await migrateTo('2026-12-31-waiting-lanes', db, postgres);
    for (const id of ['one', 'two', 'three']) await fill(db, id);
    await db.updateTable('accounts').set({ confirmed: 0 }).where('submission_id', '!=', 'one').execute();
    await db.updateTable('accounts').set({ revoked_at: at }).where('submission_id', '=', 'three').execute();
    const all = { form: 'driver', day: '', submitted: 0, completed: 0, quarantined: 0, deleted: 0 };
    const shards = [0, 3].map((shard) => ({ ...all, shard, started: shard ? 2 : 1, connected: shard ? 2 : 1 }));
    await db.insertInto('tallies').values(shards).execute();
    await close();

    const now = await openDatabase(postgres ?? path);
    expect((await countByForm(now)).get('driver')).toMatchObject({ started: 3, connected: 2 });
    await closeDatabase(now);
  });

  it('keeps the visits of earlier days in one row a day, and the hours of today', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const postgres = await emptyPostgresFor(path);
    const { db, close } = await opened(postgres, path);
    await migrateTo('2027-01-01-claimed-connections', db, postgres);
    const today = countedDay(new Date());
    const hours = ['2026-11-23T23', '2026-11-24T00', '2026-11-24T10', `${today}T00`];
    const row = { form: 'driver', link: 'sms', device: 'phone' };
    await db.insertInto('openings').values(hours.map((hour) => ({ ...row, hour, language: 'en', visitor: 'person', count: 2 }))).execute(); // prettier-ignore
    await db.insertInto('link_clicks').values(hours.flatMap((hour) => [0, 3].map((shard) => ({ ...row, hour, class: 'person', host: '', shard, clicks: 1 })))).execute(); // prettier-ignore
    await close();

    const now = await openDatabase(postgres ?? path);
    const days = [['2026-11-23', 2], ['2026-11-24', 4], [`${today}T00`, 2]]; // prettier-ignore
    const openings = await now.query.selectFrom('openings').selectAll().orderBy('hour').execute();
    expect(openings.map(({ hour, count }) => [hour, count])).toEqual(days);
    const clicks = await now.query.selectFrom('link_clicks').select(['hour', 'clicks']).orderBy('hour').execute();
    expect(clicks.map(({ hour, clicks: count }) => [hour, count])).toEqual([...days.slice(0, 2), [`${today}T00`, 1], [`${today}T00`, 1]]); // prettier-ignore
    expect((await linkClicks(now, { form: 'driver' })).get('sms')?.person).toBe(8);
    await closeDatabase(now);
  });

  it('with visits of many days and links answers others while it is brought up to date', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const postgres = await emptyPostgresFor(path);
    const { db, close } = await opened(postgres, path);
    await migrateTo('2027-01-01-claimed-connections', db, postgres);
    const places = ['driver', 'tenant'].flatMap((form) => Array.from({ length: 25 }, (_, n) => ({ form, n: n + 1 })));
    const hours = places.flatMap(({ form, n }) => ['T08', 'T09'].map((at) => ({ form, link: `l${n}`, hour: `2026-10-${String(n).padStart(2, '0')}${at}`, device: 'phone' }))); // prettier-ignore
    await db.insertInto('openings').values(hours.map((row) => ({ ...row, language: 'en', visitor: 'person', count: 2 }))).execute(); // prettier-ignore
    await db.insertInto('link_clicks').values(hours.map((row) => ({ ...row, class: 'person', host: '', shard: 1, clicks: 1 }))).execute(); // prettier-ignore
    await close();

    let time = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (time += 1_000));
    let turns = 0;
    let isOpen = false;
    const tick = () => void (!isOpen && (turns += 1) && setImmediate(tick));
    setImmediate(tick);
    const now = await openDatabase(postgres ?? path).finally(() => clock.mockRestore());
    isOpen = true;
    expect(turns).toBeGreaterThan(100);
    const openings = await now.query.selectFrom('openings').selectAll().execute();
    expect(new Set(openings.map(({ form, hour, count }) => `${form} ${hour.length} ${count}`))).toEqual(new Set(['driver 10 4', 'tenant 10 4'])); // prettier-ignore
    const clicks = await now.query.selectFrom('link_clicks').selectAll().execute();
    expect(new Set(clicks.map(({ form, hour, clicks: count }) => `${form} ${hour.length} ${count}`))).toEqual(new Set(['driver 10 2', 'tenant 10 2'])); // prettier-ignore
    expect([openings.length, clicks.length]).toEqual([50, 50]);
    await closeDatabase(now);
  });

  it('without roles makes each member, and each person with an open code, an owner of all forms', async () => {
    const path = join(temporaryFolder(), 'flipsite.db');
    const postgres = await emptyPostgresFor(path);
    const { db, close } = await opened(postgres, path);
    await migrateTo('2026-11-28-standard-names', db, postgres);
    for (const id of ['ana', 'ben'])
      await db
        .insertInto('members')
        .values({ id, email: `${id}@acme.example`, password_hash: 'hash', created_at: at })
        .execute();
    const email = 'cruz@acme.example';
    const expires_at = '2099-01-01T00:00:00.000Z';
    await db
      .insertInto('member_codes')
      .values({ email, code_hash: sha256('CRUZCODE'), created_at: at, expires_at })
      .execute();
    await close();

    const now = await openDatabase(postgres ?? path);
    for (const id of ['ana', 'ben']) expect(await listGrants(now, id)).toEqual([OWNER_OF_ALL]);
    const used = await redeemCode(now, { email, code: 'CRUZ-CODE', password: 'battery staple', now: NOW });
    if (used.fault !== undefined) throw new Error(used.fault);
    expect(await listGrants(now, used.member.id)).toEqual([OWNER_OF_ALL]);
    await closeDatabase(now);
  });
});
