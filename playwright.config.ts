/** Whole journeys in a real browser, against the built site as `npm start` runs it. */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'playwright/test';
import { chromiumPath } from './test/helpers/browser.ts';
import { LONG } from './test/helpers/run/long.ts';
import { namePrograms } from './test/helpers/programs.ts';
// Workers read this file too, and some have a site in them.
import './test/helpers/run/quick-brotli.ts';
import './test/helpers/run/quick-scrypt.ts';

// Workers read this file too, and find here what was found once.
const executablePath = (process.env['CHROMIUM_PATH'] ??= await chromiumPath());
namePrograms();

export default defineConfig({
  testDir: 'test/site',
  // Node strips the types itself, and keeps the result. Playwright's compiler takes seconds of every worker.
  build: { external: ['**/*'] },
  globalSetup: './test/helpers/run/temporary-folder.ts',
  ...(!LONG && { grepInvert: /@long/ }),
  // One more than there are processors: a page waits for Smile, for its person and for its next picture. Each worker has sites,
  // a browser and code of its own.
  workers: Math.min(availableParallelism() + 1, 8),
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
    // A page is open for a second or two, in which most of its code runs a few times. Optimizing that costs more than it saves.
    launchOptions: { executablePath, args: ['--js-flags=--no-opt,--no-maglev'] },
  },
});
