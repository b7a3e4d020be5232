/** A test for each limit on requests, on their rate, and on the memory and the work that they take. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, vi } from 'vitest';
import { begin, eventually, expectRefusal, flood, openSmallSite, PLAIN, raw, requestOf, send, signature, webhook, type Draft, type ApiResponse } from '../helpers/api/client.ts'; // prettier-ignore
import { matchesPattern, withSharedTime } from '../../src/form/fields/text/pattern.ts';
import { parseForm } from '../../src/form/parse.ts';
import type { Form } from '../../src/form/schema.ts';
import { SMALL_BODY_BYTES } from '../../src/api/body.ts';
import { createEarlierPages } from '../../src/api/bounds/earlier-pages.ts';
import { createLargePages } from '../../src/api/bounds/large-pages.ts';
import { ApiException } from '../../src/api/errors.ts';
import { createFileTraffic } from '../../src/api/bounds/file-traffic.ts';
import { bodyMemory } from '../../src/api/bounds/memory-budget.ts';
import { createRates } from '../../src/api/bounds/rates.ts';
import { createResultTurns } from '../../src/dashboard/results/turns.ts';
import { openCatalog, type Catalog } from '../../src/publish/catalog.ts';
import { previewExpiry, signPreview, type PreviewKind } from '../../src/publish/previews/preview-token.ts';
import { openCards } from '../../src/publish/cards/cards.ts';
import { logoOf } from '../../src/publish/rendering/logo.ts';
import { createPageCache } from '../../src/publish/rendering/page-cache.ts';
import { makeUncached } from '../../src/publish/rendering/pages.ts';
import { openPageRenderer, type PageRenderer } from '../../src/publish/rendering/page-renderer.ts';
import { recentStoreHealth } from '../../src/record/db/store-health.ts';
import { enqueue } from '../../src/record/jobs/jobs.ts';
import { openWorker, type JobHandler, type JobHandlers } from '../../src/record/jobs/worker.ts';
import type { Services } from '../../src/respond/services.ts';
import { smileJobs } from '../../src/respond/smile/jobs.ts';
import { answerInTurns } from '../../src/site/answer-in-turns.ts';
import { createBoundedServer, type Connections, type ServerBounds } from '../../src/site/connections.ts';
import { slowReaderFinder, type CountedResponse } from '../../src/site/slow-readers.ts';
import { inTooManyPieces } from '../../src/site-limits/counting/pieces.ts';
import { widestKey } from '../../src/site-limits/counting/client-keys.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { inTime, TooSlow } from '../../src/site-limits/counting/slow-bodies.ts';
import type { MEMORY_LIMITS } from '../../src/site-limits/memory-limits.ts';
import type { RATE_LIMITS } from '../../src/site-limits/rate-limits.ts';
import type { REQUEST_LIMITS } from '../../src/site-limits/request-limits.ts';
import type { WORK_LIMITS } from '../../src/site-limits/work-limits.ts';
import { startSession } from '../../src/members/sessions.ts';
import { addMember } from '../helpers/dashboard-client.ts';
import { signedIn, visitor } from '../helpers/visitor.ts';
import { SLOW_FORM } from '../helpers/samples/large-forms.ts';
import { createDatabase, startPostgres } from '../helpers/postgres/postgres.ts';
import { NOW, temporaryDatabase, temporarySqlite } from '../helpers/database.ts';
import { API_KEY, removeFolder, type TestSite } from '../helpers/site.ts';
import { CheckerBusy, openFormChecker } from '../../src/publish/check/form-checker.ts';
import { saveDraft } from '../../src/record/forms/drafts.ts';
import { setManagedIn } from '../../src/record/forms/form-states.ts';
import type { Scenario } from './scenario.ts';

const PAPERS = `
title: Papers
screens: [{ id: only, title: Only, fields: [{ id: note, type: text, label: Note }, { id: cv, type: file, label: CV, max_size: 25 MB, max_files: 10 }] }]
endings: [{ id: done, title: Thanks }]
`;

async function withSite(env: Record<string, string>, run: (site: TestSite) => Promise<void>): Promise<void> {
  const site = await openSmallSite({ forms: { plain: PLAIN, papers: PAPERS }, env });
  try {
    await run(site);
  } finally {
    await site.close();
    removeFolder(site.folder);
  }
}

const withDraft = (env: Record<string, string>, run: (site: TestSite, draft: Draft) => Promise<void>) =>
  withSite(env, async (site) => run(site, await begin(site, 'plain')));

const PARTS = { 'content-type': 'multipart/form-data; boundary=x' };
const part = (header: string, value = '') => `--x\r\ncontent-disposition: form-data; ${header}\r\n\r\n${value}\r\n`;
const post = (site: TestSite, body: string, headers: Record<string, string> = PARTS) =>
  send(site, 'POST', '/papers', body, { origin: site.origin, ...headers });

/** The status and code of a refusal, whatever headers it has. */
const expectTold = (said: ApiResponse, status: number, code: string) =>
  expect([said.status, said.body?.error?.code]).toEqual([status, code]);

/** The first piece of a posted form. */
const BEGINNING = '--x\r\ncontent-disposition: form-data; name="note"\r\n\r\n';

/**
 * The time until the server closes a slow connection, in ms to the second. `sends` returns the bytes at the end of each
 * second.
 */
export async function givenUpAfter(announced: number, sends: (second: number) => number): Promise<number> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  async function* body() {
    for (let second = 1; second <= 600; second++) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      if (sends(second) > 0) yield Buffer.alloc(sends(second));
    }
  }
  try {
    const begun = performance.now();
    let ended = Infinity;
    const reading = (async () => {
      for await (const _chunk of inTime(body(), announced));
    })().catch((error: unknown) => {
      expect(error).toBeInstanceOf(TooSlow);
      ended = Math.round((performance.now() - begun) / 1_000) * 1_000;
    });
    await vi.advanceTimersByTimeAsync(601_000);
    await reading;
    return ended;
  } finally {
    vi.useRealTimers();
  }
}

/** A JSON body one byte over the bound. */
const longer = (bytes: number) => `{"screen":"${'x'.repeat(bytes)}"}`.slice(0, bytes + 1);

/** As many requests as fit into a minute pass, and one more does not. */
const aMinute = (most: number, ask: (draft: Draft, site: TestSite) => Promise<ApiResponse>): Scenario => {
  return () =>
    withDraft({ RATE_LIMIT: 'on' }, async (site, draft) => {
      const passed: ApiResponse[] = [];
      // Not more at once than may ask Smile at once, which is another limit.
      const atOnce = SITE_LIMITS.smileAsksPerAddress.value;
      while (passed.length < most)
        passed.push(...(await Promise.all(Array.from({ length: atOnce }, () => ask(draft, site)))));
      expect(passed.filter(({ status }) => status === 429)).toEqual([]);
      const refused = await ask(draft, site);
      expectRefusal(refused, 429, 'rate_limited');
      expect(refused.body.error.message).toContain('Too many requests come for this submission.');
    });
};

/** As many parts as the form of papers, with two fields and ten files, may have; then one more. */
const oneTooManyParts = () =>
  withSite({}, async (site) => {
    const most = 2 * SITE_LIMITS.formPostPartsPerField.value + 10 + SITE_LIMITS.formPostSpareParts.value;
    const body = (parts: number) => `${part('name="x"').repeat(parts)}--x--\r\n`;
    expect((await post(site, body(most))).status).toBe(303);
    expectTold(await post(site, body(most + 1)), 413, 'too_large');
  });

const START = 'POST /api/forms/plain/submissions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 2\r\n'; // prettier-ignore

/** Sends more starts than may wait, until `waiting` says that no more do; then one more. */
async function oneTooManyWaiting(site: TestSite, most: number): Promise<ApiResponse> {
  const each = SITE_LIMITS.requestsPerConnection.value;
  const many = `${`${START}\r\n{}`.repeat(each - 1)}${START}connection: close\r\n\r\n{}`;
  // SQLite takes up to 256 from those that wait, and holds them while the database is locked.
  const answers = Array.from({ length: (most + 400) / each }, () => raw(site.port, many));
  await eventually(async () => site.db.engine.waiting() === most);
  const said = await send(site, 'POST', '/api/forms/plain/submissions', {});
  answers.forEach((answer) => void answer.catch(() => undefined));
  return said;
}

const NO_FORM = '/api/forms/none/submissions';

/** An address in the /48 whose third group is `network`. */
const addressIn = (network: string, number: number) => ({ 'x-forwarded-for': `2001:db8:${network}:${number.toString(16)}::1` }); // prettier-ignore

/** Starts from `count` addresses of the same /48, the first of which is `from`; `network` is its third group. */
const startsFrom = (site: TestSite, network: string, count: number, each: number, from = 0): Promise<ApiResponse[]> =>
  Promise.all(
    Array.from({ length: count * each }, (_, index) =>
      send(site, 'POST', NO_FORM, {}, addressIn(network, from + (index % count))),
    ),
  );

/** The same, with statuses alone. */
const statusesFrom = ({ port }: TestSite, network: string, count: number, each: number, from = 0): Promise<number[]> =>
  flood(port, count * each, (index) =>
    requestOf(
      'POST',
      NO_FORM,
      { 'content-type': 'application/json', ...addressIn(network, from + (index % count)) },
      '{}',
    ),
  );

const refused = (said: ApiResponse[]) => said.filter(({ status }) => status === 429);

/** Opens `count` connections to the site, some at a time. @returns those that the site has closed, and the end of all */
async function connectTimes(port: number, count: number): Promise<{ closed: Set<Socket>; end(): void }> {
  const closed = new Set<Socket>();
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(200, count - sockets.length) }, () => connect(port, '127.0.0.1'));
    sockets.push(...some);
    for (const socket of some) socket.on('close', () => closed.add(socket)).on('error', () => undefined);
    await Promise.all(some.map((socket) => new Promise((done) => socket.on('connect', done).on('close', done))));
  }
  return { closed, end: () => sockets.forEach((socket) => socket.destroy()) };
}

