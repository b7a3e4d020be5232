/** Renaming finds each place that the check knows: no reference is left behind, and nothing else changes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { edit, type Path } from '../../src/form/edit/edit.ts';
import { isText } from '../../src/form/faults/schema-at.ts';
import { fieldSchema } from '../../src/form/fields/fields.ts';
import { parseForm } from '../../src/form/parse.ts';
import { formulaWords, referencesIn, rewriteFormula, TEXT_KEYS } from '../../src/form/inspect/references.ts';
import { formSchema } from '../../src/form/schema.ts';
import { someOf } from '../helpers/run/long.ts';
import { edited, refusal } from './edit/edited.ts';
import { fixture, NOW } from '../helpers/compile.ts';

const forms = ['forms', fixture('valid')].flatMap((folder) =>
  readdirSync(folder).filter((file) => file.endsWith('.yaml')).map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') })),
); // prettier-ignore

type Data = { id?: string; value?: string; fields?: Data[]; options?: (Data | string)[] };

/** Each part of a form that has an id or a value, with that. */
function named(text: string): { path: Path; id: string }[] {
  const form = parse(text) as { screens: Data[]; endings: Data[]; params?: string[] };
  const ids = (list: (Data | string)[] | undefined, path: Path) =>
    (list ?? []).map((one, at) => ({ path: [...path, at], id: typeof one === 'string' ? one : (one.id ?? one.value ?? '') }));
  const fields = form.screens.flatMap((screen, at) => ids(screen.fields, ['screens', at, 'fields']));
  const options = form.screens.flatMap(({ fields: own }, at) => (own ?? []).flatMap((field, index) => ids(field.options, ['screens', at, 'fields', index, 'options'])));
  return [...ids(form.screens, ['screens']), ...fields, ...options, ...ids(form.endings, ['endings']), ...ids(form.params, ['params'])];
} // prettier-ignore

const isOption = (path: Path): boolean => path.includes('options');
const messagesOf = (text: string): string[] => {
  const parsed = parseForm('some-form.yaml', text, NOW);
  return parsed.ok ? [] : parsed.faults.map(({ message }) => message);
};

describe('in a written form', () => {
  it.each(someOf(forms, 3))(
    'renaming any part leaves no fault, and renaming back restores the bytes: $file',
    ({ file, text }) => {
      // Of many options, the first two say enough.
      const parts = named(text).filter((one) => !isOption(one.path) || Number(one.path.at(-1)) < 2);
      for (const { path, id } of someOf(parts, 20)) {
        const to = isOption(path) ? 'Another value' : 'another_id';
        const result = edit(text, path, { do: 'rename', to });
        if (!result.ok) {
          // Options that two fields share.
          expect([file, result.refusal.message]).toEqual(['anchors.yaml', expect.stringContaining('written once')]);
          continue;
        }
        expect(messagesOf(result.text), `${path.join('.')} ${id}`).toEqual([]);
        expect(result.text.split('\n').length).toBe(text.split('\n').length);
        expect(edited(result.text, path, { do: 'rename', to: id })).toBe(text);
      }
    },
  );

  const some = forms.filter(({ file }) => ['every-part.yaml', 'gig-driver.yaml'].includes(file));
  it.each(some)('the check finds only places that renaming changes: $file', ({ text }) => {
    for (const { path, id } of someOf(
      named(text).filter((one) => !isOption(one.path)),
      15,
    )) {
      const own = path[0] === 'params' ? path : [...path, 'id'];
      const alone = edited(text, own, { do: 'set', value: 'another_id' });
      const renamed = edited(text, path, { do: 'rename', to: 'another_id' });
      const parsed = parseForm('some-form.yaml', alone, NOW);
      const unknown = parsed.ok ? [] : parsed.faults.filter(({ message }) => message.includes(`\`${id}\``) && /^there is no/.test(message)); // prettier-ignore
      for (const { line } of unknown) expect(renamed.split('\n')[line - 1]).toContain('another_id');
    }
  });
});

