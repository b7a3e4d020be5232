import { defineConfig } from 'vitest/config';
import { browserBundle } from './src/publish/browser-bundle.ts';

export default defineConfig(({ mode }) => ({
  plugins: [browserBundle()],
  test: {
    include: ['test/**/*.test.ts', ...(mode === 'postgres' ? ['test/**/*.postgres.ts'] : [])],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // More than a small machine has processors: many tests wait for a clock or a network that fails on purpose.
    maxWorkers: 3,
    globalSetup: ['test/helpers/temporary-folder.ts', ...(mode === 'postgres' ? ['test/helpers/on-postgres.ts'] : [])],
  },
}));
