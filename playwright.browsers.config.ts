/** `npm run test:browsers`: the journeys of `engines.spec.ts` in Firefox and WebKit, and tests of Chromium in Firefox. */
import { defineConfig } from 'playwright/test';
import { FIREFOX } from './test/helpers/engines/engines.ts';
import { findFirefox } from './test/helpers/engines/installed.ts';

// Before anything asks whether the run is long. Workers read this file too.
process.env['FLIPSITE_TEST_LONG'] = 'yes';
const { default: config } = await import('./playwright.config.ts');

/** Files whose tests pass in Firefox, but for some. Its process ends in others, as `docs/operate/browsers.md` says. */
const IN_FIREFOX = /(embed|editor|outline|shared-phone|wink)\.spec\.ts$/;
// In a frame of a frame, Firefox asks a question first. `engines.spec.ts` answers it. Playwright gives this Firefox no dark colors,
// and waits for a load that does not come where Firefox goes back to a page in its memory.
const NOT_IN_FIREFOX =
  /@long|brings no answer back|keys are suggested|every state looks right|moves by dragging|in a frame of a frame|on a dark phone/;

export default defineConfig({
  ...config,
  projects: [
    { name: 'engines', testMatch: /engines\.spec\.ts$/ },
    // Without a Firefox, the other project says that it is missing.
    ...(findFirefox()
      ? [
          {
            name: 'firefox',
            testMatch: IN_FIREFOX,
            grepInvert: NOT_IN_FIREFOX,
            // Firefox has no phone to emulate.
            use: { browserName: 'firefox' as const, isMobile: false, launchOptions: FIREFOX },
          },
        ]
      : []),
  ],
});
