/**
 * Bundles the scripts of the respondent's page, as a Vite plugin. `virtual:browser` has the inline script of the page,
 * and the chunks that load later, with the wording of one language each.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { languageNames, wordings, type Language } from '../form/wording/wording.ts';

const NAME = 'virtual:browser';
/** Each may load those before it, as `chunk:name`. */
const CHUNKS = [
  'qr',
  'resume-link',
  'linked',
  'link-errors',
  'launch',
  'ending',
  'submission',
  'wink',
  'files',
  'review',
  'solve',
  'invited',
  'amounts',
] as const;

type BuiltChunk = { path: string; text: string };

export function browserBundle() {
  return {
    name: 'flipsite-browser',
    resolveId: (id: string) => (id === NAME ? `\0${NAME}` : undefined),
    async load(id: string) {
      if (id !== `\0${NAME}`) return undefined;
      const chunks = await Promise.all(languageNames.map(async (language) => [language, await buildChunks(language)]));
      const scripts = { plain: await bundle('page.ts', 'iife', [stubUnused]), full: await bundle('page.ts', 'iife') };
      return `export const pageScripts = ${JSON.stringify(scripts)};
export const frameScript = ${JSON.stringify(await bundle('frame.ts', 'iife'))};
export const chunks = ${JSON.stringify(Object.fromEntries(chunks))};`;
    },
  };
}

async function buildChunks(language: Language): Promise<Record<string, BuiltChunk>> {
  const chunks: Record<string, BuiltChunk> = {};
  for (const name of CHUNKS) {
    const text = await bundle(`chunks/${name}.ts`, 'esm', [wordsPlugin(language), earlierChunks(chunks)]);
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
    chunks[name] = { path: `/assets/${name}-${language}-${hash}.js`, text };
  }
  return chunks;
}

/** `chunk:name`: loads an earlier chunk, at an address beside this one. */
const earlierChunks = (chunks: Record<string, BuiltChunk>): Plugin => ({
  name: 'chunks',
  setup(build) {
    build.onResolve({ filter: /^chunk:/ }, ({ path }) => ({ path: path.slice('chunk:'.length), namespace: 'chunk' }));
    build.onResolve({ filter: /./, namespace: 'chunk' }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /./, namespace: 'chunk' }, ({ path: name }) => {
      const chunk = chunks[name];
      if (!chunk) return { errors: [{ text: `the chunk ${name} is built later. CHUNKS has the order.` }] };
      const address = `./${chunk.path.replace(/^.*\//, '')}`;
      // A browser may remember that an address failed to load, so a retry needs another address.
      return {
        contents: `const at = '${address}'; export const load = () => import(at).catch(() => import(at + '?' + Date.now()))`,
      };
    });
  },
});

/** `virtual:words`: the wording of one language. A bundle keeps only the sentences it uses. */
const wordsPlugin = (language: Language): Plugin => ({
  name: 'words',
  setup(build) {
    build.onResolve({ filter: /^virtual:words$/ }, () => ({ path: language, namespace: 'words' }));
    build.onLoad({ filter: /.*/, namespace: 'words' }, () => {
      const { page, keep, ending, review, files, invite, linking, linked, trouble, elsewhere } = wordings[language];
      const words = { page, keep, ending, review, files, invite, linking, linked, trouble, elsewhere };
      return { contents: JSON.stringify(words), loader: 'json' };
    });
  },
});

/**
 * Stubs the modules that a plain form does not need: arithmetic, moving dates, pipes, Wink, sensitive answers, rules
 * between choices. `needsFullScript` decides which forms need them.
 */
const stubUnused: Plugin = {
  name: 'leave-out',
  setup(build) {
    build.onLoad(
      { filter: /\/(expression|dates|checkbox-rules|preload|sensitive|format-answer|composite|composite-errors)\.ts$/ },
      () => ({
        contents: `function nothing() {} export { ${STUBBED.map((name) => `nothing as ${name}`).join(', ')} }`,
      }),
    );
  },
};

const STUBBED = [
  'compute',
  'resolveDates',
  'keepExclusive',
  'countProblem',
  'preloadNext',
  'leaveViaChunk',
  'formatAnswer',
  'fillPipedTexts',
  'showComputed',
  'compositeOf',
  'compositeError',
  'markComposite',
  'toMemory',
  'toStore',
];

/**
 * Makes Chromium compile all functions with the script instead of at their first call, when a person would wait
 * (https://v8.dev/blog/explicit-compile-hints).
 */
const COMPILE_HINT = '//# allFunctionsCalledOnLoad';

/**
 * One small file without imports, for browsers of 2021 and later. `</script` is escaped, since it would end the
 * element.
 */
async function bundle(entry: string, format: 'esm' | 'iife', plugins: Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    banner: { js: format === 'iife' ? COMPILE_HINT : '' },
    entryPoints: [fileURLToPath(new URL(`../browser/${entry}`, import.meta.url))],
    plugins,
    bundle: true,
    minify: true,
    write: false,
    format,
    target: ['chrome100', 'firefox100', 'safari15.4'],
    charset: 'utf8',
  });
  return (outputFiles[0]?.text ?? '').trim().replaceAll('</script', '<\\/script');
}