/** What `/metrics` says of `name`. */
async function metricOf(site: TestSite, name: string): Promise<number> {
  const { text } = await send({ origin: `http://127.0.0.1:${site.port}` }, 'GET', '/metrics');
  const [, value] = text.split('\n').find((line) => line.startsWith(`${name} `))?.split(' ') ?? []; // prettier-ignore
  return Number(value);
}

/** A server of its own with these bounds, and its answers to the beginning of a request. */
async function answerOf(bounds: ServerBounds, beginning: string): Promise<string> {
  const { server } = createBoundedServer({ proxies: 0, byAddress: true, log: { warn: () => {} }, bounds });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = await raw((server.address() as AddressInfo).port, beginning);
  server.close();
  return answer;
}

/**
 * One address begins `count` requests, of which none ends, on a server for 20; then another one asks.
 * @param proxies how many proxies are in front
 * @returns the answer
 */
async function answerWhileFull(count: number, proxies: number): Promise<string> {
  const { server } = createBoundedServer({ proxies, byAddress: true, log: { warn: () => {} }, bounds: { connections: 20 } }); // prettier-ignore
  server.on('request', ({ method }, response) => method === 'GET' && response.end('here'));
  server.listen(0, '::');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const slow: Socket[] = [];
  for (let at = 0; at < count; at++) {
    const socket = connect(port, '127.0.0.1');
    slow.push(socket);
    socket.on('error', () => undefined);
    socket.write('POST / HTTP/1.1\r\nhost: a\r\nx-forwarded-for: 203.0.113.7\r\ncontent-length: 9\r\n\r\n');
    await Promise.race([once(socket, 'close'), wait(20)]);
  }
  await eventually(async () => slow.filter(({ destroyed }) => destroyed).length >= count - 18);
  const headers = { connection: 'close', 'x-forwarded-for': '203.0.113.8' };
  const answer = await fetch(`http://[::1]:${port}/`, { headers }).then((said) => said.text()).catch(() => 'dropped'); // prettier-ignore
  for (const socket of slow) socket.destroy();
  server.close();
  return answer;
}

/** More than the kernel takes of one connection. */
const LONG_ANSWER = 15 * 1_048_576;

/** Each character has three bytes. */
const LONG_TEXT = '漢'.repeat(LONG_ANSWER / 3);

/** A server of its own, whose answers are as long as their paths say. The clients of `ask` read nothing of them. */
async function withSlowReaders(
  bounds: ServerBounds,
  run: (server: Connections, ask: (host: string, answers: number, pipelined?: number) => Socket) => Promise<void>,
): Promise<void> {
  const { server, connections } = createBoundedServer({ proxies: 0, byAddress: true, log: { warn: () => {} }, bounds });
  server.on('request', ({ url }, response) => response.end(LONG_TEXT.repeat(Number(url?.slice(1)))));
  server.listen(0, '::');
  await once(server, 'listening');
  const sockets: Socket[] = [];
  await run(connections, (host, answers, pipelined = 1) => {
    const socket = connect((server.address() as AddressInfo).port, host).pause();
    sockets.push(socket.on('error', () => undefined));
    socket.write(`GET /${answers} HTTP/1.1\r\nhost: a\r\n\r\n`.repeat(pipelined));
    return socket;
  });
  for (const socket of sockets) socket.destroy();
  server.close();
}

/** @returns how many connections are left of `count` that read nothing, with room for four answers */
async function leftOfSlowReaders(count: number, pipelined: number): Promise<number> {
  let left = 0;
  await withSlowReaders({ unreadBytes: 4.5 * LONG_ANSWER }, async (server, ask) => {
    for (let at = 0; at < count; at++) ask('127.0.0.1', 1, pipelined);
    await eventually(async () => server.open() + server.dropped().unread >= count && server.open() * pipelined <= 4);
    // Nothing more is closed once the others fit.
    await wait(600);
    left = server.open();
  });
  return left;
}

/** Reads a piece every few milliseconds, and the rest at once as soon as `mayHurry` says so. */
function readSlowly(socket: Socket, mayHurry: () => boolean): Socket {
  socket.on('data', () => {
    if (mayHurry()) return;
    socket.pause();
    setTimeout(() => socket.resume(), 4);
  });
  return socket.resume();
}

/**
 * One reader of a large answer has the most unread bytes of all, on the address with the most. The others read nothing, or
 * a byte now and then.
 */
const readerAmongStrangers = (comes: 'first' | 'last') =>
  withSlowReaders({ unreadBytes: 4.5 * LONG_ANSWER }, async (server, ask) => {
    const areClosed = () => server.dropped().unread >= 2;
    const read = () => readSlowly(ask('127.0.0.1', 3), areClosed);
    let reader = comes === 'first' ? read() : undefined;
    if (reader) await eventually(async () => reader!.bytesRead > LONG_ANSWER / 2);
    const strangers = ['127.0.0.1', '::1', '::1', '127.0.0.1'].map((host) => ask(host, 1));
    const bytes = setInterval(() => strangers.forEach((one) => one.read(1)), 20);
    try {
      await eventually(async () => server.open() >= strangers.length);
      if (!reader) await wait(600);
      reader ??= read();
      await eventually(async () => areClosed());
      await eventually(async () => reader!.bytesRead > 3 * LONG_ANSWER);
    } finally {
      clearInterval(bytes);
    }
  });

const PAGE_BYTES = 4_000_000;

/** Gets pages until more than fit in `maxBytes` were made: the first one has to be rendered again, and the last one not. */
async function keptWithin(
  maxBytes: number,
  page: (press: PageRenderer, at: number) => Promise<unknown>,
): Promise<void> {
  let rendered = 0;
  const render = async () => {
    rendered += 1;
    return new Response('x'.repeat(PAGE_BYTES));
  };
  const form = { slug: 'plain', languages: ['en'], screens: [] };
  const catalog = {
    current: (slug: string) => ({ form: { ...form, slug }, version: 'now' }),
    version: async () => form,
    versionBytes: async () => 1,
    list: () => [],
  };
  const site = { api: '', base: '', scripts: { v1: '', v2: '' } };
  const press = openPageRenderer({ catalog: catalog as unknown as Catalog, render, site, sources: { script: [], connect: [], image: [] } }); // prettier-ignore
  const count = Math.ceil(maxBytes / PAGE_BYTES) + 2;
  for (let at = 0; at < count; at++) await page(press, at);
  await page(press, count - 1);
  expect(rendered).toBe(count);
  await page(press, 0);
  expect(rendered).toBe(count + 1);
}

/** A connection whose only answer waits. */
const unread = (bytes: number, completeAt?: number) =>
  [{ writableLength: bytes } as Socket, [{ completeAt, socket: {} } as CountedResponse]] as const;

const ownServer = () => createBoundedServer({ proxies: 0, byAddress: true, log: { warn: () => {} } }).server;

/** Nothing is measured. PostgreSQL on a busy machine takes more than the second that is the default. */
const SLOW_MACHINE = { timeout: 30_000 };

/** Something under way, until it is resolved. */
const held = () => Promise.withResolvers<void>();

/** So many looks at once from these addresses, of which one more is left out. @param other an address that may still look */
const looks = (most: number, addressOf: (n: number) => string, other?: string): Scenario =>
  async () => {
    const { smile } = createRates();
    const under = held();
    let looked = 0;
    const look = (address: string) =>
      smile.limitRefresh(address, () => {
        looked += 1;
        return under.promise;
      });
    const all = Array.from({ length: most }, (_, n) => look(addressOf(n)));
    await look(addressOf(most));
    expect(looked).toBe(most);
    if (other !== undefined) void look(other);
    expect(looked).toBe(other === undefined ? most : most + 1);
    under.resolve();
    await Promise.all(all);
    await look(addressOf(most));
    expect(looked).toBe(other === undefined ? most + 1 : most + 2);
  }; // prettier-ignore

/** Polls of Smile of one kind, which keep waiting neither those of the other kind nor reads of accounts. */
const pollsAtOnce =
  (kind: 'reconcile' | 'watch', most: number): Scenario =>
  async () => {
    const db = await temporaryDatabase();
    const under = held();
    const [polls, others]: [string[], string[]] = [[], []];
    const jobs: JobHandlers = smileJobs({} as Services);
    for (const [name, handler] of Object.entries(jobs))
      jobs[name] = { ...handler, run: async ({ subject }) => void others.push(subject) };
    jobs[kind] = { ...(jobs[kind] as JobHandler), run: ({ subject }) => (polls.push(subject), under.promise) };
    for (let n = 0; n < 3 * most; n++) await enqueue(db, { kind, subject: `s-${n}` }, NOW);
    await enqueue(db, { kind: kind === 'watch' ? 'reconcile' : 'watch', subject: 's-0' }, NOW);
    await enqueue(db, { kind: 'retrieve', subject: 'a-1' }, NOW);
    const worker = openWorker({ db, jobs, now: () => NOW, log: { warn: () => {} } });
    await expect.poll(() => [polls.length, others.toSorted()], SLOW_MACHINE).toEqual([most, ['a-1', 's-0']]);
    under.resolve();
    await expect.poll(() => polls.length, SLOW_MACHINE).toBe(3 * most);
    await worker.close();
  };

/** A site with a form that the dashboard owns, whose draft takes a second to check. */
const withSlowDraft = (run: (site: TestSite) => Promise<void>): Promise<void> =>
  withSite({}, async (site) => {
    await setManagedIn(site.db, 'plain', 'dashboard', new Date());
    await saveDraft(site.db, { form: 'plain', text: SLOW_FORM, title: 'Slow' }, 0, new Date());
    await run(site);
  });

const sessionOf = async ({ db }: TestSite, email: string) =>
  `flipsite=${await startSession(db, await addMember(db, email), new Date())}`;