const FORM = `
title: All references
languages: [en, es]
params: [campaign]
limits: { one_per: email }
match: { name: [full_name, last_name], employer: employer, monthly_income: { field: pay, currency: PHP } }
invite: { name: full_name, email: email, subject: "\${fullName}, {full_name}" }
screens:
  - id: about
    title: { en: "Hello {campaign}", es: 'Hola {campaign}' }
    fields:
      - { id: full_name, type: text, label: Name, required: true }
      - { id: last_name, type: text, label: "Last name, {full_name}" }
      - { id: email, type: email, label: Email, required: true }
      - { id: status, type: radio, label: Status, default: self, options: [employed, { value: self, label: "Self, {full_name}" }], other: true }
      - { id: apps, type: checkboxes, label: Apps, options: [self, grab], show_when: { status: [self, employed] } }
      - { id: employer, type: text, label: Employer, show_when: { any: [{ status: { not: self } }, { apps: { contains: [grab] } }, { status_other: { answered: true } }] } }
      - { id: pay, type: computed, label: Pay, value: "status == 'self' ? min(pay_a, 3) : 'self' != status && pay_a > 1e3 ? max(min, pay_a) : 0" }
      - { id: pay_a, type: number, label: Pay }
      - { id: min, type: number, label: Least }
    next:
      - { when: { status: self }, go: connect }
      - { when: { all: [{ full_name: Ana }] }, go: done }
  - id: connect
    title: >-
      Connect, {full_name},
      {full_name} or {status_other}
    wink: [{ title: "One {full_name}", text: Two }]
    next: done
endings:
  - { id: done, title: "Bye {full_name}", redirect: "https://a.example/?n={full_name}&s={status}" }
examples:
  - { name: full_name, answers: { full_name: full_name, status: self, apps: [self], connect: connected }, ends: done }
`;

/** The lines that a renaming changes. */
const changes = (path: Path, to: string): string[] => {
  const after = edited(FORM, path, { do: 'rename', to }).split('\n');
  return after.filter((line, at) => line !== FORM.split('\n')[at]).map((line) => line.trim());
};

describe('renaming', () => {
  it('follows a field to rules, pipes, formulas, match, limits, invitations and examples, and leaves plain text alone', () => {
    expect(changes(['screens', 0, 'fields', 0], 'whole_name')).toEqual([
      'match: { name: [whole_name, last_name], employer: employer, monthly_income: { field: pay, currency: PHP } }',
      'invite: { name: whole_name, email: email, subject: "${fullName}, {full_name}" }',
      '- { id: whole_name, type: text, label: Name, required: true }',
      '- { id: last_name, type: text, label: "Last name, {whole_name}" }',
      '- { id: status, type: radio, label: Status, default: self, options: [employed, { value: self, label: "Self, {whole_name}" }], other: true }',
      '- { when: { all: [{ whole_name: Ana }] }, go: done }',
      'Connect, {whole_name},',
      '{whole_name} or {status_other}',
      'wink: [{ title: "One {whole_name}", text: Two }]',
      '- { id: done, title: "Bye {whole_name}", redirect: "https://a.example/?n={whole_name}&s={status}" }',
      '- { name: full_name, answers: { whole_name: full_name, status: self, apps: [self], connect: connected }, ends: done }',
    ]);
    expect(changes(['screens', 0, 'fields', 2], 'mail')).toEqual([
      'limits: { one_per: mail }',
      'invite: { name: full_name, email: mail, subject: "${fullName}, {full_name}" }',
      '- { id: mail, type: email, label: Email, required: true }',
    ]);
    expect(changes(['screens', 0, 'fields', 5], 'boss')[0]).toContain('employer: boss');
    expect(changes(['screens', 0, 'fields', 6], 'income')[0]).toContain('monthly_income: { field: income,');
  });

  it('follows a field with `other` to the field that this adds', () => {
    const after = changes(['screens', 0, 'fields', 3], 'job').join('\n');
    expect(after).toContain('{ job_other: { answered: true } }');
    expect(after).toContain('{full_name} or {job_other}');
    expect(after).toContain(`value: "job == 'self' ? min(pay_a, 3) : 'self' != job && pay_a > 1e3 ? max(min, pay_a) : 0"`);
    expect(after).not.toMatch(/\bstatus(_other)?\b/);
  }); // prettier-ignore

  it('distinguishes a field from a function of the same name', () => {
    expect(changes(['screens', 0, 'fields', 8], 'least')).toEqual([
      expect.stringContaining('min(pay_a, 3)'),
      '- { id: least, type: number, label: Least }',
    ]);
    expect(changes(['screens', 0, 'fields', 8], 'least')[0]).toContain('max(least, pay_a)');
  });

  it('follows an option of one field to rules, defaults, formulas and examples, and not that of another field', () => {
    expect(changes(['screens', 0, 'fields', 3, 'options', 1], 'own boss')).toEqual([
      '- { id: status, type: radio, label: Status, default: own boss, options: [employed, { value: own boss, label: "Self, {full_name}" }], other: true }',
      '- { id: apps, type: checkboxes, label: Apps, options: [self, grab], show_when: { status: [own boss, employed] } }',
      '- { id: employer, type: text, label: Employer, show_when: { any: [{ status: { not: own boss } }, { apps: { contains: [grab] } }, { status_other: { answered: true } }] } }',
      `- { id: pay, type: computed, label: Pay, value: "status == 'own boss' ? min(pay_a, 3) : 'own boss' != status && pay_a > 1e3 ? max(min, pay_a) : 0" }`,
      '- { when: { status: own boss }, go: connect }',
      '- { name: full_name, answers: { full_name: full_name, status: own boss, apps: [self], connect: connected }, ends: done }',
    ]);
  });

  it('follows screens, endings and params', () => {
    expect(changes(['screens', 1], 'link').at(-1)).toContain('link: connected');
    expect(changes(['screens', 1], 'link')[0]).toBe('- { when: { status: self }, go: link }');
    expect(changes(['endings', 0], 'bye')).toHaveLength(4);
    expect(changes(['params', 0], 'source')).toEqual(['params: [source]', `title: { en: "Hello {source}", es: 'Hola {source}' }`]);
  }); // prettier-ignore

  it('puts an id that YAML would read as something else in quotes', () => {
    expect(changes(['screens', 0, 'fields', 0], 'true').join('\n')).toContain('"true": full_name');
  });

  it('refuses an id that is none, or is used already', () => {
    const field = ['screens', 0, 'fields', 0];
    expect(refusal(FORM, field, { do: 'rename', to: 'Full name' })).toBe('"Full name" is not an id');
    expect(refusal(FORM, field, { do: 'rename', to: 'a'.repeat(61) })).toContain('more than 60 characters');
    expect(refusal(FORM, field, { do: 'rename', to: 'connect' })).toBe('the id `connect` is already used');
    expect(refusal(FORM, field, { do: 'rename', to: 'status_other' })).toBe('the id `status_other` is already used');
    expect(refusal(FORM, ['screens', 0, 'fields', 3, 'options', 0], { do: 'rename', to: 'self' })).toBe('the field already has an option "self"'); // prettier-ignore
    expect(refusal(FORM, ['title'], { do: 'rename', to: 'x' })).toBe('this part has no id');
  });

  it('is refused where the meaning is unclear', () => {
    const twice = FORM.replace('id: last_name', 'id: full_name');
    expect(refusal(twice, ['screens', 0, 'fields', 0], { do: 'rename', to: 'x' })).toBe('several parts have the id `full_name`'); // prettier-ignore
    const formula = FORM.replace(`"status == 'self'`, `"(min ? status : employer) == 'self'`);
    expect(refusal(formula, ['screens', 0, 'fields', 3, 'options', 1], { do: 'rename', to: 'x' })).toContain('the formula of `pay`'); // prettier-ignore
    const option = FORM.replace('options: [self, grab]', 'options: ["{full_name}", grab]');
    expect(refusal(option, ['screens', 0, 'fields', 0], { do: 'rename', to: 'x' })).toContain('also its value');
  });
});

