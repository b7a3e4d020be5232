import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LAYERS } from '../scripts/lint-rules.mjs';
import { fieldTypeNames } from '../src/form/fields/fields.ts';

const src = path.resolve(import.meta.dirname, '../src');

/** `folder/file imports other/…` for every import from one folder below src/ to another. */
function arrows(folder: string): { from: string; to: string }[] {
  const files = readdirSync(path.join(src, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => /\.(tsx?|astro)$/.test(name))
    .flatMap((name) => {
      const file = path.join(src, folder, name);
      const imports = readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
      return [...imports].map(([, target = '']) => ({
        from: `${folder}/${name}`,
        // `../scripts/…` beside src/ is named `scripts`.
        to:
          path
            .relative(src, path.resolve(path.dirname(file), target))
            .split(path.sep)
            .find((part) => part !== '..') ?? '',
      }));
    })
    .filter(({ to }) => to !== folder);
}

describe('the folders of src', () => {
  it('are all named in the map of the arrows', () => {
    const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(LAYERS).sort());
  });

  it.each(Object.entries(LAYERS))('%s imports only from: %s', (folder, allowed) => {
    expect(arrows(folder).filter(({ to }) => !(allowed as string[]).includes(to))).toEqual([]);
  });

  it('make no circle', () => {
    const below = (folder: string, seen: string[]): string[] =>
      ((LAYERS as Record<string, string[]>)[folder] ?? []).flatMap((next) =>
        seen.includes(next) ? [[...seen, next].join(' → ')] : below(next, [...seen, next]),
      );
    expect(Object.keys(LAYERS).flatMap((folder) => below(folder, [folder]))).toEqual([]);
  });
});

/** Every TypeScript, TSX and Astro file below src/, by its path there, with its text. */
const sources = new Map(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(tsx?|astro)$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => [name.split(path.sep).join('/'), readFileSync(path.join(src, name), 'utf8')]),
);

describe('the files of src', () => {
  /** Names that several files export, each with its reason. */
  const SHARED: Record<string, RegExp> = {
    // Routes of Astro.
    GET: /^pages\//,
    getStaticPaths: /^pages\//,
    prerender: /^pages\//,
    // The one function of a chunk.
    mount: /^browser\/chunks\//,
  };

  it('export each name once', () => {
    const files = new Map<string, string[]>();
    for (const [file, text] of sources) {
      // A migration is named after its table, and is imported by one file.
      if (file.startsWith('record/migrations/2')) continue;
      const exported = text.matchAll(
        /^export (?:default )?(?:async )?(?:abstract )?(?:function\*?|const|class|interface|type|let) ([\w$]+)/gm,
      );
      for (const name of new Set([...exported].map(([, name = '']) => name)))
        if (!SHARED[name]?.test(file)) files.set(name, [...(files.get(name) ?? []), file]);
    }
    expect([...files].filter(([, exporting]) => exporting.length > 1)).toEqual([]);
  });

  it('leave all facts about a type of field to its module: no other file compares with its name', () => {
    const names = fieldTypeNames.join('|');
    const compared = new RegExp(
      `(\\.type\\)? |\\{ type \\}\\) => type )[!=]== '(${names})'|case '(${names})'|Record<Field\\['type'\\]|'(${names})',? .*includes\\((\\w+\\.)?type`,
    );
    const linesOf = (isRead: (file: string, text: string) => boolean) =>
      [...sources].flatMap(([file, text]) =>
        isRead(file, text) ? text.split('\n').map((line) => `${file}: ${line.trim()}`) : [],
      );
    const lines = linesOf((file, text) => text.includes("fields/fields.ts'") && !file.startsWith('form/fields/'));
    expect(lines.length).toBeGreaterThan(3_000);
    expect(lines.filter((line) => compared.test(line))).toEqual([]);
    // The editor reads a form as data, and imports no type of field.
    const inData = new RegExp(`\\['type'\\]\\)? [!=]== '(${names})'`);
    expect(linesOf((file) => file.startsWith('editor/')).filter((line) => inData.test(line))).toEqual([]);
  });

  it('make folders of folders with `makeFolders` only: Node tries without end where the disk accepts none', () => {
    const made = [...sources].filter(([, text]) => /\bmkdir(Sync)?\([^;]*\brecursive: true/.test(text));
    expect(made.map(([name]) => name)).toEqual([]);
  });

  it('read one row where they take the first of an order: without a limit the database sends them all', () => {
    const found = [...sources].flatMap(([name, text]) =>
      text
        .split(/(?=\.selectFrom\()/)
        .filter((query) => /\.orderBy\((?:(?!\.limit\(|;\n).)*\.executeTakeFirst/s.test(query))
        .map(() => name),
    );
    expect(found).toEqual([]);
  });

  it('make no circle of imports, those of types aside', () => {
    const imports = (file: string): string[] =>
      [...(sources.get(file) ?? '').matchAll(/^(?:import|export)\s+(?!type\b)([^;]*?)from\s+'(\.[^']+)'/gm)].flatMap(
        ([, names = '', target = '']) => {
          const list = /^\{([^]*)\}\s*$/.exec(names)?.[1]?.split(',').map((name) => name.trim());
          const onlyTypes = list?.filter(Boolean).every((name) => name.startsWith('type '));
          const to = path.posix.join(path.posix.dirname(file), target);
          return onlyTypes || !sources.has(to) ? [] : [to];
        },
      ); // prettier-ignore
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, above: string[]): void => {
      if (above.includes(file)) return void circles.push([...above.slice(above.indexOf(file)), file].join(' → '));
      if (done.has(file)) return;
      for (const next of imports(file)) visit(next, [...above, file]);
      done.add(file);
    };
    for (const file of sources.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });
});