/** An open page of Results. */
async function followResults({ origin }: TestSite, cookie: string) {
  const controller = new AbortController();
  const response = await fetch(`${origin}/admin/forms/plain/results/live`, { headers: { cookie }, signal: controller.signal }); // prettier-ignore
  // Node ends a stream that nothing refers to any more.
  return { status: response.status, response, leave: () => controller.abort() };
}

let slowMatches: Promise<void> | undefined;

/** Answers that take longer than others still match, until they have taken the time of a minute. */
async function useUpSlowMatches(): Promise<void> {
  const pattern = '(a*)*b|a*c';
  const slowAnswer = (length = 10): string => {
    const text = `${'a'.repeat(length)}c`;
    const before = process.threadCpuUsage();
    matchesPattern(pattern, text);
    return process.threadCpuUsage(before).user > 10_000 ? text : slowAnswer(length + 1);
  };
  const slow = slowAnswer();
  const usual = () => matchesPattern(pattern, 'aac');
  const bothSlow = () => withSharedTime(() => [matchesPattern(pattern, slow), matchesPattern(pattern, slow)]);
  expect([usual(), ...bothSlow()]).toEqual([true, true, true]);
  const used = vi.spyOn(process, 'threadCpuUsage').mockReturnValue({ user: SITE_LIMITS.slowMatchesMsPerMinute.value * 1_000, system: 0 }); // prettier-ignore
  usual();
  used.mockRestore();
  expect([usual(), ...bothSlow()]).toEqual([true, false, false]);
  // Without time that is left, nothing runs, also not the compiler.
  const measured = vi.spyOn(process, 'threadCpuUsage');
  withSharedTime(() => {
    matchesPattern(pattern, slow);
    measured.mockClear();
    matchesPattern(pattern, slow);
  });
  expect(measured).not.toHaveBeenCalled();
  measured.mockRestore();
  // If other programs have the processor, a match is tried again, and only the last try counts.
  let microseconds = 0;
  const others = vi.spyOn(process, 'threadCpuUsage').mockImplementation((before) => {
    microseconds += 450;
    return { user: microseconds - (before?.user ?? 0), system: 0 };
  });
  expect(bothSlow()).toEqual([true, true]);
  others.mockRestore();
  // Node compiles each of them for the first time, once for texts of Western Europe and once for others.
  const names = Array.from({ length: 10 }, (_, n) => `(?:[\\p{L}\\p{M}' ]{2,4${n}}){1} [\\p{L}\\p{M}' ]{2,4${n}}`);
  for (const text of ['Ana Peña', 'Ōta Ōta']) expect(names.filter((name) => !matchesPattern(name, text))).toEqual([]);
  const later = performance.now() + 60_000;
  const clock = vi.spyOn(performance, 'now').mockReturnValue(later);
  expect([usual(), ...bothSlow()]).toEqual([true, true, true]);
  clock.mockRestore();
}

/** Asks for these pages at once. `atOnce`: how many were rendered at the same time. */
async function renderAtOnce(pages: { address: string; bytes: number }[]): Promise<{ atOnce: number; refused: number }> {
  const largePages = createLargePages();
  let [running, atOnce] = [0, 0];
  const render = async () => {
    atOnce = Math.max(atOnce, ++running);
    for (let turns = 0; turns < 20; turns++) await new Promise((turn) => setImmediate(turn));
    running--;
  };
  const outcomes = await Promise.allSettled(pages.map(({ address, bytes }) => largePages(address, bytes, render)));
  const reasons = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  for (const reason of reasons) expect(reason instanceof ApiException && reason.error.code).toBe('busy');
  return { atOnce, refused: reasons.length };
}

/** How many pages of earlier versions are refused if these addresses ask for one each at once. */
async function refusedEarlier(addresses: string[]): Promise<number> {
  const earlierPages = createEarlierPages();
  const { promise: asked, resolve: allAsked } = Promise.withResolvers<void>();
  const pages = addresses.map((address) => earlierPages(address, () => asked));
  allAsked();
  const outcomes = await Promise.allSettled(pages);
  const reasons = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  for (const reason of reasons) expect(reason instanceof ApiException && reason.error.code).toBe('busy');
  return reasons.length;
}

export const requestScenarios: Record<
  keyof (typeof REQUEST_LIMITS & typeof RATE_LIMITS & typeof MEMORY_LIMITS & typeof WORK_LIMITS),
  Scenario
