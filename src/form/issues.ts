/** What the schema finds wrong, in words: where, what, and what to write instead. */
import type { z } from 'zod';
import { operatorNames } from './condition-schema.ts';
import { faultAt, type Fault, type Source } from './faults.ts';
import { fieldTypeNames } from './fields/fields.ts';
import { nearest } from './nearest.ts';
import { describeSchema, keysAt, valueAt } from './schema-at.ts';
import { formSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;

/** Faults for all that the schema found. A key that is missing because it was misspelt is told once, at the misspelling. */
export function issuesFaults(source: Source, issues: Issue[]): Fault[] {
  const found = issues.flatMap(unfold);
  const missing = found.filter((issue) => isMissing(source, issue));
  const explained = new Set<Issue>();
  const unknown = found.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? unknownKeys(source, issue, missing, explained) : [],
  );
  const misspelt = found.filter((issue) => issue.code === 'unrecognized_keys');
  const others = found.filter(
    (issue) => !misspelt.some(({ path }) => path.join('/') === issue.path.join('/')) && !explained.has(issue),
  );
  return [...unknown, ...others.map((issue) => (isMissing(source, issue) ? missingKey : wrongValue)(source, issue))];
}

/** A union's issues are those of the one option that was meant: the one that got furthest. */
function unfold(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return [issue];
  const branches = issue.errors.filter((branch) => branch.length);
  const meant = branches.toSorted((a, b) => depth(b) - depth(a))[0];
  if (!meant || depth(meant) === 0) return [issue];
  return meant.flatMap((inner) => unfold({ ...inner, path: [...issue.path, ...inner.path] } as Issue));
}

const depth = (branch: Issue[]): number => Math.max(...branch.map(({ path }) => path.length));

const isMissing = (source: Source, { code, path }: Issue): boolean =>
  code !== 'unrecognized_keys' && typeof path.at(-1) === 'string' && valueAt(source.data, path) === undefined;

const sameParent = (path: PropertyKey[], issue: Issue): boolean =>
  issue.path.length === path.length + 1 && path.every((step, index) => step === issue.path[index]);

function unknownKeys(
  source: Source,
  issue: Issue & { code: 'unrecognized_keys' },
  missing: Issue[],
  explained: Set<Issue>,
): Fault[] {
  const absent = missing.filter((one) => sameParent(issue.path, one));
  return issue.keys.map((key) => {
    const known = keysAt(formSchema, issue.path, source.data) ?? operatorNames;
    const wanted = absent.map(({ path }) => String(path.at(-1)));
    const near =
      nearest(key, wanted) ??
      nearest(key, known) ??
      (issue.keys.length === 1 && wanted.length === 1 ? wanted[0] : undefined);
    const meant = absent.find(({ path }) => path.at(-1) === near);
    if (meant) explained.add(meant);
    const remedy = near ? `Did you mean \`${near}\`?` : `It can have: ${known.join(', ')}.`;
    return faultAt(
      source,
      { path: issue.path, find: key },
      `${subject(source, issue.path)} has no key \`${key}\``,
      remedy,
    );
  });
}

function missingKey(source: Source, { path }: Issue): Fault {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const about = describeSchema(formSchema, path, source.data);
  const remedy =
    key === 'type'
      ? `Write \`type: …\`, one of: ${fieldTypeNames.join(', ')}.`
      : `Write \`${key}: …\`${about ? ` (${about})` : ''}.`;
  return faultAt(source, { path: parent }, `${subject(source, parent)} has no \`${key}\``, remedy);
}

/** What people call a type that we call otherwise. */
const OTHER_NAMES: Record<string, string> = {
  dropdown: 'select',
  string: 'text',
  checkbox: 'checkboxes',
  boolean: 'yes_no',
  choice: 'radio',
  tel: 'phone',
};

function wrongValue(source: Source, issue: Issue): Fault {
  const { path } = issue;
  const value = valueAt(source.data, path);
  const place = { path };
  if (path.length === 0) {
    const remedy = 'Begin it with `title: …`, `screens:` and `endings:`.';
    return faultAt(source, place, value === null ? 'the file is empty' : 'the file is not a form', remedy);
  }
  if (issue.code === 'invalid_union' && path.at(-1) === 'type') {
    const near = OTHER_NAMES[String(value)] ?? nearest(String(value), fieldTypeNames);
    const all = `The types are: ${fieldTypeNames.join(', ')}.`;
    return faultAt(
      source,
      place,
      `${subject(source, path.slice(0, -1))} has the unknown type ${written(value)}`,
      near ? `Did you mean ${near}? ${all}` : all,
    );
  }
  const inList = typeof path.at(-1) === 'number' && !isNamed(path);
  const [owner, key] = inList ? [path.slice(0, -2), path.at(-2)] : [path.slice(0, -1), path.at(-1)];
  const whole = !inList && typeof key === 'number';
  const place2 = whole ? subject(source, path) : `\`${String(key)}\` of ${subject(source, owner)}`;
  const { is, remedy } = saying(issue, value, describeSchema(formSchema, path, source.data), String(key));
  const message = inList
    ? `${place2} holds ${written(value)}${is ? `, which ${is}` : ''}`
    : `${place2} ${is || `is ${written(value)}`}`;
  return faultAt(source, place, message, remedy);
}

