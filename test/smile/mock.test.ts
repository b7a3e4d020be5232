import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSmileClient, type SmileExchange } from '../../src/smile/client.ts';
import { SmileError } from '../../src/smile/error.ts';
import { idIn, lastPage, openSamples } from '../helpers/openapi/openapi-samples.ts';
import { describeContract, notChecked } from '../helpers/openapi/openapi.ts';
import { EVERY_CALL } from './every-call.ts';
import { startPrism, type Prism } from './prism.ts';

const title = "the client at a mock that others made from Smile's OpenAPI document";

describeContract(title, (contract, document) => {
  const program = process.env.PRISM;
  if (!program) return notChecked(title, 'PRISM does not name the program of @stoplight/prism-cli');
  const samples = openSamples(document);
  let prism: Prism;
  // It serves the document at its root, not below a version, and knows one page of each list alone: the second is made
  // the last one.
  beforeAll(async () => {
    prism = await startPrism(program, document);
  });
  afterAll(() => prism?.stop());

  function client() {
    const violations: unknown[] = [];
    const exchanges: SmileExchange[] = [];
    let slept = 0;
    const smile = createSmileClient({
      host: `${prism.host}/v1`,
      apiKey: 'key',
      apiSecret: 'secret',
      timeoutMs: 20_000,
      budgetMs: 60_000,
      log: (exchange) => exchanges.push(exchange),
      fetch: async (address, init) => {
        const url = new URL(String(address).replace('/v1/', '/'));
        const response = await fetch(url, { ...init, body: withFiles(url, init?.body) });
        const found = JSON.parse(response.headers.get('sl-violations') ?? '[]') as { location: string[] }[];
        violations.push(...found.filter(({ location }) => location[0] === 'request'));
        return url.searchParams.has('cursor') ? Response.json(lastPage(await response.json())) : response;
      },
      sleep: (ms) => Promise.resolve((slept += ms)),
      now: () => performance.now() + slept,
    });
    return { smile, violations, exchanges };
  }

  describe.each(EVERY_CALL.map((call, index) => [`${index + 1} ${call.method}: ${call.operation}`, call] as const))(
    '%s',
    (_name, call) => {
      it('is answered', async () => {
        const { smile, violations, exchanges } = client();
        const status = contract.declares(call.operation, 201) ? 201 : 200;
        const id = idIn(samples.examples(call.operation, status)[0] ?? {});
        const outcome = await call.make(smile, () => id).catch((error: unknown) => error);
        expect(outcome instanceof Error ? outcome.message : '').toBe('');
        expect(exchanges[0]).toMatchObject({ operation: call.operation, status });
        expect(violations).toEqual([]);
      });
    },
  );

  it('gets an error with the part that Smile would refuse', async () => {
    const { smile } = client();
    const error = await smile
      .createUser({ a: '1', b: '2', c: '3', d: '4', e: '5', f: '6' })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SmileError);
    expect(error).toMatchObject({ kind: 'refused', status: 400 });
  });
});

/** Fields that the mock demands because the document requires them by mistake (see the differences). */
function withFiles(url: URL, body: RequestInit['body']) {
  if (url.pathname !== '/archives' || typeof body !== 'string') return body;
  return JSON.stringify({ ...(JSON.parse(body) as object), files: [] });
}
