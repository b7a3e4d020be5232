/** `npm run docs`: writes the files that are generated from schemas and tables in the code. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolders } from '../record/make-folders.ts';
import { generatedDocs } from './docs/generated-docs.ts';
import { npmCommand } from './npm-command.ts';

npmCommand('docs', 'Writes the parts of the documents that are generated from the code.').parse();

const root = path.resolve(import.meta.dirname, '../..');
for (const [file, text] of Object.entries(await generatedDocs())) {
  makeFolders(path.dirname(path.join(root, file)));
  writeFileSync(path.join(root, file), text);
  console.log(file);
}
