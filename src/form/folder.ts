/** A folder of forms: one YAML file each. */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { fault, faultAt, sortFaults, readSource, type Source } from './faults/faults.ts';
import { linkConflict } from './check/links.ts';
import { CARD_NAME, LOGO_DATA, LOGO_NAME } from './settings/logo-name.ts';
import { readCard, readLogo, type PictureProblem } from './settings/logo.ts';
import { MAX_FORM_CHARACTERS, parseSource, readFormSource, type ExtraCheck, type Parsed } from './parse.ts';
import { valueAt } from './faults/schema-at.ts';
import type { Form } from './schema.ts';
import { versionOf } from './version.ts';

export interface FormFile {
  slug: string;
  file: string;
  parsed: Parsed;
  /** The names of the pictures of the form: its logo, and that of its card. They may be missing. */
  pictures?: string[];
  /** The disk gave an error, which may be over at the next try. */
  isUnread?: true;
}

/**
 * Reads and compiles every form in `folder`, by name. Hidden files, which editors leave beside a form, are no forms.
 * @param extraCheck finds more errors, such as a secret that this machine does not have
 */
export function readForms(folder: string, now: Date, extraCheck?: ExtraCheck): FormFile[] {
  const names = readdirSync(folder).filter(isForm).sort();
  return withoutDuplicateLinks(
    withoutDuplicateSlugs(names.map((name) => readForm(path.join(folder, name), now, extraCheck))),
  );
}

export type VersionedFile = FormFile & { version?: string };

/** Reads and compiles one form's file, as `readForm` does. */
export type ReadForm = (file: string, now: Date) => FormFile | Promise<FormFile>;

/**
 * Returns a function that reads a folder as `readForms` does, but compiles only files that changed since its last call. A
 * file is unchanged while its size and times are, and those of its logo. Each day all files are compiled again, because a
 * form can depend on today's date.
 */
