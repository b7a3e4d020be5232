import { describe, expect, it } from 'vitest';
import { explore, reachable } from '../../src/form/check/explore.ts';
import { formSizeInWords } from '../../src/form/check/transitions.ts';
import { statesLeft } from '../../src/form/runtime/wink.ts';
import { compile, messages, withRule } from '../helpers/compile.ts';

/** The steps that journeys take through `yaml`, as `from → to`. */
const steps = (yaml: string): string[] =>
  [...new Set(explore(compile(yaml)).edges.map(({ from, to }) => `${from} → ${to}`))].sort();

const both = ['one → done', 'one → other'];

const APPS = 'options: [{ value: a, label: A }, { value: b, label: B }, { value: c, label: C }]';

describe('every rule that an answer can meet is found to be met', () => {
  it.each<[field: string, when: string]>([
    ['{ id: n, type: number, label: N, required: true }', '{ n: 7 }'],
    ['{ id: n, type: number, label: N, required: true }', '{ n: { not: 7 } }'],
    ['{ id: n, type: number, label: N, required: true }', '{ n: { at_least: 7 } }'],
    ['{ id: n, type: number, label: N, required: true }', '{ n: { more_than: -3 } }'],
    ['{ id: n, type: number, label: N, required: true }', '{ n: { at_least: 18, less_than: 65 } }'],
    ['{ id: n, type: number, label: N, required: true }', '{ any: [{ n: { less_than: 3 } }, { n: { more_than: 99 } }] }'],
    ['{ id: n, type: number, label: N, required: true, step: 0.01 }', '{ n: { more_than: 0.1, less_than: 0.12 } }'],
    ['{ id: n, type: number, label: N, required: true, min: 0, max: 1 }', '{ n: { less_than: 1 } }'],
    ['{ id: n, type: number, label: N, required: true, min: 0, step: 1000 }', '{ n: { at_least: 10500 } }'],
    ['{ id: n, type: number, label: N, required: true, min: 0, max: 20000, step: 1000 }', '{ n: { more_than: 2500, less_than: 10500 } }'],
    ['{ id: n, type: number, label: N, required: true, min: 1, step: 2 }', '{ n: { at_least: 4 } }'],
    ['{ id: n, type: number, label: N, max: -5 }', '{ n: { answered: true } }'],
    ['{ id: n, type: date, label: N, required: true }', '{ n: { before: 2026-01-01 } }'],
    ['{ id: n, type: date, label: N, required: true }', '{ n: { after: 2026-01-01, before: 2026-01-03 } }'],
    ['{ id: n, type: date, label: N, required: true }', '{ n: 2026-01-01 }'],
    ['{ id: n, type: date, label: N }', '{ n: { answered: true } }'],
    ['{ id: n, type: text, label: N }', '{ n: { answered: true } }'],
    ['{ id: n, type: text, label: N, required: true }', '{ n: Manila }'],
    ['{ id: n, type: text, label: N, required: true }', '{ n: { not: [Manila, Cebu] } }'],
    ['{ id: n, type: yes_no, label: N, required: true }', '{ n: false }'],
    ['{ id: n, type: yes_no, label: N }', '{ n: { answered: false } }'],
    ['{ id: n, type: consent, label: N }', '{ n: true }'],
    [`{ id: n, type: radio, label: N, required: true, ${APPS} }`, '{ n: { not: [a, b] } }'],
    [`{ id: n, type: select, label: N, ${APPS} }`, '{ none: [{ n: [a, b, c] }] }'],
    [`{ id: n, type: checkboxes, label: N, ${APPS} }`, '{ n: { contains: a } }'],
    [`{ id: n, type: checkboxes, label: N, ${APPS} }`, '{ n: { answered: true }, none: [{ n: { contains: [a, b] } }] }'],
    [`{ id: n, type: checkboxes, label: N, ${APPS} }`, '{ all: [{ n: { contains: a } }, { n: { contains: b } }] }'],
    [`{ id: n, type: checkboxes, label: N, ${APPS} }`, '{ all: [{ n: { contains: a } }, { n: { contains: b } }], none: [{ n: { contains: c } }] }'],
  ])('%s with %s', (field, when) => {
    expect(steps(withRule([field], when))).toEqual(both);
  }); // prettier-ignore
});

describe('a rule that no answer can meet leads nowhere', () => {
  it.each<[what: string, field: string, when: string]>([
    ['a number between neighbours', '{ id: n, type: number, label: N }', '{ n: { more_than: 5, less_than: 6 } }'],
    ['two options at once', `{ id: n, type: radio, label: N, ${APPS} }`, '{ all: [{ n: a }, { n: b }] }'],
    ['no answer where one is required', '{ id: n, type: yes_no, label: N, required: true }', '{ n: { answered: false } }'],
    ['a day both before and after', '{ id: n, type: date, label: N }', '{ n: { before: 2026-01-01, after: 2026-01-01 } }'],
    ['two choices where one is the most', `{ id: n, type: checkboxes, label: N, max: 1, ${APPS} }`, '{ all: [{ n: { contains: a } }, { n: { contains: b } }] }'],
    ['a day before the earliest', '{ id: n, type: date, label: N, min: 2026-01-01 }', '{ n: { before: 2020-01-01 } }'],
  ])('%s', (_what, field, when) => {
    expect(messages(withRule([field], when))).not.toEqual([]);
  }); // prettier-ignore
});

