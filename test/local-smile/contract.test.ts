import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeContract } from '../helpers/openapi/openapi.ts';
import { unintended } from '../smile/differences.ts';
import { eventSchemas } from './event-schemas.ts';
import { startReceiver, type Receiver } from './receiver.ts';
import { type Answer, type RunningSmile, startSmile } from './smile.ts';

const template = {
  name: 'Mail',
  company: { name: 'XYZ Bank', logoUrl: 'https://xyz.example/logo.png' },
  email: { sendEmail: true, senderName: 'XYZ', replyAddress: 'a@xyz.example', subject: 'Hello', body: 'Hi' },
  landingPage: { header: 'Share', description: 'It is quick.', button: 'Start' },
  successPage: { header: 'Thank you', description: 'All done.', button: 'Another' },
};
const hook = { name: 'Ours', url: 'https://acme.example/h', eventTypes: ['ALL_EVENTS'], active: true, secret: 's' };
const datapoints = {
  identities: 'accountId=a-0',
  employments: 'startDate=2000-01-01&endDate=2100-01-01',
  incomes: 'startDate=2000-01-01&endDate=2100-01-01',
  documents: 'accountId=a-0',
  contributions: 'startDate=2000-01-01&endDate=2100-01-01',
  liabilities: 'startDate=2000-01-01&endDate=2100-01-01',
  transactions: 'startDate=2000-01-01&endDate=2100-01-01',
  ratings: 'accountId=a-0',
  eincomes: 'startMonth=2000-01&endMonth=2100-01',
  links: '',
  insights: '',
};

/** The paths of products that local Smile does not have (`smile-api.md` calls them out of scope). */
const foreign = /\/(alpha|beta)\/(?!forms)|\/archives\/-\//;

