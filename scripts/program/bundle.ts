/**
 * Makes the program from the source and the built pages: plain JavaScript without dependencies, for `node dist/server.js`
 * and for `npm pack ./dist`. The package has the command `flipsite`, with one subcommand for each command of npm.
 */
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import { CARD_ENGINE, CARD_FONTS, cardFile } from '../../src/publish/cards/card-files.ts';
import { widgetScript } from '../../src/local-smile/http/script.ts';

const root = path.resolve(import.meta.dirname, '../..');
const source = (...parts: string[]) => path.join(root, 'src', ...parts);

const ENTRIES = {
  server: source('server.ts'),
  command: source('cli/flipsite.ts'),
  'check-worker': source('publish/check/check-worker.ts'),
  'card-worker': source('publish/cards/card-worker.ts'),
};

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<string, unknown>;

/** @param dist the folder of the build, which has `client/` and `server/` already */
export async function bundleProgram(dist: string): Promise<void> {
  const program = path.join(dist, 'program');
  mkdirSync(program, { recursive: true });
  const bundler = await rolldown({
    input: ENTRIES,
    platform: 'node',
    // Optional parts of packages, which Flipsite does not use.
    external: ['pg-native', 'sharp', 'rolldown'],
    plugins: [builtParts(dist), cardFiles, await localSmileWidget(), packagedWords],
    onLog: (level, log, report) => log.code !== 'EVAL' && report(level, log),
    logLevel: 'warn',
  });
  const names = { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' };
  await bundler.write({ dir: program, format: 'esm', comments: false, ...names });
  await bundler.close();
  const templates = source('form/templates');
  for (const name of readdirSync(templates).filter((one) => one.endsWith('.yaml')))
    copyFileSync(path.join(templates, name), path.join(program, name));
  copyCardFiles(path.join(program, 'cards'));
  copyDeployFiles(path.join(dist, 'deploy'));
  copyFileSync(path.join(root, '.env.example'), path.join(program, 'example.env'));
  writeFileSync(path.join(dist, 'server.js'), "import './program/server.js';\n");
  copyFileSync(path.join(root, 'scripts/program/flipsite.js'), path.join(dist, 'flipsite.js'));
  chmodSync(path.join(dist, 'flipsite.js'), 0o755);
  copyFileSync(path.join(root, 'scripts/node-version.mjs'), path.join(dist, 'node-version.mjs'));
  copyFileSync(path.join(root, 'LICENSE'), path.join(dist, 'LICENSE'));
  copyFileSync(path.join(root, 'scripts/program/README.md'), path.join(dist, 'README.md'));
  writeFileSync(path.join(dist, 'package.json'), `${JSON.stringify(packageJson(), undefined, 2)}\n`);
}

/** `src/built.ts`, for the folder of the program. */
const builtParts = (dist: string): Plugin => ({
  name: 'built-parts',
  load: (id) =>
    id === source('built.ts')
      ? `import { readFileSync } from 'node:fs';
         import { fileURLToPath } from 'node:url';
         export const assetsFolder = fileURLToPath(new URL('../client', import.meta.url));
         export const isBuilt = () => true;
         export const openPages = () => import(${JSON.stringify(path.join(dist, 'server/entry.mjs'))});
         export const programVersion = ${JSON.stringify(manifest.version)};
         export const exampleSettings = () => readFileSync(new URL('example.env', import.meta.url), 'utf8');`
      : undefined,
  transform: (code, id) =>
    [source('publish/check/form-checker.ts'), source('publish/cards/cards.ts')].includes(id)
      ? code.replace(/URL\('\.\/([\w-]+)\.ts'/, "URL('./$1.js'")
      : undefined,
});

/** The files with which cards are drawn, in a folder of the program under the names that they have in their packages. */
const cardFiles: Plugin = {
  name: 'card-files',
  transform: (code, id) =>
    id === source('publish/cards/card-files.ts')
      ? code.replace('import.meta.resolve(name)', 'new URL(`cards/${name}`, import.meta.url)')
      : undefined,
};

/** Fonts have a file for each weight and width too. Cards are drawn with the ones of all weights. */
function copyCardFiles(folder: string): void {
  const names = CARD_FONTS.flatMap((font) => {
    const files = readdirSync(path.dirname(cardFile(`${font}/unicode.json`)) + '/files');
    const drawn = files.filter((name) => name.endsWith('-wght-normal.woff2')).map((name) => `files/${name}`);
    return ['LICENSE', 'unicode.json', ...drawn].map((name) => `${font}/${name}`);
  });
  for (const name of [CARD_ENGINE, ...names]) cpSync(cardFile(name), path.join(folder, name));
}

/** The files for other programs of a machine, of which those in `docs/operate/deploy/` are for a clone. */
function copyDeployFiles(folder: string): void {
  const deploy = path.join(root, 'docs/operate/deploy');
  mkdirSync(folder, { recursive: true });
  for (const name of ['Caddyfile', 'alerts.yml', 'grafana.json', 'nginx.conf'])
    copyFileSync(path.join(deploy, name), path.join(folder, name));
  const unit = readFileSync(path.join(deploy, 'flipsite.service'), 'utf8');
  writeFileSync(
    path.join(folder, 'flipsite.service'),
    unit.replace('dist/server.js', 'node_modules/flipsite/server.js'),
  );
}

/** The widget of local Smile, which is bundled now and not at its first use. */
async function localSmileWidget(): Promise<Plugin> {
  const script = JSON.stringify(await widgetScript());
  return {
    name: 'local-smile-widget',
    load: (id) =>
      id === source('local-smile/http/script.ts')
        ? `export const widgetScript = () => Promise.resolve(${script});`
        : undefined,
  };
}

/** Messages name the command that a reader can type: `npx flipsite member reset …`, not `npm run member -- reset …`. */
const packagedWords: Plugin = {
  name: 'packaged-words',
  transform: (code, id) =>
    id.includes('node_modules')
      ? undefined
      : code
          .replace(/npm run (\$\{name\}|[a-z]+)( --)?/g, 'npx flipsite $1')
          .replace(/\bnpm start\b/g, 'npx flipsite start'),
};

/** Without dependencies: all of them are in the bundle. */
function packageJson(): object {
  const { name, version, description, license, type, engines } = manifest;
  return { name, version, description, license, type, engines, bin: { flipsite: 'flipsite.js' }, files: ['*.js', 'node-version.mjs', 'program', 'client', 'deploy'] }; // prettier-ignore
}
