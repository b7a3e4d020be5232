import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonSchema } from '../../src/form/docs/json-schema.ts';
import { readSource } from '../../src/form/faults/faults.ts';
import { fixture } from '../helpers/compile.ts';

const validate = new Ajv({ strict: false }).compile(jsonSchema());
const shipped = path.resolve(import.meta.dirname, '../../forms');

const good = [shipped, fixture('valid')].flatMap((folder) =>
  readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)).map((name) => [name, path.join(folder, name)]),
); // prettier-ignore

describe('the JSON Schema of a form', () => {
  it.each(good)('takes %s', (_name, file) => {
    validate(readSource(file, readFileSync(file, 'utf8')).data);

    expect(validate.errors).toBeNull();
  });

  const unknown = readdirSync(fixture('invalid'))
    .filter(
      (name) => name.endsWith('.txt') && /has an unknown key/.test(readFileSync(fixture(`invalid/${name}`), 'utf8')),
    )
    .map((name) => name.replace('.txt', '.yaml'))
    .filter((name) => !readSource(name, readFileSync(fixture(`invalid/${name}`), 'utf8')).document.errors.length);

  it.each(unknown)('refuses the unknown key in %s', (name) => {
    expect(validate(parse(readFileSync(fixture(`invalid/${name}`), 'utf8')))).toBe(false);
  });

  const form = (part: object) => ({
    title: 'T',
    screens: [{ id: 'one', title: 'One' }],
    endings: [{ id: 'done', title: 'Done' }],
    ...part,
  });
  const withField = (field: object) => form({ screens: [{ id: 'one', title: 'One', fields: [field] }] });
  const when = (condition: unknown) =>
    form({ screens: [{ id: 'one', title: 'One', next: [{ when: condition, go: 'done' }] }] });

  it.each<[what: string, data: object, taken: boolean]>([
    ['the least form', form({}), true],
    ['an unknown key of the form', form({ langauges: ['en'] }), false],
    ['an unknown language', form({ languages: ['tagalog'] }), false],
    ['a text per language', form({ title: { en: 'T', es: 'T' } }), true],
    ['an empty text', form({ title: '' }), false],
    ['a field without its type', withField({ id: 'a', label: 'A' }), false],
    ['an unknown type', withField({ id: 'a', type: 'txet', label: 'A' }), false],
    ['a key of another type', withField({ id: 'a', type: 'yes_no', label: 'A', max_length: 3 }), false],
    ['a condition', when({ a: 'x', b: ['x', 1, true], c: { at_least: 3, less_than: 9 } }), true],
    ['nested conditions', when({ any: [{ a: true }, { none: [{ b: { answered: false } }] }] }), true],
    ['an unknown operator', when({ a: { atleast: 3 } }), false],
    ['a condition that compares with nothing', when({ a: {} }), false],
    ['an empty condition', when({}), false],
    ['a condition that is a word', when('a'), false],
    ['a group that is no list', when({ any: { a: true } }), false],
    ['an unknown operator in a group', when({ all: [{ a: { atleast: 3 } }] }), false],
  ])('of %s agrees with the check', (_what, data, taken) => {
    expect(validate(data)).toBe(taken);
  });

  it('describes keys as the manual does', () => {
    const schema = jsonSchema() as { properties: Record<string, { description?: string }> };

    for (const key of Object.values(schema.properties)) expect(key.description).toMatch(/\w/);
  });
});
