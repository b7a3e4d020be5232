/** Private answers in the text of a receiver, as receivers write them. */
import { expect, it } from 'vitest';
import { repeatsPrivate } from '../../src/deliver/private-answers.ts';
import { compile } from '../helpers/compile.ts';

const form = compile(`
title: { en: Loan }
languages: [en]
screens:
  - { id: about, title: { en: About }, fields: [{ id: note, type: text, label: { en: Note }, sensitive: true }] }
endings: [{ id: done, title: { en: Done } }]
`);
const isFound = (answer: string, text: string) => repeatsPrivate(text, form, { note: answer });

it.each([
  ['as it is', '34-5678901-2', 'SSS 34-5678901-2 is wrong'],
  ['cut off', '34-5678901-2', 'SSS 34-5678'],
  ['cut off after a part that it has twice', 'abcdabcdX-secret', 'wrong: abcdabcdX'],
  ['as JSON', 'say "hello" to me', '{"note":"say \\"hello\\" to me"}'],
  ['as JSON in ASCII, such as from Python or PHP', 'José Núñez', '{"note":"Jos\\u00e9 N\\u00FA\\u00f1ez"}'],
  ['as JSON in ASCII, cut off in a sign', 'José Núñez', '{"note":"Jos\\u00e9 N\\u00'],
  ['as JSON with a slash, such as from PHP', 'AB/12/34', '{"note":"AB\\/12\\/34"}'],
  ['as JSON in ASCII with a backslash', 'C:\\new\\Ñandú', '{"note":"C:\\\\new\\\\\\u00d1and\\u00fa"}'],
  ['in one line', 'Calle 5\nManila', 'wrong: Calle 5 Manila'],
  ['in one line of JSON', 'Calle 5\nManila', '{"note":"Calle 5\\nManila"}'],
])('are found %s', (_, answer, text) => {
  expect(isFound(answer, text)).toBe(true);
});

it.each([
  ['Ana', 'Ana is wrong'],
  ['34-5678901-2', 'SSS 34-9 is wrong'],
  ['34-5678901-2', 'SSS 34-5 is wrong'],
])('are not found where only %s is like %s', (answer, text) => {
  expect(isFound(answer, text)).toBe(false);
});