it('a rule about a day that no year has is a fault by itself', () => {
  expect(messages(withRule(['{ id: n, type: date, label: N }'], '{ n: 2026-02-30 }'))).toEqual([
    '`n` can never be "2026-02-30"',
  ]);
});

describe('a question of many options, all of which rules read', () => {
  const OPTIONS = [...'abcdefghij'];
  const asking = (field: string, next: string, onward = '[]') => `
title: Apps
screens:
  - id: apps_screen
    title: Apps
    fields: [{ id: apps, type: checkboxes, label: Apps, required: true, ${field} }]
    next: ${next}
  - { id: both, title: Both, next: ${onward} }
  - { id: others, title: Others, next: done }
endings:
  - { id: done, title: Done }
`;
  const chosen = (option: string) => `{ apps: { contains: ${option} } }`;
  const pair = `{ when: { all: [${chosen('a')}, ${chosen('b')}] }, go: both }`;
  const each = (options: string[], go: string) =>
    options.map((one) => `{ when: ${chosen(one)}, go: ${go} }`).join(', ');
  const limited = (limits: string) => `${limits}, options: [${OPTIONS.join(', ')}]`;

  it.each([['max: 2'], ['min: 2, max: 2'], ['min: 3, max: 4'], ['min: 2, max: 10']])('can have two of them, with %s', (limits) => {
    expect(messages(asking(limited(limits), `[${pair}, ${each(OPTIONS, 'others')}, { go: both }]`))).toEqual([]);
  }); // prettier-ignore

  it.each([['max: 2'], ['min: 2, max: 2'], ['min: 3, max: 4']])('leads back if two of them do, with %s', (limits) => {
    const back = `[{ when: { all: [${chosen('a')}, ${chosen('b')}] }, go: apps_screen }, ${each(OPTIONS, 'others')}]`;
    expect(messages(asking(limited(limits), '[]', back))).toContain(
      'screen `both` leads back to `apps_screen`, so the form never ends',
    );
  });

  it('cannot have fewer than the least', () => {
    const alone = `{ when: { all: [${chosen('a')}], none: [${chosen(`[${OPTIONS.slice(1).join(', ')}]`)}] }, go: both }`;
    expect(messages(asking(limited('min: 2'), `[${alone}, { go: others }]`))).toEqual([
      'no journey reaches screen `both`',
    ]);
  });

  it('can have "none of these" alone', () => {
    const none = `{ when: ${chosen('none_of_these')}, go: both }`;
    expect(messages(asking(`${limited('min: 2')}, none_of_these: true`, `[${none}, ${each(OPTIONS, 'others')}]`))).toEqual([]); // prettier-ignore
  });

  it('can lead to many other questions, which decide nothing about the way of the person', () => {
    const many = Array.from({ length: 20 }, (_, at) => `option_${at}`);
    const other = (one: string) => `{ id: about_${one}, type: text, label: About ${one}, show_when: ${chosen(one)} }`;
    const yaml = `
title: Apps
screens:
  - { id: a, title: A, fields: [{ id: apps, type: checkboxes, label: Apps, options: [${many.join(', ')}] }, { id: car, type: yes_no, label: Car, required: true }], next: [{ when: { car: true }, go: c }] }
  - { id: b, title: B, fields: [${many.map(other).join(', ')}], next: [{ when: { car: true }, go: done }] }
  - { id: c, title: C, next: [{ when: { car: true }, go: b }] }
endings: [{ id: done, title: Done }]
`;
    expect(messages(yaml)).toEqual([]);
    // Two ways, whatever the options are.
    expect(explore(compile(yaml)).work).toBeLessThan(100);
  });

  it('is judged by its rules alone if these distinguish more options than can be tried', () => {
    const many = Array.from({ length: 15 }, (_, at) => `option ${at}`);
    const field = `options: [${many.join(', ')}]`;
    const next = `[${each(many.slice(1), 'others')}, { go: both }]`;
    expect(messages(asking(field, next))).toEqual([]);
    expect(messages(asking(field, next, `[{ when: ${chosen(many[0] ?? '')}, go: apps_screen }]`))).toContain(
      'screen `both` leads back to `apps_screen`, so the form never ends',
    );
  });
});

describe('an answer', () => {
  const farRule = (between: number) => `
title: Far
screens:
  - { id: asked, title: Asked, fields: [{ id: car, type: yes_no, label: Car, required: true }] }
${Array.from({ length: between }, (_, n) => `  - { id: between_${n}, title: Between }`).join('\n')}
  - { id: read, title: Read, next: [{ when: { car: false }, go: other }] }
endings:
  - { id: done, title: Done }
  - { id: other, title: Other }
`;

  it.each([0, 1, 2, 10])('is remembered over %i screens that do not read it', (between) => {
    expect(messages(farRule(between))).toEqual([]);
  });

  it('of a field that its own screen hides is none', () => {
    const told = messages(
      withRule(
        [
          '{ id: car, type: yes_no, label: Car, required: true }',
          '{ id: van, type: yes_no, label: Van, required: true, show_when: { car: true } }',
        ],
        '{ car: false, van: true }',
      ),
    );

    expect(told).toEqual(['no journey reaches ending `other`']);
  });
});

