/** A screen is read field by field, once, whatever the number of its fields. */
import { expect, it } from 'vitest';
import { compileForm } from '../../src/form/folder.ts';
import type { Answers } from '../../src/form/runtime/condition.ts';
import { validateScreen } from '../../src/respond/evaluate.ts';
import { NOW } from '../record/temporary.ts';

function screenWith(fields: string[]) {
  const text = `title: Wide\nscreens:\n  - id: only\n    title: Only\n    fields:\n${fields.map((one) => `      - { ${one} }\n`).join('')}endings:\n  - { id: done, title: Done }\n`;
  const parsed = compileForm('forms/wide.yaml', text, NOW);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.form.screens[0]!;
}

it('never copies or changes the earlier answers', () => {
  const ids = Array.from({ length: 100 }, (_, n) => `f${n}`);
  let reads = 0;
  const before: Answers = { before: 'yes' };
  const known = new Proxy(before, {
    ownKeys: (target) => (reads++, Reflect.ownKeys(target)),
  }); // prettier-ignore
  const input = Object.fromEntries(ids.map((id) => [id, 'a']));
  const screen = screenWith(ids.map((id) => `id: ${id}, type: text, label: Text`));
  expect(validateScreen(screen, known, input, 'en', NOW)).toEqual({ answers: input, errors: {} });
  expect(reads).toBe(0);
  expect(before).toEqual({ before: 'yes' });
});
