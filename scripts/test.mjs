/* `npm test`: the unit tests, which keep two processors busy by themselves, and then the browser tests, whose pages wait
   often, with lint beside them. All three at once slow each other down until some time out.
   Each part's output stands whole, as soon as it has passed; that of parts that failed stands last. */
import { spawn } from 'node:child_process';

const STAGES = [{ 'unit tests': 'vitest run' }, { lint: 'npm run lint', 'browser tests': 'playwright test' }];

const seconds = () => `${Math.round(performance.now() / 1000)} s`;

/** @returns whether it passed, and all that it has printed */
function run([name, command]) {
  return new Promise((done) => {
    const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...color } });
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
  console.log(`Running: ${Object.keys(parts).join(' and ')}. The output of each follows when it ends.`);
  results.push(...(await Promise.all(Object.entries(parts).map(run))));
}
const failed = results.filter(({ passed }) => !passed);
for (const { name, output } of failed) console.log(`${heading(name)}\n${output.trim()}`);
console.log(
  failed.length ? `\nFAILED: ${failed.map(({ name }) => name).join(', ')}.` : `\nAll passed in ${seconds()}.`,
);
process.exitCode = failed.length ? 1 : 0;
