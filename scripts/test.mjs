/* `npm test`: first the tests of servers and databases, then the browser tests. All of them at once would slow each other
   down until some time out. Both wait often, for clocks and for pages. While they wait, the tests of the form language and
   lint use the processors, at a low priority.
   The output of a part is printed when it has passed. The output of parts that failed comes last. */
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { chromiumPath } from '../test/helpers/browser.ts';

// Unpacked here once, and not by two runs of Vitest at the same moment. Where there is none, those that need it say so.
process.env['CHROMIUM_PATH'] ??= await chromiumPath().catch(() => '');

const STAGES = [
  {
    main: { name: 'server tests', command: 'vitest run --project sqlite --project postgres' },
    // Each worker loads and compiles the same code. As these tests wait for nothing, more than two would only add to that.
    beside: { name: 'logic tests', command: 'vitest run --project logic --maxWorkers=2' },
  },
  {
    main: { name: 'browser tests', command: 'playwright test' },
    // The checker of types is written in Go. It ends so soon that freeing memory is only work.
    beside: { name: 'lint', command: 'npm run lint', env: { GOGC: 'off', GOMEMLIMIT: '3GiB' } },
  },
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

const results = [];
for (const { main, beside } of STAGES) {
  console.log(`Running: ${main.name}, and ${beside.name} beside them. The output of each follows when it ends.`);
  // The next stage begins while these are still running.
  results.push(run(beside, { isPatient: true }));
  results.push(await run(main, { isPatient: false }));
}
const failed = (await Promise.all(results)).filter(({ passed }) => !passed);
for (const { name, output } of failed) console.log(`${heading(name)}\n${output.trim()}`);
console.log(
  failed.length ? `\nFAILED: ${failed.map(({ name }) => name).join(', ')}.` : `\nAll passed in ${seconds()}.`,
);
process.exitCode = failed.length ? 1 : 0;
