/** The very calls that are held to the OpenAPI document and tried at a mock, at local Smile, where they mean something. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultKeys } from '../../src/local-smile/local-smile.ts';
import { createSmileClient, type SmileExchange } from '../../src/smile/client.ts';
import { DATA_KINDS } from '../../src/smile/resources/data.ts';
import { eventually, startSmile, type RunningSmile } from '../local-smile/smile.ts';
import { EVERY_CALL } from './every-call.ts';

let smile: RunningSmile;
const ids = new Map<string, string>();

/** One person who has linked everything there is, sent a form and a payslip, and was invited. */
beforeAll(async () => {
  smile = await startSmile();
  const { userId } = await smile.newUser();
  for (const providerId of ['sss_ph', 'abccorp', 'upwork', 'nbi_ph']) {
    const login = { userId, providerId, userName: 'George', password: '123456', code: '1234' };
    const { accountId } = (await smile.call('POST', '/__local/accounts', login)).body;
    await smile.accountWhen(accountId, 'CONNECTED');
  }
  const form = { userId, name: 'Personal', winkSiteId: 'ws-1', data: { firstName: 'Ana', amount: 5 } };
  await smile.call('POST', '/__local/forms', form);
  const pdf = Buffer.from(await (await fetch(`${smile.origin}/__local/payslip.pdf`)).arrayBuffer()).toString('base64');
  const rawFiles = [{ fileExtensionType: 'PDF' as const, fileContent: pdf, fileSubtype: 'PAYSLIP' }];
  const client = newClient();
  await client.createArchive({ userId, fileType: 'PAYSLIP', rawFiles });
  const page = { header: 'Hello', description: 'It is quick.', button: 'Begin' };
  const email = {
    sendEmail: true,
    senderName: 'Acme',
    replyAddress: 'a@acme.example',
    subject: 'Hi',
    body: 'Hi',
  } as const;
  const company = { name: 'Acme', logoUrl: 'https://acme.example/logo.png' };
  const template = await client.createInviteTemplate({
    name: 'Mail',
    company,
    email,
    landingPage: page,
    successPage: page,
  });
  await client.createInvite({ fullName: 'Ryan Ng', email: 'ryan@acme.example', templateId: template.id });
  await client.createConsentTemplate({ consentType: 'Terms', version: '1', consentText: 'I agree.' });
  await client.createWebhook({
    name: 'Ours',
    url: 'https://acme.example/h',
    secret: 's',
    eventTypes: ['INVITE_LINKED'],
  });

  ids.set('/users/{id}', userId);
  const lists = EVERY_CALL.map(({ operation }) => operation.split(' ')[1]!.replace(/\/\{\w+\}.*/, ''));
  for (const path of new Set([...lists, ...DATA_KINDS.map((kind) => `/${kind}`)])) {
    if (['/users', '/tokens', '/fileTypes', '/archives/classify'].includes(path)) continue;
    const found = await eventually(async () => (await smile.call('GET', `/v1${path}`)).body.data.items[0]);
    ids.set(`${path}/{id}`, found.id);
  }
});
afterAll(() => smile.stop());

function newClient(exchanges: SmileExchange[] = []) {
  return createSmileClient({ host: smile.origin, ...defaultKeys, log: (exchange) => exchanges.push(exchange) });
}

function known(path: string) {
  const id = ids.get(path);
  if (!id) throw new Error(`Nothing was prepared for ${path}`);
  return id;
}

it.each(EVERY_CALL.map((call, index) => [`${index + 1} ${call.method}: ${call.operation}`, call] as const))(
  '%s is answered, with nothing missing',
  async (_name, call) => {
    const exchanges: SmileExchange[] = [];
    const outcome = await call.make(newClient(exchanges), known);
    expect(exchanges.map(({ operation, failure }) => [operation, failure])).toEqual(
      exchanges.map(() => [call.operation, undefined]),
    );
    expect(exchanges.flatMap(({ missing: missed }) => missed)).toEqual([]);
    const told = /^(delete|disable|reset)/.test(call.method) ? outcome === undefined : outcome !== undefined;
    expect(told).toBe(true);
    if (Array.isArray(outcome)) expect(outcome.length).toBeGreaterThan(0);
  },
);