describe('a Wink screen', () => {
  const connect = (require: string, next: string) => `
title: Connect
screens:
  - { id: ask, title: Ask, fields: [{ id: car, type: yes_no, label: Car, required: true }] }
  - id: connect
    title: Connect
    wink: { require: ${require} }
    next: ${next}
endings:
  - { id: done, title: Done }
  - { id: other, title: Other }
`;
  const screenOf = (yaml: string) => {
    const screen = compile(yaml).screens[1];
    if (!screen) throw new Error('no screen');
    return screen;
  };

  it.each<[require: string, next: string, states: string[]]>([
    ['connected', '[{ when: { car: true }, go: other }]', ['connected']],
    ['uploaded', '[{ when: { car: true }, go: other }]', ['uploaded']],
    ['any', '[{ when: { connect: uploaded }, go: other }]', ['connected', 'uploaded']],
    ['none', '[{ when: { connect: failed }, go: other }]', ['connected', 'uploaded', 'failed', 'skipped']],
    ['connected', '[{ when: { connect: failed }, go: other }]', ['connected', 'failed']],
    ['connected', '[{ when: { connect: [failed, skipped] }, go: other }]', ['connected', 'failed', 'skipped']],
  ])('that requires %s, with %s, is left as %j', (require, next, states) => {
    expect(statesLeft(screenOf(connect(require, next)))).toEqual(states);
  });

  it('is not left unmet through "not connected", which names no state', () => {
    expect(messages(connect('connected', '[{ when: { connect: { not: connected } }, go: other }]'))).toEqual([
      'everybody who continues from `connect` is connected, because no rule of the screen names another state',
    ]);
  });

  it('is not left unmet when the rule that names the state does not hold', () => {
    const yaml = `${connect('connected', '[{ when: { connect: failed, car: true }, go: other }]')}
examples:
  - { name: failed, answers: { car: false, connect: failed }, ends: done }
`;

    expect(messages(yaml)).not.toEqual([]);
  });
});

describe('a form with more turnings than can be tried', () => {
  const many = Array.from({ length: 18 }, (_, n) => `q${n}`);
  const turning = (go: string) => `
title: Many turnings
screens:
${many.map((id) => `  - { id: s_${id}, title: S, fields: [{ id: ${id}, type: yes_no, label: Q, required: true }] }`).join('\n')}
  - id: last
    title: Last
    next:
      - { when: { all: [${many.map((id) => `{ ${id}: true }`).join(', ')}] }, go: ${go} }
endings:
  - { id: done, title: Done }
  - { id: other, title: Other }
`;

  it('is refused when a rule leads back', () => {
    expect(messages(turning('s_q3'))).toContain('screen `last` leads back to `s_q3`, so the form never ends');
  });

  it('is accepted when every rule leads on', () => {
    const form = compile(turning('other'));
    expect(formSizeInWords(form, explore(form))).toBe('19 screens, 2 endings, up to 2 journeys');
  });
});

describe('screens that lead to each other', () => {
  const crossing = (first: string, second: string) => `
title: Crossing
screens:
  - id: start
    title: Start
    fields: [{ id: x, type: yes_no, label: X, required: true }]
    next: [{ when: { x: true }, go: second }]
  - id: first
    title: First
    fields: [{ id: y, type: yes_no, label: Y, required: true }]
    next: ${first}
  - id: second
    title: Second
    fields: [{ id: z, type: yes_no, label: Z, required: true }]
    next: ${second}
endings:
  - { id: done, title: Done }
`;

  it('are no loop when no journey comes round, and such journeys are not counted', () => {
    const form = compile(
      crossing('[{ when: { x: true }, go: done }, { go: second }]', '[{ when: { x: true }, go: first }, { go: done }]'),
    );
    expect(formSizeInWords(form, explore(form))).toBe('3 screens, 1 ending');
  });

  it('are a loop when one does, even if another that meets it ends', () => {
    expect(
      messages(crossing('[{ when: { z: { answered: true } }, go: done }, { go: second }]', '[{ go: first }]')),
    ).not.toEqual([]);
  });
});

describe('the screens before and after', () => {
  const edges = [
    { from: 'a', rule: -1, to: 'b' },
    { from: 'b', rule: 0, to: 'c' },
    { from: 'd', rule: -1, to: 'c' },
  ];

  it('is found along the steps in either direction', () => {
    expect([...reachable(edges, 'a')]).toEqual(['a', 'b', 'c']);
    expect([...reachable(edges, 'c', 'backwards')].sort()).toEqual(['a', 'b', 'c', 'd']);
    expect([...reachable(edges, 'z')]).toEqual(['z']);
  });
});
