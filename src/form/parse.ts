/** YAML text → a compiled form, or every fault at once. */
import { check } from './check/check.ts';
import type { Finding } from './check/finding.ts';
import { fault, faultAt, sortFaults, readSource, type FormFault, type Source } from './faults/faults.ts';
import { issuesFaults } from './faults/issues.ts';
import { hashFormPassword } from './password.ts';
import { formSchema, RESERVED_SLUGS, type Form } from './schema.ts';
import { syntaxFaults } from './faults/syntax.ts';
import { translationFaults } from './faults/translations.ts';

/** Largest file that is read, in characters. Longer ones are no forms. */
export const LARGEST = 1_000_000;

/** Finds what only shows in one place, such as a secret that is missing there. */
export type ExtraCheck = (form: Form) => Finding[];

export type Parsed = { ok: true; form: Form } | { ok: false; faults: FormFault[] };

/**
 * Compiles the text of one form's file.
 * @param file the path, as faults shall name it; its name without `.yaml` is the slug
 * @param now decides what `today` means in examples
 * @param further what else is wrong with a form in the place where it is published
 * @returns the form, proven to be completable, or every fault in the order of the file
 */
export function parseForm(file: string, text: string, now: Date, further: ExtraCheck = () => []): Parsed {
  const tooLarge = text.length > LARGEST;
  const source = readSource(file, tooLarge ? '' : text.replace(/^\uFEFF/, ''));
  if (tooLarge) {
    const message = `the file has more than ${LARGEST} characters`;
    return { ok: false, faults: [fault(source, 0, message, 'Split it into several forms.')] };
  }
  const slug = (file.split(/[\\/]/).at(-1) ?? '').replace(/\.ya?ml$/, '');
  const faults = [...slugFaults(source, slug), ...syntaxFaults(source)];
  if (source.data === undefined) return { ok: false, faults: sortFaults(faults) };

  const parsed = formSchema.safeParse(source.data);
  if (!parsed.success) {
    return { ok: false, faults: sortFaults([...faults, ...issuesFaults(source, parsed.error.issues)]) };
  }
  const { password } = parsed.data;
  // A cast, as the type of a list does not say what the schema has asked for: that there is a first language.
  const form = { ...parsed.data, slug, ...(password && { password: hashFormPassword(slug, password) }) } as Form;
  faults.push(...translationFaults(source, form));
  const found = [...check(form, now), ...further(form)];
  faults.push(...found.map(({ place, message, remedy }) => faultAt(source, place, message, remedy)));
  return faults.length ? { ok: false, faults: sortFaults(faults) } : { ok: true, form };
}

function slugFaults(source: Source, slug: string): FormFault[] {
  if (RESERVED_SLUGS.includes(slug)) {
    const remedy = `Name the file otherwise, like ${slug}-form.yaml.`;
    return [fault(source, 0, `the address /${slug} belongs to the site itself`, remedy)];
  }
  if (/^[a-z0-9][a-z0-9-]{0,59}$/.test(slug)) return [];
  const near = slug.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60); // prettier-ignore
  const remedy = `Name it with small letters, digits and -, like ${near || 'driver-onboarding'}.yaml.`;
  return [fault(source, 0, `the file name "${slug}" cannot be an address`, remedy)];
}
