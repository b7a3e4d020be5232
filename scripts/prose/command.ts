/**
 * `node scripts/prose/command.ts`: checks the links of all documents, and the English of documents, messages and comments.
 * Exit status 1 if there is an error.
 */
import path from 'node:path';
import { checkProject } from './check.ts';
import { printFinding } from './finding.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { findings } = checkProject(root);
for (const finding of findings) console.log(printFinding(finding));
const errors = findings.filter(({ warning }) => !warning).length;
if (errors)
  console.error(
    `\n${errors} ${errors === 1 ? 'error' : 'errors'} in documents, messages and comments. CONTRIBUTING.md has the rules.`,
  );
process.exitCode = errors ? 1 : 0;
