import { describe, expect, it } from 'vitest';
import { explore, MAX_WORK } from '../../src/form/check/explore.ts';
import { describeLong, itLong } from '../helpers/run/it-long.ts';
import { compile, messages } from '../helpers/compile.ts';

const list = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');

/** 60 screens of one yes_no field each; 40 of them have a rule that reads an answer of five screens before. */
const wide = `
title: Large
screens:
${list(60, (n) => {
  const rule = n >= 5 && n < 45 ? `, next: [{ when: { f${n - 5}: true }, go: s${n + 2} }]` : '';
  return `  - { id: s${n}, title: S, fields: [{ id: f${n}, type: yes_no, label: F, required: true }]${rule} }`;
})}
endings:
  - { id: done, title: Done }
`;

/** 40 answers that are all read at the end: 2 to the power of 40 sets of answers. */
const late = `
title: Late
screens:
${list(40, (n) => `  - { id: s${n}, title: S, fields: [{ id: f${n}, type: yes_no, label: F, required: true }] }`)}
  - id: last
    title: Last
    next:
${list(40, (n) => `      - { when: { f${n}: true }, go: e${n} }`)}
endings:
  - { id: done, title: Done }
${list(40, (n) => `  - { id: e${n}, title: E }`)}
`;

describe('a form of 60 screens with 40 rules', () => {
  it('is good', () => {
    expect(messages(wide)).toEqual([]);
  });

  it('has each of its steps found once', () => {
    const { edges, loops, reached } = explore(compile(wide));

    expect(edges).toHaveLength(100);
    expect(loops).toEqual([]);
    expect(reached.size).toBe(61);
  });
});

/** As large as a form can be: 200 screens of three fields, 100 rules of three comparisons each, a computed number between them. */
const largest = `
title: Largest
screens:
${list(200, (n) => {
  const fields = [
    `{ id: car_${n}, type: yes_no, label: Car, required: true }`,
    `{ id: age_${n}, type: number, label: Age, min: 16, max: 99, required: true }`,
    n === 100
      ? `{ id: sum, type: computed, label: Sum, value: ${Array.from({ length: 20 }, (_, at) => `age_${at * 5}`).join(' + ')} }`
      : `{ id: city_${n}, type: radio, label: City, options: [{ value: a, label: A }, { value: b, label: B }, { value: c, label: C }] }`,
  ];
  const earlier = n > 100 ? `, sum: { at_least: ${n * 3} }` : `, city_${n - 2}: [a, b]`;
  const rule =
    (n % 2 === 0 && n > 1 && n < 198) || n === 51 || n === 151
      ? `, next: [{ when: { car_${n}: true, age_${n - 1}: { less_than: ${20 + (n % 60)} }${earlier} }, go: s${n + 2} }]`
      : '';
  return `  - { id: s${n}, title: Screen ${n}, fields: [${fields.join(', ')}]${rule} }`;
})}
endings:
  - { id: done, title: Done }
`;

describeLong('a form of 200 screens with 100 rules', () => {
  it('is good, and has each of its steps found', () => {
    const form = compile(largest);
    const rules = form.screens.flatMap(({ next }) => next);

    expect(form.screens).toHaveLength(200);
    expect(rules).toHaveLength(100);
    expect(explore(form).edges).toHaveLength(300);
  });
});

describe('a form with more sets of answers than can be tried', () => {
  it('is still checked, taking each rule as possible', () => {
    expect(messages(late)).toEqual([]);
  });

  itLong('still has its endless rounds found', () => {
    const broken = late
      .replace('endings:', '  - { id: trap, title: Trap, next: trap }\nendings:')
      .replace('go: e7 }', 'go: trap }');

    expect(messages(broken)).toContain('screen `trap` leads back to itself, so the form never ends');
    expect(messages(broken)).toContain('no journey reaches ending `e7`');
  });
});

describe('a screen with more sets of answers than can be tried', () => {
  const fields = list(
    15,
    (n) => `      - { id: f${n}, type: select, label: F, options: [{ value: a, label: A }, { value: b, label: B }] }`,
  );
  const all = Array.from({ length: 15 }, (_, n) => `{ f${n}: a }`).join(', ');
  const crowded = `
title: Crowded
screens:
  - id: one
    title: One
    fields:
${fields}
    next:
      - { when: { all: [${all}] }, go: other }
endings:
  - { id: done, title: Done }
  - { id: other, title: Other }
`;

  it('is still checked, taking each rule as possible', () => {
    expect(messages(crowded)).toEqual([]);
  });
});

/** 200 screens, of which 91 have a rule that reads three answers. */
const ruled = compile(`
title: Ruled
screens:
${list(200, (n) => {
  const fields = `{ id: car_${n}, type: yes_no, label: Car, required: true }, { id: age_${n}, type: number, label: Age, min: 16, max: 99, required: true }`;
  const when = `{ car_${n}: true, age_${n - 1}: { less_than: ${20 + (n % 60)} }, car_${n - 2}: true }`;
  const next = n % 2 === 0 && n > 1 && n < 184 ? `, next: [{ when: ${when}, go: s${n + 2} }]` : '';
  return `  - { id: s${n}, title: Screen ${n}, fields: [${fields}]${next} }`;
})}
endings:
  - { id: done, title: Done }
`);

describe('the work of exploring a form of 200 screens with 91 rules is bounded', () => {
  const ids = ruled.screens.map(({ id }) => id);
  // No step carries more than two answers of each screen along, and no round has more steps than there are screens.
  const most = MAX_WORK + 3 * ids.length;

  itLong('when all rules lead on', () => {
    expect(explore(ruled).work).toBeLessThan(most);
  });

  itLong('when all rules lead back', () => {
    const screens = ruled.screens.map((screen, n) => ({
      ...screen,
      next: screen.next.map((rule) => ({ ...rule, go: `s${n - 2}` })),
    }));
    const { work, loops } = explore({ ...ruled, screens });
    expect(loops).not.toEqual([]);
    expect(work).toBeLessThan(most);
  });

  it('when half of the screens may lead anywhere, because their rules have errors', () => {
    const possibleTargets = new Map(ruled.screens.filter(({ next }) => next.length).map(({ id }) => [id, ids]));
    const { work, edges } = explore(ruled, possibleTargets);
    expect(edges.length).toBeGreaterThan(18_000);
    expect(work).toBeLessThan(most);
  });
});
