/** Forms for tests, written as customers write them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printFault } from '../../src/form/faults/faults.ts';
import type { Field } from '../../src/form/fields/fields.ts';
import { parseForm } from '../../src/form/parse.ts';
import type { Form } from '../../src/form/schema.ts';

/** The moment it is in every test of the form language. */
export const NOW = new Date('2026-11-24T12:00:00Z');

/** The compiled form in `yaml`. A form with faults is a mistake of the test. */
export function compile(yaml: string, file = 'form.yaml'): Form {
  const parsed = parseForm(file, yaml, NOW);
  if (!parsed.ok) throw new Error(parsed.faults.map(printFault).join('\n\n'));
  return parsed.form;
}

/** The message of each fault in `yaml`; an empty list for a good form. */
export function messages(yaml: string): string[] {
  const parsed = parseForm('form.yaml', yaml, NOW);
  return parsed.ok ? [] : parsed.faults.map(({ message }) => message);
}

/** A form of one screen with `fields`, whose one rule `when` leads to the ending `other`. */
export function withRule(fields: string[], when: string): string {
  const listed = fields.map((field) => `      - ${field}`).join('\n');
  return `
title: One rule
screens:
  - id: one
    title: One
    fields:
${listed}
    next:
      - { when: ${when}, go: other }
endings:
  - { id: done, title: Done }
  - { id: other, title: Other }
`;
}

/** The path of a folder or file under `test/fixtures/forms`. */
export const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/forms/${name}`, import.meta.url));

export const everyType = (): Form => compile(readFileSync(fixture('valid/every-type.yaml'), 'utf8'), 'every-type.yaml');

/** The field `id` of `form`. */
export function fieldOf(form: Form, id: string): Field {
  const field = form.screens.flatMap((screen) => screen.fields).find((one) => one.id === id);
  if (!field) throw new Error(`The form has no field ${id}.`);
  return field;
}
