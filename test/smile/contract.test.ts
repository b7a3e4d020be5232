import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSmileClient, type SmileClient, type SmileExchange } from '../../src/smile/client.ts';
import { SmileError } from '../../src/smile/error.ts';
import { idIn, lastPage, openSamples } from '../helpers/openapi/openapi-samples.ts';
import { describeContract } from '../helpers/openapi/openapi.ts';
import { unintended } from './differences.ts';
import { EVERY_CALL, type Call } from './every-call.ts';
import { fails, raw, startScriptedSmile, type Answer, type ScriptedSmile } from './scripted-smile.ts';

/** Smile's products that forms have no use for. */
const OUT_OF_SCOPE =
  /\/(verifications|signals|footprints|maws|validations|blacklists|socialSecurities|employer\w+|payslips)\b/;

/** Required of every other kind of data; for these two the document forgets to. */
const FORGOTTEN = ['contribution.metadata', 'insight.metadata'];

const ERRORS: [number, string, SmileError['kind']][] = [
  [400, 'INVALID_CREDENTIALS', 'authentication'],
  [400, 'INVALID_PARAMETERS', 'refused'],
  [401, 'INVALID_TOKEN', 'authentication'],
  [403, 'UNAUTHORIZED_ACCESS', 'refused'],
  [404, 'MISSING_RESOURCE', 'refused'],
  [415, 'UNSUPPORTED_TYPE', 'refused'],
  [429, 'REQUEST_LIMIT_EXCEEDED', 'rate_limited'],
  [500, 'SERVER_ERROR', 'unavailable'],
  [501, 'UNSUPPORTED_METHOD', 'refused'],
  [503, 'SERVER_UNAVAILABLE', 'unavailable'],
  [504, 'TIME_LIMIT_EXCEEDED', 'unavailable'],
];

let smile: ScriptedSmile;
beforeAll(async () => {
  smile = await startScriptedSmile();
});
afterAll(() => smile.close());

/** Makes a call with a client of its own to a Smile with given answers. */
async function ask(call: Call, id: string, ...answers: Answer[]) {
  smile.answers(...answers);
  smile.seen.length = 0;
  const exchanges: SmileExchange[] = [];
  let slept = 0;
  const client = createSmileClient({
    host: smile.host,
    apiKey: 'key',
    apiSecret: 'secret',
    log: (exchange) => exchanges.push(exchange),
    sleep: (ms) => Promise.resolve((slept += ms)),
    now: () => performance.now() + slept,
  });
  const outcome = await call.make(client, () => id).catch((error: unknown) => error);
  return { outcome, exchanges };
}

const calls = EVERY_CALL.map((call, index) => [`${index + 1} ${call.method}: ${call.operation}`, call] as const);
const each = [...new Map(EVERY_CALL.map((call) => [call.operation, call])).values()];

describe('the list of calls', () => {
  it('has every method of the client', () => {
    const client = createSmileClient({ host: 'http://127.0.0.1', apiKey: 'key', apiSecret: 'secret' });
    const made = new Set(EVERY_CALL.map(({ method }) => method));
    expect([...made].sort()).toEqual((Object.keys(client) as (keyof SmileClient)[]).sort());
  });
});

describeContract("the client, held to Smile's OpenAPI document", (contract, path) => {
  const samples = openSamples(path);

  it('can ask for all that a form could need', () => {
    const asked = new Set(EVERY_CALL.map(({ operation }) => operation));
    expect(contract.operations.filter((operation) => !asked.has(operation) && !OUT_OF_SCOPE.test(operation))).toEqual(
      [],
    );
    expect([...asked].filter((operation) => !contract.operations.includes(operation))).toEqual([]);
  });

  /** As the server saw it: `/v1/users/x?size=3`. */
  function faultsOfRequests() {
    return smile.seen.flatMap(({ method, url, body }) => {
      const { pathname, searchParams } = new URL(url, smile.host);
      const sent = body === '' ? undefined : (JSON.parse(body) as unknown);
      return unintended(contract.request(method, pathname.replace(/^\/v1/, ''), searchParams, sent));
    });
  }

  const success = (operation: string) => (contract.declares(operation, 201) ? 201 : 200);
  const asked = (operation: string) => operation.replace(/\{\w+\}/, 'word').split(' ') as [string, string];

  describe.each(calls)('%s', (_name, call) => {
    it('sends the declared requests, and accepts the fullest and the barest answer', async () => {
      const status = success(call.operation);
      for (const how of ['full', 'bare'] as const) {
        const body = samples.answer(call.operation, status, how);
        expect(contract.response(...asked(call.operation), status, body)).toEqual([]);
        const pages = [body, lastPage(body)].map((page) => raw(status, JSON.stringify(page)));
        const { outcome, exchanges } = await ask(call, 'word', ...pages);
        expect(outcome instanceof Error ? outcome.message : '').toBe('');
        const missed = exchanges.flatMap((exchange) => exchange.missing);
        expect(missed.filter((field) => how === 'full' || !FORGOTTEN.includes(field))).toEqual([]);
        expect(smile.seen.length).toBeGreaterThan(0);
        expect(faultsOfRequests()).toEqual([]);
      }
    });
  });

  it.each(each.map((call) => [call.operation, call] as const))(
    "takes the document's own examples of %s",
    async (operation, call) => {
      const status = success(operation);
      const examples = samples.examples(operation, status);
      for (const example of examples) {
        const { outcome } = await ask(call, idIn(example), raw(status, JSON.stringify(lastPage(example))));
        expect(outcome instanceof Error ? outcome.message : '').toBe('');
      }
    },
  );

  it.each(each.map((call) => [call.operation, call] as const))(
    'gives every error of %s its kind',
    async (operation, call) => {
      for (const [status, code, kind] of ERRORS) {
        const { outcome, exchanges } = await ask(call, 'word', fails(status, code));
        const body = { code, message: 'In words', requestId: 'r-1', data: {} };
        expect(unintended(contract.response(...asked(operation), status, body))).toEqual([]);
        if (status === 404 && outcome === undefined) continue;
        expect(outcome).toBeInstanceOf(SmileError);
        expect(outcome).toMatchObject({ kind, status, code, requestId: 'r-1' });
        expect(exchanges[0]).toMatchObject({ operation, failure: kind, status, code, requestId: 'r-1' });
        const again =
          status === 429 ||
          (kind === 'unavailable' && (!operation.startsWith('POST') || /tokens|Session|Monitor/.test(operation)));
        expect(exchanges.length > 1).toBe(again);
      }
    },
  );
});
