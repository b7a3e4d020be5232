/** `npm run docs`: writes what is made from the schema: the manual, and what editors know of the form language. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatMarkdown } from '../form/docs/written.ts';

const root = path.resolve(import.meta.dirname, '../../..');
for (const [file, text] of Object.entries(await formatMarkdown())) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
  console.log(file);
}
