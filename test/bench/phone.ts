/** A cheap phone on a slow network, emulated by Chromium. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, CDPSession, Page, Request } from 'playwright';
import { watchPage } from './probe.ts';

/** Lighthouse's slow 4G: bytes per second, and milliseconds for each request. */
const NETWORK = { latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

/** How many times slower than this machine. */
const SLOWER = 4;

/** How long nothing may happen before a page counts as loaded, in milliseconds. */
const QUIET = 1_500;

export const PHONE = `360 × 640, touch, processor ${SLOWER} times slower, 1.6 Mbit/s down, 750 kbit/s up, 150 ms`;

export interface Fetched {
  address: string;
  /** When it was asked for, in milliseconds since the epoch. */
  at: number;
  /** Bytes of the body as it came over the wire. */
  bytes: number;
}

export interface Phone {
  page: Page;
  /** All that was fetched so far. */
  fetched(): Promise<Fetched[]>;
  /** Waits until the page has been at rest for a while. */
  rest(): Promise<void>;
  network(on: boolean): Promise<void>;
  /** Bytes of the script engine's memory in use, after a garbage collection. */
  heap(): Promise<number>;
  close(): Promise<void>;
}

/** A new profile with nothing stored. @param watched see `watchPage` */
export async function openPhone(browser: Browser, watched: Parameters<typeof watchPage>[0]): Promise<Phone> {
  const context = await browser.newContext({
    viewport: { width: 360, height: 640 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    locale: 'en-US',
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.addInitScript(watchPage, watched);
  const chrome = await context.newCDPSession(page);
  async function network(on: boolean): Promise<void> {
    await chrome.send('Network.emulateNetworkConditions', { offline: !on, ...NETWORK });
  }
  await chrome.send('Network.enable');
  await network(true);
  await chrome.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });

  const finished: Request[] = [];
  let last = Date.now();
  const stir = () => (last = Date.now());
  page.on('request', stir).on('requestfailed', stir);
  page.on('requestfinished', (request) => finished.push(request) && stir());

  return {
    page,
    network,
    fetched: () => Promise.all(finished.map(weigh)),
    async rest() {
      await page.waitForLoadState('load');
      while (Date.now() - last < QUIET) await wait(100);
    },
    heap: () => heapOf(chrome),
    close: () => context.close(),
  };
}

async function weigh(request: Request): Promise<Fetched> {
  const { responseBodySize } = await request.sizes();
  return { address: request.url(), at: request.timing().startTime, bytes: responseBodySize };
}

async function heapOf(chrome: CDPSession): Promise<number> {
  await chrome.send('HeapProfiler.collectGarbage');
  return (await chrome.send('Runtime.getHeapUsage')).usedSize;
}
