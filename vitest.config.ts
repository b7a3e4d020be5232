import { availableParallelism } from 'node:os';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { chromiumPath } from './test/helpers/browser.ts';
import { ON_POSTGRES } from './test/helpers/postgres/postgres.ts';
import { namePrograms, ROOMY } from './test/helpers/programs.ts';

/**
 * Tests that `npm test` runs on PostgreSQL too, because their code differs from SQLite's, or must not. The names with
 * `.postgres` run there only. `npm run test:postgres` runs all files there, also those of servers on PostgreSQL.
 */
const ON_BOTH = [
  'test/record/**/*.{test,postgres}.ts',
  // They use no database, or SQLite everywhere.
  '!test/record/{crypto/seal,crypto/seal-bytes,db/durability,files/buckets,ids,make-folders}.test.ts',
  // They take long.
  '!test/record/{db/migrations,db/standard-names,db/wiped,results/results,results/results-lists}.test.ts',
  '!test/record/db/{timeouts,start-together}.postgres.ts',
  'test/respond/journey.test.ts',
  'test/operate/deleted-on-request.postgres.ts',
];

/** Files that `npm test` leaves out on SQLite. Each takes seconds of a processor, for a rare case or for local Smile. */
const LONG_ONLY = [
  'test/api/bounds/{old-flood,slow-readers}.test.ts',
  'test/api/faults/{broken-file,clock,files-crash}.test.ts',
  'test/dashboard/messy.test.ts',
  'test/deliver/crash.test.ts',
  'test/invite/follow-smile.test.ts',
  'test/local-smile/{acceptance,contract,memory,pages,quickstart,widget,widget-choices}.test.ts',
  'test/operate/{astro-commands,package}.test.ts',
  'test/record/db/standard-names.test.ts',
  'test/respond/{reliability,smile-faults}.test.ts',
];

/** Files that wait for clocks, or for servers that are killed and started: begun first, so that the others fill their waits. */
const WAITING =
  /(commands|crash|files-crash|slow-senders|slow-readers|stop|old-flood|flood|follow-smile|widget|widget-choices|smile-faults|reliability|retrieve|clock|invitations|backup|install|site-limits|acceptance)\.test\.ts$|(two-servers|gone)\.postgres\.ts$/;

class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ project, moduleId }: TestSpecification) =>
      (project.name === 'postgres' ? 0 : 2) + (WAITING.test(moduleId) ? 0 : 1);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

/** The form language and the editing of it: work for the processor alone, which `npm test` does while other tests wait. */
const LOGIC = ['test/form/**/*.test.ts', 'test/editor/**/*.test.ts'];

const withoutDatabase = (include: string[]): TestProjectInlineConfiguration => ({
  extends: true,
  // `npm test` gives them what others leave of the processors, which can be almost nothing for a minute.
  test: { name: 'logic', include, testTimeout: 300_000, hookTimeout: 300_000 },
});

const without = (files: string[]): string[] => files.map((one) => `!${one}`);

const onSqlite = (include: string[]): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name: 'sqlite', include, execArgv: ROOMY },
});

const onPostgres = (include: string[]): TestProjectInlineConfiguration => ({
  extends: true,
  test: {
    name: 'postgres',
    include,
    execArgv: ROOMY,
    env: ON_POSTGRES,
    globalSetup: ['test/helpers/postgres/on-postgres.ts'],
  },
});

// Unpacked here once, and not by several tests at the same moment. Where there is none, those that need it say so.
process.env['CHROMIUM_PATH'] ??= await chromiumPath().catch(() => '');
namePrograms();

export default defineConfig(({ mode }) => ({
  test: {
    projects:
      mode === 'postgres'
        ? [onPostgres(['test/**/*.{test,postgres}.ts'])]
        : [
            onSqlite(['test/**/*.test.ts', ...without(LOGIC), ...(mode === 'long' ? [] : without(LONG_ONLY))]),
            onPostgres(ON_BOTH),
            withoutDatabase(LOGIC),
          ],
    // Node strips the types itself, and keeps the result. Vite's transforms take a third of a run.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // A worker loads what many files import once. So a file may leave nothing behind that another one meets.
    isolate: false,
    setupFiles: ['test/helpers/run/each-test.ts'],
    sequence: { sequencer: WaitingFirst },
    // A machine with other work takes several times as long.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // Each worker loads and compiles the same code. While one waits for a clock or a network, `npm test` has other work.
    maxWorkers: Math.min(availableParallelism() + 1, 8),
    globalSetup: ['test/helpers/run/temporary-folder.ts'],
    env: {
      ...(mode === 'long' && { FLIPSITE_TEST_LONG: 'yes' }),
      ...(mode === 'postgres' && { FLIPSITE_TEST_ALL: 'yes' }),
    },
  },
}));
