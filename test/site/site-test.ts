/** The start of every test here: a running site, and a phone with a page that must not complain. */
import { expect, test as base, type Page } from 'playwright/test';
import { openForms } from './kitchen.ts';
import { startSite, type RunningSite } from './running-site.ts';

export { expect };

/** A kind of site. The tests that name the same one share its site, in each worker. */
export interface SiteKind {
  start(): Promise<RunningSite>;
  /** Whether tests of several files name it. The site of another kind stops when tests of the next kind begin. */
  isShared: boolean;
}

/** Local Smile without its waits. */
export const QUICK = { connectDelayMs: 50, taskDelayMs: 50 };

/** The forms that ship. */
const SHIPPED: SiteKind = { start: () => startQuick(), isShared: true };

/**
 * A site with the form that has everything in it, and with more forms.
 * @param forms YAML by slug
 * @param env more of the environment
 */
export const siteWith = (
  forms: Record<string, string>,
  env: Record<string, string> = {},
  isShared = false,
): SiteKind => ({
  isShared,
  async start() {
    const own = openForms();
    for (const [slug, yaml] of Object.entries(forms)) own.publish(slug, yaml);
    const site = await startQuick({ ...env, FORMS_DIR: own.folder });
    const { stop } = site;
    site.stop = async () => {
      await stop();
      own.remove();
    };
    return site;
  },
});

async function startQuick(env?: Record<string, string>): Promise<RunningSite> {
  const site = await startSite(env);
  await site.smile(QUICK);
  return site;
}

/** The running sites of a worker. */
function createSites() {
  const running = new Map<SiteKind, RunningSite>();
  async function stop(kinds: SiteKind[]): Promise<void> {
    for (const kind of kinds) {
      await running.get(kind)?.stop();
      running.delete(kind);
    }
  }
  return {
    async of(kind: SiteKind): Promise<RunningSite> {
      await stop([...running.keys()].filter((other) => other !== kind && !other.isShared));
      const site = running.get(kind) ?? (await kind.start());
      running.set(kind, site);
      return site;
    },
    stopAll: () => stop([...running.keys()]),
  };
}

/**
 * Tests that start their own site and open their own pages. All tests build on this one: other fixtures of a worker would
 * need a worker more, which is a process, a browser and a site.
 */
export const plainTest = base.extend<{ leftOpen: void }, { sites: ReturnType<typeof createSites> }>({
  sites: [
    async ({}, use) => {
      const sites = createSites();
      await use(sites);
      await sites.stopAll();
    },
    { scope: 'worker' },
  ],
  /** Closes the pages that a test leaves open: they would go on working beside the next tests. */
  leftOpen: [
    async ({ browser }, use) => {
      const before = browser.contexts();
      await use();
      for (const context of browser.contexts()) if (!before.includes(context)) await context.close();
    },
    { auto: true },
  ],
});

/** A file with a site of another kind names that in `kind`. */
export const test = plainTest.extend<{
  kind: SiteKind;
  tapsAtOnce: boolean;
  pressable: void;
  site: RunningSite;
  complaints: string[];
}>({
  kind: [SHIPPED, { option: true }],
  /** Whether a screen takes taps as soon as it is shown. Playwright would wait for up to 0.7 s at each. */
  tapsAtOnce: [true, { option: true }],
  pressable: [
    async ({ context, tapsAtOnce }, use) => {
      if (tapsAtOnce)
        await context.addInitScript(() => {
          const style = new CSSStyleSheet();
          style.replaceSync('.js section::before { animation: none !important }');
          document.adoptedStyleSheets.push(style);
        });
      await use();
    },
    { auto: true },
  ],
  // Starting one can take longer than most tests do.
  site: [async ({ sites, kind }, use) => use(await sites.of(kind)), { timeout: 60_000 }],
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
