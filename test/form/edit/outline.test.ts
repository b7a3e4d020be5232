/** The outline of a form's text, and the way from a place in the text to a part and back. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Path } from '../../../src/form/edit/edit.ts';
import { locate, rangeOf } from '../../../src/form/edit/locate.ts';
import { namedParts, outline, type OutlinePart } from '../../../src/form/edit/outline.ts';
import { readAll } from '../../../src/form/edit/reading.ts';
import { fixture } from '../../helpers/compile.ts';

const FORM = `# Head
title: { en: Work, es: Trabajo }
screens:
  # First.
  - id: about
    title: About you
    fields:
      - { id: name, type: text, label: Name }
      - id: city
        type: radio
        label: City
        options: [Manila, { value: cebu, label: Cebu }]
        # done
    next:
      - { when: { city: cebu }, go: done }

  - just text
endings:
  - { id: done, title: Thank you }
notify:
  - { email: ops@acme.example }
unknown: 1
`;

const short = ({ kind, path, lines, id, type, title, isTextOnly }: OutlinePart) =>
  [kind, path.join('.'), `${lines.first}-${lines.last}`, id, type, title, isTextOnly ? 'only text' : undefined].filter((one) => one !== undefined).join(' '); // prettier-ignore

describe('the outline', () => {
  it('has screens with their fields, options and rules, endings and settings, each with its lines', () => {
    const { screens, endings, settings, notifications, params, examples, hasSyntaxError } = outline(FORM);
    expect(screens.map(short)).toEqual(['screen screens.0 4-15 about About you', 'screen screens.1 17-17 only text']);
    expect(screens[0]?.parts.map(short)).toEqual([
      'field screens.0.fields.0 8-8 name text Name',
      'field screens.0.fields.1 9-13 city radio City',
    ]);
    expect(screens[0]?.parts[1]?.parts.map(short)).toEqual([
      'option screens.0.fields.1.options.0 12-12 Manila Manila',
      'option screens.0.fields.1.options.1 12-12 cebu Cebu',
    ]);
    expect(screens[0]?.rules.map(short)).toEqual(['rule screens.0.next.0 15-15 done']);
    expect(endings.map(short)).toEqual(['ending endings.0 19-19 done Thank you']);
    expect(settings.map(short)).toEqual(['setting title 2-2 title Work', 'setting unknown 22-22 unknown 1']);
    expect(notifications.map(short)).toEqual(['notification notify.0 21-21 ops@acme.example']);
    expect([params, examples, hasSyntaxError]).toEqual([[], [], false]);
  });

  it('has only its parts with a name, where an error tears others into many that are nothing', () => {
    const torn = outline(FORM.replace('screens:', 'screens: [')).screens;
    expect(torn.length).toBeGreaterThan(namedParts(torn).length);
    expect(namedParts(torn).filter(({ id, title, parts }) => !id && !title && !parts.length)).toEqual([]);
    const named = outline(FORM).screens.filter(({ title }) => title);
    expect(namedParts(named)).toEqual(named);
  });

  it('lists the keys that a part has, also those that the form language does not know', () => {
    const [screen] = outline('screens:\n  - { id: a, note: x }\n').screens;
    expect(screen?.keys).toEqual(['id', 'note']);
  });

  it('says which parts are shared by an anchor, and can only be shown as text', () => {
    const [screen] = outline(readFileSync(fixture('valid/anchors.yaml'), 'utf8')).screens;
    expect(screen?.parts.map(({ isTextOnly }) => isTextOnly)).toEqual([true, true]);
  });

  it('shows all parts of a text with an error on one line', () => {
    const { screens, hasSyntaxError } = outline(FORM.replace('About you', 'About: you'));
    expect(hasSyntaxError).toBe(true);
    expect(screens.map(short)).toEqual(['screen screens.0 4-15 about x', 'screen screens.1 17-17 only text']);
  });

  it.each(['', 'text', '- a', 'screens: 3', 'screens: {}', '{', 'screens:\n  -\n  - [a]\n', '[[[', '\t'])(
    'of %j has no part, and no error is thrown',
    (text) => {
      const { endings, examples } = outline(text);
      expect([endings, examples]).toEqual([[], []]);
    },
  );
});

describe('a place in the text', () => {
  const at = (words: string): Path => locate(FORM, FORM.indexOf(words));

  it('leads to the smallest part there', () => {
    expect(at('Trabajo')).toEqual(['title', 'es']);
    expect(at('label: Name')).toEqual(['screens', 0, 'fields', 0, 'label']);
    expect(at('cebu, label')).toEqual(['screens', 0, 'fields', 1, 'options', 1, 'value']);
    expect(at('# First.')).toEqual(['screens', 0]);
    expect(at('# done')).toEqual(['screens', 0, 'fields', 1]);
    expect(at('# Head')).toEqual([]);
    expect(locate(FORM, FORM.length)).toEqual(['unknown']);
    expect(locate('', 0)).toEqual([]);
  });

  it('is where the part says it is', () => {
    for (const path of [['title'], ['screens', 0], ['screens', 0, 'fields', 1], ['screens', 0, 'next', 0, 'when'], ['endings', 0]]) {
      const range = rangeOf(FORM, path);
      expect(range && locate(FORM, range.from).slice(0, path.length)).toEqual(path);
    }
    const range = rangeOf(FORM, ['screens', 0, 'fields', 0, 'label']);
    expect(range && FORM.slice(range.from, range.to)).toBe('label: Name');
    expect(rangeOf(FORM, ['screens', 9])).toBeUndefined();
  }); // prettier-ignore

  it('counts a byte order mark', () => {
    expect(locate(`\uFEFF${FORM}`, FORM.indexOf('Trabajo') + 1)).toEqual(['title', 'es']);
    expect(rangeOf('\uFEFFa: 1', ['a'])).toEqual({ from: 1, to: 5 });
  });
});

it('a text with more aliases than a form may have is not read, because that would take minutes', () => {
  const withAliases = (count: number) => `screens:\n  - &a { id: about, title: About }\n${'  - *a\n'.repeat(count)}`;
  expect(readAll(withAliases(3)).data).toMatchObject({ screens: { length: 4 } });
  expect(readAll(withAliases(1_001))).toMatchObject({ data: undefined, outline: { hasSyntaxError: true } });
});
