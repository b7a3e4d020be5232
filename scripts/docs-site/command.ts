/**
 * `npm run docs:site [-- FOLDER]`: the documents as a website with a search. npm fetches Starlight for it, once, into a folder
 * of its own: it is as large as a third of all other packages.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { readGroups, readPages } from './pages.ts';

const PACKAGES = {
  astro: manifest.dependencies.astro,
  '@astrojs/starlight': '0.42.4',
  '@astrojs/markdown-remark': '7.3.0',
};

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#0b6e4f" d="M3 1h10v3H6v3h6v3H6v5H3z"/></svg>';

const root = path.resolve(import.meta.dirname, '../..');
const out = path.resolve(process.argv[2] ?? 'docs-site');
/** The path of the website, such as `/docs/`. */
const base = process.env['DOCS_BASE'] ?? '/';
const work = path.join(root, 'node_modules/.cache/docs-site');
const content = path.join(work, 'src/content/docs');

const write = (file: string, text: string) => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
};

const pages = readPages(root, base);
for (const folder of ['src', 'public']) rmSync(path.join(work, folder), { recursive: true, force: true });
for (const { slug, title, text } of pages)
  write(
    path.join(content, slug || 'index', slug ? 'index.md' : '../index.md'),
    `---\ntitle: ${JSON.stringify(title)}\n---\n${text}`,
  );
// Pictures and the files to copy from. Astro turns only `content` into pages.
cpSync(path.join(root, 'docs'), path.join(work, 'public'), {
  recursive: true,
  filter: (file) => !file.endsWith('.md'),
});
write(path.join(work, 'public/favicon.svg'), ICON);
const sidebar = readGroups(root).map(({ label, slugs }) => ({ label, items: slugs.map((slug) => ({ slug })) }));
const settings = { title: 'Flipsite', sidebar };
write(path.join(work, 'astro.config.mjs'), `import { defineConfig } from 'astro/config';
import starlight from '@astrojs/starlight';
export default defineConfig({ base: ${JSON.stringify(base)}, integrations: [starlight(${JSON.stringify(settings)})] });
`); // prettier-ignore
write(path.join(work, 'src/content.config.mjs'), `import { defineCollection } from 'astro:content';
import { docsLoader } from '@astrojs/starlight/loaders';
import { docsSchema } from '@astrojs/starlight/schema';
export const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) };
`); // prettier-ignore
write(path.join(work, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: PACKAGES }));

run('npm', 'install', '--no-audit', '--no-fund', '--loglevel=error');
run('npx', '--no-install', 'astro', 'build', '--silent', '--outDir', out);
console.log(
  `Wrote ${pages.length} pages to ${path.relative('.', out)}/. The search works once a web server serves them.`,
);

function run(program: string, ...args: string[]): void {
  const { status } = spawnSync(program, args, { cwd: work, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}
