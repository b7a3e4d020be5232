/** `npm run check [-- FILE…]`: every fault of the forms, with what to write instead. Exit status 1 when there is one. */
import { existsSync } from 'node:fs';
import { printFault } from '../faults.ts';
import { readForm, readForms } from '../folder.ts';

if (existsSync('.env')) process.loadEnvFile();
const folder = process.env['FORMS_DIR'] ?? 'forms';
const named = process.argv.slice(2);
const missing = named.filter((file) => !existsSync(file));
if (missing.length || (!named.length && !existsSync(folder))) {
  console.error(named.length ? `There is no file ${missing.join(', ')}.` : `There is no folder ${folder}.`);
  process.exit(1);
}

const now = new Date();
const forms = named.length ? named.map((file) => readForm(file, now)) : readForms(folder, now);
for (const { file, parsed } of forms) {
  if (parsed.ok) {
    const { screens, endings, examples } = parsed.form;
    console.log(`${file}  good: ${screens.length} screens, ${endings.length} endings, ${examples.length} examples`);
  } else {
    console.log(parsed.faults.map(printFault).join('\n\n'));
  }
}

const faults = forms.flatMap(({ parsed }) => (parsed.ok ? [] : parsed.faults)).length;
if (faults) console.error(`\n${faults} ${faults === 1 ? 'fault' : 'faults'} to mend.`);
process.exit(faults ? 1 : 0);
