/**
 * `npm run check [-- FILE…]`: every fault of the forms, with what to write instead. Of each good form its journeys, as a
 * list here and as a picture in DATA_DIR. Exit status 1 when there is a fault.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { printFault } from '../faults.ts';
import { readForm, readForms } from '../folder.ts';
import type { Form } from '../schema.ts';
import { explore } from './explore.ts';
import { notesOf } from './notes.ts';
import { journeyText } from './outline.ts';
import { journeySvg } from './picture.ts';
import { sizeInWords } from './ways.ts';

if (existsSync('.env')) process.loadEnvFile();
const folder = process.env['FORMS_DIR'] ?? 'forms';
const pictures = path.join(process.env['DATA_DIR'] ?? 'data', 'journeys');
const named = process.argv.slice(2);
const missing = named.filter((file) => !existsSync(file));
if (missing.length || (!named.length && !existsSync(folder))) {
  console.error(named.length ? `There is no file ${missing.join(', ')}.` : `There is no folder ${folder}.`);
  process.exit(1);
}

const now = new Date();
const forms = named.length ? named.map((file) => readForm(file, now)) : readForms(folder, now);
const told = forms.map(({ file, parsed }) =>
  parsed.ok ? goodInWords(file, parsed.form) : parsed.faults.map(printFault).join('\n\n'),
);
console.log(told.join('\n\n'));

const faults = forms.flatMap(({ parsed }) => (parsed.ok ? [] : parsed.faults)).length;
if (faults) console.error(`\n${faults} ${faults === 1 ? 'fault' : 'faults'} to mend.`);
process.exitCode = faults ? 1 : 0;

function goodInWords(file: string, form: Form): string {
  const journeys = explore(form);
  const { length } = form.examples;
  return [
    `${file}  good: ${sizeInWords(form, journeys)}, ${length} ${length === 1 ? 'example' : 'examples'}`,
    ...notesOf(form).map((note) => `${file}  note: ${note}`),
    journeyText(form, journeys).replace(/^/gm, '  '),
    `  Picture: ${drawn(form.slug, journeySvg(form, journeys))}`,
  ].join('\n');
}

/** Writes a form's picture. Where that cannot be done, the check has still been made. */
function drawn(slug: string, svg: string): string {
  const file = path.join(pictures, `${slug}.svg`);
  try {
    mkdirSync(pictures, { recursive: true });
    writeFileSync(file, svg);
    return path.relative('.', file) || file;
  } catch (error) {
    return `none, because ${file} cannot be written (${(error as NodeJS.ErrnoException).code})`;
  }
}
