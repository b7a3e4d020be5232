import { describe, expect, it } from 'vitest';
import { typeManual } from '../../../src/form/docs/examples.ts';
import { formsManual } from '../../../src/form/docs/forms-md.ts';
import { fieldTypeNames } from '../../../src/form/fields/fields.ts';
import { compile } from '../compile.ts';

describe('the manual', () => {
  const manual = formsManual();

  it.each(fieldTypeNames)('has a section for %s, with an example that is good and uses the type', (type) => {
    const example = typeManual[type].example.trim();
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
    expect(manual).toContain(`### ${type}\n`);
    expect(manual).toContain(`![${type}](fields/${type}.png)`);
    expect(manual).toContain(example);
  });

  it('says of each key what it is', () => {
    const rows = manual.split('\n').filter((line) => line.startsWith('| `'));

    expect(rows.length).toBeGreaterThan(80);
    expect(rows.filter((row) => /\|\s*\|/.test(row))).toEqual([]);
  });

  it('has only examples that are forms, where they are whole', () => {
    const [, yaml = ''] = /```yaml\n(title:[^`]*)```/.exec(manual) ?? [];

    expect(compile(yaml).endings).toHaveLength(2);
  });
});
