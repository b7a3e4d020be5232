import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BACKOFF } from '../../src/deliver/deliver.ts';
import { parseForm } from '../../src/form/parse.ts';
import { root } from '../helpers/site.ts';
import { NOW } from '../record/temporary.ts';

const manual = readFileSync(path.join(root, 'docs/deliveries.md'), 'utf8');
const examples = [...manual.matchAll(/```yaml\n([^]*?)```/g)].map(([, yaml = '']) => yaml);

const FORM = `
title: Become a driver
screens:
  - { id: connect, title: Connect, wink: { require: none } }
endings:
  - { id: done, title: Thank you }
`;

describe('the manual of deliveries', () => {
  it.each(examples)('has examples that a form can hold: %s', (yaml) => {
    const parsed = parseForm('driver.yaml', FORM + yaml, NOW);
    expect(parsed.ok ? [] : parsed.faults).toEqual([]);
  });

  it('tells the plan as it is', () => {
    expect(examples).toHaveLength(2);
    const [seconds, minutes, hours] = [1_000, 60_000, 3_600_000];
    expect(BACKOFF).toEqual([30 * seconds, ...[2, 10, 30].map((n) => n * minutes), ...[1, 3, 6, 12, 18, 24].map((n) => n * hours)]); // prettier-ignore
    expect(manual).toContain('after 30 seconds, 2, 10 and 30 minutes, 1, 3, 6, 12, 18 and 24 hours');
  });
});