describeContract('local Smile against Smile’s OpenAPI document', (contract) => {
  let smile: RunningSmile;
  let receiver: Receiver;
  const called = new Set<string>();

  /** Calls, and holds both the question and the answer to the document. */
  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const { pathname, searchParams } = new URL(`http://x${path}`);
    const answer = await smile.call(method, `/v1${path}`, body);
    const asked = answer.status === 400 ? [] : contract.request(method, pathname, searchParams, body);
    const answered = contract.response(method, pathname, answer.status, answer.body);
    expect(unintended([...asked, ...answered])).toEqual([]);
    called.add(`${contract.operation(method, pathname)} ${answer.status}`);
    return answer;
  }

  async function connected(providerId: string) {
    const { userId } = await smile.newUser();
    const login = { userId, providerId, userName: 'George', password: '123456', code: '1234' };
    const { accountId } = (await smile.call('POST', '/__local/accounts', login)).body;
    await smile.accountWhen(accountId, 'CONNECTED');
    return { userId, accountId };
  }

  beforeAll(async () => {
    smile = await startSmile();
    receiver = await startReceiver();
    smile.smile.registerWebhook({ url: receiver.url, secret: 's', includePayload: true });
  });
  afterAll(async () => {
    await smile.stop();
    await receiver.stop();
  });

  it('answers about users and tokens as declared', async () => {
    expect((await call('POST', '/users', {})).status).toBe(201);
    const { body } = await call('POST', '/users', { externalMetadata: { customer: '42' } });
    const { id } = body.data.user;
    await call('POST', '/users', { externalMetadata: { customer: 'é' } });
    await call('GET', '/users?size=1&startDate=2020-01-01&endDate=2100-01-01');
    await call('GET', '/users');
    await call('GET', `/users/${id}`);
    await call('POST', `/tokens?userId=${id}`);
    await smile.call('POST', '/__local/forms', { userId: id, name: 'Personal', data: { firstName: 'Ana', amount: 5 } });
    await call('GET', `/users/${id}/payload`);
    await call('POST', `/users/${id}/resetSession`);
  });

  it('answers about accounts, tasks and every datapoint as declared', async () => {
    const wanted = new Set(Object.keys(datapoints));
    for (const providerId of ['sss_ph', 'abccorp', 'upwork', 'nbi_ph', 'local_nomina']) {
      const { userId, accountId } = await connected(providerId);
      await receiver.event('TASK_FINISHED');
      await smile.call('POST', '/__local/sync', { accountId });
      await call('GET', `/accounts?userId=${userId}&startDate=2000-01-01&endDate=2100-01-01`);
      await call('GET', `/accounts/${accountId}`);
      await expect
        .poll(async () => (await call('GET', `/accounts/${accountId}/payload`)).body.data.insight)
        .toBeTruthy();
      await call('GET', `/users/${userId}/payload`);
      const tasks = (await call('GET', `/tasks?sourceId=${accountId}&userId=${userId}&startDate=2000-01-01`)).body.data;
      await call('GET', `/tasks/${tasks.items[0].id}`);
      for (const [path, query] of Object.entries(datapoints)) {
        await call('GET', `/${path}?${query}&userId=${userId}`);
        const { items } = (await call('GET', `/${path}?sourceId=${accountId}&size=150`)).body.data;
        if (items.length > 0) wanted.delete(path);
        for (const item of items.slice(0, 1)) await call('GET', `/${path}/${item.id}`);
      }
    }
    expect([...wanted]).toEqual([]);
  });

  it('answers about a task under way, and accounts in every status, as declared', async () => {
    await smile.call('PATCH', '/__local/settings', { taskDelayMs: 3_600_000 });
    const { userId, accountId } = await connected('sss_ph');
    await call('GET', `/tasks?userId=${userId}`);
    await smile.call('PATCH', '/__local/settings', { taskDelayMs: 0 });
    await call('POST', `/accounts/${accountId}/exports/generate`, { exportExtensionType: 'PDF' });
    await call('POST', `/accounts/${accountId}/exports/generate`, { exportExtensionType: 'CSV' });
    await call('POST', `/accounts/${accountId}/exports/generate`, { exportExtensionType: 'DOC' });
    await call('POST', `/accounts/${accountId}/disableMonitor`);
    await call('GET', `/accounts/${accountId}`);
    await call('DELETE', `/accounts/${accountId}`);
    for (const login of [
      { providerId: 'grab', userName: 'George', password: 'wrong' },
      { providerId: 'upwork', userName: 'George', password: '123456' },
      { providerId: 'freelancer', userName: 'err:TOS_REQUIRED', password: 'x' },
    ]) {
      await smile.call('POST', '/__local/accounts', { userId, ...login });
    }
    await expect
      .poll(async () =>
        (await call('GET', `/accounts?userId=${userId}`)).body.data.items
          .map((account: { connectionStatus: string }) => account.connectionStatus)
          .sort(),
      )
      .toEqual(['AWAITING_MFA', 'DISCONNECTED', 'ERROR', 'ERROR']);
  });

  it('answers about providers and file types as declared', async () => {
    await call('GET', '/providers?size=150');
    await call('GET', '/providers?type=GIG&subType=SERVICES&active=true&enabled=true&accountConnection=true&name=up');
    await call('GET', '/providers?ids=grab');
    await call('GET', '/providers?topIds=grab');
    await call('GET', '/providers/sss_ph');
    await call('GET', '/fileTypes?size=150');
    await call('GET', '/fileTypes?type=PAYSLIP&active=true&enabled=true&ocr=true');
  });

  it('answers about forms as declared', async () => {
    const { userId } = await smile.newUser();
    const { formId, winkSiteId } = (await smile.call('POST', '/__local/forms', { userId, data: { a: {} } })).body;
    await smile.call('POST', '/__local/forms', { userId, name: 'Two', data: { works: true }, complete: true });
    await call('GET', `/alpha/forms?userId=${userId}&winkSiteId=${winkSiteId}&startDate=2000-01-01&endDate=2100-01-01`);
    await call('GET', `/alpha/forms/${formId}`);
  });

  it('answers about invites and templates as declared', async () => {
    const { id } = (await call('POST', '/inviteTemplates', template)).body.data;
    await call('POST', '/inviteTemplates', { ...template, name: '' });
    await call('GET', '/inviteTemplates');
    await call('GET', `/inviteTemplates/${id}`);
    await call('PUT', `/inviteTemplates/${id}`, { ...template, name: 'Other' });
    const invitee = { fullName: 'Ryan Ng', firstName: 'Ryan', lastName: 'Ng', email: 'ryan@acme.example' };
    const invite = (await call('POST', '/invites', { ...invitee, templateId: id, winkTemplateId: 'wtpl-1' })).body.data;
    await call('POST', '/invites', { ...invitee, templateId: 'tpl-0' });
    await call('POST', '/invites', { ...invitee, email: 'nobody', templateId: id });
    await call('GET', '/invites');
    await call('GET', `/invites/${invite.id}`);
    const login = { userId: invite.userId, providerId: 'grab', userName: 'Ryan', password: '654321' };
    const { accountId } = (await smile.call('POST', '/__local/accounts', login)).body;
    await smile.accountWhen(accountId, 'CONNECTED');
    await call('GET', `/invites/${invite.id}`);
    await call('GET', `/invites/${invite.id}/logs?size=1`);
    await call('GET', `/invites/${invite.id}/logs`);
    await call('DELETE', `/inviteTemplates/${id}`);

    const consent = { consentType: 'Terms', version: '1', consentText: 'I agree.' };
    const plain = (await call('POST', '/consentTemplates', consent)).body.data;
    await call('POST', '/consentTemplates', { ...consent, title: 'Terms', consentMethod: 'I tick the box' });
    await call('POST', '/consentTemplates', { ...consent, version: '' });
    await call('GET', '/consentTemplates');
    await call('DELETE', `/consentTemplates/${plain.id}`);
  });

  it('answers about webhooks as declared', async () => {
    const { id } = (await call('POST', '/webhooks', hook)).body.data;
    await call('POST', '/webhooks', { ...hook, secret: '' });
    await call('GET', '/webhooks');
    await call('GET', `/webhooks/${id}`);
    await call('DELETE', `/webhooks/${id}`);
  });

  it('answers about archives and uploads as declared', async () => {
    const { userId } = await smile.newUser();
    const sample = Buffer.from(await (await fetch(`${smile.origin}/__local/payslip.pdf`)).arrayBuffer());
    const payslip = { fileExtensionType: 'PDF', fileContent: sample.toString('base64'), fileSubtype: 'PAYSLIP' };
    const other = { fileExtensionType: 'PNG', fileContent: btoa('not a payslip'), fileName: 'cat.png' };
    const sent = [
      await call('POST', '/archives', { userId, fileType: 'PAYSLIP', rawFiles: [payslip] }),
      await call('POST', '/archives', { fileType: 'COMPANY_ID', rawFiles: [other] }),
      await call('POST', '/archives/classify', { userId, rawFiles: [payslip] }),
    ].map(({ body }) => body.data.id as string);
    await call('POST', '/archives', { userId, fileType: 'PAYSLIP', rawFiles: [] });
    await call('POST', '/archives/classify', { userId: 'local-0', rawFiles: [other] });
    for (const id of sent) {
      await call('GET', `/archives/${id}`);
      await expect.poll(async () => (await call('GET', `/archives/${id}`)).body.data.state.status).not.toBe('STARTED');
      await call('GET', `/uploads/${id}`);
    }
    await call('GET', `/archives?userId=${userId}&fileType=PAYSLIP&startDate=2000-01-01&endDate=2100-01-01`);
    await call('GET', `/uploads?userId=${userId}&startDate=2000-01-01&endDate=2100-01-01`);
    await call('GET', `/incomes?sourceId=${sent[0]}`);
    await call('GET', `/users/${userId}/payload`);
    await call('DELETE', `/archives/${sent[0]}`);
    await call('GET', `/archives/${sent[0]}`);
  });

  it('refuses as declared: unknown ids, wrong sizes, texts, wrong keys, and every fault of Smile itself', async () => {
    for (const operation of ours()) {
      const [method = '', template = ''] = operation.split(' ');
      const path = template.replace(/\{\w+\}/g, 'nothing-0');
      if (template.includes('{')) expect((await call(method, path, bodyFor(operation))).status).toBe(404);
      else if (method === 'GET') expect((await call(method, `${path}?size=151`)).status).toBe(400);
      if (bodyFor(operation)) {
        const text = await smile.call(method, `/v1${path}`, 'text', { 'content-type': 'text/plain' });
        check(method, path, text, 415);
      }
      check(method, path, await smile.call(method, `/v1${path}`, undefined, { authorization: 'Basic eDp5' }), 400);
      check(method, path, await smile.call(method, `/v1${path}`, undefined, { authorization: '' }), 401);
      for (const status of [403, 429, 500, 501, 503, 504]) {
        await smile.call('PATCH', '/__local/settings', { fault: { path: `/v1${path}`, status } });
        check(method, path, await smile.call(method, `/v1${path}`), status);
      }
      await smile.call('PATCH', '/__local/settings', { fault: null });
    }
  });

  it('has been asked for every operation that a form site needs, with success and with failure', () => {
    const seen = [...called];
    const without = (kind: RegExp) => ours().filter((name) => !seen.some((one) => one.replace(kind, '') === name));
    expect(without(/ 2\d\d$/)).toEqual([]);
    expect(without(/ [45]\d\d$/)).toEqual([]);
  });

  it('has sent only events that are as declared', async () => {
    for (const type of ['VERIFICATION_STARTED', 'VERIFICATION_COMPLETED', 'RECORD_CREATED', 'RECORD_COMPLETED']) {
      expect((await smile.call('POST', '/__local/events', { type })).status).toBe(200);
      await receiver.event(type);
    }
    const faults = receiver.received.flatMap(({ event }) =>
      contract.value(eventSchemas[event.type] ?? `no schema for ${event.type}`, event),
    );
    expect(unintended([...new Set(faults)])).toEqual([]);
    const types = new Set(receiver.types());
    expect(Object.keys(eventSchemas).filter((type) => !types.has(type))).toEqual([]);
  });

  /** The operations that local Smile has, all of the document's that are not of another product. */
  function ours() {
    return contract.operations.filter((name) => !foreign.test(name));
  }

  function bodyFor(operation: string) {
    const bodies: Record<string, unknown> = {
      'POST /users': {},
      'POST /accounts/{id}/exports/generate': { exportExtensionType: 'PDF' },
      'PUT /inviteTemplates/{id}': template,
      'POST /inviteTemplates': template,
      'POST /invites': { fullName: 'A', email: 'a@b.example', templateId: 'tpl-0' },
      'POST /consentTemplates': { consentType: 'T', version: '1', consentText: 'I' },
      'POST /webhooks': hook,
      'POST /archives': { rawFiles: [{ fileExtensionType: 'PDF', fileContent: 'AAAA' }] },
      'POST /archives/classify': { rawFiles: [{ fileExtensionType: 'PDF', fileContent: 'AAAA' }] },
    };
    return bodies[operation];
  }

  function check(method: string, path: string, { status, body }: Answer, expected: number) {
    expect(`${method} ${path} ${status}`).toBe(`${method} ${path} ${expected}`);
    expect(unintended(contract.response(method, path, status, body))).toEqual([]);
    called.add(`${contract.operation(method, path)} ${status}`);
  }
});
