import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import node from '@astrojs/node';
import { defineConfig } from 'astro/config';
import { astroCommands } from './scripts/astro-commands.mjs';
import { bundleProgram } from './scripts/program/bundle.ts';
import { compressAssets } from './src/publish/bundles/assets.ts';
import { browserBundle } from './src/publish/bundles/browser-bundle.ts';
import { editorBundle } from './src/publish/bundles/editor-bundle.ts';

if (existsSync('.env')) process.loadEnvFile();

/** Our own server renders through a function; the adapter's entry would bring a server, a body limit and a CSRF rule of its own. */
const renderEntry = {
  name: 'flipsite-render-entry',
  enforce: 'post',
  config: () => ({
    environments: { ssr: { build: { rolldownOptions: { input: { index: './src/publish/bundles/astro-entry.ts' } } } } },
  }),
};

/** @type {import('astro').AstroIntegration} */
const program = {
  name: 'flipsite-program',
  hooks: {
    'astro:build:done': async ({ dir }) => {
      const client = fileURLToPath(dir);
      await compressAssets(client);
      await bundleProgram(path.dirname(client));
    },
  },
};

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'middleware', bodySizeLimit: 65_536 }),
  session: false,
  security: { checkOrigin: false },
  devToolbar: { enabled: false },
  build: { inlineStylesheets: 'always', format: 'file', assets: 'assets' },
  integrations: [astroCommands, program],
  vite: { plugins: [browserBundle(), editorBundle(), renderEntry] },
});
