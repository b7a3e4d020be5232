/** Bundles the scripts of the respondent's page, as a Vite plugin: `virtual:browser`. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const NAME = 'virtual:browser';

export function browserBundle() {
  return {
    name: 'flipsite-browser',
    resolveId: (id: string) => (id === NAME ? `\0${NAME}` : undefined),
    async load(id: string) {
      if (id !== `\0${NAME}`) return undefined;
      const [pageScript, text] = await Promise.all([bundle('page.ts'), bundle('wink.ts')]);
      const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
      return `export const pageScript = ${JSON.stringify(pageScript)};
export const winkModule = ${JSON.stringify({ path: `/assets/wink-${hash}.js`, text })};`;
    },
  };
}

/** One file without imports, small, for browsers of 2021 and later. `</script` cannot end the element it stands in. */
async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../browser/${entry}`, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['chrome100', 'firefox100', 'safari15.4'],
    charset: 'utf8',
  });
  return (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script');
}
