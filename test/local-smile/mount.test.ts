import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createLocalSmile, defaultKeys } from '../../src/local-smile/local-smile.ts';
import { launchBrowser } from './browser.ts';

const MOUNT = '/local-smile';

/** A site that has Local Smile under a path of its own, and a page that opens the widget. */
async function startSite() {
  const smile = createLocalSmile({ origin: MOUNT, ...defaultKeys, knobs: false, settings: { connectDelayMs: 0 } });
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
  it('is found by the widget under whatever name the page was reached', { timeout: 60_000 }, async () => {
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
