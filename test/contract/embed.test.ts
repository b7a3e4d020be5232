/** The types that a website copies from the document are those of the script. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../helpers/site.ts';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const [, types = ''] = /```ts\n(interface FlipsiteEvents [^]*?)```/.exec(read('docs/integrate/embed.md')) ?? [];

/** The members of an interface, without comments. */
function membersOf(source: string, name: string): string[] {
  const [, body = ''] = new RegExp(`interface ${name} \\{\\n([^]*?)\\n\\}`).exec(source) ?? [];
  return body.split('\n').map((line) => line.trim()).filter((line) => !/^[/*]/.test(line)).sort(); // prettier-ignore
}

it('the document about embedding has each event with its details', () => {
  const events = membersOf(read('src/contract/embed.ts'), 'EmbedEvents');
  expect(events.length).toBeGreaterThan(5);
  const documented = events.map((line) => line.replace(/^(\w+): (\{.*\});$/, "'flipsite:$1': CustomEvent<$2>;"));
  expect(membersOf(types, 'FlipsiteEvents')).toEqual(documented);
});

it('the document about embedding has each option of Flipsite.open', () => {
  const options = membersOf(read('src/browser/embed.ts'), 'OpenOptions');
  const documented = options.map((line) => line.replace("Exclude<Mode, 'inline'>", "'popup' | 'side'"));
  expect(documented.length).toBeGreaterThan(4);
  expect(membersOf(types, 'FlipsiteOptions')).toEqual(documented);
});
