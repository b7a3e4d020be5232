/** `npm run test:browsers`: the journeys of Chromium in Firefox, and all those in each engine that is installed. */
import { defineConfig } from 'playwright/test';
import { FIREFOX } from './test/helpers/engines/engines.ts';

// Before anything asks whether the run is long. Workers read this file too.
process.env['FLIPSITE_TEST_LONG'] = 'yes';
const { default: config } = await import('./playwright.config.ts');

const ENGINES = /engines\.spec\.ts$/;

export default defineConfig({
  ...config,
  projects: [
    { name: 'engines', testMatch: ENGINES },
    {
      name: 'firefox',
      testIgnore: ENGINES,
      // Firefox has no phone to emulate.
      use: { browserName: 'firefox', isMobile: false, launchOptions: FIREFOX },
    },
  ],
});
