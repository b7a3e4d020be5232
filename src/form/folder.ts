/** A folder of forms: one YAML file each. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fault, faultAt, readSource } from './faults.ts';
import { readLogo } from './logo.ts';
import { LARGEST, parseForm, type Further, type Parsed } from './parse.ts';

export interface FormFile {
  slug: string;
  file: string;
  parsed: Parsed;
}

/**
 * Reads and compiles every form in `folder`, by name. Hidden files, which editors leave beside a form, are none.
 * @param further what else is wrong with a form in this place
 */
export function readForms(folder: string, now: Date, further?: Further): FormFile[] {
  const names = readdirSync(folder)
    .filter((name) => /^[^.].*\.ya?ml$/.test(name))
    .sort();
  const forms = names.map((name) => readForm(path.join(folder, name), now, further));
  return forms.map((form) => {
    const twin = forms.find(({ slug, file }) => slug === form.slug && file !== form.file);
    if (!twin) return form;
    const message = `${path.basename(twin.file)} has the same address, /${form.slug}`;
    return { ...form, parsed: unread(form.file, message, 'Rename or remove one of the two.') };
  });
}

/** Reads and compiles one form's file. A file that cannot be read is a fault like any other. */
export function readForm(file: string, now: Date, further?: Further): FormFile {
  const slug = path.basename(file).replace(/\.ya?ml$/, '');
  return { slug, file, parsed: read(file, now, further) };
}

function read(file: string, now: Date, further?: Further): Parsed {
  try {
    // UTF-8 takes up to four bytes a character; nothing larger can be a form, and none of it is read.
    if (statSync(file).size > 4 * LARGEST)
      return unread(file, 'the file is too large for a form', 'Split it into several forms.');
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    return withLogo(file, text, parseForm(file, text, now, further));
  } catch (error) {
    if (error instanceof TypeError) return unread(file, 'the file is not UTF-8 text', 'Save it again as UTF-8.');
    const { code } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    return unread(file, `the file cannot be read (${code})`, 'Put a readable file in its place, or remove it.');
  }
}

function withLogo(file: string, text: string, parsed: Parsed): Parsed {
  if (!parsed.ok) return parsed;
  const read = readLogo(parsed.form, path.dirname(file));
  if ('form' in read) return { ok: true, form: read.form };
  return {
    ok: false,
    faults: [faultAt(readSource(file, text), { path: ['brand', 'logo'] }, read.message, read.remedy)],
  };
}

function unread(file: string, message: string, remedy: string): Parsed {
  return { ok: false, faults: [fault(readSource(file, ''), 0, message, remedy)] };
}
