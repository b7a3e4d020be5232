/** "Fix it for me": where the remedy of an error is exact, its replacement mends that error. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applySplices } from '../../../src/form/edit/edit.ts';
import { fixFor, mayFix } from '../../../src/form/edit/fix.ts';
import type { FormFault } from '../../../src/form/faults/faults.ts';
import { parseForm } from '../../../src/form/parse.ts';
import { fixture, NOW } from '../compile.ts';

const faultsOf = (text: string): FormFault[] => {
  const parsed = parseForm('form.yaml', text, NOW);
  return parsed.ok ? [] : parsed.faults;
};

const texts = readdirSync(fixture('invalid'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => [name, readFileSync(fixture(`invalid/${name}`), 'utf8').replaceAll('\r\n', '\n')] as const);

describe('the fix of an error', () => {
  const fixes = texts.flatMap(([name, text]) =>
    faultsOf(text).flatMap((fault) => {
      const splices = fixFor(text, fault);
      return splices ? [{ at: `${name}:${fault.line} ${fault.message}`, text, fault, splices }] : [];
    }),
  );

  it('is offered for many of the errors that authors make', () => {
    expect(fixes.length).toBeGreaterThan(40);
  });

  it('is promised only where there is one, but for a few errors in texts that cannot be read', () => {
    const promised = texts.flatMap(([, text]) =>
      faultsOf(text)
        .filter(mayFix)
        .map((fault) => fixFor(text, fault)),
    );

    expect(promised.filter((splices) => !splices).length).toBeLessThan(fixes.length / 20);
  });

  it.each(fixes)('mends it: $at', ({ text, fault, splices }) => {
    const [before, after] = [faultsOf(text), faultsOf(applySplices(text, splices))];
    const count = (faults: FormFault[]) => faults.filter(({ message }) => message === fault.message).length;

    expect(count(after)).toBe(count(before) - 1);
  });
});
