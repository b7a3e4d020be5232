/**
 * `node scripts/check-components.ts`: checks the types in the components of Astro. `astro check` finds the same errors in five
 * times the processor time. Each component becomes TypeScript in a temporary folder, which oxlint checks. Exit status 1 if
 * there is an error.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { convertToTsx } from '@astrojs/astro2tsx';

/** An error as oxlint prints it. Its offset counts bytes. */
interface Diagnostic {
  message: string;
  code: string;
  filename: string;
  labels: { span: { offset: number } }[];
}

/** Astro allows a repeated attribute, and `return` outside a function. */
const ALLOWED = ['typescript(TS17001)', 'typescript(TS1108)'];

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-components-'));

const components = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.astro'))
  .map((name) => {
    const file = path.posix.join('src', ...name.split(path.sep));
    const text = readFileSync(path.join(root, file), 'utf8');
    return { file, text, ...convertToTsx(text, { filename: file }) };
  });

function write(name: string, content: string | object): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

/** Writes the folder. A relative path in a component leads from there to another component, or to the project. */
function writeFolder(): void {
  const types = ['node_modules/astro/env.d.ts', 'node_modules/astro/astro-jsx.d.ts', 'src/env.d.ts'];
  write('tsconfig.json', {
    extends: path.join(root, 'tsconfig.json'),
    compilerOptions: { rootDirs: [root, folder] },
    include: [...types.map((name) => path.join(root, name)), 'src'],
    exclude: [],
  });
  write('.oxlintrc.json', {
    plugins: ['typescript'],
    categories: { correctness: 'off' },
    options: { typeAware: true, typeCheck: true },
    // Without any rule, it checks no types.
    rules: { 'typescript/await-thenable': 'error' },
  });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  for (const { file, code } of components) write(`${file}.tsx`, code);
}

function runOxlint(): Diagnostic[] {
  const program = path.join(root, 'node_modules/oxlint/bin/oxlint');
  const { stdout, stderr } = spawnSync(process.execPath, [program, '--format=json', 'src'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  if (!stdout.startsWith('{')) throw new Error(`oxlint failed:\n${stdout}${stderr}`);
  const { diagnostics, number_of_files: read } = JSON.parse(stdout) as {
    diagnostics: Diagnostic[];
    number_of_files: number;
  };
  if (read !== components.length) throw new Error(`oxlint read ${read} of ${components.length} components.`);
  return diagnostics.filter(({ code }) => !ALLOWED.includes(code));
}

/** The error with the file, line and column of its component. */
function printError({ message, code, filename, labels }: Diagnostic): string {
  const component = components.find(({ file }) => path.resolve(folder, filename) === path.join(folder, `${file}.tsx`));
  if (!component) return `${filename}: ${message} ${code}`;
  const generated = Buffer.from(component.code).subarray(0, labels[0]?.span.offset ?? 0);
  const at = generated.toString().length;
  const [start, , source] = component.mappings.findLast(([from, length]) => from <= at && at <= from + length) ?? [
    at,
    0,
    0,
  ];
  return `${placeIn(component, source + at - start)}: ${message} ${code}`;
}

function placeIn({ file, text }: { file: string; text: string }, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `${file}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

try {
  writeFolder();
  const errors = [
    ...components.flatMap((one) =>
      one.diagnostics.map(({ message, position }) => `${placeIn(one, position.start)}: ${message}`),
    ),
    ...runOxlint().map(printError),
  ];
  for (const error of errors) console.error(error);
  process.exitCode = errors.length ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
