/** The faults that the schema finds, as sentences: the place, the problem and the fix. */
import { isScalar, parse } from 'yaml';
import type { z } from 'zod';
import { operatorNames } from '../logic/condition-schema.ts';
import { faultAt, type FormFault, type Source } from './faults.ts';
import { fieldTypeNames, typeCalled } from '../fields/fields.ts';
import { nearest } from './nearest.ts';
import { describeSchema, keysAt, valueAt } from './schema-at.ts';
import { formSchema } from '../schema.ts';
import { issueMessage, quoteValue, textOfScalar } from './issue-message.ts';
import { isNamed, nodeLabel } from './node-label.ts';
import { bracedFault, cutFault } from './unquoted.ts';

type Issue = z.core.$ZodIssue;

/** A key that the schema does not know. */
export interface UnknownKey {
  /** The path of the map that has it. */
  path: PropertyKey[];
  key: string;
  /** The key that the author probably meant, if it is known. */
  meant: string | undefined;
  /** The value of that key, where it is written in the unknown one. */
  value?: unknown;
}

export interface ClassifiedIssues {
  faults: FormFault[];
  unknown: UnknownKey[];
  /** Other places with a refused or a missing value. */
  wrong: PropertyKey[][];
}

/**
 * The faults of the schema's issues, and their places. A key that is missing because of a spelling mistake has one
 * fault, at the mistake.
 */
export function classifyIssues(source: Source, issues: Issue[]): ClassifiedIssues {
  const found = issues.flatMap(unfold);
  const missing = found.filter((issue) => isMissing(source, issue));
  const explained = new Set<Issue>();
  const keys = found.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? unknownKeys(source, issue, missing, explained) : [],
  );
  const misspelt = found.filter((issue) => issue.code === 'unrecognized_keys');
  const others = found.filter(
    (issue) => !misspelt.some(({ path }) => path.join('/') === issue.path.join('/')) && !explained.has(issue),
  );
  return {
    faults: [
      ...keys.flatMap(({ faults }) => faults),
      ...others.flatMap((issue) => (isMissing(source, issue) ? missingKey : wrongValue)(source, issue)),
    ],
    unknown: keys,
    wrong: others.map(({ path }) => path),
  };
}

/** The issues of one option of a union: the only option for such a value, or the one that matched most of it. */
function unfold(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return [issue];
  const branches = issue.errors.filter((branch) => branch.length);
  const fitting = branches.filter(
    (branch) => !branch.some(({ code, path }) => code === 'invalid_type' && !path.length),
  );
  const only = fitting.length === 1 ? fitting[0] : undefined;
  const meant = only ?? branches.toSorted((a, b) => depth(b) - depth(a))[0];
  if (!meant || (!only && depth(meant) === 0)) return [issue];
  return meant.flatMap((inner) => unfold({ ...inner, path: [...issue.path, ...inner.path] } as Issue));
}

const depth = (branch: Issue[]): number => Math.max(...branch.map(({ path }) => path.length));

const isMissing = (source: Source, { code, path }: Issue): boolean =>
  code !== 'unrecognized_keys' && typeof path.at(-1) === 'string' && valueAt(source.data, path) === undefined;

/** How many unknown keys of one map are reported. */
const MAX_UNKNOWN_KEYS = 50;

/** Characters of a key that its message shows. */
const MAX_KEY_CHARACTERS = 60;

const sameParent = (path: PropertyKey[], issue: Issue): boolean =>
  issue.path.length === path.length + 1 && path.every((step, index) => step === issue.path[index]);

