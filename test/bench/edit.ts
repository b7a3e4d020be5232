/** The processor time of a change in the text of a form, beside that of reading the text once. */
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { edit, type EditChange, type Path } from '../../src/form/edit/edit.ts';
import { outline } from '../../src/form/edit/outline.ts';

const FORM = new URL('../../forms/gig-driver.yaml', import.meta.url);

/** How many times as long as reading the text a change may take. It has to read its own result. */
const MAX_RATIO = 2;

/** A form of about `lines` lines: the screens of a shipped one, many times. */
function formOf(lines: number): string {
  const [head = '', screens = '', tail = ''] = readFileSync(FORM, 'utf8').split(/^(?=screens:|endings:)/m);
  const body = screens
    .replace('screens:\n', '')
    .trimEnd()
    .replaceAll(/go: \w+/g, 'go: done');
  const count = Math.round(lines / body.split('\n').length);
  const copies = Array.from({ length: count }, (_, at) => body.replaceAll(/\bid: (\w+)/g, `id: $1_${at}`));
  return `${head}screens:\n${copies.join('\n\n')}\n\n${tail}`;
}

const CHANGES: Record<string, (round: number) => [Path, EditChange]> = {
  set: (round) => [['screens', 5, 'title'], { do: 'set', value: `Title ${round}` }],
  add: (round) => [['screens', 2, 'fields', 0], { do: 'add', value: { id: `new_${round}`, type: 'text', label: 'New' } }],
  move: () => [['screens', 5], { do: 'move', to: ['screens', 4] }],
  remove: () => [['screens', 2, 'fields', 0], { do: 'remove' }],
  rename: (round) => [['screens', 0, 'fields', 0], { do: 'rename', to: `renamed_${round}` }],
}; // prettier-ignore

const ROUNDS = 21;

export async function run(): Promise<boolean> {
  const rows: string[][] = [];
  let isFast = true;
  for (const lines of [300, 3_000, 5_000]) {
    let text = formOf(lines);
    const measured: Record<string, number[]> = {};
    const measure = (name: string, work: () => void): void => {
      const start = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(start);
      (measured[name] ??= []).push((user + system) / 1_000);
    };
    for (let round = 0; round < ROUNDS; round++) {
      measure('read once', () => parseDocument(text, { keepSourceTokens: true }));
      for (const [name, change] of Object.entries(CHANGES)) {
        measure(name, () => {
          const result = edit(text, ...change(round));
          if (!result.ok) throw new Error(`${name}: ${result.refusal.message}`);
          ({ text } = result);
        });
      }
      // A person types: the text was not read before.
      text = text.replace(/^title: .*/m, `title: Typed ${round}`);
      measure('outline', () => outline(text));
    }
    const halves = Object.entries(measured).map(([name, times]) => [name, times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0] as const); // prettier-ignore
    rows.push([text.split('\n').length.toLocaleString('en'), ...halves.map(([, ms]) => `${ms.toFixed(1)} ms`)]);
    const read = halves.find(([name]) => name === 'read once')?.[1] ?? 0;
    isFast &&= halves.every(([, ms]) => ms <= MAX_RATIO * read);
  }
  const columns = ['Lines', 'read once', ...Object.keys(CHANGES), 'outline'];
  console.log([columns, columns.map(() => '---:'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n'));
  return Promise.resolve(isFast);
}
