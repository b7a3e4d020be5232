/** The document of Results defines each number as the dashboard does. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { DEFINITIONS } from '../../src/dashboard/results/words.ts';

const document = readFileSync(path.resolve(import.meta.dirname, '../../docs/publish/results.md'), 'utf8');

it.each(Object.entries(DEFINITIONS))('the document of Results has the definition of %s', (_, definition) => {
  const [first = ''] = definition.split(/\.(?: |$)/);
  expect(document).toContain(first);
});
