/** The same journeys on sites that store in PostgreSQL, each in a database of its own. */
import { defineConfig } from 'playwright/test';
import config from './playwright.config.ts';
import { ON_POSTGRES } from './test/helpers/postgres/postgres.ts';

// Workers read this file too.
Object.assign(process.env, ON_POSTGRES);

export default defineConfig(config, {
  globalSetup: ['./test/helpers/run/temporary-folder.ts', './test/helpers/postgres/on-postgres.ts'],
});