describe('references', () => {
  it('are looked for in each key that the schema calls a text', () => {
    type Shape = Record<string, { def: unknown; description?: string }>;
    const keys = new Set<string>();
    const seen = new Map<unknown, Set<string>>();
    const walk = (schema: unknown, key = ''): void => {
      if (typeof schema !== 'object' || schema === null) return;
      if (isText([schema] as never)) keys.add(key);
      const under = seen.get(schema) ?? new Set();
      if (under.has(key)) return;
      seen.set(schema, under.add(key));
      const { innerType, in: input, element, shape, options, getter } = (schema as { def: { innerType?: unknown; in?: unknown; element?: unknown; shape?: Shape; options?: unknown[]; getter?: () => unknown } }).def; // prettier-ignore
      for (const one of [innerType, input, element, ...(options ?? [])]) walk(one, key);
      if (!getter) for (const [name, inner] of Object.entries(shape ?? {})) walk(inner, name);
    };
    walk(formSchema);
    walk(fieldSchema);
    // The subject of an invitation has names of its own.
    expect([...keys].filter((key) => !TEXT_KEYS.includes(key))).toEqual(['subject']);
    expect(TEXT_KEYS.filter((key) => !keys.has(key))).toEqual(['redirect']);
  });

  it('are found in a form with errors of any kind', () => {
    for (const data of [null, 3, [], { screens: 3, examples: {} }, { screens: [null, { fields: [1, { id: 4 }], next: [null] }] }])
      expect(referencesIn(data)).toEqual([]);
  }); // prettier-ignore

  it('in formulas are words outside of texts, numbers and comments', () => {
    const words = formulaWords(`a /* b */ + min(c, 1e3) > 2 ? ((d)) == ("e f") : "g" !== h // i`);
    expect(words.map(({ id, text, field }) => id ?? [text, field])).toEqual(['a', 'c', 'd', ['e f', 'd'], ['g', 'h'], 'h']); // prettier-ignore
    expect(rewriteFormula('a+ab*"a"', ({ id }) => (id === 'a' ? 'x' : undefined))).toBe('x+ab*"a"');
  });
});
