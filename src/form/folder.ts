/** A folder of forms: one YAML file each. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseForm, type Parsed } from './parse.ts';

export interface FormFile {
  slug: string;
  file: string;
  parsed: Parsed;
}

/** The paths of the form files in `folder`, by name. Other files are nobody's business. */
export function formFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

/** Reads and compiles one form's file. Text that is not UTF-8 is told as a fault, by the replacement signs in it. */
export function readForm(file: string, now: Date): FormFile {
  const slug = path.basename(file).replace(/\.ya?ml$/, '');
  const size = statSync(file).size;
  const text = size > 5_000_000 ? ' '.repeat(size) : readFileSync(file, 'utf8');
  return { slug, file, parsed: parseForm(file, text, now) };
}
