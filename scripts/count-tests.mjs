/* `npm run test:count`: prints how many tests are written, and in how many cases they run. A test in a loop or with a table of
   values is one sentence in the code and many cases, and those of the record run once on each database. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Runs a program of the project that writes `file` in a folder of its own. @returns the content of the file */
function listed(program, args, env) {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-count-'));
  const file = path.join(folder, 'list.json');
  const [given, more] = [args(file), env?.(file)];
  try {
    execFileSync('npx', ['--no-install', program, ...given], {
      stdio: 'ignore',
      shell: process.platform === 'win32',
      env: { ...process.env, ...more },
    });
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param cases each with the place in the code that it comes from */
function print(what, cases) {
  const tests = new Set(cases.map(({ file, line, column }) => `${file}:${line}:${column}`));
  const format = (count) => count.toLocaleString('en-US');
  console.log(`${what}: ${format(tests.size)} tests, ${format(cases.length)} cases`);
}

const units = listed('vitest', (file) => ['list', `--json=${file}`, '--includeTaskLocation', '--no-staticParse']);
print('Unit and HTTP', units.map(({ file, location }) => ({ file, ...location }))); // prettier-ignore

const inFile = ({ specs = [], suites = [] }) => [...specs, ...suites.flatMap(inFile)];
const journeys = listed(
  'playwright',
  () => ['test', '--list', '--reporter=json'],
  (file) => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: file }),
);
print('In a browser', inFile(journeys));
