/**
 * Bundles the scripts of the respondent's page, as a Vite plugin. `virtual:browser` has the inline script of the page,
 * and the chunks that load later, with the wording of one language each.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown, type Plugin } from 'rolldown';
import { PAGE_FEATURES } from '../../form/inspect/page-features.ts';
import { languageCodes, wordings, type Language } from '../../form/wording/wording.ts';

const NAME = 'virtual:browser';
/** The chunks, by name, with their files. Each may load those before it, as `chunk:name`. */
const CHUNKS = {
  qr: 'saving/qr.ts',
  'resume-link': 'saving/resume-link.ts',
  linked: 'wink/linked.ts',
  'link-errors': 'wink/link-errors.ts',
  launch: 'wink/launch.ts',
  'resume-question': 'saving/resume-question.ts',
  notes: 'saving/notes.ts',
  ending: 'saving/ending.ts',
  submission: 'saving/submission.ts',
  wink: 'wink/wink.ts',
  files: 'files/files.ts',
  review: 'review.ts',
  solve: 'saving/solve.ts',
  invited: 'invited.ts',
  amounts: 'amounts.ts',
  preview: 'preview.ts',
  embed: 'embed.ts',
};

type BuiltChunk = { path: string; text: string };

export function browserBundle() {
  return {
    name: 'flipsite-browser',
    resolveId: (id: string) => (id === NAME ? `\0${NAME}` : undefined),
    async load(id: string) {
      if (id !== `\0${NAME}`) return undefined;
      const chunks = await Promise.all(languageCodes.map(async (language) => [language, await buildChunks(language)]));
      return `export const pageScripts = ${JSON.stringify(await buildPageScripts())};
export const frameScript = ${JSON.stringify(await bundle('frame.ts', 'iife'))};
export const beginningScript = ${JSON.stringify(await bundle('beginning.ts', 'iife'))};
export const currentScript = ${JSON.stringify(await bundle('current.ts', 'iife'))};
export const embedScript = ${JSON.stringify(await bundle('embed.ts', 'iife'))};
export const chunks = ${JSON.stringify(Object.fromEntries(chunks))};`;
    },
  };
}

/** The script of a form's page: for a form that needs none of `PAGE_FEATURES`, and for the others. */
export const buildPageScripts = async (): Promise<Record<'plain' | 'full', string>> => ({
  plain: await bundle('page.ts', 'iife', [stubUnused]),
  full: await bundle('page.ts', 'iife'),
});

async function buildChunks(language: Language): Promise<Record<string, BuiltChunk>> {
  const chunks: Record<string, BuiltChunk> = {};
  for (const [name, file] of Object.entries(CHUNKS)) {
    const text = await bundle(`chunks/${file}`, 'esm', [wordsPlugin(language), earlierChunks(chunks)]);
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

/** The groups of sentences that a script looks up by a status or an error code. All of each group is bundled. */
const LOOKED_UP = new Set(['linked', 'trouble']);

/**
 * `virtual:words`: the wording of one language. A bundle keeps only the sentences it uses: each group is a module, since
 * a bundler leaves out unused exports, and no unused keys of objects.
 */
const wordsPlugin = (language: Language): Plugin => ({
  name: 'words',
  resolveId: (id) => (id.startsWith('virtual:words') ? `\0${id}` : undefined),
  load(id) {
    const [, name, group] = /^\0(virtual:words)(?:\/(\w+))?$/.exec(id) ?? [];
    if (!name) return undefined;
    const { page, keep, ending, review, files, invite, linking, linked, trouble, elsewhere, resume, server } =
      wordings[language];
    const words = { page, keep, ending, review, files, invite, linking, linked, trouble, elsewhere, resume, server };
    if (group) return { code: JSON.stringify(words[group as keyof typeof words]), moduleType: 'json' };
    const groups = Object.keys(words).map((key) => `export ${LOOKED_UP.has(key) ? `{ default as ${key} }` : `* as ${key}`} from '${name}/${key}';`); // prettier-ignore
    return { code: groups.join('\n'), moduleType: 'js' };
  },
});

/** The modules that the plain script leaves out. */
const unused = new Set(Object.values(PAGE_FEATURES).flatMap((modules) => modules.map(fileInSource)));

/** Replaces these modules: each function that they export does nothing. */
const stubUnused: Plugin = {
  name: 'stub-unused',
  async load(id) {
    if (!unused.has(id)) return undefined;
    const exported = Object.entries((await import(pathToFileURL(id).href)) as object);
    const value = exported.find(([, one]) => typeof one !== 'function');
    if (value) throw new Error(`${id} exports the value ${value[0]}. Only functions can be left out.`);
    const stubs = exported.map(([name]) => `nothing as ${name}`);
    return { code: `function nothing() {} export { ${stubs.join(', ')} }`, moduleType: 'js' };
  },
};

function fileInSource(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

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
    input: fileInSource(`browser/${entry}`),
    plugins,
    transform: { target: ['chrome100', 'firefox100', 'safari15.4'] },
  });
  const { output } = await bundler.generate({ format, minify: true, comments: false, codeSplitting: false });
  await bundler.close();
  const text = `${format === 'iife' ? `${COMPILE_HINT}\n` : ''}${output[0].code.trim()}`;
  return text.replaceAll('</script', '<\\/script');
}
