/** `npm run forms -- import FILE`: makes forms of definitions of other programs. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MAX_SLUG_CHARACTERS, slugFrom } from '../form/id.ts';
import { importForm, SOURCE_NAMES } from '../form/import/import.ts';
import { reportInWords } from '../form/import/report.ts';
import { makeFolders } from '../record/make-folders.ts';

/**
 * Writes a form in `folder` for each of `files`, named after it, and prints the reports.
 * @param force whether a form with that name is overwritten
 * @throws {Error} with a sentence for the terminal, about the first file that cannot be imported
 */
export function importFiles(folder: string, files: string[], { force = false }: { force?: boolean }): void {
  makeFolders(folder);
  for (const file of files) {
    if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
    const slug = slugFrom(path.parse(file).name, MAX_SLUG_CHARACTERS);
    const target = path.join(folder, `${slug || 'imported'}.yaml`);
    const made = importForm(readFileSync(file, 'utf8'), { title: path.parse(file).name });
    if (!made.ok) throw new Error(`${file}: ${made.message}`);
    if (!made.report) throw new Error(`${file} is a form of Flipsite already. Copy it to ${folder}.`);
    if (existsSync(target) && !force) throw new Error(`${target} exists. Rename ${file}, or run import with --force to overwrite the form.`); // prettier-ignore
    writeFileSync(target, made.text);
    const lines = [`${target} is imported from ${SOURCE_NAMES[made.kind]}. ${reportInWords(made.report)}`, ...made.report.leftOut.map((sentence) => `  ${sentence}`)]; // prettier-ignore
    console.log(lines.join('\n'));
  }
}
