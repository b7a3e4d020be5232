/** Whole journeys in a real browser, against the built site as `npm start` runs it. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'playwright/test';
import { chromiumPath } from './test/helpers/browser.ts';

// Workers read this file too, and find here what was found once.
const executablePath = (process.env['CHROMIUM_PATH'] ??= await chromiumPath());
// Programs that tests start find here what Node has compiled for others.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

export default defineConfig({
  testDir: 'test/site',
  globalSetup: './test/helpers/temporary-folder.ts',
  workers: 3,
  // A browser is a large program on a small machine. What passes at the second try only is told as flaky, to be looked into.
  retries: 1,
  reporter: 'list',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  use: {
    actionTimeout: 15_000,
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
    launchOptions: { executablePath },
  },
});
