/* `npm test`: first the tests of servers and databases, which keep two processors busy by themselves. Then the browser tests,
   whose pages wait often. While they wait, lint and the tests of the form language use the processors, at a low priority.
   All of them at once would slow each other down until some time out.
   The output of a part is printed when it has passed. The output of parts that failed comes last. */
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

const STAGES = [
  [{ name: 'server tests', command: 'vitest run --project sqlite --project postgres' }],
  [
    { name: 'browser tests', command: 'playwright test' },
    // The checker of types is written in Go. It ends so soon that freeing memory is only work.
    { name: 'lint', command: 'npm run lint', isPatient: true, env: { GOGC: 'off', GOMEMLIMIT: '3GiB' } },
    { name: 'logic tests', command: 'vitest run --project logic', isPatient: true },
  ],
];

const seconds = () => `${Math.round(performance.now() / 1000)} s`;

/** @returns whether it passed, and all that it has printed */
function run({ name, command, isPatient = false, env = {} }) {
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
for (const parts of STAGES) {
  console.log(`Running: ${parts.map(({ name }) => name).join(' and ')}. The output of each follows when it ends.`);
  results.push(...(await Promise.all(parts.map(run))));
}
const failed = results.filter(({ passed }) => !passed);
for (const { name, output } of failed) console.log(`${heading(name)}\n${output.trim()}`);
console.log(
  failed.length ? `\nFAILED: ${failed.map(({ name }) => name).join(', ')}.` : `\nAll passed in ${seconds()}.`,
);
process.exitCode = failed.length ? 1 : 0;
