/** PostgreSQL alone: losing it, several servers, its limits. */
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openCatalog } from '../../../src/publish/catalog.ts';
import { checkSetup } from '../../../src/operate/doctor.ts';
import { closeDatabase, openDatabase, type Database } from '../../../src/record/db/database.ts';
import { erase } from '../../../src/record/erasure.ts';
import { appendEvents, serverEvent } from '../../../src/record/events.ts';
import { StoreFault } from '../../../src/record/db/fault.ts';
import { recentStoreHealth, storeHealth } from '../../../src/record/db/store-health.ts';
import { migrations } from '../../../src/record/migrations/migrations.ts';
import { countChanges } from '../../../src/record/results/count-changes.ts';
import { resultsOf } from '../../../src/record/results/results.ts';
import { findSubmission, lockSubmission } from '../../../src/record/submissions/submissions.ts';
import { takeEvents } from '../../../src/record/submissions/usage.ts';
import { answerAs, asSite } from '../../../src/site-limits/counting/current-client.ts';
import { saveVersion } from '../../../src/record/versions.ts';
import { itLong } from '../../helpers/run/it-long.ts';
import { otherUser, startPostgres, type Postgres } from '../../helpers/postgres/postgres.ts';
import type { Form } from '../../../src/form/schema.ts';
import { diskStore } from '../../../src/record/files/disk.ts';
import { ofForm } from '../../../src/respond/access/submission-access.ts';
import { keepRecent } from '../../../src/respond/availability.ts';
import { upload } from '../../../src/respond/files/files.ts';
import type { Services } from '../../../src/respond/services.ts';
import { compiled } from '../../dashboard/forms.ts';
import { checked } from '../../operate/checked-setup.ts';
import { inParts, png } from '../../helpers/samples/files.ts';
import { draft, NOW, temporaryFolder } from '../../helpers/database.ts';
import { mountable, mounted, unmount } from './small-disk.ts';

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres({ durable: true });
  // Databases are made of it, with all tables.
  await closeDatabase(await openDatabase(server.url('template1')));
});
afterAll(() => server.stop());

async function asAdmin(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: server.url('postgres') });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

async function create(name: string, as = ''): Promise<string> {
  await asAdmin(`create database ${name} ${as}`);
  return server.url(name);
}

const PHOTO = `
title: Photo
screens: [{ id: one, title: One, fields: [{ id: photo, type: file, label: Photo }] }]
endings: [{ id: done, title: Done }]
`;

/** The errors that the doctor finds on a site with this database. */
async function doctorErrors(databaseUrl: string): Promise<string[]> {
  const setup = { ...checked, postgres: true, outgoing: false, dataDir: temporaryFolder(), databaseUrl };
  return (await checkSetup(setup)).filter(({ level }) => level === 'error').map(({ message }) => message);
}

const kindOf = (error: unknown): unknown => (error instanceof StoreFault ? error.kind : error);

