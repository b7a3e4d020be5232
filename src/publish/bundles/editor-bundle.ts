/** Bundles the editor of forms, as a Vite plugin. `virtual:editor` has its files, and the address of the first one. */
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { formGuide } from '../../form/docs/guide.ts';

const NAME = 'virtual:editor';

export function editorBundle() {
  return {
    name: 'flipsite-editor',
    resolveId: (id: string) => (id === NAME ? `\0${NAME}` : undefined),
    async load(id: string) {
      if (id !== `\0${NAME}`) return undefined;
      const files = await buildEditor();
      return `export const editorFiles = ${JSON.stringify(files)};
export const editorScript = ${JSON.stringify(files[0]?.path)};`;
    },
  };
}

/** A script under an address that changes with its text. */
export interface BuiltScript {
  path: string;
  text: string;
}

/** The files of the editor. The first one is its entry, and loads the others when they are needed. */
export async function buildEditor(): Promise<BuiltScript[]> {
  const bundler = await rolldown({
    input: { editor: fileURLToPath(new URL('../../editor/entry.tsx', import.meta.url)) },
    plugins: [
      guideModule,
      withoutFrames,
      withoutPrinter,
      withoutNodeCreation,
      withoutOldYaml,
      withoutOldBrowsers,
      withoutParserLog,
      withoutMisuse,
      withoutOtherStyles,
    ],
    // Each module only declares, but for the entry. No property that it reads for that has a getter.
    // A property that is only read is left out. So a signal is subscribed to, and never just read.
    // `tagHighlighter` makes a table, and the package makes one of all languages, which the editor does not use.
    treeshake: {
      moduleSideEffects: false,
      propertyReadSideEffects: false,
      unknownGlobalSideEffects: false,
      manualPureFunctions: ['tagHighlighter'],
    },
    transform: { target: ['chrome111', 'firefox113', 'safari16.4'] },
  });
  const { output } = await bundler.generate({
    format: 'esm',
    minify: true,
    comments: false,
    entryFileNames: 'editor-[hash].js',
    chunkFileNames: 'editor-[name]-[hash].js',
  });
  await bundler.close();
  return output.flatMap((file) =>
    file.type === 'chunk' ? [{ path: `/assets/${file.fileName}`, text: file.code }] : [],
  );
}

/** `virtual:guide` has the keys of the form language as data, so that the editor needs no schema. */
const guideModule = {
  name: 'flipsite-guide',
  resolveId: (id: string) => (id === 'virtual:guide' ? '\0virtual:guide' : undefined),
  load: (id: string) => (id === '\0virtual:guide' ? `export const guide = ${JSON.stringify(formGuide())};` : undefined),
};

/** The editor shows an error beside its text, and not the rows around it, without passwords. They are 0.4 kB of brotli. */
const withoutFrames = {
  name: 'flipsite-faults-without-frames',
  load: (id: string) => (/[\\/]form[\\/]faults[\\/]frame\.ts$/.test(id) ? NO_FRAMES : undefined),
};

const NO_FRAMES = `export const frameOf = () => '', withoutPassword = ({ original }) => original;`;

/** The editor writes YAML by replacements of its own, so the printer of the package stays out. It is 4 kB of brotli. */
const withoutPrinter = {
  name: 'flipsite-yaml-without-printer',
  load: (id: string) => (/[\\/]yaml[\\/]browser[\\/]dist[\\/]stringify[\\/]/.test(id) ? PRINTS_NOTHING : undefined),
};

const PRINTS_NOTHING = `const nothing = () => '';
export { nothing as createStringifyContext, nothing as stringify, nothing as stringifyCollection, nothing as stringifyComment,
  nothing as lineComment, nothing as indentComment, nothing as stringifyDocument, nothing as stringifyNumber,
  nothing as stringifyPair, nothing as stringifyString, nothing as foldFlowLines };
export const FOLD_FLOW = 'flow', FOLD_BLOCK = 'block', FOLD_QUOTED = 'quoted';`;

/** The editor never creates a YAML node from a value, and reads values as they are. That is 0.4 kB of brotli. */
const withoutNodeCreation = {
  name: 'flipsite-yaml-without-node-creation',
  load: (id: string) =>
    /[\\/]yaml[\\/]browser[\\/]dist[\\/]doc[\\/](createNode|applyReviver)\.js$/.test(id) ? CREATES_NOTHING : undefined,
};

const CREATES_NOTHING = `export const createNode = () => undefined, applyReviver = createNode;`;

/** The editor reads YAML 1.2, also where a text names version 1.1, whose types stay out. They are 2 kB of brotli. */
const withoutOldYaml = {
  name: 'flipsite-yaml-without-1.1',
  load: (id: string) =>
    /[\\/]yaml[\\/]browser[\\/]dist[\\/]schema[\\/]yaml-1\.1[\\/](?!merge)/.test(id) ? NO_OLD_YAML : undefined,
};

/** CodeMirror also has code for browsers that are older than `target`. It is 0.3 kB of brotli. */
const withoutOldBrowsers = {
  name: 'flipsite-codemirror-without-old-browsers',
  transform: (code: string, id: string) =>
    /[\\/]@codemirror[\\/]view[\\/]/.test(id) ? code.replace(OLD_BROWSERS, 'false').replace(FIND_OLD_BROWSERS, '$1false;') : undefined, // prettier-ignore
};

const OLD_BROWSERS = /browser\.ie\b|browser\.webkit_version < 604\b/g;
const FIND_OLD_BROWSERS = /^(const ie(?:_\w+)? = ).*;$/gm;

/** The parser of CodeMirror can log its steps. That is 0.3 kB of brotli. */
const withoutParserLog = {
  name: 'flipsite-lezer-without-log',
  transform: (code: string, id: string) =>
    /[\\/]@lezer[\\/]lr[\\/]/.test(id) ? code.replace(/^const verbose = .*$/m, 'const verbose = false;') : undefined,
};

/** CodeMirror tells authors of extensions how they misuse it. The tests of the editor would meet that. It is 0.8 kB of brotli. */
const withoutMisuse = {
  name: 'flipsite-codemirror-without-messages-of-misuse',
  transform: (code: string, id: string) =>
    /[\\/]@(codemirror|lezer)[\\/]/.test(id) ? code.replace(MISUSE, 'new $1("CodeMirror was misused")') : undefined,
};

const MISUSE = /new ((?:Range)?Error)\((?:"[^"]*"|`[^`]*`)\)/g;

/** CodeMirror has styles of parts that the editor does not show. They are 0.6 kB of brotli. */
const withoutOtherStyles = {
  name: 'flipsite-codemirror-without-other-styles',
  transform: (code: string, id: string) =>
    /[\\/]@codemirror[\\/]/.test(id) ? code.replace(OTHER_STYLES, '') : undefined,
};

const OTHER_STYLES =
  /^ {4}"[^"\n]*\.cm-(?:button|textfield|dialog|highlight(?:Tab|Space)|trailingSpace|snippetField|completionIcon|placeholder)[^"\n]*": \{(?:[^{}]|\{[^{}]*\})*\},?\n/gm;

const NO_OLD_YAML = `export { schema } from '../core/schema.js';
export const binary = undefined, omap = undefined, pairs = undefined, set = undefined, timestamp = undefined;
export const intTime = undefined, floatTime = undefined;`;
