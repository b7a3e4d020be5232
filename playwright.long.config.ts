/** All journeys in a browser, with those that `npm test` leaves out. */
import { defineConfig } from 'playwright/test';

// Before anything asks whether the run is long. Workers read this file too.
process.env['FLIPSITE_TEST_LONG'] = 'yes';
const { default: config } = await import('./playwright.config.ts');

export default defineConfig(config);
