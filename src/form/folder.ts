/** A folder of forms: one YAML file each. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fault, faultAt, sortFaults, readSource } from './faults/faults.ts';
import { LOGO_NAME } from './logo-name.ts';
import { readLogo } from './logo.ts';
import { LARGEST, parseForm, type ExtraCheck, type Parsed } from './parse.ts';
import { valueAt } from './faults/schema-at.ts';
import { versionOf } from './version.ts';

export interface FormFile {
  slug: string;
  file: string;
  parsed: Parsed;
}

/**
 * Reads and compiles every form in `folder`, by name. Hidden files, which editors leave beside a form, are none.
 * @param further what else is wrong with a form in this place
 */
export function readForms(folder: string, now: Date, further?: ExtraCheck): FormFile[] {
  const names = readdirSync(folder).filter(isForm).sort();
  return withoutTwins(names.map((name) => readForm(path.join(folder, name), now, further)));
}

export type VersionedFile = FormFile & { version?: string };

/**
 * Reads a folder as `readForms` does, again and again, but compiles only what has changed since. A file is the same while
 * its size and times are, and so is every picture beside it; for what is said of today in it, it is read anew each day.
 */
export function createFolderReader(further?: ExtraCheck): (folder: string, now: Date) => VersionedFile[] {
  let known = new Map<string, { stamp: string; read: VersionedFile }>();
  return (folder, now) => {
    const names = readdirSync(folder).sort();
    const stamps = new Map(names.map((name) => [name, stampOf(path.join(folder, name))]));
    const pictures = names.filter((name) => !isForm(name)).map((name) => `${name} ${stamps.get(name)}`);
    const day = now.toISOString().slice(0, 10);
    const next: typeof known = new Map();
    for (const name of names.filter(isForm)) {
      const stamp = [day, stamps.get(name), ...pictures].join('\n');
      const before = known.get(name);
      if (before?.stamp === stamp) next.set(name, before);
      else next.set(name, { stamp, read: versioned(readForm(path.join(folder, name), now, further)) });
    }
    known = next;
    return withoutTwins([...next.values()].map(({ read }) => read));
  };
}

const versioned = (form: FormFile): VersionedFile =>
  form.parsed.ok ? { ...form, version: versionOf(form.parsed.form) } : form;

function stampOf(file: string): string {
  try {
    const { mtimeMs, ctimeMs, size, ino } = statSync(file);
    return [mtimeMs, ctimeMs, size, ino].join(' ');
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

const isForm = (name: string): boolean => /^[^.].*\.ya?ml$/.test(name);

function withoutTwins<F extends FormFile>(forms: F[]): F[] {
  const bySlug = Map.groupBy(forms, ({ slug }) => slug);
  return forms.map((form) => {
    const twin = bySlug.get(form.slug)?.find(({ file }) => file !== form.file);
    if (!twin) return form;
    const message = `${path.basename(twin.file)} has the same address, /${form.slug}`;
    return { ...form, parsed: unread(form.file, message, 'Rename or delete one of the two files.') };
  });
}

/** Reads and compiles one form's file. A file that cannot be read is a fault like any other. */
export function readForm(file: string, now: Date, further?: ExtraCheck): FormFile {
  const slug = path.basename(file).replace(/\.ya?ml$/, '');
  return { slug, file, parsed: read(file, now, further) };
}

function read(file: string, now: Date, further?: ExtraCheck): Parsed {
  try {
    // UTF-8 takes up to four bytes a character; nothing larger can be a form, and none of it is read.
    if (statSync(file).size > 4 * LARGEST)
      return unread(file, 'the file is larger than 4 MB', 'Split it into several forms.');
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    return compileForm(file, text, now, further);
  } catch (error) {
    if (error instanceof TypeError) return unread(file, 'the file is not UTF-8 text', 'Save the file as UTF-8.');
    const { code } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    return unread(file, `the file cannot be read (${code})`, 'Let Flipsite read the file, or delete it.');
  }
}

/**
 * Compiles the text of a form, with the logo in it that is beside `file`.
 * @param file see `parseForm`
 */
export const compileForm = (file: string, text: string, now: Date, further?: ExtraCheck): Parsed =>
  withLogo(file, text, parseForm(file, text, now, further));

/** With the picture in place of its name. One that is missing is told along with whatever else is wrong. */
function withLogo(file: string, text: string, parsed: Parsed): Parsed {
  if (parsed.ok && !parsed.form.brand?.logo) return parsed;
  const source = readSource(file, text.replace(/^\uFEFF/, ''));
  const logo: unknown = valueAt(source.data, ['brand', 'logo']);
  if (typeof logo !== 'string' || !LOGO_NAME.test(logo)) return parsed;
  const brand = { name: '', logo };
  const read = readLogo(parsed.ok ? parsed.form : { brand }, path.dirname(file));
  if (!('form' in read)) {
    const missing = faultAt(source, { path: ['brand', 'logo'] }, read.message, read.remedy);
    return { ok: false, faults: sortFaults([...(parsed.ok ? [] : parsed.faults), missing]) };
  }
  return parsed.ok ? { ok: true, form: { ...parsed.form, brand: read.form.brand } } : parsed;
}

function unread(file: string, message: string, remedy: string): Parsed {
  return { ok: false, faults: [fault(readSource(file, ''), 0, message, remedy)] };
}
