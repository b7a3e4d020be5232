import { existsSync } from 'node:fs';
import node from '@astrojs/node';
import { defineConfig } from 'astro/config';
import { browserBundle } from './src/publish/browser-bundle.ts';

if (existsSync('.env')) process.loadEnvFile();

/** Our own server renders through a function; the adapter's entry would bring a server, a body limit and a CSRF rule of its own. */
const renderEntry = {
  name: 'flipsite-render-entry',
  enforce: 'post',
  config: () => ({
    environments: { ssr: { build: { rolldownOptions: { input: { index: './src/publish/astro-entry.ts' } } } } },
  }),
};

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'middleware', bodySizeLimit: 65_536 }),
  session: false,
  security: { checkOrigin: false },
  devToolbar: { enabled: false },
  build: { inlineStylesheets: 'always', format: 'file' },
  vite: { plugins: [browserBundle(), renderEntry] },
});
