/** YAML text → a compiled form, or every fault of it in one round. */
import type { z } from 'zod';
import { check } from './check/check.ts';
import type { Finding } from './check/finding.ts';
import { doubtfulParts } from './check/notes.ts';
import { fault, faultAt, sortFaults, readSource, type FormFault, type Source } from './faults/faults.ts';
import { classifyIssues } from './faults/issues.ts';
import { SLUG } from './id.ts';
import { hashFormPassword } from './settings/password.ts';
import { isRefused, isTouched, NOTHING_REFUSED, repair, type Refused } from './repair.ts';
import { formSchema, RESERVED_SLUGS, type Form } from './schema.ts';
import { readPastErrors } from './faults/syntax.ts';
import { translationFaults } from './faults/translations.ts';

/** Largest file that is read, in characters. Longer ones are no forms. */
export const MAX_FORM_CHARACTERS = 1_000_000;

/** Finds faults that depend on the site, such as a missing secret. */
export type ExtraCheck = (form: Form) => Finding[];

/**
 * `doubts`: parts that may be mistakes, in the order of the file. `untranslated`: the form, where its only faults are missing
 * translations. A preview shows these texts in another language.
 */
export type Parsed =
  | { ok: true; form: Form; doubts: FormFault[] }
  | { ok: false; faults: FormFault[]; untranslated?: Form };

/**
 * Compiles the text of one form's file.
 * @param file the path, as faults name it; its name without `.yaml` is the slug
 * @param now decides what `today` means in examples, and whether the closing date has passed
 * @param extraCheck finds more faults on the site that publishes the form
 * @returns the form, proven to be completable, or every fault in the order of the file
 */
export const parseForm = (file: string, text: string, now: Date, extraCheck?: ExtraCheck): Parsed =>
  parseSource(readFormSource(file, text), now, extraCheck);

/** The reason why a text is not read, with its remedy. Undefined where it is read. */
function refusalOf(text: string): [message: string, remedy: string] | undefined {
  if (text.length <= MAX_FORM_CHARACTERS) return undefined;
  return [
    `the file has more than ${MAX_FORM_CHARACTERS.toLocaleString('en')} characters`,
    'Split it into several forms.',
  ];
}

/** Reads the YAML of a form's file, which takes most of the time. It does not read a text that would take too long. */
export const readFormSource = (file: string, text: string): Source & { refusal: ReturnType<typeof refusalOf> } => {
  const refusal = refusalOf(text);
  return { ...readSource(file, refusal ? '' : text.replace(/^\uFEFF/, '')), refusal };
};

/** Compiles a form from its parsed YAML, as `parseForm` does. */
export function parseSource(
  { refusal, ...source }: ReturnType<typeof readFormSource>,
  now: Date,
  extraCheck: ExtraCheck = () => [],
): Parsed {
  const { file } = source;
  if (refusal) return { ok: false, faults: [fault(source, 0, ...refusal)] };
  const slug = (file.split(/[\\/]/).at(-1) ?? '').replace(/\.ya?ml$/, '');
  const faults = slugFaults(source, slug);
  const read = shape(source);
  faults.push(...read.faults);
  if (!read.definition) return { ok: false, faults: sortFaults(faults) };

  // A cast, because the type of a list does not know that the schema requires a first language.
  const form = { ...read.definition, slug } as Form;
  const { refused } = read;
  const hasLanguages = !isTouched(refused, ['languages']);
  const { missing, unknown } = hasLanguages ? translationFaults(read.source, form) : { missing: [], unknown: [] };
  faults.push(...unknown);
  const found = [...check(form, now, refused), ...extraCheck(form)].filter(
    ({ place, unknown }) => !isRefused(refused, place.path) && !(unknown && refused.names),
  );
  faults.push(...found.map(({ place, message, remedy }) => faultAt(read.source, place, message, remedy)));
  if (faults.length) return { ok: false, faults: sortFaults([...faults, ...missing]) };
  const compiled = form.password ? { ...form, password: hashFormPassword(slug, form.password) } : form;
  if (missing.length) return { ok: false, faults: sortFaults(missing), untranslated: compiled };
  const doubts = doubtfulParts(form, now).map(({ place, message, remedy, text }) => ({
    ...faultAt(read.source, place, message, remedy),
    text,
  }));
  return { ok: true, form: compiled, doubts: sortFaults(doubts) };
}

interface Shape {
  faults: FormFault[];
  source: Source;
  /** The form with placeholders for the refused parts; absent if too little could be read. */
  definition?: z.infer<typeof formSchema>;
  refused: Refused;
}

/**
 * More rounds than a repair can need: one for misspelled keys, one for their values, one for parts that depend on them.
 */
const MAX_ROUNDS = 8;

/** Reads `written` by syntax and schema. Reports the parts that they refuse, and still reads the rest. */
function shape(written: Source): Shape {
  const { faults, source: read, wrong } = readPastErrors(written);
  let state = { source: read, refused: NOTHING_REFUSED };
  if (read.data === undefined) return { ...state, faults };
  if (wrong.length) state = repair(read, { unknown: [], wrong }, NOTHING_REFUSED);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { source, refused } = state;
    const parsed = formSchema.safeParse(source.data);
    if (parsed.success) return { ...state, faults, definition: parsed.data };
    const classified = classifyIssues(source, parsed.error.issues.filter(({ path }) => !isRefused(refused, path))); // prettier-ignore
    faults.push(...classified.faults);
    if (classified.wrong.some((path) => path.length === 0)) break;
    state = repair(source, classified, refused);
  }
  return { ...state, faults };
}

function slugFaults(source: Source, slug: string): FormFault[] {
  if (RESERVED_SLUGS.includes(slug)) {
    const remedy = `Rename the file, for example to ${slug}-form.yaml.`;
    return [fault(source, 0, `Flipsite uses the address /${slug} itself`, remedy)];
  }
  if (SLUG.test(slug)) return [];
  const near = slug.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60); // prettier-ignore
  const remedy = `Rename it, for example to ${near || 'driver-onboarding'}.yaml. Use only small letters, digits and -.`;
  return [fault(source, 0, `the file name "${slug}" cannot be a web address`, remedy)];
}
