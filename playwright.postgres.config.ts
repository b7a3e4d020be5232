/** The same journeys on sites that store in PostgreSQL, each in a database of its own. */
import { defineConfig } from 'playwright/test';
import config from './playwright.config.ts';

export default defineConfig(config, {
  globalSetup: ['./test/helpers/temporary-folder.ts', './test/helpers/on-postgres.ts'],
});
