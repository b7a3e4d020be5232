/** YAML text → a compiled form, or every fault at once. */
import type { z } from 'zod';
import { operatorNames } from './condition-schema.ts';
import { fault, faultAt, inOrder, readSource, type Fault, type Source } from './faults.ts';
import { fieldTypeNames } from './fields/fields.ts';
import { nearest } from './nearest.ts';
import { describeSchema, keysAt } from './schema-at.ts';
import { formSchema, RESERVED_SLUGS, type Form } from './schema.ts';
import { check } from './check/check.ts';

/** Largest file that is read, in characters. Longer ones are no forms. */
const LARGEST = 1_000_000;

export type Parsed = { ok: true; form: Form } | { ok: false; faults: Fault[] };

/**
 * Compiles the text of one form's file.
 * @param file the path, as faults shall name it; its name without `.yaml` is the slug
 * @param now decides what `today` means in examples
 * @returns the form, proven to be completable, or every fault in the order of the file
 */
export function parseForm(file: string, text: string, now: Date): Parsed {
  if (text.length > LARGEST) {
    const tooLarge: Source = readSource(file, '');
    return {
      ok: false,
      faults: [fault(tooLarge, 0, `the file has ${text.length} characters; a form has at most ${LARGEST}`)],
    };
  }
  const source = readSource(file, text.replace(/^\uFEFF/, ''));
  const slug = (file.split(/[\\/]/).at(-1) ?? '').replace(/\.ya?ml$/, '');
  const faults = [...slugFaults(source, slug), ...syntaxFaults(source)];
  if (source.document.errors.length) return { ok: false, faults: inOrder(faults) };

  const parsed = formSchema.safeParse(source.document.toJS(), { reportInput: true });
  if (!parsed.success) {
    faults.push(...parsed.error.issues.flatMap((issue) => issueFaults(source, issue)));
    return { ok: false, faults: inOrder(faults) };
  }
  const form: Form = { ...parsed.data, slug };
  faults.push(...check(form, now).map(({ place, message, remedy }) => faultAt(source, place, message, remedy)));
  return faults.length ? { ok: false, faults: inOrder(faults) } : { ok: true, form };
}

function slugFaults(source: Source, slug: string): Fault[] {
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(slug)) {
    return [
      fault(
        source,
        0,
        `the file name "${slug}" cannot be an address`,
        'Name it with small letters, digits and -, like driver-onboarding.yaml.',
      ),
    ];
  }
  if (RESERVED_SLUGS.includes(slug)) {
    return [
      fault(
        source,
        0,
        `the address /${slug} belongs to the site itself`,
        `Name the file otherwise, like ${slug}-form.yaml.`,
      ),
    ];
  }
  return [];
}

function syntaxFaults(source: Source): Fault[] {
  return source.document.errors.map((error) =>
    fault(source, error.pos[0], ...syntaxWords(error.code, error.message.split(/ at line \d+/)[0] ?? error.message)),
  );
}

function syntaxWords(code: string, message: string): [message: string, remedy: string] {
  if (code === 'DUPLICATE_KEY') return ['this key stands twice in the same place', 'Keep one of the two.'];
  if (code === 'TAB_AS_INDENT')
    return ['this line is indented with a tab', 'YAML is indented with spaces: replace the tab by two spaces.'];
  if (code === 'BAD_INDENT')
    return [
      'this line is not indented like its neighbours',
      'Give entries of one list or map the same number of spaces.',
    ];
  return [
    `this is not YAML: ${message}`,
    'A text that holds ": " or " #", or begins with { [ & * ! | > % @, goes in quotes.',
  ];
}

type Issue = z.core.$ZodIssue;