> = {
  async requestsPerTurn() {
    const most = SITE_LIMITS.requestsPerTurn.value;
    const answered: string[] = [];
    const ask = answerInTurns(
      ({ url = '' }) => void answered.push(url),
      ({ url = '' }) => widestKey(url),
    );
    const nextTurn = () => new Promise((turn) => setImmediate(turn));
    const from = (address: string) => ask({ url: address } as IncomingMessage, {} as ServerResponse);
    for (let asked = 0; asked < 3 * most; asked++) from(`2001:db8:0:${asked.toString(16)}::/64`);
    from('203.0.113.7');
    expect(answered).toHaveLength(most);
    while (answered.length === most) await nextTurn();
    expect(answered).toHaveLength(2 * most);
    // Of the network with many requests, only one comes before that of another address.
    expect(answered[most + 1]).toBe('203.0.113.7');
    while (answered.length <= 3 * most) await nextTurn();
    expect(new Set(answered).size).toBe(3 * most + 1);
  },
  async turnMs() {
    const answered: number[] = [];
    const ask = answerInTurns(
      () => {
        const until = performance.now() + SITE_LIMITS.turnMs.value;
        while (performance.now() < until);
        answered.push(turn);
      },
      () => 'a client',
    );
    let turn = 0;
    const most = SITE_LIMITS.requestsPerTurn.value;
    for (let asked = 0; asked < most + 5; asked++) ask({} as IncomingMessage, {} as ServerResponse);
    while (answered.length < most + 5) await new Promise((next) => setImmediate(next)).then(() => turn++);
    const waited = answered.slice(most);
    expect(new Set(waited).size).toBe(waited.length);
  },
  async largePageBytes() {
    const most = SITE_LIMITS.largePageBytes.value;
    expect(await renderAtOnce([most, most, most].map((bytes) => ({ address: '203.0.113.7', bytes })))).toEqual({ atOnce: 3, refused: 0 }); // prettier-ignore
    const large = ['203.0.113.7', '203.0.113.8', '203.0.113.8'].map((address) => ({ address, bytes: most + 1 }));
    expect(await renderAtOnce([...large, { address: '203.0.113.9', bytes: most }])).toEqual({ atOnce: 2, refused: 0 });
  },
  async largePagesPerAddress() {
    const bytes = SITE_LIMITS.largePageBytes.value + 1;
    const length = SITE_LIMITS.largePagesPerAddress.value + 1;
    const ofOne = Array.from({ length }, () => ({ address: '203.0.113.7', bytes }));
    expect((await renderAtOnce([...ofOne, { address: '203.0.113.8', bytes }])).refused).toBe(1);
    const ofNetwork = Array.from({ length }, (_, n) => ({ address: `2001:db8:0:${n.toString(16)}::/64`, bytes }));
    expect((await renderAtOnce(ofNetwork)).refused).toBe(1);
  },
  async earlierPagesPerAddress() {
    const most = SITE_LIMITS.earlierPagesPerAddress.value;
    const ofOne = Array.from({ length: most + 1 }, () => '203.0.113.7');
    expect(await refusedEarlier([...ofOne, '203.0.113.8'])).toBe(1);
    expect(await refusedEarlier(ofOne.map((_, n) => `2001:db8:0:${n.toString(16)}::/64`))).toBe(1);
    const site = await openSmallSite({ env: { RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' } });
    try {
      const now = await site.db.query.selectFrom('versions').selectAll().where('form', '=', 'plain').executeTakeFirstOrThrow(); // prettier-ignore
      const versions = Array.from({ length: 4 * most }, (_, n) => `earlier${n}`);
      await site.db.query.insertInto('versions').values(versions.map((version) => ({ ...now, version, replaced_at: now.created_at }))).execute(); // prettier-ignore
      const open = (version: string | undefined, from: string) => send(site, 'GET', `/plain?version=${version}`, undefined, { accept: 'text/html', 'x-forwarded-for': from }); // prettier-ignore
      const asked = Promise.all(versions.map((version) => open(version, '203.0.113.7')));
      const alike = Promise.all(versions.map(() => open(versions[0], '203.0.113.8')));
      // A person who continues a draft has a place, and so have people who share an address and ask for one page.
      expect((await open(versions.at(-1), '203.0.113.9')).status).toBe(200);
      expect((await alike).map(({ status }) => status)).toEqual(versions.map(() => 200));
      const refused = (await asked).filter(({ status }) => status !== 200);
      expect(refused.length).toBeGreaterThan(0);
      for (const { status, headers, text } of refused) {
        expect([status, headers.get('retry-after')]).toEqual([503, '10']);
        expect(text).toContain('<!DOCTYPE html>');
      }
      expect((await open(versions.at(-2), '203.0.113.7')).status).toBe(200);
    } finally {
      await site.close();
      removeFolder(site.folder);
    }
  },
  async earlierPages() {
    const most = SITE_LIMITS.earlierPages.value;
    expect(await refusedEarlier(Array.from({ length: most + 1 }, (_, n) => `10.0.0.${n}`))).toBe(1);
  },
  async largePages() {
    const most = SITE_LIMITS.largePages.value;
    const pages = Array.from({ length: most + 1 }, (_, n) => ({ address: `10.0.0.${n}`, bytes: SITE_LIMITS.largePageBytes.value + 1 })); // prettier-ignore
    expect((await renderAtOnce(pages)).refused).toBe(1);
    // A person without JavaScript who is refused can send the same form again, from the page that the browser kept.
    const screens = Array.from({ length: 70 }, (_, n) => `  - { id: s${n}, title: Screen, text: ${'long '.repeat(390)} }\n`); // prettier-ignore
    const large = PLAIN.replace('title: Plain', 'title: Large').replace('endings:', `${screens.join('')}endings:`);
    const site = await openSmallSite({ forms: { large, plain: PLAIN }, env: { RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' } }); // prettier-ignore
    const post = (form: string, n: number) => send(site, 'POST', `/${form}`, 'full_name=&note=kept', { accept: 'text/html', origin: site.origin, 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': `10.0.0.${n}` }); // prettier-ignore
    try {
      const sent = Array.from({ length: 3 * most }, (_, n) => post('large', n));
      // The pages of other forms do not wait for them.
      expect((await post('plain', 250)).status).toBe(422);
      const answers = await Promise.all(sent);
      const refused = answers.findIndex(({ status }) => status === 503);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([422, 503]));
      expect(Number(answers[refused]?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answers[refused]?.text).toContain('<!DOCTYPE html>');
      const again = await post('large', refused);
      expect([again.status, again.text.includes('>kept</textarea>')]).toEqual([422, true]);
    } finally {
      await site.close();
      removeFolder(site.folder);
    }
  },
  async formWorkWaiting() {
    const most = SITE_LIMITS.formWorkWaiting.value;
    const checker = openFormChecker();
    const checks = await Promise.allSettled(Array.from({ length: most + 2 }, () => checker.check({ file: 'forms/a.yaml', text: PLAIN, now: NOW }))); // prettier-ignore
    expect(checks.map(({ status }) => status)).toEqual([...Array<string>(most).fill('fulfilled'), 'rejected', 'rejected']); // prettier-ignore
    expect(checks.at(-1)).toMatchObject({ reason: expect.any(CheckerBusy) as unknown });
    expect((await checker.check({ file: 'forms/a.yaml', text: PLAIN, now: NOW })).ok).toBe(true);
    await checker.close();
  },
  async matchMs() {
    expect(matchesPattern('(a*)*', `${'a'.repeat(200)}b`)).toBe(false);
    expect(matchesPattern('(a*)*', 'aaa')).toBe(true);
  },
  async slowMatchesMs() {
    // The check does not try this sign.
    const field = (id: string) =>
      `{ id: ${id}, type: text, label: L, pattern: '(\\u{1F600}*)*', pattern_hint: Use faces }`;
    const most = SITE_LIMITS.slowMatchesMs.value / SITE_LIMITS.matchMs.value;
    const slow = Array.from({ length: most }, (_, n) => `f${n}`);
    const form = `title: Slow\nscreens:\n  - { id: one, title: One, fields: [${slow.map(field).join(', ')}] }\n  - { id: two, title: Two, fields: [${field('last')}] }\nendings: [{ id: done, title: Done }]\n`; // prettier-ignore
    const site = await openSmallSite({ forms: { slow: form } });
    const faultsAfter = async (slowAnswers: number) => {
      const answers = slow.map((id, n) => [id, `${'😀'.repeat(40)}${n < slowAnswers ? 'x' : ''}`]);
      const headers = { origin: site.origin, 'content-type': 'application/x-www-form-urlencoded' };
      const body = new URLSearchParams([...answers, ['last', '😀']]).toString();
      const { text } = await send(site, 'POST', '/slow', body, headers);
      return [...text.matchAll(/id="f-(\w+)-e"/g)].map(([, id]) => id);
    };
    try {
      expect(await faultsAfter(most - 1)).toEqual(slow.slice(0, most - 1));
      expect(await faultsAfter(most)).toEqual([...slow, 'last']);
      expect(await faultsAfter(0)).toEqual([]);
    } finally {
      await site.close();
      removeFolder(site.folder);
    }
  },
  slowMatchesMsPerMinute: () => (slowMatches ??= useUpSlowMatches()),
  briefMatchMs: () => (slowMatches ??= useUpSlowMatches()),
  async patternProperties() {
    const most = SITE_LIMITS.patternProperties.value;
    const field = (n: number, pattern: string) =>
      `      - { id: f${n}, type: text, label: L, pattern: '${pattern}', pattern_hint: Like this }\n`;
    const parse = (fields: string) => parseForm('forms/a.yaml', `title: T\nscreens:\n  - id: one\n    title: One\n    fields:\n${fields}endings: [{ id: done, title: Done }]\n`, NOW); // prettier-ignore
    const full = `${field(1, '\\p{L}'.repeat(most - 1))}${field(2, '\\p{Lu}')}`;
    expect(parse(full + field(3, '\\p{Lu}'))).toMatchObject({ ok: true });
    expect(parse(full + field(3, '\\P{Lu}'))).toMatchObject({
      ok: false,
      faults: [{ message: 'the patterns have `\\p{…}` 101 times together, and a form can have it 100 times' }],
    });
  },
  async formOptions() {
    const most = SITE_LIMITS.formOptions.value;
    const field = (id: string, options: number) =>
      `      - { id: ${id}, type: checkboxes, label: L, options: [${Array.from({ length: options }, (_, n) => `o${n}`).join(', ')}] }\n`;
    const full = Array.from({ length: most / 500 }, (_, n) => field(`f${n}`, 500)).join('');
    const parse = (fields: string) => parseForm('forms/a.yaml', `title: T\nscreens:\n  - id: one\n    title: One\n    fields:\n${fields}endings: [{ id: done, title: Done }]\n`, NOW); // prettier-ignore
    expect(parse(full)).toMatchObject({ ok: true });
    for (const more of [field('more', 1), '      - { id: more, type: country, label: L }\n']) {
      expect(parse(full + more)).toMatchObject({
        ok: false,
        faults: [
          {
            message: expect.stringMatching(
              /^the questions have [\d,]+ options together, and a form can have 5,000$/,
            ) as string,
          },
        ],
      });
    }
  },
  async formAliases() {
    const most = SITE_LIMITS.formAliases.value;
    const faultsOf = (text: string) => {
      const parsed = parseForm('forms/a.yaml', text, NOW);
      return parsed.ok ? [] : parsed.faults.map(({ message }) => message);
    };
    const refused = 'the file repeats its own parts too often';
    for (const [begin, one, end] of [
      ['screens:\n', '  - *a\n', ''],
      ['screens:\n', '  - **a\n', ''],
      ['screens: [', '{"a":*a},', ']'],
    ] as const) {
      expect(faultsOf(begin + one.repeat(most) + end)).not.toContain(refused);
      expect(faultsOf(begin + one.repeat(most + 1) + end)).toEqual([refused]);
    }
    // Asterisks in texts and comments are no aliases.
    expect(faultsOf(`description: |\n${'  *Read* this: **now** "*\n'.repeat(most)}`)).not.toContain(refused);
    expect(faultsOf(`${PLAIN}# ${'*a '.repeat(most + 1)}\n`)).toEqual([]);
  },
  editorRequestsPerMember: () =>
    withSlowDraft(async (site) => {
      const most = SITE_LIMITS.editorRequestsPerMember.value;
      const [member, other] = [await signedIn(site), await signedIn(site)];
      const pages = Array.from({ length: most + 1 }, () => member('/admin/forms/plain/edit'));
      const statuses = (await Promise.all(pages)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 429)).toHaveLength(1);
      expect(statuses.filter((status) => status === 200)).toHaveLength(most);
      expect((await other('/admin/forms/plain/edit')).status).toBe(200);
    }),
  resultStreamsPerMember: () =>
    withSite({}, async (site) => {
      const most = SITE_LIMITS.resultStreamsPerMember.value;
      const [cookie, other] = [await sessionOf(site, 'one@acme.example'), await sessionOf(site, 'other@acme.example')];
      const open = await Promise.all(Array.from({ length: most }, () => followResults(site, cookie)));
      expect(open.map(({ status }) => status)).toEqual(open.map(() => 200));
      expect([(await followResults(site, cookie)).status, (await followResults(site, other)).status]).toEqual([429, 200]); // prettier-ignore
      open[0]?.leave();
      await eventually(async () => (await followResults(site, cookie)).status === 200);
    }),
  resultStreams: () =>
    withSite({}, async (site) => {
      const [most, each] = [SITE_LIMITS.resultStreams.value, SITE_LIMITS.resultStreamsPerMember.value];
      const open: Awaited<ReturnType<typeof followResults>>[] = [];
      for (let number = 0; number < most / each; number++) {
        const cookie = await sessionOf(site, `${number}@acme.example`);
        open.push(...(await Promise.all(Array.from({ length: each }, () => followResults(site, cookie)))));
      }
      expect((await followResults(site, await sessionOf(site, 'last@acme.example'))).status).toBe(429);
      expect(open.map(({ status }) => status)).toEqual(open.map(() => 200));
    }),
  searchesPerMember: () =>
    withSite({}, async (site) => {
      const most = SITE_LIMITS.searchesPerMember.value;
      const as = async (email: string) => visitor(site.origin, await sessionOf(site, email));
      const [member, other] = [await as('one@acme.example'), await as('other@acme.example')];
      for (const path of ['/admin/people', '/admin/forms/plain/people']) {
        const asked = Array.from({ length: 5 * most }, () => member(`${path}?q=nobody`));
        const [plain, others] = await Promise.all([member(path), other(`${path}?q=nobody`)]);
        expect([plain.status, others.status]).toEqual([200, 200]);
        const statuses = (await Promise.all(asked)).map(({ status }) => status);
        expect(new Set(statuses)).toEqual(new Set([200, 429]));
        expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(most);
        expect((await member(`${path}?q=nobody`)).status).toBe(200);
      }
    }),
  resultsPerMember: () =>
    withSite({}, async (site) => {
      const most = SITE_LIMITS.resultsPerMember.value;
      const as = async (email: string) => visitor(site.origin, await sessionOf(site, email));
      const [member, other] = [await as('one@acme.example'), await as('other@acme.example')];
      const asked = Array.from({ length: 3 * most }, () => member('/admin/forms/plain/results'));
      expect((await other('/admin/forms/plain/results')).status).toBe(200);
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set([200, 429]));
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(most);
      expect((await member('/admin/forms/plain/results.csv')).status).toBe(200);
    }),
  async resultsAtOnce() {
    const atOnceOf = async (members: string[]) => {
      const inTurn = createResultTurns();
      let [running, atOnce] = [0, 0];
      const compute = async () => {
        atOnce = Math.max(atOnce, ++running);
        await new Promise((turn) => setImmediate(turn));
        running--;
      };
      await Promise.all(members.map(async (member) => inTurn(member, compute)));
      return atOnce;
    };
    expect(await atOnceOf(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'a'])).toBe(SITE_LIMITS.resultsAtOnce.value);
    expect(await atOnceOf(['a', 'a', 'a'])).toBe(1);
  },
  connections: () =>
    withSite({ RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' }, async (site) => {
      // One that has been used and is idle is closed for those that come.
      const idle = connect(site.port, '127.0.0.1');
      idle.write('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
      await once(idle, 'data');
      const most = SITE_LIMITS.connections.value;
      const { closed, end } = await connectTimes(site.port, most + 50);
      await eventually(async () => closed.size >= 50 && idle.destroyed);
      end();
      await eventually(async () => (await send(site, 'GET', '/healthz').catch(() => undefined))?.status === 200);
      expect(await metricOf(site, 'flipsite_connections_dropped_total{limit="all"}')).toBeGreaterThanOrEqual(50);
      expect(site.logged()).toContain('connections over the limit were dropped');
      // One address that takes all that it can get keeps no other one out.
      expect([await answerWhileFull(50, 0), await answerWhileFull(50, 1)]).toEqual(['here', 'here']);
    }),

  connectionsPerAddress: async () => {
    const most = SITE_LIMITS.connectionsPerAddress.value;
    await withSite({ RATE_LIMIT: 'on' }, async (site) => {
      const { closed, end } = await connectTimes(site.port, most + 5);
      await eventually(async () => closed.size === 5);
      end();
      await eventually(async () => (await send(site, 'GET', '/healthz').catch(() => undefined))?.status === 200);
      expect(await metricOf(site, 'flipsite_connections_dropped_total{limit="address"}')).toBeGreaterThanOrEqual(5);
    });
    // Those of a proxy are those of many people.
    await withSite({ RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' }, async (site) => {
      const { closed, end } = await connectTimes(site.port, most + 5);
      expect([(await send(site, 'GET', '/healthz')).status, closed.size]).toEqual([200, 0]);
      end();
    });
  },

  requestsPerConnection: () =>
    withSite({}, async (site) => {
      const most = SITE_LIMITS.requestsPerConnection.value;
      const started = async () => (await site.db.query.selectFrom('submissions').select('id').execute()).length;
      const starts = (count: number) => raw(site.port, `${START}\r\n{}`.repeat(count - 1) + `${START}connection: close\r\n\r\n{}`); // prettier-ignore
      expect((await starts(most)).match(/HTTP\/1\.1 201/g)).toHaveLength(most);
      expect(await started()).toBe(most);
      // Requests over the limit do no work, and those within it get no reader.
      await starts(1_000).catch(() => undefined);
      expect((await send(site, 'GET', '/healthz')).status).toBe(200);
      expect(await started()).toBeLessThanOrEqual(2 * most);
      expect(await metricOf(site, 'flipsite_connections')).toBeLessThan(5);
    }),

  async unreadAnswerBytes() {
    expect(await leftOfSlowReaders(7, 1)).toBe(4);
    expect(await leftOfSlowReaders(3, 2)).toBe(2);
    await readerAmongStrangers('first');
    await readerAmongStrangers('last');
    const fits = unread(SITE_LIMITS.unreadAnswerBytes.value);
    expect(slowReaderFinder()([fits])).toEqual([]);
    expect(slowReaderFinder()([fits, unread(1)])).toEqual([fits[0]]);
    // Before any of them has read, the order in which they came decides nothing.
    expect(slowReaderFinder()([unread(1), fits])).toEqual([fits[0]]);
  },

  async unreadMs() {
    await withSlowReaders({ unreadMs: 1 }, async (server, ask) => {
      ask('127.0.0.1', 1);
      await eventually(async () => server.dropped().unread === 1);
    });
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const find = slowReaderFinder();
      const complete = unread(1, performance.now());
      vi.advanceTimersByTime(SITE_LIMITS.unreadMs.value - 1);
      expect(find([complete, unread(1)])).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(find([complete, unread(1)])).toEqual([complete[0]]);
    } finally {
      vi.useRealTimers();
    }
  },

  async idleConnectionMs() {
    await withSite({}, async (site) => {
      const { headers } = await send(site, 'GET', '/healthz');
      expect(headers.get('keep-alive')).toBe(`timeout=${SITE_LIMITS.idleConnectionMs.value / 1_000}`);
    });
    // Empty lines are no request.
    await withSlowReaders({ idleMs: 10, headerMs: 10 }, async (_, ask) => {
      const socket = ask('127.0.0.1', 1).resume();
      const lines = setInterval(() => socket.write('\r\n'), 5);
      // A line may be on its way then, for which the system resets the connection. `once` would reject.
      await new Promise((closed) => socket.on('close', closed));
      clearInterval(lines);
    });
  },

  async headerMs() {
    expect(await answerOf({ headerMs: 10 }, 'GET / HTTP/1.1\r\n')).toMatch(/^HTTP\/1\.1 408 /);
    expect(ownServer().headersTimeout).toBe(SITE_LIMITS.headerMs.value);
  },

  async requestMs() {
    const beginning = 'POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9\r\n\r\n';
    expect(await answerOf({ headerMs: 10, requestMs: 10 }, beginning)).toMatch(/^HTTP\/1\.1 408 /);
    expect(ownServer().requestTimeout).toBe(SITE_LIMITS.requestMs.value);
  },

  openedBodyBytes: () =>
    withSite({}, async (site) => {
      const report = (bytes: number) => send(site, 'POST', '/api/forms/plain/opened', `{}${' '.repeat(bytes - 2)}`);
      const most = SITE_LIMITS.openedBodyBytes.value;
      expectRefusal(await report(most + 1), 413, 'too_large');
      expect((await report(most)).status).not.toBe(413);
    }),

  jsonBodyBytes: () =>
    withDraft({}, async (site) => {
      const body = longer(SITE_LIMITS.jsonBodyBytes.value);
      expectRefusal(await send(site, 'POST', '/api/forms/plain/submissions', body), 413, 'too_large');
    }),

  answersBodyBytes: () =>
    withDraft({}, async (site, { id, headers }) => {
      const body = longer(SITE_LIMITS.answersBodyBytes.value);
      expectRefusal(await send(site, 'PUT', `/api/submissions/${id}/answers`, body, headers), 413, 'too_large');
    }),

  webhookBodyBytes: () =>
    withSite({}, async (site) => {
      const body = 'x'.repeat(SITE_LIMITS.webhookBodyBytes.value + 1);
      expectRefusal(await send(site, 'POST', '/api/webhooks/smile', body), 413, 'too_large');
    }),

  largeBodiesInMemoryBytes: () =>
    withSite({}, async (site) => {
      const most = SITE_LIMITS.webhookBodyBytes.value;
      const head = `POST /api/webhooks/smile HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${most}\r\n\r\n`;
      // Nobody new is let in when more than half is in use.
      const slow = Array.from({ length: SITE_LIMITS.largeBodiesInMemoryBytes.value / 2 / most + 1 }, (_, n) => {
        const socket = connect({ port: site.port, host: '127.0.0.1', localAddress: `127.0.1.${1 + (n % 8)}` });
        socket.write(head);
        socket.write('x'.repeat(most - 1));
        return socket;
      });
      const sendLarge = () => send(site, 'POST', '/api/webhooks/smile', 'x'.repeat(SMALL_BODY_BYTES + 1));
      const large = await eventually(async () => {
        const said = await sendLarge();
        return said.status !== 401 && said;
      });
      expectRefusal(large, 429, 'rate_limited');
      expectRefusal(await send(site, 'POST', '/api/webhooks/smile', 'x'.repeat(SMALL_BODY_BYTES)), 401, 'unauthorized');
      for (const socket of slow) socket.destroy();
      await eventually(async () => (await sendLarge()).status === 401);
    }),

  async largeBodiesInMemoryPerAddressBytes() {
    const most = SITE_LIMITS.largeBodiesInMemoryPerAddressBytes.value;
    await bodyMemory(async (first) => {
      first(most);
      await expect(bodyMemory(async (second) => second(1), '203.0.113.7')).rejects.toThrow('rate_limited');
      await bodyMemory(async (other) => other(most), '203.0.113.9');
    }, '203.0.113.7');
  },

  bodyPieces: () =>
    withSite({}, async (site) => {
      const post = (path: string, pieces: number) =>
        raw(site.port, `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${site.port}\r\norigin: ${site.origin}\r\ncontent-type: multipart/form-data; boundary=x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${BEGINNING.length.toString(16)}\r\n${BEGINNING}\r\n${'1\r\nx\r\n'.repeat(pieces - 1)}0\r\n\r\n`); // prettier-ignore
      const most = SITE_LIMITS.bodyPieces.value;
      // All but the first are one byte each.
      expect(await post('/api/webhooks/smile', most)).toContain('HTTP/1.1 401');
      // Two such bodies would take all the room of local Smile.
      const localSmile = '/local-smile/v1/link/archives';
      for (const path of ['/api/webhooks/smile', '/papers', localSmile, localSmile, localSmile])
        expect(await post(path, most + 20)).toContain('too many small pieces');
    }),

  async bytesPerPiece() {
    const { bodyPieces, bytesPerPiece } = SITE_LIMITS;
    const bytes = 4 * bytesPerPiece.value;
    expect(inTooManyPieces(bodyPieces.value + 4, bytes)).toBe(false);
    expect(inTooManyPieces(bodyPieces.value + 5, bytes)).toBe(true);
  },

  async smallBodyMs() {
    const most = SITE_LIMITS.smallBodyMs.value;
    // Bytes that come now and then give it no more time.
    expect(await givenUpAfter(SITE_LIMITS.jsonBodyBytes.value, () => 2_000)).toBe(most);
  },

  async bodyStallMs() {
    const most = SITE_LIMITS.bodyStallMs.value;
    const larger = SITE_LIMITS.jsonBodyBytes.value + 1;
    expect(await givenUpAfter(larger, () => 0)).toBe(most);
    // However much it has sent before.
    expect(await givenUpAfter(larger, (second) => (second <= 10 ? 1_000_000 : 0))).toBe(10_000 + most);
  },

  async bodyBytesPerSecond() {
    const least = SITE_LIMITS.bodyBytesPerSecond.value;
    const larger = SITE_LIMITS.jsonBodyBytes.value + 1;
    expect(await givenUpAfter(larger, () => least)).toBe(Infinity);
    expect(await givenUpAfter(larger, () => least * 0.9)).toBeLessThan(600_000);
  },

  jsonValues: () =>
    withDraft({}, async (_site, draft) => {
      const save = (values: number) => draft.put('only', { one: Array(values).fill(1) });
      // Beside the values there are the body, the name of the screen, the object of the answers and the list.
      const most = SITE_LIMITS.jsonValues.value - 4;
      const many = `more than ${SITE_LIMITS.jsonValues.value}`;
      const [read, refused] = [await save(most), await save(most + 1)];
      for (const answer of [read, refused]) expectRefusal(answer, 400, 'invalid_request');
      expect([read.text.includes(many), refused.text.includes(many)]).toEqual([false, true]);
    }),

  formPostTextBytes: () =>
    withSite({}, async (site) => {
      const body = (bytes: number) => `${part('name="x"', 'a'.repeat(bytes))}--x--\r\n`;
      expect((await post(site, body(SITE_LIMITS.formPostTextBytes.value))).status).toBe(303);
      expectTold(await post(site, body(SITE_LIMITS.formPostTextBytes.value + 1)), 413, 'too_large');
    }),

  formPostBytes: () =>
    withSite({}, async (site) => {
      const announced = SITE_LIMITS.formPostBytes.value + 1;
      const head = `POST /papers HTTP/1.1\r\nhost: 127.0.0.1:${site.port}\r\norigin: ${site.origin}\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: ${announced}\r\nconnection: close\r\n\r\n`;
      const answer = await raw(site.port, head);
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toContain('"too_large"');
    }),

  formPostPartsPerField: () => oneTooManyParts(),
  formPostSpareParts: () => oneTooManyParts(),

  formPartHeaderBytes: () =>
    withSite({}, async (site) => {
      const body = `${part(`name="${'x'.repeat(SITE_LIMITS.formPartHeaderBytes.value)}"`)}--x--\r\n`;
      expectTold(await post(site, body), 400, 'invalid_request');
    }),

  startsAtOnce: () =>
    withSite({ RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' }, async (site) => {
      expect(refused(await startsFrom(site, '1', 1, SITE_LIMITS.startsAtOnce.value))).toEqual([]);
      // Some are allowed each second that this takes.
      const [one] = refused(await startsFrom(site, '1', 1, SITE_LIMITS.startsAtOnce.value));
      expectRefusal(one as ApiResponse, 429, 'rate_limited');
    }),

  startsPerSecond: () =>
    withSite({ RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' }, async (site) => {
      await startsFrom(site, '1', 1, 2 * SITE_LIMITS.startsAtOnce.value);
      const [one] = refused(await startsFrom(site, '1', 1, 2 * SITE_LIMITS.startsAtOnce.value));
      expectRefusal(one as ApiResponse, 429, 'rate_limited');
      await eventually(async () => (await startsFrom(site, '1', 1, 1))[0]?.status === 404);
    }),

  networkTimes: () =>
    withSite({ RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' }, async (site) => {
      // A refusal of one address of the network takes nothing from its neighbors.
      await statusesFrom(site, '1', 1, 4 * SITE_LIMITS.startsAtOnce.value);
      expect(new Set(await statusesFrom(site, '1', 15, 100, 1))).toEqual(new Set([404]));
      let one: ApiResponse | undefined;
      for (let round = 0; round < 40 && !one; round++) [one] = refused(await startsFrom(site, '1', 100, 1, 100));
      expectRefusal(one as ApiResponse, 429, 'rate_limited');
      expect(refused(await startsFrom(site, '2', 1, 1))).toEqual([]);
    }),

  async networkTimesAtOnce() {
    const traffic = createFileTraffic(true);
    const ended = Promise.withResolvers<void>();
    const most = SITE_LIMITS.filesOnTheirWayPerAddress.value * SITE_LIMITS.networkTimesAtOnce.value;
    const begin = (n: number) =>
      traffic.receive({ address: `2001:db8:1:${n.toString(16)}::/64`, submission: `s-${n}` }, () => ended.promise);
    const uploads = Array.from({ length: most }, (_, n) => begin(n));
    await expect(begin(most)).rejects.toMatchObject({ error: { code: 'rate_limited' } });
    ended.resolve();
    await Promise.all(uploads);
    await begin(most);
  },

  requestHeaders: () =>
    withSite({}, async (site) => {
      const most = SITE_LIMITS.requestHeaders.value;
      const ask = (count: number, more = '') => raw(site.port, `GET /plain HTTP/1.1\r\nhost: x\r\n${'a:\r\n'.repeat(count - 2)}${more}connection: close\r\n\r\n`); // prettier-ignore
      expect(await ask(most)).toMatch(/^HTTP\/1\.1 200 /);
      // The last ones are those that a proxy adds.
      for (const count of [most + 1, most + 2, 2_000]) expect(await ask(count, 'x-forwarded-for: 203.0.113.7\r\n')).toMatch(/^HTTP\/1\.1 431 /); // prettier-ignore
    }),

  hostCharacters: () =>
    withSite({}, async (site) => {
      const most = SITE_LIMITS.hostCharacters.value;
      const ask = (path: string, host: string, more = '') => raw(site.port, `GET ${path} HTTP/1.1\r\nhost: ${host}\r\n${more}connection: close\r\n\r\n`); // prettier-ignore
      for (const path of ['/plain', '/healthz', '/admin/sign-in', '/local-smile/']) {
        expect(await ask(path, 'a'.repeat(most))).not.toMatch(/^HTTP\/1\.1 400 /);
        expect(await ask(path, 'a'.repeat(most + 1))).toMatch(/^HTTP\/1\.1 400 /);
        const origin = (characters: number) => `origin: ${'https://'.padEnd(characters, 'a')}\r\n`;
        expect(await ask(path, 'x', origin(most))).not.toMatch(/^HTTP\/1\.1 400 /);
        expect(await ask(path, 'x', origin(most + 1))).toMatch(/^HTTP\/1\.1 400 /);
      }
      // The path of a page may be longer, and its origin is read.
      const posted = async (referer: string) => (await send(site, 'POST', '/papers', `${BEGINNING}x\r\n--x--\r\n`, { ...PARTS, referer })).status; // prettier-ignore
      expect(await posted(`${site.origin}/papers?a=${'a'.repeat(2 * most)}`)).toBe(303);
      expect(await posted(`https://${'a'.repeat(2 * most)}/papers`)).toBe(403);
    }),

  pathCharacters: () =>
    withSite({}, async (site) => {
      const most = SITE_LIMITS.pathCharacters.value;
      const pathOf = (start: string, characters: number) =>
        start + '/a'.repeat(most).slice(0, characters - start.length);
      for (const start of ['', '/api/forms', '/admin', '/preview', '/local-smile', '/go']) {
        expectRefusal(await send(site, 'GET', pathOf(start, most + 1)), 400, 'invalid_request');
        expect([start, (await send(site, 'GET', pathOf(start, most))).status]).not.toEqual([start, 400]);
      }
      expect((await send(site, 'GET', `/plain?${'a'.repeat(2 * most)}`)).status).toBe(200);
    }),

  brokenAddressCharacters: () =>
    withSite({}, async (site) => {
      const most = SITE_LIMITS.brokenAddressCharacters.value;
      const broken = (path: string, characters: number) => `${path}?`.padEnd(characters, '&%C3');
      for (const path of ['/plain', '/nothing', '/admin/sign-in', '/healthz']) {
        expectRefusal(await send(site, 'GET', broken(path, most + 1)), 400, 'invalid_request');
        expect([path, (await send(site, 'GET', broken(path, most - 1))).status]).not.toEqual([path, 400]);
      }
      expect((await send(site, 'GET', `/plain?${'&%C3%A9'.repeat(most)}`)).status).toBe(200);
    }),

  async pagesRenderedPerMinute() {
    const club = PLAIN.replace('title: Plain', 'title: Club\npassword: open sesame');
    const key = randomBytes(32);
    const site = await openSmallSite({
      key,
      forms: { club, plain: PLAIN },
      env: { RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' },
    });
    const preview = (kind: PreviewKind) =>
      `/preview/${signPreview([key], { form: 'plain', kind, generation: 1, expiresAt: previewExpiry(kind, new Date()) })}/plain`;
    let cookie = '';
    const get = (path: string, from = '203.0.113.7') => send(site, 'GET', path, undefined, { accept: 'text/html', 'x-forwarded-for': from, cookie }); // prettier-ignore
    try {
      const most = SITE_LIMITS.pagesRenderedPerMinute.value;
      const form = { origin: site.origin, 'content-type': 'application/x-www-form-urlencoded' };
      cookie =
        (await send(site, 'POST', '/plain', 'full_name=Ana', form)).headers.get('set-cookie')?.split(';')[0] ?? '';
      expect((await get('/club/invite')).status).toBe(200);
      expect((await get('/none')).status).toBe(404);
      for (let n = 2; n < most; n++) expect((await get(`/club?utm_source=${n}`)).status).toBe(200);
      const refusal = await get(`/club?utm_source=${most}`);
      expect([refusal.status, Number(refusal.headers.get('retry-after')) > 0]).toEqual([429, true]);
      expect(refusal.headers.get('content-type')).toMatch(/^text\/html/);
      // The pages of errors that it causes further are not those of each form.
      const elsewhere = { ...form, accept: 'text/html', origin: 'https://evil.example' };
      const brandFor = async (from: string) => {
        const { status, text } = await send(site, 'POST', '/plain', 'full_name=Ana', { ...elsewhere, 'x-forwarded-for': from }); // prettier-ignore
        return `${status} ${/>\s*(Flipsite|Plain)\s*</.exec(text)?.[1]}`;
      };
      // The address may have some pages again each second.
      const brands = await Promise.all(Array.from({ length: 60 }, () => brandFor('203.0.113.7')));
      expect(brands).toContain('403 Flipsite');
      expect(await brandFor('203.0.113.9')).toBe('403 Plain');
      // Pages that are ready, and other people, are not bounded by it.
      for (const path of ['/club?utm_source=2', '/plain', '/plain?utm_source=1', '/none', '/club/invite'])
        expect([path, (await get(path)).status]).toEqual([path, path === '/none' ? 404 : 200]);
      for (const path of [`/club?utm_source=${most}`, '/club', '/plain/invite', '/plain/ending']) {
        expect((await get(path)).status).toBe(429);
        expect((await get(path, '203.0.113.8')).status).toBe(200);
      }
      // The page that asks for a password repeats its query, so one with a long query counts as several.
      const long = async (n: number) => (await get(`/club?utm_source=${n}${'x'.repeat(8_000)}`, '203.0.113.12')).status;
      const statuses = [];
      for (let n = 0; n < most / 4; n++) statuses.push(await long(n));
      expect([statuses[0], statuses.at(-1)]).toEqual([200, 429]);
      // Other pages that say that there is nothing at an address are.
      expect((await get('/plain/nothing/here')).status).toBe(429);
      expect((await get('/plain/nothing/here', '203.0.113.8')).status).toBe(404);
      // Those of the dashboard count as well, of a visitor who is not signed in.
      for (const path of ['/admin/setup', '/admin/code']) {
        expect((await get(path)).status).toBe(429);
        expect((await get(path, '203.0.113.8')).status).toBe(200);
      }
      // Those of a preview too, but for the one that members have beside their text.
      expect((await get(preview('review'))).status).toBe(429);
      const comments = preview('review').replace(/plain$/, '-/comments');
      expect((await get(comments)).status).toBe(429);
      expect((await get(comments, '203.0.113.8')).status).toBe(200);
      expect((await get(preview('review'), '203.0.113.8')).status).toBe(200);
      expect((await get(preview('review'))).status).toBe(200);
      expect((await get(preview('frame'))).status).toBe(200);
      expect(site.logged()).not.toContain('could not be rendered');
    } finally {
      await site.close();
      removeFolder(site.folder);
    }
  },

  async renderedPageBytes() {
    const screens = Array.from(
      { length: 60 },
      (_, n) => `  - { id: s${n}, title: Screen, text: ${'long '.repeat(390)} }\n`,
    );
    const echo = PLAIN.replace("title: 'Thank you, {full_name}'", `title: Thank you, text: '${'{note} '.repeat(40)}'`);
    const large = PLAIN.replace('title: Plain', 'title: Large\nlanguages: [en, es]').replace('endings:', `${screens.join('')}endings:`); // prettier-ignore
    const site = await openSmallSite({
      forms: { large, plain: PLAIN, echo },
      env: { RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' },
    });
    const post = (path: string, from = '203.0.113.7', text = 'full_name=') => send(site, 'POST', path, text, { accept: 'text/html', origin: site.origin, 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': from }); // prettier-ignore
    try {
      const bytes = Buffer.byteLength((await send(site, 'GET', '/large')).text);
      const most = Math.floor(SITE_LIMITS.pagesRenderedPerMinute.value / Math.ceil(bytes / SITE_LIMITS.renderedPageBytes.value)); // prettier-ignore
      expect(most).toBeLessThan(SITE_LIMITS.startsAtOnce.value - 1);
      for (let n = 0; n < most; n++) expect((await post('/large')).status).toBe(422);
      expect((await post('/large')).status).toBe(429);
      expect((await post('/large', '203.0.113.8')).status).toBe(422);
      // A page counts as much in a language in which no person has opened the form.
      for (let n = 0; n < most; n++) expect((await post('/large/es', '203.0.113.11')).status).toBe(422);
      expect((await post('/large/es', '203.0.113.11')).status).toBe(429);
      // So do the values in a page of errors, and the answers in an ending.
      const mostAnswered = Math.floor(SITE_LIMITS.pagesRenderedPerMinute.value / Math.ceil(200_000 / SITE_LIMITS.renderedPageBytes.value)); // prettier-ignore
      const refused = `full_name=&note=${'x'.repeat(200_000)}`;
      const statuses = [];
      for (let n = 0; n <= mostAnswered; n++) statuses.push((await post('/plain', '203.0.113.9', refused)).status);
      expect([statuses[0], statuses.at(-1)]).toEqual([422, 429]);
      const sent = await post('/echo', '203.0.113.10', `full_name=Ana&note=${'x'.repeat(5_000)}`);
      const cookie = sent.headers.getSetCookie().map((one) => one.split(';')[0]).join('; '); // prettier-ignore
      for (let n = 0; n <= mostAnswered; n++)
        statuses.push((await send(site, 'GET', '/echo/ending', undefined, { cookie, 'x-forwarded-for': '203.0.113.10' })).status); // prettier-ignore
      expect([statuses[mostAnswered + 1], statuses.at(-1)]).toEqual([200, 429]);
    } finally {
      await site.close();
      removeFolder(site.folder);
    }
  },

  async earlierFormsCharacters() {
    const db = await temporaryDatabase();
    const most = SITE_LIMITS.earlierFormsCharacters.value;
    const row = (version: string) => ({ form: 'plain', version, definition: JSON.stringify({ title: 'x'.repeat(most / 2 - 100) }), created_at: '' }); // prettier-ignore
    await db.query.insertInto('versions').values(['a', 'b', 'c'].map(row)).execute();
    const catalog = await openCatalog(db);
    for (const version of ['a', 'b', 'c']) expect(await catalog.version('plain', version)).toBeDefined();
    // Two of them fit.
    await db.query.deleteFrom('versions').where('form', '=', 'plain').execute();
    const kept = await Promise.all(['a', 'b', 'c'].map((version) => catalog.version('plain', version)));
    expect(kept.map((form) => form !== undefined)).toEqual([false, true, true]);
  },
  currentPagesBytes: () =>
    keptWithin(SITE_LIMITS.currentPagesBytes.value, (press, at) => press.page(`form${at}`, 'en')),
  earlierPagesBytes: () =>
    keptWithin(SITE_LIMITS.earlierPagesBytes.value, (press, at) => press.page('plain', 'en', `?version=v${at}`)),
  async earlierPicturesBytes() {
    const most = SITE_LIMITS.earlierPicturesBytes.value;
    // That of the current version takes no room from the others.
    const formWith = (at: number, size = at === 0 ? most : Math.ceil(most / 3)) => ({ slug: 'plain', languages: ['en', 'es'], screens: [], brand: { logo: `data:image/webp;base64,${Buffer.alloc(size, at).toString('base64')}` } }) as unknown as Form; // prettier-ignore
    const [current, ...earlier] = Array.from({ length: 4 }, (_, at) => formWith(at));
    const catalog = { current: () => ({ form: current, version: 'now' }), version: async (_: string, at: string) => earlier[Number(at)], versionBytes: async () => 1, list: () => [{ form: current }] }; // prettier-ignore
    const site = { api: '', base: '', scripts: { v1: '', v2: '' } };
    const press = openPageRenderer({ catalog: catalog as unknown as Catalog, render: async () => new Response('x'), site, sources: { script: [], connect: [], image: [] } }); // prettier-ignore
    await press.page('plain', 'en');
    const addressOf = (form: Form | undefined) => (form && logoOf(form)?.path) ?? '';
    const kept = async () => (await Promise.all([current, ...earlier].map((form) => press.logo(addressOf(form))))).map(Boolean); // prettier-ignore
    for (const at of [0, 1]) await press.page('plain', 'en', `?version=${at}`);
    expect(await kept()).toEqual([true, true, true, false]);
    // Two of them fit. The page of the first one, in another language, is rendered last before the third one.
    await press.page('plain', 'es', '?version=0');
    await press.page('plain', 'en', '?version=2');
    expect(await kept()).toEqual([true, true, false, true]);
  },
  async previewPagesBytes() {
    const most = SITE_LIMITS.previewPagesBytes.value;
    const pages = createPageCache(most);
    const page = (bytes: number) => async () => makeUncached('x'.repeat(bytes), {}, 200);
    for (const name of ['a', 'b', 'c']) await pages.page(name, page(Math.ceil(most / 3)));
    expect(['a', 'b', 'c'].map((name) => pages.kept(name) !== undefined)).toEqual([false, true, true]);
  },
  sharedPagesBytes: () =>
    keptWithin(SITE_LIMITS.sharedPagesBytes.value, (press, at) =>
      press.shared({ kind: 'message', language: 'en', brand: 'Acme', title: `Message ${at}` }, 404),
    ),

  async cardPicturesBytes() {
    const content = (title: string) => ({ title, description: undefined, name: undefined, color: undefined, logo: undefined, language: 'en' as const }); // prettier-ignore
    const measured = openCards({ onProblem: expect.unreachable });
    const size = (await measured.draw('/assets/card-a.png', content('A')))?.plain.length ?? 0;
    await measured.close();
    // About 600 fit into the limit. Here two do.
    const cards = openCards({ onProblem: expect.unreachable, maxBytes: 3 * size });
    const paths = ['a', 'b', 'c'].map((name) => `/assets/card-${name}.png`);
    for (const path of paths) expect((await cards.draw(path, content('A')))?.plain.length).toBe(size);
    expect(paths.map((path) => cards.cached(path) !== undefined)).toEqual([false, true, true]);
    expect(await cards.draw(paths[0] ?? '', content('A'))).toBeDefined();
    await cards.close();
  },

  async webhooksPerAddressAndMinute() {
    const { webhook: limit } = createRates();
    const most = SITE_LIMITS.webhooksPerAddressAndMinute.value;
    for (let n = 0; n < most; n++) expect(limit('203.0.113.7')).toBe(0);
    expect([limit('203.0.113.7') > 0, limit('203.0.113.8')]).toEqual([true, 0]);
  },

  wrongWebhooksPerAddressAndMinute: () =>
    withSite({ RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' }, async (site) => {
      const most = SITE_LIMITS.wrongWebhooksPerAddressAndMinute.value;
      const event = () => JSON.stringify({ id: crypto.randomUUID(), type: 'ACCOUNT_CREATED', createdAt: new Date().toISOString(), data: {} }); // prettier-ignore
      const tell = (from: string, body: string, sign = signature(body)) =>
        webhook(site, body, { 'smile-signature': sign, 'x-forwarded-for': from });
      // Right ones do not count.
      for (let n = 0; n <= most; n++) expect((await tell('203.0.113.7', event())).status).toBe(200);
      for (let n = 0; n < most; n++) expectRefusal(await tell('203.0.113.7', '{}', 'wrong'), 401, 'unauthorized');
      expectRefusal(await tell('203.0.113.7', '{}', 'wrong'), 429, 'rate_limited');
      expect((await tell('203.0.113.8', event())).status).toBe(200);
    }),

  wrongApiKeysPerAddressAndMinute: () =>
    withSite({ RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' }, async (site) => {
      const most = SITE_LIMITS.wrongApiKeysPerAddressAndMinute.value;
      const list = (from: string, key: string) =>
        send(site, 'GET', '/api/forms', undefined, { authorization: `Bearer ${key}`, 'x-forwarded-for': from });
      // Requests with the right key do not count.
      for (let n = 0; n <= most; n++) expect((await list('203.0.113.7', API_KEY)).status).toBe(200);
      for (let n = 0; n < most; n++) expectRefusal(await list('203.0.113.7', 'wrong'), 401, 'unauthorized');
      const refused = await list('203.0.113.7', 'wrong');
      expectRefusal(refused, 429, 'rate_limited');
      expect(refused.body.error.message).toContain('Too many requests with a wrong API key came from this address.');
      expect((await list('203.0.113.7', API_KEY)).status).toBe(200);
      expect((await list('203.0.113.8', API_KEY)).status).toBe(200);
    }),

  savesPerMinute: aMinute(SITE_LIMITS.savesPerMinute.value, (draft) => draft.put('only', {})),
  eventPostsPerMinute: aMinute(SITE_LIMITS.eventPostsPerMinute.value, (draft) => draft.post('events')),
  fileRequestsPerMinute: aMinute(SITE_LIMITS.fileRequestsPerMinute.value, (draft) => draft.post('files')),
  submitsPerMinute: aMinute(SITE_LIMITS.submitsPerMinute.value, (draft) => draft.post('submit')),
  linkTokensPerMinute: aMinute(SITE_LIMITS.linkTokensPerMinute.value, (draft) => draft.post('link-token')),
  disconnectsPerMinute: aMinute(SITE_LIMITS.disconnectsPerMinute.value, (draft, site) =>
    send(site, 'DELETE', `/api/submissions/${draft.id}/accounts/none`, undefined, draft.headers),
  ),

  async smileAsksPerAddress() {
    const { smile } = createRates();
    const asks = Array.from({ length: SITE_LIMITS.smileAsksPerAddress.value }, () => held());
    for (const { promise } of asks) void smile.ask('203.0.113.7', () => promise);
    await expect(smile.ask('203.0.113.7', async () => 1)).rejects.toThrow('rate_limited');
    expect(await smile.ask('203.0.113.8', async () => 1)).toBe(1);
    asks[0]?.resolve();
    await expect.poll(() => smile.ask('203.0.113.7', async () => 1).catch(() => 0)).toBe(1);
  },

  async smileAsks() {
    const { smile } = createRates();
    const under = held();
    const most = SITE_LIMITS.smileAsks.value;
    const asks = Array.from({ length: most }, (_, n) => smile.ask(`203.0.113.${n % 8}`, () => under.promise));
    await expect(smile.ask('203.0.113.7', async () => 1)).rejects.toThrow('rate_limited');
    expect(await smile.ask('203.0.113.9', async () => 1)).toBe(1);
    under.resolve();
    await Promise.all(asks);
    expect(await smile.ask('203.0.113.7', async () => 1)).toBe(1);
  },

  async smileAsksOfAll() {
    const { smile } = createRates();
    const under = held();
    const most = SITE_LIMITS.smileAsksOfAll.value;
    const asks = Array.from({ length: most }, (_, n) => smile.ask(`203.0.113.${n}`, () => under.promise));
    await expect(smile.ask('203.0.114.1', async () => 1)).rejects.toThrow('rate_limited');
    under.resolve();
    await Promise.all(asks);
    expect(await smile.ask('203.0.114.1', async () => 1)).toBe(1);
  },

  smileLooksPerAddress: looks(SITE_LIMITS.smileLooksPerAddress.value, () => '203.0.113.7', '203.0.113.8'),
  smileLooks: looks(SITE_LIMITS.smileLooks.value, (n) => `203.0.113.${n}`),

  smilePolls: pollsAtOnce('reconcile', SITE_LIMITS.smilePolls.value),
  smileWatches: pollsAtOnce('watch', SITE_LIMITS.smileWatches.value),

  async linkedReads() {
    const db = await temporaryDatabase();
    const under = held();
    const read: string[] = [];
    const { retrieve } = smileJobs({} as Services);
    const jobs = { retrieve: { ...(retrieve as JobHandler), run: ({ subject }: { subject: string }) => (read.push(subject), under.promise) } }; // prettier-ignore
    const most = SITE_LIMITS.linkedReads.value;
    for (let n = 0; n <= most; n++) await enqueue(db, { kind: 'retrieve', subject: `a-${n}` }, NOW);
    const worker = openWorker({ db, jobs, now: () => NOW, log: { warn: () => {} } });
    await expect.poll(() => read.length, SLOW_MACHINE).toBe(most);
    under.resolve();
    await expect.poll(() => read.length, SLOW_MACHINE).toBe(most + 1);
    await worker.close();
  },

  async readinessMs() {
    const db = await temporarySqlite();
    let time = 0;
    const health = recentStoreHealth(db, () => time);
    expect(await health()).toBeUndefined();
    await sql`pragma query_only = on`.execute(db.query);
    time += SITE_LIMITS.readinessMs.value - 1;
    expect(await health()).toBeUndefined();
    time += 1;
    expect(await health()).toContain('read-only');
    await sql`pragma query_only = off`.execute(db.query);
    expect(await health()).toContain('read-only');
  },
  async writesWaitingOnSqlite() {
    const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-'));
    const file = path.join(folder, 'waiting.sqlite');
    await withSite({ DATABASE_URL: file }, async (site) => {
      const other = new DatabaseSync(file);
      other.exec('begin immediate');
      const said = await oneTooManyWaiting(site, SITE_LIMITS.writesWaitingOnSqlite.value);
      other.exec('rollback');
      other.close();
      expectRefusal(said, 503, 'busy');
    });
    removeFolder(folder);
  },

  async requestsWaitingOnPostgres() {
    const server = await startPostgres();
    const url = server.url('waiting');
    await createDatabase(url);
    await withSite({ DATABASE_URL: url, DATABASE_CONNECTIONS: '2' }, async (site) => {
      const other = new pg.Client({ connectionString: url });
      await other.connect();
      await other.query('begin; lock table submissions');
      const said = await oneTooManyWaiting(site, SITE_LIMITS.requestsWaitingOnPostgres.value);
      await other.query('rollback');
      await other.end();
      expectRefusal(said, 503, 'busy');
    });
    await server.stop();
  },
  dashboardPostBytes: () =>
    withSite({}, async (site) => {
      const member = await signedIn(site);
      const ask = (bytes: number) => member('/admin/sign-in', { email: 'x'.repeat(bytes - 'email='.length) });
      expect((await ask(SITE_LIMITS.dashboardPostBytes.value + 1)).status).toBe(413);
      expect((await ask(SITE_LIMITS.dashboardPostBytes.value)).status).toBe(422);
    }),
  signInPostBytes: () =>
    withSite({}, async (site) => {
      const headers = { origin: site.origin, 'content-type': 'application/x-www-form-urlencoded' };
      const ask = (bytes: number) => send(site, 'POST', '/admin/sign-in', 'email='.padEnd(bytes, 'x'), headers);
      expect((await ask(SITE_LIMITS.signInPostBytes.value)).status).toBe(422);
      expect((await ask(SITE_LIMITS.signInPostBytes.value + 1)).status).toBe(413);
    }),
  async jsonNesting() {
    const site = await openSmallSite({ forms: { plain: PLAIN } });
    try {
      const { id, headers } = await begin(site, 'plain');
      const tell = (levels: number) => {
        // Brackets in a text are no levels. The body, its events, one of them and its data are four.
        const data = `{"text":"\\"${'['.repeat(99)}","a":${'['.repeat(levels - 4)}${']'.repeat(levels - 4)}}`;
        const body = `{"events":[{"id":"${crypto.randomUUID()}","name":"screenSeen","at":"2026-11-24T10:00:00Z","data":${data}}]}`;
        return send(site, 'POST', `/api/submissions/${id}/events`, body, headers);
      };
      const { value } = SITE_LIMITS.jsonNesting;
      expect(await tell(value)).toMatchObject({ status: 200, body: { stored: 1 } });
      expectRefusal(await tell(value + 1), 400, 'invalid_request');
    } finally {
      await site.close();
    }
  },
};
