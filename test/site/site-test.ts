/** What every test here starts from: one running site per worker, and a phone whose page must not complain. */
import { expect, test as base, type Page } from 'playwright/test';
import { startSite, type RunningSite } from './running-site.ts';

export { expect };

export const test = base.extend<{ complaints: string[] }, { site: RunningSite }>({
  site: [
    async ({}, use) => {
      const site = await startSite();
      await site.smile(QUICK);
      await use(site);
      await site.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ site }, use) => use(site.origin),
  complaints: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      const listen = (page: Page) => {
        page.on('pageerror', ({ message }) => complaints.push(message));
        page.on('console', (message) => {
          if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text());
        });
      };
      context.pages().forEach(listen);
      context.on('page', listen);
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** Local Smile without its waits. */
export const QUICK = { connectDelayMs: 50, taskDelayMs: 50 };
