/** Smile slow, broken or not Smile at all: every call ends, in a value or in a `SmileError` of the right kind. */
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSmileClient, type SmileClient, type SmileExchange } from '../../src/smile/client.ts';
import { SmileError, type SmileErrorKind } from '../../src/smile/error.ts';
import { cut, fails, hangs, ok, raw, startScriptedSmile, type Answer, type ScriptedSmile } from './scripted-smile.ts';

let smile: ScriptedSmile;
beforeEach(async () => {
  smile = await startScriptedSmile();
});
afterEach(() => smile.close());

const moment = '2026-01-01T00:00:00Z';
const token = { id: 'tk-1', accessToken: 'eyJ.very.secret', expiresAt: moment, mode: 'SANDBOX' };
const account = {
  id: 'a-1',
  userId: 'acme-1',
  providerId: 'abccorp',
  connectionStatus: 'CONNECTED',
  connection: { status: 'CONNECTED', updatedAt: moment },
};
const invite = { id: 'iv-1', userId: 'acme-1', status: 'INVITED' };
const person = { fullName: 'Ana Cruz', email: 'ana@example.com', templateId: 'tpl-1' };

interface Asked {
  call: (client: SmileClient) => Promise<unknown>;
  /** The answers of a working Smile. */
  good: Answer;
  /** Whether it may be asked again without harm. */
  again: boolean;
}

const asked: Record<string, Asked> = {
  createUser: { call: (it) => it.createUser(), good: ok({ user: { id: 'acme-1' }, token }, 201), again: false },
  createInvite: { call: (it) => it.createInvite(person), good: ok(invite, 201), again: false },
  createToken: { call: (it) => it.createToken('acme-1'), good: ok(token, 201), again: true },
  getAccount: { call: (it) => it.getAccount('a-1'), good: ok(account), again: true },
  listAccounts: { call: (it) => it.listAccounts('acme-1'), good: ok({ items: [account] }), again: true },
  listData: { call: (it) => it.listData('incomes', { sourceId: 'a-1' }), good: ok({ items: [] }), again: true },
  deleteAccount: { call: (it) => it.deleteAccount('a-1'), good: ok({}), again: true },
};

const bytes =
  (...parts: (string | Uint8Array)[]): Answer =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    for (const part of parts) response.write(part);
    response.end();
  };
/** Writes on and on, until the connection closes. */
const endless =
  (chunk: string, every: number): Answer =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    let heard = true;
    response.on('close', () => (heard = false)).on('error', () => (heard = false));
    const write = () => void (heard && response.write(chunk, () => setTimeout(write, every)));
    write();
  };
const redirect =
  (status: number, location: string): Answer =>
  (response) =>
    response.writeHead(status, { Location: location }).end();
const onTheWire =
  (text: string): Answer =>
  (response) =>
    void response.socket?.end(text);
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
const zipped: Answer = (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);

