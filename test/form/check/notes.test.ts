/** Notes about a form that has no error. */
import { expect, it } from 'vitest';
import { notesOf } from '../../../src/form/check/notes.ts';
import { compile, messages } from '../../helpers/compile.ts';

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
