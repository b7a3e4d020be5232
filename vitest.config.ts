import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { browserBundle } from './src/publish/browser-bundle.ts';
import { chromiumPath } from './test/helpers/browser.ts';
import { ON_POSTGRES } from './test/helpers/postgres.ts';

/** What differs from one database to the other, and what must not: a part of all tests that is run on both. */
const ON_BOTH = [
  'test/record/**/*.{test,postgres}.ts',
  'test/respond/journey.test.ts',
  'test/api/*.postgres.ts',
  'test/api/stop.test.ts',
];

const onSqlite = (include: string[]): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name: 'sqlite', include },
});

const onPostgres = (include: string[]): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name: 'postgres', include, env: ON_POSTGRES, globalSetup: ['test/helpers/on-postgres.ts'] },
});

// Unpacked here once, and not by several tests at the same moment. Where there is none, those that need it say so.
process.env['CHROMIUM_PATH'] ??= await chromiumPath().catch(() => '');

export default defineConfig(({ mode }) => ({
  plugins: [browserBundle()],
  test: {
    projects:
      mode === 'postgres'
        ? [onPostgres(['test/**/*.{test,postgres}.ts'])]
        : [onSqlite(['test/**/*.test.ts']), onPostgres(ON_BOTH)],
    // A machine with other work takes several times as long.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // More than a small machine has processors: many tests wait for a clock or a network that fails on purpose.
    maxWorkers: 5,
    globalSetup: ['test/helpers/temporary-folder.ts'],
  },
}));