export function createFolderReader(): (folder: string, now: Date, read?: ReadForm) => Promise<VersionedFile[]> {
  let known = new Map<string, { stamp: string; read: VersionedFile }>();
  return async (folder, now, readOne = readForm) => {
    const names = readdirSync(folder).sort();
    const stamps = new Map(names.map((name) => [name, stampOf(path.join(folder, name))]));
    const day = now.toISOString().slice(0, 10);
    const stampWith = (name: string, pictures: string[] = []) =>
      [day, ...[name, ...pictures].map((one) => stamps.get(one))].join('\n');
    const next: typeof known = new Map();
    for (const name of names.filter(isForm)) {
      const before = known.get(name);
      if (before?.stamp === stampWith(name, before?.read.pictures)) next.set(name, before);
      else {
        const read = versioned(await readOne(path.join(folder, name), now));
        // A file that could not be read is read again at the next call, even if it is the same.
        next.set(name, { stamp: read.isUnread ? '' : stampWith(name, read.pictures), read });
      }
    }
    known = next;
    return withoutDuplicateLinks(withoutDuplicateSlugs([...next.values()].map(({ read }) => read)));
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

function withoutDuplicateSlugs<F extends FormFile>(forms: F[]): F[] {
  const bySlug = Map.groupBy(forms, ({ slug }) => slug);
  return forms.map((form) => {
    const other = bySlug.get(form.slug)?.find(({ file }) => file !== form.file);
    if (!other) return form;
    const message = `${path.basename(other.file)} has the same address, /${form.slug}`;
    return { ...form, parsed: unread(form.file, message, 'Rename or delete one of the two files.') };
  });
}

/** Of two forms with a link of the same id, the second one has an error. */
function withoutDuplicateLinks<F extends FormFile>(forms: F[]): F[] {
  const owners = new Map<string, string>();
  return forms.map((form) => {
    if (!form.parsed.ok) return form;
    const ids = (form.parsed.form.links ?? []).map(({ id }) => id);
    const at = ids.findIndex((id) => owners.has(id));
    const id = ids[at];
    if (id === undefined) {
      for (const one of ids) owners.set(one, path.basename(form.file));
      return form;
    }
    const finding = linkConflict(id, at, owners.get(id) ?? '');
    const source = readFormSource(form.file, readFileSync(form.file, 'utf8'));
    return {
      ...form,
      parsed: { ok: false, faults: [faultAt(source, finding.place, finding.message, finding.remedy)] },
    };
  });
}

/** Reads and compiles one form's file. A file that cannot be read is a fault like any other. */
export function readForm(file: string, now: Date, extraCheck?: ExtraCheck): FormFile {
  return { slug: slugOf(file), file, ...read(file, now, extraCheck) };
}

/** The address of the form of a file. */
export const slugOf = (file: string): string => path.basename(file).replace(/\.ya?ml$/, '');

type Compiled = Omit<FormFile, 'slug' | 'file'>;

function read(file: string, now: Date, extraCheck?: ExtraCheck): Compiled {
  try {
    // Reading it would never end, or an error would show its first line.
    if (isElsewhere(file)) return { parsed: unread(file, 'the file is a link to another folder', 'Put the form itself here.') }; // prettier-ignore
    const { size, isSpecial } = aboutFile(file);
    if (isSpecial) return { parsed: unread(file, 'this is a device and no file', 'Delete it.') };
    // UTF-8 takes up to four bytes a character, so a larger file can't be a form.
    if (size > 4 * MAX_FORM_CHARACTERS)
      return { parsed: unread(file, 'the file is larger than 4 MB', 'Split it into several forms.') };
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    return compile(file, text, now, extraCheck);
  } catch (error) {
    if (error instanceof TypeError)
      return { parsed: unread(file, 'the file is not UTF-8 text', 'Save the file as UTF-8.') };
    const { code } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    if (code === 'EISDIR')
      return { parsed: unread(file, 'this is a folder, not a file', 'Name the files in it, or rename the folder.') };
    const parsed = unread(file, `the file cannot be read (${code})`, 'Let Flipsite read the file, or delete it.');
    return { parsed, isUnread: true };
  }
}

/**
 * Whether a file is a link to a place outside its folder. A link inside it, as in a volume of Kubernetes, is a file.
 */
function isElsewhere(file: string): boolean {
  const from = path.relative(realpathSync(path.dirname(file)), realpathSync(file));
  return from.startsWith(`..${path.sep}`) || path.isAbsolute(from);
}

function aboutFile(file: string): { size: number; isSpecial: boolean } {
  const stat = statSync(file);
  return { size: stat.size, isSpecial: !stat.isFile() && !stat.isDirectory() };
}

/**
 * Compiles the text of a form, with the logo in it that is beside `file`.
 * @param file see `parseForm`
 */
export const compileForm = (file: string, text: string, now: Date, extraCheck?: ExtraCheck): Parsed =>
  compile(file, text, now, extraCheck).parsed;

/** An exception in the check of a form is an error in Flipsite. It must not hide the other forms, or stop the site. */
function compile(file: string, text: string, now: Date, extraCheck?: ExtraCheck): Compiled {
  try {
    return compileNow(file, text, now, extraCheck);
  } catch (error) {
    console.error(`Could not check ${file}.`, error);
    const message = `Flipsite could not check this form, because of an error in Flipsite: ${String(error).slice(0, 200)}`;
    return { parsed: unread(file, message, 'Undo your last change of this form, and report the error with its stack from the log.') }; // prettier-ignore
  }
}

/** Reads the YAML once, for the form and for its logo. */
function compileNow(file: string, text: string, now: Date, extraCheck?: ExtraCheck): Compiled {
  const source = readFormSource(file, text);
  const parsed = parseSource(source, now, extraCheck);
  const [logo, card] = [
    ['brand', 'logo'],
    ['share', 'image'],
  ].map((at) => valueAt(source.data, at));
  const pictures: string[] = [];
  let result = parsed;
  if (typeof logo === 'string' && LOGO_NAME.test(logo)) {
    pictures.push(logo);
    result = withLogo(source, result, logo);
  } else if (typeof logo === 'string' && LOGO_DATA.test(logo)) result = withLogo(source, result, logo);
  if (typeof card === 'string' && CARD_NAME.test(card)) {
    pictures.push(card);
    result = withCard(source, result, card);
  }
  return { parsed: result, ...(pictures.length && { pictures }) };
}

/** Replaces the name of the logo with its picture. A missing picture is one more error. */
function withLogo(source: Source, parsed: Parsed, logo: string): Parsed {
  const brand = { name: '', logo };
  const read = readLogo(formIn(parsed) ?? { brand }, path.dirname(source.file));
  if (!('form' in read)) return withProblem(source, parsed, ['brand', 'logo'], read);
  return withParts(parsed, () => ({ brand: read.form.brand }));
}

/** The same for the picture of the card. */
function withCard(source: Source, parsed: Parsed, image: string): Parsed {
  const read = readCard(image, path.dirname(source.file));
  if (!('data' in read)) return withProblem(source, parsed, ['share', 'image'], read);
  return withParts(parsed, ({ share }) => ({ share: { ...share, image: read.data } }));
}

const formIn = (parsed: Parsed): Form | undefined => (parsed.ok ? parsed.form : parsed.untranslated);

function withParts(parsed: Parsed, partsOf: (form: Form) => Partial<Form>): Parsed {
  const before = formIn(parsed);
  if (!before) return parsed;
  const form = { ...before, ...partsOf(before) };
  return parsed.ok ? { ...parsed, form } : { ...parsed, untranslated: form };
}

function withProblem(source: Source, parsed: Parsed, at: string[], { message, remedy }: PictureProblem): Parsed {
  const missing = faultAt(source, { path: at }, message, remedy);
  return { ok: false, faults: sortFaults([...(parsed.ok ? [] : parsed.faults), missing]) };
}

function unread(file: string, message: string, remedy: string): Parsed {
  return { ok: false, faults: [fault(readSource(file, ''), 0, message, remedy)] };
}