function unknownKeys(
  source: Source,
  issue: Issue & { code: 'unrecognized_keys' },
  missing: Issue[],
  explained: Set<Issue>,
): (UnknownKey & { faults: FormFault[] })[] {
  const { path } = issue;
  const absent = missing.filter((one) => sameParent(path, one));
  // A key that the map has already would be there twice.
  const present = Object.keys(valueAt(source.data, path) ?? {});
  return issue.keys.map((key, at) => {
    if (at >= MAX_UNKNOWN_KEYS) return { path, key, meant: undefined, faults: [] };
    const known = keysAt(formSchema, path, source.data) ?? operatorNames;
    const wanted = absent.map(({ path }) => String(path.at(-1)));
    const free = known.filter((one) => !present.includes(one));
    // In { }, a key without a colon and a space is one key with its value.
    const [, word = '', rest = ''] = (key.length <= MAX_KEY_CHARACTERS && /^(\w+)(?::| +)(\S.*)$/.exec(key)) || [];
    if (
      free.includes(word) &&
      (wanted.includes(word) || !rest.includes(' ')) &&
      valueAt(source.data, [...path, key]) === null
    ) {
      const missed = absent.find((one) => one.path.at(-1) === word);
      if (missed) explained.add(missed);
      const message = `a colon and a space are missing after \`${word}\` of ${nodeLabel(source.data, path)}`;
      const remedy = `Write \`${word}: ${rest}\`.`;
      return { path, key, meant: word, value: plainValue(rest), faults: [faultAt(source, { path, find: key }, message, remedy)] }; // prettier-ignore
    }
    const near =
      nearest(key, wanted) ??
      nearest(key, free) ??
      (issue.keys.length === 1 && wanted.length === 1 ? wanted[0] : undefined);
    const cut = near ? undefined : cutFault(source, path, key);
    if (cut) return { path, key, meant: undefined, faults: cut };
    const meant = absent.find((one) => one.path.at(-1) === near);
    if (meant) explained.add(meant);
    const correct = nearest(key, present.filter((one) => known.includes(one))); // prettier-ignore
    const away = correct ? `Delete it. \`${correct}\` is there already.` : `Delete it, or use one of these keys: ${known.join(', ')}.`; // prettier-ignore
    const remedy = near ? `Write \`${near}\`.` : away;
    const message = `${nodeLabel(source.data, path)} has an unknown key \`${key.length > MAX_KEY_CHARACTERS ? `${key.slice(0, MAX_KEY_CHARACTERS)}…` : key}\``;
    return { path, key, meant: near, faults: [faultAt(source, { path, find: key }, message, remedy)] };
  });
}

/** The value that `written` has on one line. */
function plainValue(written: string): unknown {
  try {
    return parse(written, { logLevel: 'error' });
  } catch {
    return written;
  }
}

function missingKey(source: Source, { path }: Issue): FormFault {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const about = describeSchema(formSchema, path, source.data);
  const remedy =
    key === 'type'
      ? `Add \`type: …\` with one of these types: ${fieldTypeNames.join(', ')}.`
      : `Add \`${key}: …\`${about ? ` (${about})` : ''}.`;
  return faultAt(source, { path: parent }, `${nodeLabel(source.data, parent)} has no \`${key}\``, remedy);
}

function wrongValue(source: Source, issue: Issue): FormFault | FormFault[] {
  const { path } = issue;
  const value = valueAt(source.data, path);
  const place = { path };
  if (path.length === 0) {
    const remedy = 'Start the file with `title: …`, `screens:` and `endings:`.';
    return faultAt(source, place, value === null ? 'the file is empty' : 'the file is not a form', remedy);
  }
  if (issue.code === 'invalid_union' && path.at(-1) === 'type') {
    const near = typeCalled(textOfScalar(value)) ?? nearest(textOfScalar(value), fieldTypeNames);
    return faultAt(
      source,
      place,
      `${nodeLabel(source.data, path.slice(0, -1))} has the unknown type ${quoteValue(value)}`,
      near ? `Write \`type: ${near}\`.` : `Use one of these types: ${fieldTypeNames.join(', ')}.`,
    );
  }
  const cut = value === null ? cutFault(source, path.slice(0, -1), String(path.at(-1))) : undefined;
  const unquoted = cut ?? bracedFault(source, path);
  if (unquoted) return unquoted;
  const inList = typeof path.at(-1) === 'number' && !isNamed(path);
  const [owner, key] = inList ? [path.slice(0, -2), path.at(-2)] : [path.slice(0, -1), path.at(-1)];
  const whole = !inList && typeof key === 'number';
  const owned = whole ? nodeLabel(source.data, path) : `\`${String(key)}\` of ${nodeLabel(source.data, owner)}`;
  const { is, remedy } = issueMessage(
    issue,
    value,
    describeSchema(formSchema, path, source.data),
    String(key),
    textAt(source, path) ?? textOfScalar(value),
  );
  const held = is ? `contains ${quoteValue(value)}, which ${is}` : `cannot contain ${quoteValue(value)}`;
  const field = is === 'is not a valid id' && key !== 'id' ? closestFieldId(source.data, value) : undefined;
  const message = inList ? `${owned} ${held}` : `${owned} ${is || `cannot be ${quoteValue(value)}`}`;
  return faultAt(source, place, message, field ? `Write \`${field}\`.` : remedy);
}

/** The field of the form that is nearest to a word that should name one. */
const closestFieldId = (data: unknown, word: unknown): string | undefined => {
  const screens = valueAt(data, ['screens']);
  const fields = (Array.isArray(screens) ? screens : []).map((screen) => valueAt(screen, ['fields']));
  const ids = fields.flatMap((some) => (Array.isArray(some) ? some.map((field) => valueAt(field, ['id'])) : []));
  return nearest(
    String(word),
    ids.filter((id) => typeof id === 'string'),
  );
};

/** The text at `path`, if it is one value. */
function textAt({ document }: Source, path: PropertyKey[]): string | undefined {
  const node: unknown = document.getIn(path, true);
  return isScalar(node) ? node.source : undefined;
}
