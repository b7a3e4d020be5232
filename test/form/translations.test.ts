import { describe, expect, it } from 'vitest';
import { parseForm } from '../../src/form/parse.ts';
import { NOW } from '../helpers/compile.ts';

const faultsOf = (yaml: string) => {
  const parsed = parseForm('form.yaml', yaml, NOW);
  return parsed.ok ? [] : parsed.faults;
};

const BOTH = `
title: { en: Become a driver, es: Conduce }
languages:
  - en
  - es
screens:
  - id: about
    title: { en: About you }
    fields:
      - id: city
        type: select
        label: { en: City, es: Ciudad }
        placeholder: Same everywhere
        options: [{ value: cebu, label: { en: "Cebu: the city" } }]
      - { id: told, type: statement, text: { en: Told } }
endings:
  - { id: done, title: { en: Done, es: Listo } }
`;

describe('a language that texts lack', () => {
  it('is one fault, at its entry in languages, that names each text with its line', () => {
    const [fault, ...more] = faultsOf(BOTH.replace('placeholder: Same everywhere', 'help: Same everywhere'));

    expect(more).toEqual([]);
    expect(fault).toMatchObject({
      line: 5,
      column: 5,
      message:
        '3 texts have no translation for es: title of screen `about` (line 8), label of option `cebu` (line 14), text of field `told` (line 15)',
      remedy: 'Write `title: { en: About you, es: … }`. Do the same for the others.',
    });
  });

  it('gets an error at the first text where no languages are declared', () => {
    const faults = faultsOf('title: { es: Hola }\nscreens: [{ id: a, title: A }]\nendings: [{ id: z, title: Z }]\n');

    expect(faults.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      '1:8 1 text has no translation for en: title (line 1)',
      `1:10 es is not one of the form's languages (en)`,
    ]);
    expect(faults.map(({ remedy }) => remedy)).toEqual([
      'Write `title: { es: Hola, en: … }`.',
      'Write `languages: [en, es]`, or delete this text.',
    ]);
  });

  it('names 20 texts, and the number of the others', () => {
    const screens = Array.from({ length: 32 }, (_, n) => `  - { id: s${n}, title: { en: S } }`).join('\n');
    const [fault] = faultsOf(`title: T\nlanguages: [en, ar]\nscreens:\n${screens}\nendings: [{ id: z, title: Z }]\n`);

    expect(fault?.message).toMatch(/^32 texts have no translation for ar: /);
    expect(fault?.message).toMatch(/title of screen `s19` \(line 23\) and 12 more$/);
    expect(fault?.message).not.toContain('`s20`');
  });

  it('gets one error for each language', () => {
    const faults = faultsOf(BOTH.replace('  - es\n', '  - es\n  - fil\n').replace('placeholder', 'help'));

    expect(faults.map(({ line, message }) => `${line} ${message.slice(0, 37)}`)).toEqual([
      '5 3 texts have no translation for es: t',
      '6 6 texts have no translation for fil: ',
    ]);
  });

  it('is found in every text of every type', () => {
    const yaml = `
title: T
languages: [en, es]
screens:
  - id: one
    title: One
    fields:
      - { id: n, type: text, label: N, pattern: "[0-9]", pattern_hint: { en: Digits }, placeholder: { en: "1" } }
      - { id: s, type: scale, label: S, min_label: { en: Not }, max_label: { en: Very } }
      - { id: c, type: radio, label: C, options: [{ value: a, label: A, help: { en: H } }], other: { en: Another } }
endings:
  - { id: done, title: Done, text: { en: Bye } }
`;

    expect(faultsOf(yaml).map(({ message }) => message)).toEqual([
      '7 texts have no translation for es: placeholder of field `n` (line 8), pattern_hint of field `n` (line 8), min_label of field `s` (line 9), max_label of field `s` (line 9), help of option `a` (line 10), other of field `c` (line 10), text of ending `done` (line 12)',
    ]);
  });
});
