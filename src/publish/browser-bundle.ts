/**
 * Bundles the scripts of the respondent's page, as a Vite plugin. `virtual:browser` has the inline script of the page,
 * and the chunks that load later, with the wording of one language each.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { rolldown, type Plugin } from 'rolldown';
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
  resolveId: (id) => (id.startsWith('chunk:') ? `\0${id}` : undefined),
  load(id) {
    if (!id.startsWith('\0chunk:')) return undefined;
    const name = id.slice('\0chunk:'.length);
    const chunk = chunks[name];
    if (!chunk) throw new Error(`the chunk ${name} is built later. CHUNKS has the order.`);
    const address = `./${chunk.path.replace(/^.*\//, '')}`;
    // A browser may remember that an address failed to load, so a retry needs another address.
    const code = `const at = '${address}'; export const load = () => import(at).catch(() => import(at + '?' + Date.now()))`;
    return { code, moduleType: 'js' };
  },
});

/** `virtual:words`: the wording of one language. A bundle keeps only the sentences it uses. */
const wordsPlugin = (language: Language): Plugin => ({
  name: 'words',
  resolveId: (id) => (id === 'virtual:words' ? '\0words' : undefined),
  load(id) {
    if (id !== '\0words') return undefined;
    const { page, keep, ending, review, files, invite, linking, linked, trouble, elsewhere } = wordings[language];
    const words = { page, keep, ending, review, files, invite, linking, linked, trouble, elsewhere };
    return { code: JSON.stringify(words), moduleType: 'json' };
  },
});

/**
 * Stubs the modules that a plain form does not need: arithmetic, moving dates, pipes, Wink, sensitive answers, rules
 * between choices. `needsFullScript` decides which forms need them.
 */
const stubUnused: Plugin = {
  name: 'leave-out',
  load(id) {
    if (!/\/(expression|dates|checkbox-rules|preload|sensitive|format-answer|composite|composite-errors)\.ts$/.test(id))
      return undefined;
    const code = `function nothing() {} export { ${STUBBED.map((name) => `nothing as ${name}`).join(', ')} }`;
    return { code, moduleType: 'js' };
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
  const bundler = await rolldown({
    input: fileURLToPath(new URL(`../browser/${entry}`, import.meta.url)),
    plugins,
    transform: { target: ['chrome100', 'firefox100', 'safari15.4'] },
  });
  const { output } = await bundler.generate({ format, minify: true, comments: false, codeSplitting: false });
  await bundler.close();
  const text = `${format === 'iife' ? `${COMPILE_HINT}\n` : ''}${output[0].code.trim()}`;
  return text.replaceAll('</script', '<\\/script');
}
