/* `npm test`: first the tests of servers and databases, then the browser tests. All of them at once would slow each other
   down until some time out. Both wait often, for clocks and for pages. While they wait, the tests of the form language and
   lint use the processors, at a low priority.
   The output of a part is printed when it has passed. The output of parts that failed comes last. */
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { chromiumPath } from '../test/helpers/browser.ts';

// Unpacked here once, and not by two runs of Vitest at the same moment. Where there is none, those that need it say so.
process.env['CHROMIUM_PATH'] ??= await chromiumPath().catch(() => '');

/** One after another. */
const MAIN = [
  { name: 'server tests', command: 'vitest run --project sqlite --project postgres' },
  { name: 'browser tests', command: 'playwright test' },
];
/** One after another, beside those. */
const BESIDE = [
  { name: 'logic tests', command: 'vitest run --project logic' },
  // The checker of types is written in Go. It ends so soon that freeing memory is only work.
  { name: 'lint', command: 'npm run lint', env: { GOGC: 'off', GOMEMLIMIT: '3GiB' } },
];

const seconds = () => `${Math.round(performance.now() / 1000)} s`;

/** @returns whether it passed, and all that it has printed */
function run({ name, command, env = {} }, { isPatient }) {
  return new Promise((done) => {
    const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
    const child = spawn(command, {
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...color, ...env },
    });
    // The processes that it starts have its priority.
    if (isPatient && child.pid) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => void (output += text));
    child.on('close', (code) => {
      const passed = code === 0;
      if (passed) console.log(`${heading(name)}\n${output.trim()}`);
      console.log(`\n${passed ? 'Passed' : 'FAILED'} after ${seconds()}: ${name} (${command})`);
      done({ name, passed, output });
    });
  });
}

const heading = (name) => `\n===== ${name} =====`;

async function runAll(parts, options) {
  const results = [];
  for (const part of parts) results.push(await run(part, options));
  return results;
}

console.log('The output of each part follows when it ends.');
const results = await Promise.all([runAll(MAIN, { isPatient: false }), runAll(BESIDE, { isPatient: true })]);
const failed = results.flat().filter(({ passed }) => !passed);
for (const { name, output } of failed) console.log(`${heading(name)}\n${output.trim()}`);
console.log(
  failed.length ? `\nFAILED: ${failed.map(({ name }) => name).join(', ')}.` : `\nAll passed in ${seconds()}.`,
);
process.exitCode = failed.length ? 1 : 0;