describe('PostgreSQL', () => {
  it('gives its connections to clients one after another', async () => {
    const db = await openDatabase(await create('turns'), [], { connections: 1 });
    const order: string[] = [];
    const asked: Promise<unknown>[] = [];
    const ask = async (client: string) => {
      await sql`select 1`.execute(db.query);
      order.push(client);
    };
    const askAs = (client: string) => answerAs(client, () => asked.push(ask(client)));
    for (let n = 0; n < 20; n++) askAs('many');
    askAs('one');
    await Promise.all(asked);
    expect(order.indexOf('one')).toBe(2);
    await closeDatabase(db);
  });

  it('lets work that all clients wait for come before other work of the client who has caused it', async () => {
    const db = await openDatabase(await create('shared_work'), [], { connections: 1 });
    const query = (name: string) => sql`select pg_sleep(0.01)`.execute(db.query).then(() => done.push(name));
    const done: string[] = [];
    const { promise: all, resolve } = Promise.withResolvers<unknown>();
    answerAs('many', () => {
      const own = Array.from({ length: 20 }, () => query('own'));
      const health = recentStoreHealth(db)().then((problem) => done.push(problem ?? 'ready'));
      const count = keepRecent(() => query('count'), () => NOW)('club'); // prettier-ignore
      const submit = ofForm(db, 'club', () => query('submit'));
      resolve(Promise.all([...own, health, count, submit]));
    });
    await all;
    expect(done.filter((name, at) => name === 'own' && at < 7)).toHaveLength(4);
    expect(done.slice(0, 7)).toEqual(expect.arrayContaining(['ready', 'count', 'submit']));
    await closeDatabase(db);
  });

  it('gives every other connection to work that all clients wait for, however many they are', async () => {
    const db = await openDatabase(await create('every_other'), [], { connections: 1 });
    const done: string[] = [];
    const query = (name: string) => sql`select 1`.execute(db.query).then(() => done.push(name));
    const ofClient = (_: unknown, n: number) => answerAs(`${n}`, () => query('client'));
    const ofAll = (_: unknown, n: number) => answerAs(`${n}`, () => asSite(() => query('shared')));
    await Promise.all([...Array.from({ length: 20 }, ofClient), ...Array.from({ length: 3 }, ofAll)]);
    expect(done.slice(0, 7)).toEqual(['client', 'shared', 'client', 'shared', 'client', 'shared', 'client']);
    await closeDatabase(db);
  });

  // It tries again for some seconds, as while another server updates the tables.
  itLong('says that an older backup was restored over its newer tables', async () => {
    const url = await create('restored_over');
    const db = await openDatabase(url);
    const names = Object.keys(migrations);
    // The newest one that makes a table, and those after it.
    const undone = names.slice(names.indexOf('2026-12-31-site-key'));
    await sql`delete from kysely_migration where name in (${sql.join(undone)})`.execute(db.query);
    await closeDatabase(db);
    await expect(openDatabase(url)).rejects.toThrow('Restore the backup into an empty database');
  });

  it('is set up by one of several servers that begin at the same moment', async () => {
    const url = await create('several', 'template template0');
    const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase(url)));
    const { id } = await draft(opened[0] as Database);
    expect(await findSubmission(opened[3] as Database, id)).toBeDefined();
    await Promise.all(opened.map(closeDatabase));
  });

  it('that is gone gets its error at once, and is used again once it is back, with all acknowledged data', async () => {
    const db = await openDatabase(await create('gone'));
    const { id } = await draft(db);
    await server.kill();
    // A process of it that is in the middle of something notices a little later.
    await expect.poll(() => draft(db).then(() => 'stored', kindOf)).toBe('gone');
    for (let n = 0; n < 20; n++) await expect(draft(db)).rejects.toMatchObject({ name: 'StoreFault', kind: 'gone' });
    await expect(db.transaction((trx) => draft(trx))).rejects.toMatchObject({ kind: 'gone' });
    await expect(findSubmission(db, id)).rejects.toMatchObject({ kind: 'gone' });
    await server.start();
    expect(await findSubmission(db, id)).toBeDefined();
    expect((await db.transaction((trx) => draft(trx))).id).toBeTruthy();
    await closeDatabase(db);
  });

  it('that may only be read refuses writes, is not ready, is read, and takes writes by itself afterwards', async () => {
    const db = await openDatabase(await create('reading'));
    const { id } = await draft(db);
    const set = (what: string) => asAdmin(`alter system ${what}`, 'select pg_reload_conf()');
    await set('set default_transaction_read_only = on');
    const stored = () => draft(db).then(() => 'stored', kindOf);
    await expect.poll(stored).toBe('read_only');
    await expect(db.transaction((trx) => draft(trx))).rejects.toMatchObject({ kind: 'read_only' });
    await expect(db.engine.ready()).rejects.toMatchObject({ name: 'StoreFault', kind: 'read_only', message: expect.stringContaining('leads to the primary server') as string }); // prettier-ignore
    expect(await findSubmission(db, id)).toBeDefined();
    await set('reset default_transaction_read_only');
    await expect.poll(stored).toBe('stored');
    await closeDatabase(db);
  });

  it.skipIf(!mountable()).each([
    [
      'is not ready until there is space',
      'grant',
      'The disk of the database is full. Free some space, and writes continue by themselves.',
    ],
    ['is ready then also where its user may make no temporary tables', 'revoke', undefined],
  ])('whose disk is full %s, and stores what comes then', async (_, right, health) => {
    const folder = temporaryFolder();
    mounted(folder, 'size=40m,mode=777');
    const space = path.join(folder, 'space');
    mkdirSync(space);
    const who = otherUser();
    if (who) chownSync(space, who.uid, who.gid);
    const filler = path.join(folder, 'filler');
    try {
      await asAdmin(`create tablespace small location '${space}'`);
      await asAdmin('create role app login');
      const url = new URL(await create('packed', 'template template0 tablespace small owner app'));
      await asAdmin(`${right} temporary on database packed ${right === 'grant' ? 'to' : 'from'} public, app`);
      const db = await openDatabase(Object.assign(url, { username: 'app' }).href);
      const store = (name: string) =>
        db.transaction((trx) =>
          sql`insert into members (id, email, password_hash, created_at)
            select ${name}::text || n, ${name}::text || n, repeat('0', 1000), '' from generate_series(1, 200) as n`.execute(
            trx.query,
          ),
        );
      await store('before');
      spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']);
      await expect(async () => {
        for (let n = 0; n < 100; n++) await store(`then-${n}-`);
      }).rejects.toThrow('The disk of the database is full.');
      expect(await storeHealth(db)).toBe(health);
      rmSync(filler);
      expect(await storeHealth(db)).toBeUndefined();
      await store('after');
      await closeDatabase(db);
    } finally {
      await asAdmin('drop database if exists packed with (force)', 'drop tablespace if exists small', 'drop role if exists app'); // prettier-ignore
      unmount(folder);
    }
  });

  it('that may only be read says so at the start and to the doctor', async () => {
    // One has all tables, and one has none.
    for (const [name, from] of [
      ['only_read', ''],
      ['only_read_empty', 'template template0'],
    ] as const) {
      const url = await create(name, from);
      await asAdmin(`alter database ${name} set default_transaction_read_only = on`);
      const sentence = 'PostgreSQL accepts no writes. Check that DATABASE_URL leads to the primary server';
      await expect(openDatabase(url)).rejects.toThrow(sentence);
      expect(await doctorErrors(url)).toEqual([expect.stringContaining(sentence)]);
    }
  });

  it('whose user may not create or change tables says so at the first start and after an update', async () => {
    await asAdmin('create role plain login');
    const url = await create('of_another', 'template template0');
    const own = url.replace('flipsite@', 'plain@');
    const mayNotCreate = 'does not allow plain to create tables in of_another. Run grant create on schema public to plain there.'; // prettier-ignore
    await expect(openDatabase(own)).rejects.toThrow(mayNotCreate);
    expect(await doctorErrors(own)).toEqual([expect.stringContaining(mayNotCreate)]);
    await closeDatabase(await openDatabase(url));
    const admin = new Client({ connectionString: url });
    await admin.connect();
    await admin.query('grant create on schema public to plain; grant all on all tables in schema public to plain');
    const last = Object.keys(migrations).at(-1);
    await admin.query('delete from kysely_migration where name = $1', [last]);
    await admin.end();
    await expect(openDatabase(own)).rejects.toThrow(/does not allow plain to use or change the tables in of_another: must be owner of .*\. Make this user their owner\. The address is in DATABASE_URL\.$/); // prettier-ignore
  });

  it('to which the user may not connect, or whose tables it may not read, says so at the start and to the doctor', async () => {
    await asAdmin('create role stranger login');
    const own = (await create('not_ours')).replace('flipsite@', 'stranger@');
    const saying = async (sentence: string) => {
      await expect(openDatabase(own)).rejects.toThrow(sentence);
      expect(await doctorErrors(own)).toEqual([expect.stringContaining(sentence)]);
    };
    await saying('does not allow stranger to use or change the tables in not_ours: permission denied for table');
    await asAdmin('revoke connect on database not_ours from public');
    await saying(
      'does not allow stranger to connect to not_ours. Run grant connect on database not_ours to stranger there.',
    );
  });

  it('that became a standby refuses transactions of every isolation as one that may only be read', async () => {
    const folder = temporaryFolder();
    const own = await startPostgres({ kept: folder });
    const db = await openDatabase(own.url('postgres'));
    await own.kill();
    writeFileSync(path.join(folder, 'data/standby.signal'), '');
    await own.start();
    for (const locksRow of [true, false]) {
      const stored = () => db.transaction((trx) => draft(trx), { locksRow }).then(() => 'stored', kindOf);
      await expect.poll(stored).toBe('read_only');
    }
    await sql`select pg_promote()`.execute(db.query);
    expect((await db.transaction((trx) => draft(trx))).id).toBeTruthy();
    await closeDatabase(db);
    await own.stop();
  });

  it('that allows fewer connections than the site may open has a request wait for one of them', async () => {
    await asAdmin('create role small login connection limit 2');
    const url = (await create('small', 'owner small template template0')).replace('flipsite@', 'small@');
    const db = await openDatabase(url);
    const attempts = vi.spyOn(Client.prototype, 'connect');
    for (let n = 0; n < 5; n++) {
      const stored = await Promise.all(Array.from({ length: 40 }, () => draft(db).then(() => 'stored', kindOf)));
      expect(new Set(stored)).toEqual(new Set(['stored']));
    }
    // PostgreSQL starts a process for each one that it refuses.
    expect(attempts.mock.calls.length).toBeLessThan(40);
    attempts.mockRestore();
    await closeDatabase(db);
    const setup = { ...checked, postgres: true, outgoing: false, dataDir: temporaryFolder(), databaseUrl: url };
    const said = async () => (await checkSetup(setup)).map(({ message }) => message).join('\n');
    // PostgreSQL notices a little later that the site has gone.
    await expect.poll(said).toMatch(/^PostgreSQL .* allows 2 connections\.$/m);
    const others = [new Client({ connectionString: url }), new Client({ connectionString: url })];
    for (const one of others) await expect.poll(() => one.connect().then(() => 'open', String)).toBe('open');
    expect(await said()).toContain('PostgreSQL has no free connection for the doctor: too many');
    await expect(openDatabase(url)).rejects.toThrow('has no free connection for small. Lower DATABASE_CONNECTIONS');
    await Promise.all(others.map((one) => one.end()));
  });

  it('is ready while another server updates the tables', async () => {
    const url = await create('updating');
    const db = await openDatabase(url);
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query('begin');
    await other.query(`select id from kysely_migration_lock where id = 'migration_lock' for update`);
    expect(await storeHealth(db)).toBeUndefined();
    expect(await db.transaction((trx) => draft(trx))).toBeTruthy();
    await other.end();
    await closeDatabase(db);
  });

  it('that refuses the site gets its error, and is used again once it accepts the site', async () => {
    await asAdmin('create role guest login superuser');
    const db = await openDatabase((await create('closed')).replace('flipsite@', 'guest@'));
    const { id } = await draft(db);
    const end = `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'guest'`;
    await asAdmin('alter role guest nologin', end);
    await expect.poll(() => findSubmission(db, id).catch(kindOf)).toBe('refused');
    await asAdmin('alter role guest login');
    expect(await findSubmission(db, id)).toBeDefined();
    await closeDatabase(db);
  });

  it('refuses more than a thousand waiting writes as busy, and stores every other one', async () => {
    const db = await openDatabase(await create('busy'));
    const other = new Client({ connectionString: server.url('busy') });
    await other.connect();
    await other.query('begin');
    await other.query('lock table submissions in exclusive mode');
    const tried = Array.from({ length: 1_100 }, () => draft(db));
    const settled = Promise.allSettled(tried);
    await expect(tried.at(-1)).rejects.toMatchObject({ name: 'StoreFault', kind: 'busy' });
    expect(db.engine.waiting()).toBe(1_000);
    await other.query('rollback');
    await other.end();
    const refused = (await settled).filter((one) => one.status === 'rejected');
    for (const { reason } of refused) expect(reason).toMatchObject({ name: 'StoreFault', kind: 'busy' });
    const rows = await db.query.selectFrom('submissions').select('id').execute();
    expect(rows).toHaveLength(1_100 - refused.length);
    await closeDatabase(db);
  });

  it('names the error of its address, without the password', async () => {
    const none = server.url('nowhere').replace('flipsite@', 'flipsite:hidden@');
    const message = await openDatabase(none).catch((error: Error) => error.message);
    expect(message).toContain('has no database nowhere. Create it with createdb nowhere.');
    expect(message).not.toContain('hidden');
    await expect(openDatabase('postgres://ada:hidden@127.0.0.1:1/x')).rejects.toThrow(/127\.0\.0\.1:1 cannot be used/);
  });

  it('runs a transaction again that met another one, so that none is lost', async () => {
    const db = await openDatabase(await create('met'));
    await db.query.insertInto('forms').values({ slug: 'n', fault: '0', updated_at: '' }).execute();
    await Promise.all(
      Array.from({ length: 40 }, () =>
        db.transaction(async (trx) => {
          const { fault } = await trx.query.selectFrom('forms').select('fault').executeTakeFirstOrThrow();
          await trx.query
            .updateTable('forms')
            .set({ fault: String(Number(fault) + 1) })
            .execute();
        }),
      ),
    );
    expect((await db.query.selectFrom('forms').select('fault').executeTakeFirstOrThrow()).fault).toBe('40');
    await closeDatabase(db);
  });

  it('goes on with old servers while a newer one changes a table', async () => {
    const db = await openDatabase(await create('newer'));
    const { id } = await draft(db);
    for (let n = 0; n < 3; n++) await findSubmission(db, id);
    await sql`alter table submissions add column newer text`.execute(db.query);
    expect(await findSubmission(db, id)).toBeDefined();
    expect(await db.transaction((trx) => lockSubmission(trx, id))).toMatchObject({ id });
    await sql`alter table submissions add column newest text`.execute(db.query);
    expect(await db.transaction((trx) => lockSubmission(trx, id))).toMatchObject({ id });
    await closeDatabase(db);
  });

  it('refuses a transaction that met another one at every attempt as busy', async () => {
    const db = await openDatabase(await create('always_met'));
    const conflict = Object.assign(new Error('could not serialize access'), { code: '40001' });
    await expect(db.transaction(() => Promise.reject(conflict))).rejects.toMatchObject({ kind: 'busy' });
    await closeDatabase(db);
  });

  it('deletes a person at the first attempt while another one of the same day is deleted', async () => {
    const db = await openDatabase(await create('deleting'));
    const [one, other] = [await draft(db), await draft(db)];
    await db.query.updateTable('submissions').set({ answers: '{"full_name":"Ana"}' }).execute();
    await countChanges(db);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: erased, resolve: sayErased } = Promise.withResolvers<void>();
    const first = db.transaction(async (trx) => {
      await erase(trx, one.id, NOW);
      sayErased();
      await released;
    });
    let attempts = 0;
    const counting: Database['transaction'] = (run, options) =>
      db.transaction((trx) => {
        attempts++;
        return run(trx);
      }, options);
    const waits = async () =>
      (await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock'`.execute(db.query)).rows.length;
    await erased;
    const second = erase({ ...db, transaction: counting }, other.id, NOW);
    await expect.poll(waits).toBe(1);
    release();
    await Promise.all([first, second]);
    expect(attempts).toBe(1);
    const { steps, deleted } = await resultsOf(db, undefined, { form: 'driver' }, NOW);
    expect([steps.find(({ id }) => id === 'started')?.count, deleted]).toEqual([2, 2]);
    await closeDatabase(db);
  });

  it('deletes a person at the first attempt while events of theirs are stored', async () => {
    const db = await openDatabase(await create('deleting_events'));
    const { id } = await draft(db);
    const usage = { page_events: 1, page_bytes: 1, widget_events: 0, widget_bytes: 0 };
    await takeEvents(db, id, usage);
    let erased: Promise<unknown> = Promise.resolve();
    let attempts = 0;
    const counting: Database['transaction'] = (run, options) => db.transaction((trx) => (attempts++, run(trx)), options); // prettier-ignore
    const waits = async () => (await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock'`.execute(db.query)).rows.length; // prettier-ignore
    const storing = db.transaction(
      async (trx) => {
        await takeEvents(trx, id, usage);
        erased = erase({ ...db, transaction: counting }, id, NOW);
        await expect.poll(waits).toBe(1);
        // The event has to find its submission, which the deletion locks too.
        await appendEvents(trx, [serverEvent(id, 'answersSaved', {}, NOW)]);
      },
      { locksRow: true },
    );
    await Promise.all([storing, storing.then(() => erased)]);
    expect(attempts).toBe(1);
    expect(await db.query.selectFrom('events').select('id').where('scope', '=', id).execute()).toEqual([]);
    await closeDatabase(db);
  });

  it('stores the files of several people at the first attempt while all are stored', async () => {
    const db = await openDatabase(await create('files'), [Buffer.alloc(32, 7)]);
    const form = compiled(PHOTO, 'photo');
    const version = await saveVersion(db, form, NOW);
    const people = await Promise.all(Array.from({ length: 8 }, () => draft(db, { form: 'photo', version })));
    // All are stored before the first one is committed.
    const { promise: allStored, resolve: allAreStored } = Promise.withResolvers<void>();
    let [attempts, reached] = [0, 0];
    const transaction: Database['transaction'] = (run, options) =>
      db.transaction(async (trx) => {
        attempts++;
        const result = await run(trx);
        if (++reached === people.length) allAreStored();
        await allStored;
        return result;
      }, options);
    const files = diskStore(temporaryFolder());
    const services = { db: { ...db, transaction }, files, now: () => NOW } as unknown as Services;
    const uploads = people.map((person) =>
      upload(
        services,
        person,
        form,
        { field: 'photo', name: 'a.png', body: inParts(png()), announced: undefined },
        crypto.randomUUID(),
      ),
    );
    expect((await Promise.all(uploads)).every(({ ok }) => ok)).toBe(true);
    expect(attempts).toBe(people.length);
    await closeDatabase(db);
  });

  it('forgets every remembered answer of an erased submission, and of no other, under any collation', async () => {
    // As in many a database that sorts as people do: signs count for nothing beside letters.
    const shifted = `template template0 locale_provider icu icu_locale 'en-US-u-ka-shifted' locale 'C.UTF-8'`;
    const db = await openDatabase(await create('shifted', shifted));
    const [erased, kept] = [await draft(db), await draft(db)];
    for (const { id } of [erased, kept])
      for (const scope of [id, `${id}:link`, `${id}:files`, `${id}:events`])
        await db.query
          .insertInto('idempotency')
          .values({ scope, key: 'k', body_hash: '', response: '', created_at: NOW.toISOString() })
          .execute();
    await erase(db, erased.id, NOW);
    const left = await db.query.selectFrom('idempotency').select('scope').execute();
    expect(left.map(({ scope }) => scope.slice(0, 36))).toEqual(Array.from({ length: 4 }, () => kept.id));
    await closeDatabase(db);
  });

  it('informs a server of the publications of another one', async () => {
    const url = await create('published');
    const [one, other] = [await openDatabase(url), await openDatabase(url)];
    const catalog = await openCatalog(other);
    const form = {
      slug: 'driver',
      title: 'Drive',
      languages: ['en'],
      screens: [],
      endings: [],
      examples: [],
      params: [],
    };
    const version = await saveVersion(one, form as unknown as Form, NOW);
    expect(catalog.current('driver')).toBeUndefined();
    await catalog.refresh();
    expect(catalog.current('driver')).toMatchObject({ version, removed: false });
    await closeDatabase(one);
    await closeDatabase(other);
  });
});
