import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillFormLanguage } from '../../../src/form/docs/form-language.ts';
import { printFault } from '../../../src/form/faults/faults.ts';
import { fieldTypeNames, moduleOf } from '../../../src/form/fields/fields.ts';
import { parseForm } from '../../../src/form/parse.ts';
import { NOW } from '../../helpers/database.ts';
import { compile } from '../../helpers/compile.ts';

const root = path.resolve(import.meta.dirname, '../../..');

const folder = path.join(root, 'docs/publish');

describe('the reference of the form language', () => {
  const reference = readFileSync(path.join(folder, 'form-language.md'), 'utf8');

  it.each(fieldTypeNames)('has a section for %s, with an example that is good and uses the type', (type) => {
    const example = moduleOf(type).manual.example.trim();
    const form = compile(`
title: Example
screens:
  - id: only
    title: Only
    fields:
${example.replace(/^/gm, '      ')}
endings:
  - { id: done, title: Done }
`);

    expect(form.screens[0]?.fields.map((field) => field.type)).toContain(type);
    expect(reference).toContain(`### ${type}\n`);
    expect(reference).toContain(`(../fields/${type}.png)`);
    expect(reference).toContain(example);
  });

  it('explains each key', () => {
    const rows = reference.split('\n').filter((line) => line.startsWith('| `'));

    expect(rows.length).toBeGreaterThan(80);
    expect(rows.filter((row) => /\|\s*\|/.test(row))).toEqual([]);
  });

  it('cannot leave out a part of the schema, nor name one that does not exist', () => {
    const part = /<!-- generated: brand -->[^]*?<!-- end -->/;

    expect(() => fillFormLanguage(reference.replace(part, ''))).toThrow('differ in: brand');
    expect(() => fillFormLanguage(reference.replace('generated: brand', 'generated: brands'))).toThrow('brands, brand');
  });
});

/**
 * A form with the parts that the examples in the pages for publishers refer to. Its own keys come last, so that an
 * example can add some.
 */
const around = ({ fields = '', screens = '', endings = '', top = '' }) => `
title: Example
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
      - { id: email, type: email, label: Email, required: true }
      - { id: employer, type: text, label: Employer, required: true }
      - { id: monthly_income, type: money, label: Monthly income, currency: PHP, required: true }
  - id: more
    title: More
    fields:
      - { id: remark, type: text, label: Anything else? }
${indented(fields, 6)}
${indented(screens, 2)}
  - id: connect
    title: Connect your work account
    wink: { require: none, retrieve: [identities, employments, incomes] }
    next:
      - { when: { connect: failed }, go: not_yet }
      - { when: { connect: skipped }, go: ${/id: (\w+)/.exec(endings)?.[1] ?? 'done'} }
endings:
  - { id: done, title: Thank you }
  - { id: not_yet, title: Not yet, outcome: disqualified }
${indented(endings, 2)}
${top}
`;

const indented = (text: string, spaces: number) => text.replace(/^(?=.)/gm, ' '.repeat(spaces));

/** All pages with examples of forms. */
const pages = readdirSync(folder).filter(
  (name) => name.endsWith('.md') && /^```yaml/m.test(readFileSync(path.join(folder, name), 'utf8')),
);

describe.each(pages)('docs/publish/%s', (page) => {
  const text = readFileSync(path.join(folder, page), 'utf8');
  const examples = [...text.matchAll(/^```yaml (form|fields|screens|endings|top)\n([^]*?)^```/gm)];

  it.each(examples.map(([, kind = '', yaml = '']) => [kind, yaml]))(
    'has an example of %s that is good: %s',
    (kind, yaml) => {
      const parsed = parseForm('example.yaml', kind === 'form' ? yaml : around({ [kind]: yaml }), NOW);

      expect(parsed.ok ? '' : parsed.faults.map(printFault).join('\n')).toBe('');
    },
  );
});

describe('the guide to a form as a file', () => {
  const text = readFileSync(path.join(folder, 'first-file.md'), 'utf8');
  const forms = [...text.matchAll(/^```yaml form\n([^]*?)^```/gm)].map(([, yaml = '']) => yaml);

  it('makes the mistake that it shows, with the message that it shows', () => {
    const shown = /^```text\n([^]*?)\n```/m.exec(text)?.[1];
    const parsed = parseForm('forms/hello.yaml', (forms.at(-1) ?? '').replace('{ work: none }', '{ work: non }'), NOW);

    expect(parsed.ok ? '' : parsed.faults.map(printFault).join('\n')).toBe(shown);
  });
});
