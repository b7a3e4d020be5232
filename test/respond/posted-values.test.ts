/** The values and files of a form that a browser posts whole. */
import { expect, it } from 'vitest';
import { inspectFiles } from '../../src/respond/files/posted-files.ts';
import { valuesOf } from '../../src/respond/native.ts';
import { compile } from '../helpers/compile.ts';

const fields = Array.from({ length: 100 }, (_, n) => `      - { id: f${n}, type: ${n === 7 ? 'address' : 'text'}, label: Address }`); // prettier-ignore
const form = compile(`title: Wide\nscreens:\n  - id: only\n    title: Only\n    fields:\n${fields.join('\n')}\nendings:\n  - { id: done, title: Done }\n`); // prettier-ignore

it('are read in time that grows with their number, and not with the number of fields too', () => {
  let reads = 0;
  const entries = Array.from({ length: 1_000 }, (_, n): [string, string] => [
    n % 100 === 7 ? 'f7.line1' : `f${n % 100}`,
    `Street ${n}`,
  ]);
  const counted = entries.map(
    (entry) => new Proxy(entry, { get: (target, key) => (reads++, Reflect.get(target, key)) }),
  );

  const values = valuesOf(form, 'en', counted, {}, () => undefined);

  expect(values).toMatchObject({ f6: 'Street 6', f7: { line1: 'Street 907' } });
  expect(reads).toBeLessThan(100 * entries.length);
});

it('that are files of fields without files cost no look through all fields', async () => {
  let reads = 0;
  const file = new Proxy(
    { field: 'f99', name: 'a', bytes: new Uint8Array() },
    { get: (target, key) => (reads++, Reflect.get(target, key)) },
  );
  const files = Array.from({ length: 1_000 }, () => file);

  expect(await inspectFiles(form, files, new Date())).toEqual({ incoming: [], rejected: {} });

  expect(reads).toBeLessThan(10 * files.length);
});
