import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultKeys } from '../../src/local-smile/local-smile.ts';
import { notChecked } from '../helpers/openapi/openapi.ts';
import { PROGRAM_ENV } from '../helpers/programs.ts';
import { launchBrowser } from './browser.ts';
import { eventually, type RunningSmile, startSmile } from './smile.ts';

/**
 * A server that does the same as Smile's published quickstart: serves its page, creates a user and a token in one
 * call (which must answer 201), and looks for new identities from time to time.
 */
async function startQuickstart(env: { API_KEY: string; API_SECRET: string; OPEN_API_HOST: string }) {
  const authorization = `Basic ${Buffer.from(`${env.API_KEY}:${env.API_SECRET}`).toString('base64')}`;
  const server = createServer((request, response) => {
    if (request.url !== '/api/create_link_token') {
      response.setHeader('content-type', 'text/html').end(page);
      return;
    }
    void (async () => {
      const created = await fetch(`${env.OPEN_API_HOST}/users`, {
        method: 'POST',
        headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify({}),
      });
      if (created.status !== 201) throw new Error(`Incorrect statusCode: ${created.status}`);
      const { data } = (await created.json()) as { data: { token: object } };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(data.token));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async identities() {
      const response = await fetch(`${env.OPEN_API_HOST}/identities?size=2&cursor=`, { headers: { authorization } });
      return ((await response.json()) as { data: { items: { fullName: string }[] } }).data.items;
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Its page: the script from Smile's own address, and a modal with all nine callbacks that opens at once. */
const page = `<!doctype html>
<html>
<head><meta charset="utf-8" /><title>Quickstart</title></head>
<body>
<script src="https://web.smileapi.io/v2/smile.v2.js"></script>
<script>
  fetch('/api/create_link_token').then((response) => response.json()).then((data) => {
    const smileLinkModal = new SmileLinkModal({
      // templateId: 'wtpl-…',
      userToken: data.accessToken,
      onAccountCreated: ({ accountId, userId, providerId }) => console.log('Account created:', accountId, userId, providerId),
      onAccountConnected: ({ accountId, userId, providerId }) => console.log('Account connected:', accountId, userId, providerId),
      onAccountRemoved: ({ accountId, userId, providerId }) => console.log('Account removed:', accountId, userId, providerId),
      onAccountError: ({ accountId, userId, providerId, errorCode }) => console.log('Account error:', accountId, userId, providerId, errorCode),
      onTokenExpired: () => console.log('Token expired'),
      onClose: ({ reason }) => console.log('Link closed:', reason),
      onUploadsCreated: ({ uploads, userId }) => console.log('Uploads created:', uploads, userId),
      onUploadsRemoved: ({ uploads, userId }) => console.log('Uploads removed:', uploads, userId),
      onUIEvent: ({ eventName, eventTime, mode, userId, account, archive }) => console.log('UI event:', eventName, mode, userId),
    });
    smileLinkModal.open();
  }).catch((error) => console.error(error));
</script>
</body>
</html>`;

interface Quickstart {
  origin: string;
  stop(): Promise<unknown>;
}

/** The published one itself, with its packages installed: `npm install` in its folder `node`. */
async function startPublished(folder: string, env: Record<string, string>): Promise<Quickstart> {
  const port = await freePort();
  const cwd = path.join(folder, 'node');
  const program = spawn(process.execPath, ['index.js'], { cwd, env: { ...PROGRAM_ENV, ...env, APP_PORT: String(port) } }); // prettier-ignore
  await new Promise<void>((listening) => program.stdout.on('data', () => listening()));
  const ended = new Promise((resolve) => program.once('exit', resolve));
  return { origin: `http://127.0.0.1:${port}`, stop: () => (program.kill(), ended) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let smile: RunningSmile;
let browser: Browser;
beforeAll(async () => {
  [smile, browser] = await Promise.all([startSmile(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await smile.stop();
});

const environment = () => ({ API_KEY: defaultKeys.apiKey, API_SECRET: defaultKeys.apiSecret, OPEN_API_HOST: `${smile.origin}/v1` }); // prettier-ignore

/**
 * Links an account on its page. Returns the text that the page printed about the callbacks, one word or two for each.
 */
async function link({ origin }: Quickstart): Promise<string[]> {
  const tab = await browser.newPage();
  // The page names the script by Smile's address, and the published one its own server by port 8000.
  await tab.route('https://web.smileapi.io/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: smile.origin + pathname }) });
  });
  await tab.route('http://127.0.0.1:8000/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: origin + pathname }) });
  });
  const printed: string[] = [];
  tab.on('console', (message) => printed.push(message.text()));

  await tab.goto(origin);
  await tab.getByRole('button', { name: 'Agree and continue' }).click();
  await tab.getByRole('button', { name: 'Upwork' }).click();
  await tab.getByLabel('User name').fill('George');
  await tab.getByLabel('Password').fill('123456');
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByLabel('Verification code').fill('1234');
  await tab.getByRole('button', { name: 'Verify' }).click();
  await tab.getByRole('button', { name: 'Done' }).click();
  await eventually(() => printed.find((line) => /^Link closed.*: exit$/.test(line)));
  await tab.close();
  return printed.map((line) => /\w+PageOpened|^Account \w+|^Link closed/.exec(line)?.[0] ?? line);
}

const CALLBACKS = [
  'ConsentPageOpened',
  'ProviderListPageOpened',
  'LoginPageOpened',
  'Account created',
  'MfaPageOpened',
  'ConnectSuccessPageOpened',
  'Account connected',
  'Link closed',
];

describe('Smile’s quickstart', { timeout: 60_000 }, () => {
  it('works with its environment changed, and its script from local Smile', async () => {
    const quickstart = await startQuickstart(environment());
    expect(await link(quickstart)).toEqual(CALLBACKS);
    const [identity] = await eventually(async () => {
      const found = await quickstart.identities();
      return found.length > 0 ? found : undefined;
    });
    expect(identity?.fullName).toBe('George Cimafranca Palomero, Jr');
    await quickstart.stop();
  });

  const published = process.env['QUICKSTART'];
  if (!published) notChecked('Smile’s quickstart as it is published', 'QUICKSTART does not name its folder');
  else
    it('as it is published: its server runs with its environment changed, and its page with its script from here', async () => {
      const quickstart = await startPublished(published, environment());
      expect(await link(quickstart)).toEqual(CALLBACKS);
      await quickstart.stop();
    });
});