/** The expected end of each call; for `deleteAccount`, which needs no data, where it differs. */
const faults: [string, Answer, SmileErrorKind, (SmileErrorKind | 'value')?][] = [
  ['a page of HTML', raw(200, '<html>Log in to the hotel</html>', 'text/html'), 'unexpected_answer'],
  ['nothing but 200', raw(200, ''), 'unexpected_answer', 'value'],
  ['204', (response) => response.writeHead(204).end(), 'unexpected_answer', 'value'],
  ['null', raw(200, 'null'), 'unexpected_answer'],
  ['a number', raw(200, '42'), 'unexpected_answer'],
  ['a list', raw(200, '[]'), 'unexpected_answer'],
  ['an envelope without data', raw(200, '{"code":"OK"}'), 'unexpected_answer', 'value'],
  ['data of another shape', ok({ user: 7, items: 'none' }), 'unexpected_answer', 'value'],
  ['201 without a token', ok({ user: { id: 'acme-1' } }, 201), 'unexpected_answer', 'value'],
  ['an id that is a path', ok({ ...account, id: '../x', user: { id: '../x' }, token }), 'unexpected_answer', 'value'],
  ['half of an answer', raw(200, '{"code":"OK","data":{"us'), 'unexpected_answer'],
  ['two answers', raw(200, '{"data":{}}{"data":{}}'), 'unexpected_answer'],
  ['bytes that are no text', bytes(Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28])), 'unexpected_answer'],
  ['a million brackets', bytes('['.repeat(1_000_000)), 'unexpected_answer'],
  ['more than any answer has', endless('x'.repeat(1_000_000), 0), 'unexpected_answer'],
  ['a small file that unpacks to 64 MB', zipped, 'unexpected_answer'],
  ['a redirect to itself', redirect(302, '/v1/users'), 'unexpected_answer'],
  ['a redirect to somebody else', redirect(307, 'http://127.0.0.1:9/'), 'unexpected_answer'],
  ['304', (response) => response.writeHead(304).end(), 'unexpected_answer'],
  ['a body cut off', cut, 'unavailable'],
  ['a closed connection', (response) => response.destroy(), 'unavailable'],
  ['no HTTP', onTheWire('SSH-2.0-OpenSSH_9.2\r\n'), 'unavailable'],
  ['headers without an end', onTheWire('HTTP/1.1 200 OK\r\nContent-Type: appl'), 'unavailable'],
  ['a megabyte of headers', onTheWire(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(1_000_000)}\r\n\r\n`), 'unavailable'],
  ['packed bytes that are not', (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('no'), 'unavailable'], // prettier-ignore
  ['500', fails(500, 'SERVER_ERROR'), 'unavailable'],
  ['502 with a page', raw(502, '<html>Bad gateway</html>', 'text/html'), 'unavailable'],
  ['503', fails(503, 'SERVER_UNAVAILABLE'), 'unavailable'],
  ['504', fails(504, 'TIME_LIMIT_EXCEEDED'), 'unavailable'],
  ['520, which is nobody’s', raw(520, ''), 'unavailable'],
  ['501', fails(501, 'UNSUPPORTED_METHOD'), 'refused'],
  ['418', raw(418, 'teapot', 'text/plain'), 'refused'],
  ['401', fails(401, 'INVALID_TOKEN'), 'authentication'],
  ['400 for the keys', fails(400, 'INVALID_CREDENTIALS'), 'authentication'],
  ['403', fails(403, 'UNAUTHORIZED_ACCESS'), 'refused'],
  ['429', fails(429, 'REQUEST_LIMIT_EXCEEDED'), 'rate_limited'],
  ['silence', hangs, 'timeout'],
  ['headers and then silence', (response) => response.writeHead(200).flushHeaders(), 'timeout'],
  ['a byte every 10 ms', endless(' ', 10), 'timeout'],
];

/** How long a client waits for an answer, in ms: long, so that only silence is one. */
const LONG: number = 20_000;

function patient({ exchanges = [] as SmileExchange[], patience = () => LONG, budgetMs = 60_000 } = {}) {
  let slept = 0;
  return createSmileClient({
    host: smile.host,
    apiKey: 'the-key',
    apiSecret: 'the-secret',
    timeoutMs: LONG,
    budgetMs,
    fetch: (address, init) =>
      fetch(address, { ...init, signal: AbortSignal.any([init!.signal!, AbortSignal.timeout(patience())]) }),
    log: (exchange) => exchanges.push(exchange),
    sleep: (ms) => Promise.resolve((slept += ms)),
    now: () => performance.now() + slept,
  });
}

const outcomeOf = (call: Promise<unknown>) => call.then(() => 'value' as const).catch((error: unknown) => error);

describe.each(faults)('Smile answering with %s', (_what, fault, kind, forDelete = kind) => {
  it.each(Object.entries(asked))('ends %s, and it works again afterwards', async (name, { call, good, again }) => {
    const expected = name === 'deleteAccount' ? forDelete : kind;
    const exchanges: SmileExchange[] = [];
    let patience = kind === 'timeout' ? 60 : LONG;
    const client = patient({ exchanges, patience: () => patience });
    smile.answers(fault);
    const outcome = await outcomeOf(call(client));
    if (expected === 'value') expect(outcome).toBe('value');
    else {
      expect(outcome).toBeInstanceOf(SmileError);
      const error = outcome as SmileError;
      expect(error.kind).toBe(expected);
      expect(error.message).not.toMatch(/eyJ|secret|the-key|acme-1|a-1|ana@|html|Basic/);
    }
    // Asked again only where that can do no harm, and where it may help.
    const helps = kind === 'unavailable' || kind === 'timeout';
    expect(exchanges).toHaveLength(kind === 'rate_limited' || (helps && again) ? 4 : 1);
    // A call that is ended after 60 ms may not even have arrived on a busy machine.
    if (kind !== 'timeout') expect(smile.seen).toHaveLength(exchanges.length);
    expect(JSON.stringify(exchanges)).not.toMatch(/eyJ|secret|the-key|acme-1|"a-1|ana@|html|Basic/);

    patience = LONG;
    smile.answers(good);
    expect(await outcomeOf(call(client))).toBe('value');
  });
});

describe('a strange but complete answer is accepted', () => {
  it.each([
    ['of another content type', raw(201, JSON.stringify({ data: token }), 'text/html')],
    ['without a content type', (response) => response.writeHead(201).end(JSON.stringify({ data: token }))],
    ['with another status of success', ok(token, 202)],
    ['in many pieces', bytes('{"data":{"accessToken":"ey', 'J.very.secret","expiresAt":"', `${moment}","mode":"SAND`, 'BOX"}}')],
    ['packed', (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(JSON.stringify({ data: token })))],
    ['with fields and words of the future', ok({ ...token, mode: 'STAGING', scope: { all: true } })],
  ] as [string, Answer][])('%s', async (_what, answer) => {
    smile.answers(answer);
    expect(await patient().createToken('acme-1')).toMatchObject({ accessToken: 'eyJ.very.secret' });
  }); // prettier-ignore
});

describe('data of another user is refused', () => {
  it.each([
    ['an account by another id', ok({ ...account, id: 'a-2' }), (it: SmileClient) => it.getAccount('a-1')],
    ['accounts of another user', ok({ items: [account] }), (it: SmileClient) => it.listAccounts('acme-2')],
    [
      'data of another account',
      ok({ items: [{ id: 'inc-1', metadata: { userId: 'acme-1', sourceId: 'a-2' } }] }),
      (it: SmileClient) => it.listData('incomes', { userId: 'acme-1', sourceId: 'a-1' }),
    ],
  ])('%s', async (_what, answer, call) => {
    smile.answers(answer);
    expect(await outcomeOf(call(patient()))).toMatchObject({ kind: 'unexpected_answer' });
  });
});

describe('pages without an end', () => {
  it('end at a limit, with any cursors', async () => {
    let page = 0;
    smile.answers((response) => ok({ items: [account], nextCursor: `page-${page++}` })(response));
    expect(await outcomeOf(patient().listAllAccounts())).toMatchObject({
      kind: 'unexpected_answer',
      message: 'GET /accounts: the pages do not end',
    });
  });

  it('are left once there are enough', async () => {
    let page = 0;
    smile.answers((response) => ok({ items: [account, account], nextCursor: `page-${page++}` })(response));
    expect(await patient().listAllAccounts({ limit: 3 })).toHaveLength(3);
    expect(smile.seen.map(({ url }) => url)).toEqual(['/v1/accounts?size=3', '/v1/accounts?size=3&cursor=page-0']);
  });
});

describe('too much of a list', () => {
  it('is refused before its items are read', async () => {
    smile.answers(raw(200, `{"data":{"items":[${'1,'.repeat(10_000)}1]}}`));
    expect(await outcomeOf(patient().listAccounts('acme-1'))).toMatchObject({
      kind: 'unexpected_answer',
      // Not of its first item.
      message: "Smile's answer to GET /accounts has no usable data.items",
    });
  });

  it('is refused for the lists in its items together, before it has kept everyone waiting', async () => {
    const archive = `{"id":"d","userId":"acme-1","state":{"status":"ANALYZED"},"rawFiles":[${'{},'.repeat(9_000)}{}]}`;
    smile.answers(raw(200, `{"data":{"items":[${`${archive},`.repeat(29)}${archive}]}}`));
    const before = process.cpuUsage();
    expect(await outcomeOf(patient().listArchives({ userId: 'acme-1' }))).toMatchObject({
      kind: 'unexpected_answer',
      message: "Smile's answer to GET /archives has no usable data",
    });
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_500);
    // The next answer counts alone.
    smile.answers(ok({ items: [{ id: 'd', userId: 'acme-1', state: { status: 'ANALYZED' }, rawFiles: [] }] }));
    expect(await patient().listArchives({ userId: 'acme-1' })).toHaveLength(1);
  });

  it('is given up with 32 MB, in however many pages', async () => {
    let page = 0;
    const large = { ...account, comment: 'x'.repeat(7_000_000) };
    smile.answers((response) => ok({ items: [large], nextCursor: `page-${page++}` })(response));
    expect(await outcomeOf(patient().listAllAccounts())).toMatchObject({
      kind: 'unexpected_answer',
      message: "Smile's answer to GET /accounts is too large",
    });
    expect(smile.seen).toHaveLength(5);
  });

  it('is left out where it is the accounts of one person', async () => {
    const accounts = Array.from({ length: 160 }, (_, at) => ({ ...account, id: `a-${at}` }));
    smile.answers(ok({ items: accounts }));
    expect(await patient().listAccounts('acme-1')).toHaveLength(150);
  });

  it.each([
    [
      'a time that no calculation stands',
      { connection: { status: 'CONNECTED', updatedAt: '+275760-09-13T00:00:00Z' } },
    ],
    ['a provider of a megabyte', { providerId: 'p'.repeat(1_000_000) }],
    ['a status of a megabyte', { connectionStatus: 'S'.repeat(1_000_000) }],
  ])('is %s', async (_what, wrong) => {
    smile.answers(ok({ ...account, ...wrong }));
    expect(await outcomeOf(patient().getAccount('a-1'))).toMatchObject({ kind: 'unexpected_answer' });
  });
});

describe('a clock that leaps', () => {
  afterEach(() => void vi.useRealTimers());

  it('a year back between two attempts changes nothing', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-24T12:00:00Z') });
    smile.answers((response) => {
      vi.setSystemTime(new Date('2025-11-24T12:00:00Z'));
      fails(503, 'SERVER_UNAVAILABLE')(response);
    }, ok(account));
    expect(await patient().getAccount('a-1')).toMatchObject({ status: 'CONNECTED', at: moment });
    expect(smile.seen).toHaveLength(2);
  });

  it('at Smile’s is taken as Smile says it', async () => {
    smile.answers(ok({ ...token, expiresAt: '1999-12-31T23:59:59Z' }, 201));
    expect(await patient().createToken('acme-1')).toMatchObject({ expiresAt: '1999-12-31T23:59:59Z' });
  });
});
