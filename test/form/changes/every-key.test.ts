/** No change of a form is passed over: each key of the form language is changed here, and each change has a sentence. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeChanges } from '../../../src/form/changes/changes.ts';
import { jsonSchema } from '../../../src/form/docs/json-schema.ts';
import { formSchema, type Form } from '../../../src/form/schema.ts';
import { everyType } from '../../helpers/compile.ts';

/** Changes that no key of a type makes. */
/** The schema alone reads it, since no single form can have every key. */
const MORE = formSchema.parse(
  parse(`
title: More
languages: [en, es]
description: One more
brand: { name: Acme, color: "#0b6e4f" }
review: true
example: true
proof_of_work: true
password: hello
params: [agent]
retention: 60 days
limits: { opens: 2026-12-01, closes: 2026-12-31, max: 500, one_per: email, timezone: Asia/Manila, contact: ops@acme.example }
match: { name: full_name, employer: employer, monthly_income: { field: earned, within: 10, pay: gross, currency: PHP } }
notify: [{ webhook: https://acme.example/hook, secret_env: ACME_SECRET, when: linked }, { email: ops@acme.example }]
invite:
  via: smile
  sender: Acme
  reply_to: ops@acme.example
  subject: Hello
  text: Please answer
  expires: 14 days
  name: full_name
  email: email
  template: tpl-1
links:
  - id: fb-nov
    name: Facebook
    utm: { source: facebook, medium: social, campaign: november, term: work, content: blue }
    params: { agent: a1, how: Bus }
    language: es
    closes: 2026-12-31
    max: 500
    ending: other_ending
embed: { allow: [https://acme.example] }
share: { title: Drive, description: Earn more, image: card.png, index: true }
screens:
  - id: more_fields
    title: More
    fields:
      - { id: full_name, type: text, label: Your name, autocomplete: name }
      - { id: email, type: email, label: Email, required: true }
      - { id: employer, type: text, label: Employer }
      - { id: earned, type: number, label: Earned }
      - { id: how, type: radio, label: How?, options: [Bus, Train], other: true }
      - { id: apps_used, type: checkboxes, label: Apps used, options: [Grab, Joy], none_of_these: true, default: [Grab] }
      - { id: car_owned, type: yes_no, label: A car?, show_when: { how: { not: Bus } } }
    next:
      - { when: { any: [{ earned: { at_least: 3 } }, { how: Bus }] }, go: more_ending }
  - id: more_widgets
    title: More widgets
    wink:
      - { title: First, text: The first, template: wtpl-1, require: none, retrieve: [identities, employments, incomes], revoke: after_retrieval, frame: true }
      - { title: Second, require: none }
endings:
  - { id: more_ending, title: End }
  - { id: other_ending, title: Other end, outcome: disqualified, redirect: https://acme.example/ }
`),
) as Form;

const TYPES = everyType();
const EVERYTHING: Form = {
  ...TYPES,
  ...MORE,
  brand: { ...MORE.brand, logo: 'acme.svg' } as NonNullable<Form['brand']>,
  screens: [...TYPES.screens, ...MORE.screens],
  endings: [...TYPES.endings, ...MORE.endings],
};

type Json = { [key: string]: unknown };
type Path = (string | number)[];

/** Every value in `part` that has no parts itself, by its path. */
function leavesOf(part: unknown, path: Path = []): Path[] {
  if (typeof part !== 'object' || part === null) return part === undefined ? [] : [path];
  return Object.entries(part).flatMap(([key, value]) => leavesOf(value, [...path, Array.isArray(part) ? Number(key) : key])); // prettier-ignore
}

/** Every key of an object in `part`, by its path. */
function keysOf(part: unknown, path: Path = []): Path[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    const inside = [...path, Array.isArray(part) ? Number(key) : key];
    return [...(Array.isArray(part) || value === undefined ? [] : [inside]), ...keysOf(value, inside)];
  });
}

const at = (form: unknown, path: Path): unknown => path.reduce<unknown>((part, key) => (part as Json)[key], form);

/** The form with another value at `path`; with none, where `value` is undefined. */
function withValue(path: Path, value: unknown): Form {
  const form = JSON.parse(JSON.stringify(EVERYTHING)) as Form;
  const inside = at(form, path.slice(0, -1)) as Json;
  const key = path.at(-1) ?? '';
  if (value === undefined) delete inside[key];
  else inside[key] = value;
  return form;
}

/** Values whose parts have a meaning of their own, which another text would not have. */
const OTHER: Record<string, (value: unknown) => unknown> = {
  type: (type) => (type === 'textarea' ? 'text' : 'textarea'),
  currency: (currency) => (currency === 'USD' ? 'EUR' : 'USD'),
  country: (country) => (country === 'US' ? 'ID' : 'US'),
  language: (language) => (language === 'es' ? 'en' : 'es'),
  require: (state) => (state === 'none' ? 'connected' : 'none'),
};

/** The operators of conditions, and the causes of messages. */
const INSTEAD: Record<string, string> = { is: 'not', not: 'is', min: 'max', any: 'all', submitted: 'completed', linked: 'completed' }; // prettier-ignore

