/**
 * Bundles the scripts of the respondent's page, as a Vite plugin: `virtual:browser` has the one that stands in the page,
 * and the parts that load when the person comes near them, with their words in one language each.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { languageNames, wordings, type Language } from '../form/wording/wording.ts';

const NAME = 'virtual:browser';
/** Each may load those before it, as `chunk:name`. */
const PARTS = [
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

type Part = { path: string; text: string };

export function browserBundle() {
  return {
    name: 'flipsite-browser',
    resolveId: (id: string) => (id === NAME ? `\0${NAME}` : undefined),
    async load(id: string) {
      if (id !== `\0${NAME}`) return undefined;
      const parts = await Promise.all(languageNames.map(async (language) => [language, await partsIn(language)]));
      const scripts = { plain: await bundle('page.ts', 'iife', [leaveOut]), full: await bundle('page.ts', 'iife') };
      return `export const pageScripts = ${JSON.stringify(scripts)};
export const frameScript = ${JSON.stringify(await bundle('frame.ts', 'iife'))};
export const parts = ${JSON.stringify(Object.fromEntries(parts))};`;
    },
  };
}

async function partsIn(language: Language): Promise<Record<string, Part>> {
  const parts: Record<string, Part> = {};
  for (const name of PARTS) {
    const text = await bundle(`chunks/${name}.ts`, 'esm', [wordsIn(language), partsBefore(parts)]);
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
    parts[name] = { path: `/assets/${name}-${language}-${hash}.js`, text };
  }
  return parts;
}

/** `chunk:name`: how to load a part that was made before this one, which stands beside it. */
const partsBefore = (parts: Record<string, Part>): Plugin => ({
  name: 'parts',
  setup(made) {
    made.onResolve({ filter: /^chunk:/ }, ({ path }) => ({ path: path.slice('chunk:'.length), namespace: 'chunk' }));
    made.onResolve({ filter: /./, namespace: 'chunk' }, ({ path }) => ({ path, external: true }));
    made.onLoad({ filter: /./, namespace: 'chunk' }, ({ path: name }) => {
      const part = parts[name];
      if (!part) return { errors: [{ text: `the part ${name} is made later; PARTS says in which order` }] };
      const address = `./${part.path.replace(/^.*\//, '')}`;
      // A browser may remember that an address failed to load, so that another try needs another one.
      return {
        contents: `const at = '${address}'; export const load = () => import(at).catch(() => import(at + '?' + Date.now()))`,
      };
    });
  },
});

/** `virtual:words`: the page's words in one language, of which a part keeps those that it says. */
const wordsIn = (language: Language): Plugin => ({
  name: 'words',
  setup(made) {
    made.onResolve({ filter: /^virtual:words$/ }, () => ({ path: language, namespace: 'words' }));
    made.onLoad({ filter: /.*/, namespace: 'words' }, () => {
      const { page, keep, ending, review, files, invite, linking, linked, trouble, elsewhere } = wordings[language];
      const words = { page, keep, ending, review, files, invite, linking, linked, trouble, elsewhere };
      return { contents: JSON.stringify(words), loader: 'json' };
    });
  },
});

/** What a plain form's page can do without (`needsAll` says which forms cannot): arithmetic, moving dates, pipes, Wink, sensitive answers, choices that go together or not. */
const leaveOut: Plugin = {
  name: 'leave-out',
  setup(made) {
    made.onLoad(
      { filter: /\/(expression|dates|checkbox-rules|preload|sensitive|format-answer|composite|composite-errors)\.ts$/ },
      () => ({
        contents: `function nothing() {} export { ${LEFT_OUT.map((name) => `nothing as ${name}`).join(', ')} }`,
      }),
    );
  },
};

const LEFT_OUT = [
  'compute',
  'resolveDates',
  'keepExclusive',
  'countProblem',
  'preloadNext',
  'leaveViaChunk',
  'formatAnswer',
  'fillPipes',
  'showComputed',
  'compositeOf',
  'compositeError',
  'markComposite',
  'toMemory',
  'toStore',
];

/**
 * Tells Chromium to compile every function with the script instead of at its first call, for which somebody would wait
 * (https://v8.dev/blog/explicit-compile-hints).
 */
const EAGERLY = '//# allFunctionsCalledOnLoad';

/** One file without imports, small, for browsers of 2021 and later. `</script` cannot end the element it stands in. */
async function bundle(entry: string, format: 'esm' | 'iife', plugins: Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    banner: { js: format === 'iife' ? EAGERLY : '' },
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