const WORDS: Record<string, string> = {
  string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'a map of keys', record: 'a map of keys',
}; // prettier-ignore

/** What is wrong, to stand after a name; our own messages in the schema are worded to fit. And what to do about it. */
function saying(
  issue: Issue,
  value: unknown,
  about: string | undefined,
  key: string,
): { is: string; remedy: string | undefined } {
  const write = about && `Write \`${key}: …\` (${about}).`;
  switch (issue.code) {
    case 'invalid_value': {
      const near = nearest(String(value), issue.values.map(String));
      const all = `It can be ${issue.values.join(', ')}.`;
      return { is: '', remedy: near ? `Did you mean "${near}"? ${all}` : all };
    }
    case 'invalid_type':
    case 'invalid_union': {
      if (!issue.message.startsWith('Invalid input')) return { is: issue.message, remedy: undefined };
      const wanted = issue.code === 'invalid_type' ? issue.expected : key === 'next' ? 'array' : 'string';
      const is = `is ${written(value)}, not ${WORDS[wanted] ?? wanted}`;
      if (wanted === 'array')
        return {
          is,
          remedy:
            key === 'next'
              ? 'Put a dash before each rule: - { when: { … }, go: … }.'
              : `Write a list: ${key}: [{ … }, { … }].`,
        };
      if (wanted === 'string' && /^(number|boolean)$/.test(typeof value))
        return { is, remedy: `Put it in quotes: ${key}: "${String(value)}".` };
      return { is, remedy: write };
    }
    case 'too_small':
    case 'too_big': {
      const own = !/^Too (small|big)/.test(issue.message);
      const [compared, limit] = issue.code === 'too_small' ? ['less', issue.minimum] : ['more', issue.maximum];
      const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : '';
      return { is: own ? issue.message : `is ${compared} than ${limit}${unit}`, remedy: undefined };
    }
    case 'invalid_format':
      return issue.message.startsWith('Invalid')
        ? { is: `is ${written(value)}, ${FORMATS[key] ?? 'which is not in the right form'}`, remedy: write }
        : { is: issue.message, remedy: undefined };
    default:
      return {
        is:
          issue.message === 'Invalid input'
            ? `is ${written(value)}, ${FORMATS[key] ?? 'which it cannot be'}`
            : issue.message,
        remedy: undefined,
      };
  }
}

const FORMATS: Record<string, string> = { before: 'not a date like 2026-12-31', after: 'not a date like 2026-12-31' };

function written(value: unknown): string {
  if (value === undefined || value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = String(value);
  return typeof value === 'string' ? `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"` : text;
}

const NAMES: Record<string, string> = {
  screens: 'screen', fields: 'field', endings: 'ending', options: 'option', examples: 'example', next: 'rule',
}; // prettier-ignore

const isNamed = (path: PropertyKey[]): boolean => String(path.at(-2)) in NAMES;

/** How a person would name the thing at `path`: "field full_name", "screen about", "rule 2 of screen about", "the form". */
function subject(source: Source, path: PropertyKey[]): string {
  const last = path.at(-1);
  if (typeof last === 'string' && ['wink', 'brand', 'when', 'show_when'].includes(last))
    return `\`${last}\` of ${subject(source, path.slice(0, -1))}`;
  if (typeof last !== 'number' || !isNamed(path)) return path.length ? subject(source, path.slice(0, -1)) : 'the form';
  const name = NAMES[String(path.at(-2))] ?? '';
  const thing = valueAt(source.data, path);
  const called = ['id', 'value', 'name'].map((key) => valueAt(thing, [key])).find((one) => typeof one === 'string');
  if (typeof called === 'string') return `${name} ${called}`;
  const owner = name === 'rule' || name === 'option' ? ` of ${subject(source, path.slice(0, -2))}` : '';
  return `${name} ${last + 1}${owner}`;
}
