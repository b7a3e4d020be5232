/** A screen is read field by field, once, whatever the number of its fields. */
import { expect, it } from 'vitest';
import { compileForm } from '../../src/form/folder.ts';
import type { Answers } from '../../src/form/runtime/condition.ts';
import { matchesPattern } from '../../src/form/fields/text/pattern.ts';
import { evaluateForm, validateScreen } from '../../src/respond/evaluate.ts';
import { compile } from '../helpers/compile.ts';
import { NOW } from '../helpers/database.ts';

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
  const known = new Proxy(Object.freeze(before), {
    ownKeys: (target) => (reads++, Reflect.ownKeys(target)),
  }); // prettier-ignore
  const input = Object.fromEntries(ids.map((id) => [id, 'a']));
  const screen = screenWith(ids.map((id) => `id: ${id}, type: text, label: Text`));
  expect(validateScreen(screen, known, input, 'en', NOW)).toEqual({ answers: input, errors: {} });
  expect(reads).toBe(0);
  expect(before).toEqual({ before: 'yes' });
});

it('reads the earlier answers in the conditions and formulas of a screen', () => {
  const form = compile(`
title: Two screens
screens:
  - { id: first, title: First, fields: [{ id: early, type: number, label: Early }] }
  - id: second
    title: Second
    fields:
      - { id: own, type: number, label: Own, show_when: { all: [{ early: { at_least: 2 } }, { none: [{ early: 9 }] }] } }
      - { id: unseen, type: number, label: Unseen, show_when: { any: [{ early: 9 }, { own: 9 }] } }
      - { id: sum, type: computed, label: Sum, value: early * 2 + own }
endings:
  - { id: done, title: Done }
`);
  const input = { own: 3, unseen: 1 };
  const read = validateScreen(form.screens[1]!, Object.freeze({ early: 4 }), input, 'en', NOW);
  expect(read).toEqual({ answers: { own: 3, sum: 11 }, errors: {} });
});

it('ends at the screen that a save is for, and reads no answer to a later one', () => {
  const form = compile(`
title: Four screens
screens:
${['a', 'b', 'c', 'd'].map((id) => `  - { id: ${id}, title: T, fields: [{ id: in_${id}, type: number, label: L }] }\n`).join('')}endings: [{ id: done, title: Done }]
`);
  const read = new Set<PropertyKey>();
  const answers = new Proxy<Answers>(
    { in_a: 1, in_b: 2, in_c: 3, in_d: 4 },
    { get: (target, id) => (read.add(id), Reflect.get(target, id) as unknown) },
  );
  const to = (at: number) => evaluateForm(form, answers, 'en', NOW, form.screens[at]);
  expect(to(1)).toMatchObject({ path: ['a', 'b'], before: { in_a: 1 } });
  expect(to(2).before).toEqual({ in_a: 1, in_b: 2 });
  expect([...read]).not.toContain('in_d');
});

it('reads no further than slow patterns may take together', () => {
  // The check does not try this sign.
  const pattern = '(\\u{1F600}*)*|\\u{1F600}*x';
  const slowAnswer = (length = 5): string => {
    const text = `${'😀'.repeat(length)}x`;
    // The first match takes longer.
    matchesPattern(pattern, text);
    const before = process.threadCpuUsage();
    matchesPattern(pattern, text);
    return process.threadCpuUsage(before).user > 2_500 ? text : slowAnswer(length + 1);
  };
  const ids = Array.from({ length: 200 }, (_, n) => `f${n}`);
  const small = compile(`title: Slow\nscreens:\n  - { id: one, title: One, fields: [{ id: faces, type: text, label: L, pattern: '${pattern}', pattern_hint: Use faces }] }\nendings: [{ id: done, title: Done }]\n`); // prettier-ignore
  const screens = small.screens.flatMap((one) => ids.map((id) => ({ ...one, id: `s_${id}`, fields: one.fields.map((field) => ({ ...field, id })) }))); // prettier-ignore
  const form = { ...small, screens };
  const evaluate = (text: string) => evaluateForm(form, Object.fromEntries(ids.map((id) => [id, text])), 'en', NOW);
  expect(evaluate('x').ending).toBe('done');
  expect(evaluate(slowAnswer()).ending).toBeUndefined();
});