function issueFaults(source: Source, issue: Issue): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const known = keysAt(formSchema, issue.path, source.document.toJS()) ?? operatorNames;
      const near = nearest(key, known);
      return faultAt(
        source,
        { path: issue.path, find: key },
        `${subject(source, issue.path)} has no key \`${key}\``,
        near ? `Did you mean \`${near}\`?` : `It can have: ${known.join(', ')}.`,
      );
    });
  }
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.filter((branch) => branch.length);
    const deepest = branches.toSorted((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0))[0];
    const fits =
      branches.find((branch) => branch.every((one) => one.path.length || one.code !== 'invalid_type')) ?? deepest;
    if (fits && issue.message === 'Invalid input') {
      return fits.flatMap((inner) => issueFaults(source, { ...inner, path: [...issue.path, ...inner.path] } as Issue));
    }
  }
  const key = String(issue.path.at(-1) ?? '');
  const named =
    typeof issue.path.at(-1) === 'number'
      ? subject(source, issue.path)
      : `\`${key}\` of ${subject(source, issue.path.slice(0, -1))}`;
  const about = describeSchema(formSchema, issue.path, source.document.toJS());
  const remedy = about && `Write \`${key}: …\` (${about}).`;
  const missing = 'input' in issue && issue.input === undefined;

  if (issue.code === 'invalid_union' && key === 'type') return [typeFault(source, issue)];
  if (missing && (issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union')) {
    return [
      faultAt(
        source,
        { path: issue.path.slice(0, -1) },
        `${subject(source, issue.path.slice(0, -1))} has no \`${key}\``,
        remedy,
      ),
    ];
  }
  if (issue.code === 'invalid_value' && issue.values.length > 1) {
    const near = nearest(String(issue.input), issue.values.map(String));
    const all = `It can be ${issue.values.join(', ')}.`;
    return [
      faultAt(
        source,
        { path: issue.path },
        `${named} is ${written(issue.input)}`,
        near ? `Did you mean "${near}"? ${all}` : all,
      ),
    ];
  }
  return [faultAt(source, { path: issue.path }, `${named} ${saying(issue)}`, remedy)];
}

function typeFault(source: Source, issue: Issue): Fault {
  const field = subject(source, issue.path.slice(0, -1));
  const value = source.document.getIn(issue.path);
  if (value === undefined) {
    return faultAt(
      source,
      { path: issue.path.slice(0, -1) },
      `${field} has no \`type\``,
      `Write one of: ${fieldTypeNames.join(', ')}.`,
    );
  }
  const near = nearest(String(value), fieldTypeNames);
  const all = `The types are: ${fieldTypeNames.join(', ')}.`;
  return faultAt(
    source,
    { path: issue.path },
    `${field} has the unknown type ${written(value)}`,
    near ? `Did you mean ${near}? ${all}` : all,
  );
}

/** What is wrong, to stand after the name of the key. Our own messages in the schema are worded to fit here. */
function saying(issue: Issue): string {
  const input = 'input' in issue ? issue.input : undefined;
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('Invalid input')
        ? `is ${written(input)}, not ${WORDS[issue.expected] ?? issue.expected}`
        : issue.message;
    case 'invalid_value':
      return `is ${written(input)}, not ${issue.values.map(written).join(' or ')}`;
    case 'too_small':
      return issue.message.startsWith('Too small') ? `is less than ${issue.minimum}` : issue.message;
    case 'too_big':
      return issue.message.startsWith('Too big')
        ? `is more than ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`
        : issue.message;
    case 'invalid_format':
      return issue.message.startsWith('Invalid')
        ? `is ${written(input)}, which is not in the right form`
        : issue.message;
    case 'invalid_union':
      return issue.message === 'Invalid input' ? `is ${written(input)}` : issue.message;
    default:
      return issue.message;
  }
}

const WORDS: Record<string, string> = {
  string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'a map of keys', record: 'a map of keys',
}; // prettier-ignore

function written(value: unknown): string {
  if (value === undefined || value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = String(value);
  return typeof value === 'string' ? `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"` : text;
}

/** How a person would name the thing at `path`: "field full_name", "screen about", "the form". */
function subject(source: Source, path: PropertyKey[]): string {
  const NAMES: Record<string, string> = {
    screens: 'screen',
    fields: 'field',
    endings: 'ending',
    options: 'option',
    examples: 'example',
    next: 'rule',
  };
  for (let depth = path.length; depth > 0; depth--) {
    const index = path[depth - 1];
    const list = path[depth - 2];
    if (typeof index !== 'number') {
      if (depth === path.length && typeof index === 'string' && ['wink', 'brand', 'when', 'show_when'].includes(index))
        return `\`${index}\` of ${subject(source, path.slice(0, -1))}`;
      continue;
    }
    const name = NAMES[String(list)];
    if (!name) continue;
    const at = path.slice(0, depth);
    const id: unknown =
      source.document.getIn([...at, 'id']) ??
      source.document.getIn([...at, 'value']) ??
      source.document.getIn([...at, 'name']);
    if (typeof id === 'string') return `${name} ${id}`;
    const owner = name === 'rule' || name === 'option' ? ` of ${subject(source, path.slice(0, depth - 2))}` : '';
    return `${name} ${index + 1}${owner}`;
  }
  return 'the form';
}
