import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createLocalSmile, defaultKeys } from '../../src/local-smile/local-smile.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { launchBrowser } from './browser.ts';
import { inviteTemplate } from './invite-template.ts';

const MOUNT = '/local-smile';

interface Answer {
  data: unknown;
}

/** A site that has Local Smile under a path of its own, and a page that opens the widget. */
async function startSite() {
  const smile = createLocalSmile({ origin: MOUNT, ...defaultKeys, controlApi: false, settings: { connectDelayMs: 0 } });
  const page = `<!doctype html><html lang="en"><title>Site</title><script src="${MOUNT}/v2/smile.v2.js"></script></html>`;
  const server = serve({
    fetch(request) {
      const url = new URL(request.url);
      if (!url.pathname.startsWith(MOUNT)) return new Response(page, { headers: { 'content-type': 'text/html' } });
      url.pathname = url.pathname.slice(MOUNT.length);
      return smile.fetch(new Request(url, request));
    },
    hostname: '127.0.0.1',
    port: 0,
  });
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  return {
    smile,
    port: (server.address() as AddressInfo).port,
    async stop() {
      await smile.close();
      server.close();
    },
  };
}

describe('Local Smile under a path of a site', () => {
  it('gives whole addresses, under the name it was asked by', async () => {
    const site = await startSite();
    const ask = async (path: string, body?: object) => {
      const authorization = `Basic ${btoa(`${defaultKeys.apiKey}:${defaultKeys.apiSecret}`)}`;
      const response = await fetch(`http://localhost:${site.port}${MOUNT}${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { authorization, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'manual',
      });
      return response.status === 302 ? response.headers.get('location') : ((await response.json()) as Answer).data;
    };
    const base = `http://localhost:${site.port}${MOUNT}`;
    const provider = (await ask('/v1/providers/grab')) as { logoUrl: string };
    expect(provider.logoUrl).toBe(`${base}/logos/grab.svg`);
    expect((await fetch(provider.logoUrl)).status).toBe(200);
    const template = (await ask('/v1/inviteTemplates', inviteTemplate)) as { id: string };
    const invitee = { fullName: 'A B', email: 'a@b.example', templateId: template.id };
    const invite = (await ask('/v1/invites', invitee)) as { inviteLandingPageUrl: string };
    expect(invite.inviteLandingPageUrl.startsWith(`${base}/invite-user/`)).toBe(true);
    expect((await fetch(invite.inviteLandingPageUrl)).status).toBe(200);
    const fileContent = btoa('a cat');
    const rawFiles = [{ fileExtensionType: 'PNG', fileContent }];
    const archive = (await ask('/v1/archives', { rawFiles })) as { rawFiles: { url: string }[] };
    expect(await (await fetch(archive.rawFiles[0]?.url ?? '')).text()).toBe('a cat');
    expect(await ask('/')).toBe(`${MOUNT}/__local/`);
    await site.stop();
  });

  itLong('is found by the widget under each name of the page', { timeout: 60_000 }, async () => {
    const site = await startSite();
    const browser = await launchBrowser();
    const page = await browser.newPage();
    for (const name of ['127.0.0.1', 'localhost']) {
      const created = await site.smile.fetch(
        new Request('http://any.example/v1/users', {
          method: 'POST',
          headers: { authorization: `Basic ${btoa(`${defaultKeys.apiKey}:${defaultKeys.apiSecret}`)}` },
        }),
      );
      const { data } = (await created.json()) as { data: { token: { accessToken: string } } };
      await page.goto(`http://${name}:${site.port}/`);
      await page.evaluate((userToken) => {
        const { SmileLinkModal } = window as unknown as { SmileLinkModal: new (o: object) => { open(): void } };
        new SmileLinkModal({ userToken }).open();
      }, data.token.accessToken);
      await page.getByRole('button', { name: 'Agree and continue' }).click();
      expect(await page.getByRole('button', { name: 'Grab', exact: true }).count()).toBe(1);
    }
    await browser.close();
    await site.stop();
  });
});