function changed(path: Path, value: unknown): unknown {
  const [key, within] = [path.at(-1), path.at(-2)];
  const other = OTHER[String(key)];
  if (other) return other(value);
  if (within === 'languages') return value === 'en' ? 'fil' : 'id';
  if (typeof value === 'string') return INSTEAD[value] ?? `${value}2`;
  return typeof value === 'number' ? value + 1 : !value;
}

/** Keys that the compiler adds: they repeat another key of the same field. */
function isDerived(path: Path): boolean {
  const [key, field] = [path.at(-1), at(EVERYTHING, path.slice(0, -1)) as Json];
  if (path[2] !== 'fields' || path.length !== 5) return path[0] === 'examples';
  if (field['type'] === 'hidden' && ['label', 'required'].includes(String(key))) return true;
  if (['computed', 'statement'].includes(String(field['type'])) && key === 'required') return true;
  // Without its options and its field, each says nothing.
  return ['follows', 'other', 'none_of_these'].includes(String(key));
}

/** `text` repeats the label of a statement, and each text may be one for each language. */
const isStatementText = (path: Path): boolean =>
  path[2] === 'fields' && path[4] === 'text' && (at(EVERYTHING, path.slice(0, 4)) as Json)['type'] === 'statement';

/** Keys that are required, or that the compiler fills in, and the languages of a text. */
const REQUIRED = ['id', 'type', 'label', 'title', 'value', 'options', 'screens', 'endings', 'languages', 'params', 'slug', 'fields', 'next', 'required', 'outcome', 'require', 'retrieve', 'revoke', 'sdk', 'go', 'field', 'step', 'accept', 'max_size', 'max_files', 'examples', 'name', 'via', 'expires', 'within', 'pay', 'when', 'en', 'es', 'fil', 'id', 'zh', 'ar']; // prettier-ignore

/** The sentences that say that something changed. */
const sentences = (before: Form, after: Form): string[] =>
  describeChanges(before, after)
    .map(({ sentence }) => sentence)
    .filter((sentence) => sentence !== 'Nothing changes for people who fill in the form.');

const name = (path: Path): string => path.join('.');

/** Each name of a key in the JSON Schema of the language, apart from the parts of conditions. */
function namesIn(schema: unknown, names = new Set<string>()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return names;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'definitions' || key === 'examples') continue;
    if (key === 'properties') for (const property of Object.keys(value as Json)) names.add(property);
    if (key === 'properties') for (const [property, part] of Object.entries(value as Json)) if (property !== 'examples') namesIn(part, names); // prettier-ignore
    if (key !== 'properties') namesIn(value, names);
  }
  return names;
}

describe('a change of a form', () => {
  it('is tried here for every key of the form language', () => {
    const used = new Set(keysOf(EVERYTHING).map((path) => String(path.at(-1))));
    expect([...namesIn(jsonSchema())].filter((key) => !used.has(key))).toEqual([]);
  });

  // Texts that Flipsite adds are in every language.
  const isUnread = (path: Path) => ['fil', 'id', 'zh', 'ar'].includes(String(path.at(-1))) && path.includes('label');
  const isTried = (path: Path) => !isDerived(path) && !isStatementText(path) && !isUnread(path);
  const isOptional = (path: Path) => path[0] !== 'notify' && !REQUIRED.includes(String(path.at(-1)));
  const leaves = leavesOf(EVERYTHING).filter(isTried);
  const optional = keysOf(EVERYTHING).filter((path) => isTried(path) && isOptional(path));
  const edited = leaves.map((path) => ({
    path: name(path),
    found: sentences(EVERYTHING, withValue(path, changed(path, at(EVERYTHING, path)))),
  }));
  const shortened = optional.map((path) => ({ path: name(path), form: withValue(path, undefined) }));
  const deleted = shortened.map(({ path, form }) => ({ path, found: sentences(EVERYTHING, form) }));
  const added = shortened.map(({ path, form }) => ({ path, found: sentences(form, EVERYTHING) }));
  const silent = (changes: typeof edited) => changes.filter(({ found }) => !found.length).map(({ path }) => path);

  it('has a sentence, whichever value is another one', () => {
    expect(silent(edited)).toEqual([]);
  });

  it('has a sentence, whichever key is deleted or added', () => {
    expect(silent(deleted)).toEqual([]);
    expect(silent(added)).toEqual([]);
  });

  it('is described in sentences of at most 25 words', () => {
    const all = [...edited, ...deleted, ...added].flatMap(({ found }) => found);
    expect(all.filter((sentence) => sentence.split(/\s+/).length > 25)).toEqual([]);
    expect(all.filter((sentence) => /undefined|\[object|[^.?]$|^[a-z]/.test(sentence))).toEqual([]);
  });

  it('is none in a copy', () => {
    expect(sentences(EVERYTHING, withValue(['title'], EVERYTHING.title))).toEqual([]);
  });

  it('has a sentence if a key changes that this version does not know', () => {
    const after = { ...EVERYTHING, sparkles: true } as Form;
    expect(sentences(EVERYTHING, after)).toContain('The setting “sparkles” of the form changed.');
  });
});
