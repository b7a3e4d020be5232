import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listDeliveries } from '../../src/record/delivery-queries.ts';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { begin, eventually, openSiteThatTells, send, winkYaml, yamlOf } from './forms.ts';
import { openReceiver, SECRET, verified, type Receiver } from './receiver.ts';

let receiver: Receiver;
const sites: TestSite[] = [];
beforeEach(async () => void (receiver = await openReceiver()));
afterEach(async () => {
  for (const site of sites.splice(0)) {
    await site.close();
    removeFolder(site.folder);
  }
  await receiver.close();
});

const hook = (when: string, name = 'hooks') =>
  `  - { webhook: "${receiver.origin}/${name}", secret_env: ACME_HOOK_SECRET, when: ${when} }`;
const around = () => ({ env: { WEBHOOK_ALLOWED_HOSTS: receiver.host }, secrets: { ACME_HOOK_SECRET: SECRET } });

async function open(notify: string): Promise<TestSite> {
  const site = await openSiteThatTells(notify, around());
  sites.push(site);
  return site;
}

const listed = async ({ db }: TestSite) => (await listDeliveries(db, {}, { limit: 50 })).items;
const paths = () => receiver.received.map((one) => one.path).sort();

describe('the webhooks of a form', () => {
  it('is each submission that was sent, with its answers and reference', async () => {
    const site = await open(hook('submitted'));
    const { id, reference } = await send(site, { full_name: 'Ana', sss: '34-5678901-2', status: 'employed' });
    const got = await eventually(() => receiver.received[0]);
    expect(verified(got)).toMatchObject({
      type: 'submission.submitted',
      data: { id, reference, status: 'submitted', ending: 'done', answers: { full_name: 'Ana', sss: '34-5678901-2' } },
    });
  });

  it.each(['SSS 34-5678901-2 is wrong', `${'x'.repeat(190)} 34-5678901-2`])(
    'have no text of a receiver that repeats a private answer: %s',
    async (text) => {
      receiver.answer = (response) => response.writeHead(422).end(text);
      const site = await open(hook('submitted'));
      await send(site, { full_name: 'Ana', sss: '34-5678901-2' });
      const message = await eventually(async () => (await listed(site))[0]?.lastMessage ?? undefined);
      expect(message).toBe(
        'The receiver answered 422 and repeated a private answer, so Flipsite did not store its text',
      );
    },
  );

  it('are sent once, for any number of repeated submissions', async () => {
    const site = await open(hook('submitted'));
    const begun = await begin(site.origin);
    await begun.call('PUT', 'answers', { screen: 'about', answers: { full_name: 'Ana' } });
    await Promise.all([1, 2, 3].map(() => begun.call('POST', 'submit', {})));
    await eventually(() => receiver.received[0]);
    expect(await listed(site)).toHaveLength(1);
  });

  it('have `completed` only where the journey did not end early', async () => {
    const site = await open([hook('submitted', 'all'), hook('completed', 'good')].join('\n'));
    await send(site, { full_name: 'Ana', status: 'none' });
    await send(site, { full_name: 'Ben', status: 'employed' });
    await eventually(() => receiver.received[2]);
    expect(paths()).toEqual(['/all', '/all', '/good']);
    expect(await listed(site)).toHaveLength(3);
  });

  it('have a submission that looks like spam too, with a mark', async () => {
    const site = await open(hook('completed'));
    const begun = await begin(site.origin, 'driver', { trap: 'https://spam.example' });
    await begun.call('PUT', 'answers', { screen: 'about', answers: { full_name: 'Bot' } });
    await begun.call('POST', 'submit', {});
    const got = await eventually(() => receiver.received[0]);
    expect(verified(got)).toMatchObject({ type: 'submission.completed', data: { id: begun.id, quarantined: true } });
  });

  it('go to the address in the current form, not to that of the form at the start', async () => {
    const site = await open(hook('submitted', 'before'));
    const begun = await begin(site.origin);
    await begun.call('PUT', 'answers', { screen: 'about', answers: { full_name: 'Ana' } });
    writeFileSync(path.join(site.formsDir, 'driver.yaml'), yamlOf(hook('submitted', 'after')));
    await eventually(() => /after/.test(JSON.stringify(site.catalog.current('driver')?.form.notify)) || undefined);
    await begun.call('POST', 'submit', {});
    await eventually(() => receiver.received[0]);
    expect(paths()).toEqual(['/after']);
  });

  it('is a work account once Smile confirms it, once', async () => {
    const site = await openTestSite({
      forms: { work: winkYaml(hook('linked')) },
      ...around(),
      env: { RATE_LIMIT: 'off', WEBHOOK_ALLOWED_HOSTS: receiver.host },
    });
    sites.push(site);
    const begun = await begin(site.origin, 'work');
    const { userId } = await begun.call<{ userId: string }>('POST', 'link-token', { screen: 'connect' });
    const local = (what: string, body: unknown, method = 'POST') =>
      fetch(`${site.origin}/local-smile/__local/${what}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await local('settings', { connectDelayMs: 10, taskDelayMs: 10 }, 'PATCH');
    await local('accounts', { userId, providerId: 'upwork', userName: 'George', password: '123456', code: '1234' });
    const got = await eventually(() => receiver.received[0]);
    expect(verified(got)).toMatchObject({
      type: 'submission.linked',
      data: { id: begun.id, status: 'draft', accounts: [{ status: 'CONNECTED', confirmed: true }] },
    });
    await begun.call('POST', 'submit', {});
    expect(await listed(site)).toHaveLength(1);
  });
});

describe('a form whose webhook cannot be signed or may not be reached', () => {
  const told = async (notify: string, given: Parameters<typeof openSiteThatTells>[1]) => {
    const site = await openSiteThatTells(notify, given);
    sites.push(site);
    return site;
  };

  it('is not published without its secret, and the error names the place and the remedy', async () => {
    const site = await told(hook('submitted'), { env: { WEBHOOK_ALLOWED_HOSTS: receiver.host } });
    expect(site.catalog.current('driver')).toBeUndefined();
    expect(site.synced[0]?.faults).toMatch(
      /driver\.yaml:6:\d+ {2}the environment variable ACME_HOOK_SECRET is not set/,
    );
    expect(site.synced[0]?.faults).toContain('openssl rand -base64 32');
  });

  it('is not published with a secret that is too short, which is not shown', async () => {
    const site = await told(hook('submitted'), { ...around(), secrets: { ACME_HOOK_SECRET: 'geheim' } });
    expect(site.synced[0]?.faults).toContain('ACME_HOOK_SECRET is not base64 of 24 to 64 bytes');
    expect(site.synced[0]?.faults).not.toContain('geheim');
  });

  it('is not published with an address of this machine, unless its host is allowed', async () => {
    const site = await told(hook('submitted'), { secrets: { ACME_HOOK_SECRET: SECRET } });
    expect(site.synced[0]?.faults).toContain('this address is not https');
    expect(site.synced[0]?.faults).toContain('WEBHOOK_ALLOWED_HOSTS');
  });
});
