/** Notes about a form that has no error. */
import { describe, expect, it } from 'vitest';
import { notesOf } from '../../../src/form/check/notes.ts';
import { parseForm } from '../../../src/form/parse.ts';
import { compile, messages, NOW } from '../../helpers/compile.ts';

const yaml = `
title: T
params: [version]
links: [{ id: one, params: { agent: "7" } }]
screens:
  - { id: a, title: A, fields: [{ id: link, type: text, label: Your profile }, { id: agent, type: hidden }] }
endings: [{ id: z, title: Z }]
`;

it('notes names of fields and params that addresses use for something else, and refuses them in a link', () => {
  const note = (one: string) => `a link can't fill in the ${one}, because Flipsite uses this name in addresses`;
  expect(notesOf(compile(yaml))).toEqual([note('field `link`'), note('param `version`')]);
  expect(messages(yaml.replace('agent: "7"', 'link: x'))).toEqual([
    'the link cannot fill in `link`: Flipsite uses this name in addresses',
  ]);
});

describe('a date field', () => {
  const doubts = (limits: string, now = NOW) => {
    const field = `{ id: d, type: date, label: Day, required: true, ${limits} }`;
    const yaml = `title: T\nscreens: [{ id: a, title: A, fields: [${field}] }]\nendings: [{ id: z, title: Z }]\n`;
    const parsed = parseForm('form.yaml', yaml, now);
    return parsed.ok ? parsed.doubts.map(({ message, line }) => `${line}: ${message}`) : parsed.faults;
  };

  it.each(['min: 2027-06-01, max: today', 'min: today, max: 2026-01-01', 'max: 1850-01-01', 'min: today + 5 days, max: 2026-11-27'])(
    'is doubted if its limits leave no date today: %s',
    (limits) => {
      expect(doubts(limits)).toEqual(['2: field `d` takes no date today, because of its limits']);
    },
  ); // prettier-ignore

  it.each(['min: today, max: 2026-11-24', 'min: 2026-11-24, max: today', 'min: 2020-01-01', 'max: today - 18 years', 'min: today, max: today'])(
    'is not doubted otherwise: %s',
    (limits) => {
      expect(doubts(limits)).toEqual([]);
    },
  ); // prettier-ignore

  it('is doubted only after its last day is over everywhere', () => {
    expect(doubts('min: today, max: 2026-11-24', new Date('2026-11-25T11:59:00Z'))).toEqual([]);
    expect(doubts('min: today, max: 2026-11-24', new Date('2026-11-25T12:01:00Z'))).toHaveLength(1);
  });
});

describe('the field of `one_per`', () => {
  const doubts = (next: string, outcome = 'completed') => {
    const parsed = parseForm(
      'form.yaml',
      `title: T
limits: { one_per: email }
screens:
  - { id: a, title: A, fields: [{ id: car, type: yes_no, label: Car, required: true }], next: ${next} }
  - { id: b, title: B, fields: [{ id: email, type: email, label: Email, required: true }, { id: vip, type: yes_no, label: Vip }] }
  - { id: c, title: C, next: [{ when: { vip: true }, go: out }, { go: done }] }
endings: [{ id: done, title: Done }, { id: out, title: Out, outcome: ${outcome} }]
`,
      NOW,
    );
    return parsed.ok ? parsed.doubts.map(({ message, line }) => `${line}: ${message}`) : parsed.faults;
  };
  const about = (ending: string) => [
    `2: people can reach ending \`${ending}\` without field \`email\`, and then send the form any number of times`,
  ];

  it.each<[next: string, outcome: string, expected: string[]]>([
    ['[{ when: { car: false }, go: c }]', 'disqualified', about('done')],
    ['[{ when: { car: false }, go: out }]', 'completed', about('out')],
    ['[{ when: { car: false }, go: out }]', 'disqualified', []],
  ])('is doubted if people can pass it by: %s to an ending that is %s', (next, outcome, expected) => {
    expect(doubts(next, outcome)).toEqual(expected);
  }); // prettier-ignore
});
