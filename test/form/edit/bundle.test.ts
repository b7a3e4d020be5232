/** The editor in the browser loads this code, so it must stay small. */
import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('brings nothing into a browser but the package `yaml` and plain modules of the form language', async () => {
  const entries = ['edit', 'outline', 'locate'].map((name) => `src/form/edit/${name}.ts`);
  const { metafile } = await build({ entryPoints: entries, bundle: true, format: 'esm', platform: 'browser', write: false, outdir: 'x', metafile: true }); // prettier-ignore
  const inputs = Object.keys(metafile.inputs).filter((file) => !/^src\/form\/(edit|faults)\//.test(file));
  const own = inputs.filter((file) => !file.startsWith('node_modules/yaml/'));
  expect(own.toSorted()).toEqual([
    'src/form/id.ts',
    'src/form/inspect/references.ts',
    'src/form/printable.ts',
    'src/form/runtime/text.ts',
    'src/site-limits/work-limits.ts',
  ]);
});
