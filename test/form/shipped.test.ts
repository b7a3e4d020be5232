import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { printFault } from '../../src/form/faults/faults.ts';
import { readForm, readForms } from '../../src/form/folder.ts';
import { fixture, NOW } from '../helpers/compile.ts';

const shipped = path.resolve(import.meta.dirname, '../../forms');
const valid = readdirSync(fixture('valid')).map((name) => fixture(`valid/${name}`));

describe.each(
  [...readForms(shipped, NOW).map(({ file }) => file), ...valid].map((file) => [path.basename(file), file]),
)('%s', (_name, file) => {
  it('has no fault, today and in ten years', () => {
    for (const now of [new Date(), NOW, new Date('2036-02-29T00:00:00Z')]) {
      const { parsed } = readForm(file, now);

      expect(parsed.ok ? '' : parsed.faults.map(printFault).join('\n\n')).toBe('');
    }
  });

  it('has an example for each of its endings', () => {
    const { parsed } = readForm(file, NOW);
    if (!parsed.ok) throw new Error(`${file} has faults`);
    const shown = new Set(parsed.form.examples.map(({ ends }) => ends));

    if (file.startsWith(shipped)) expect(parsed.form.examples.length).toBeGreaterThanOrEqual(2);
    const missing = parsed.form.endings.map(({ id }) => id).filter((id) => !shown.has(id));
    expect(missing).toEqual([]);
  });
});

describe('the shipped forms', () => {
  it('are the three that the guide names', () => {
    expect(
      readForms(shipped, NOW)
        .map(({ file }) => file)
        .map((file) => path.basename(file)),
    ).toEqual(['gig-driver.yaml', 'prestamo-nomina.yaml', 'tenant-check.yaml']);
  });

  it.each(readForms(shipped, NOW).map(({ file }) => file))(
    '%s asks 10 to 20 fields, and connects an account on one screen',
    (file) => {
      const { parsed } = readForm(file, NOW);
      if (!parsed.ok) throw new Error(`${file} has faults`);
      const fields = parsed.form.screens.flatMap((screen) => screen.fields).filter(({ type }) => type !== 'statement');

      expect(fields.length).toBeGreaterThanOrEqual(10);
      expect(fields.length).toBeLessThanOrEqual(20);
      expect(parsed.form.screens.filter((screen) => screen.wink)).toHaveLength(1);
    },
  );
});
