/** Suggestions in the text of a form: the possible keys and values at the caret, also on an unfinished line. */
import { syntaxTree } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keyPlaceAt, pathAt, readWhole } from '../../src/editor/text/place.ts';
import { formLanguage } from '../../src/editor/text/reader-extensions.ts';
import { suggest } from '../../src/editor/text/suggest.ts';
import { helpAt } from '../../src/editor/text/hints.ts';
import { locate } from '../../src/form/edit/locate.ts';
import { outline } from '../../src/form/edit/outline.ts';
import { formGuide } from '../../src/form/docs/guide.ts';
import { formOf } from '../helpers/samples/large-forms.ts';

const guide = formGuide();

const FORM = `title: Become a driver
brand: { name: Padyak }
screens:
  - id: about
    title: { en: About you, ar: عنك }
    fields:
      - { id: full_name, type: text, label: "Full name" }
      - id: status
        type: radio
        label: Are you working?
        options:
          - { value: employed, label: Employed }
          - { value: none, label: Not working }
    next:
      - { when: { status: none }, go: not_yet }
  - id: connect
    title: Connect
    wink: { require: none }
endings:
  - { id: done, title: Done }
  - { id: not_yet, title: Not yet }
`;

// CodeMirror reads a text for a limited time. While the clock stands still, it reads as far on a busy machine.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

/** The suggestions at the `|` that takes the place of `old` in the form, by their words. */
function at(old: string, typed: string, explicit = false, form = FORM): string[] {
  const text = form.replace(old, typed);
  const pos = text.indexOf('|');
  const doc = text.replace('|', '');
  const state = EditorState.create({ doc, extensions: [formLanguage] });
  const found = suggest({ state, pos, explicit }, guide, () => outline(doc));
  return (found?.options ?? []).map(({ label }) => label);
}

describe('the suggested keys', () => {
  it('at the top are those of a form, without those that it has', () => {
    const keys = at('title: Become a driver\n', 'title: Become a driver\nd|\n');
    expect(keys).toEqual(expect.arrayContaining(['description', 'limits', 'retention']));
    expect(keys).not.toEqual(expect.arrayContaining(['title']));
  });

  it('of a field are those of its type, in lines and in braces', () => {
    expect(at('label: Are you working?', 'label: Are you working?\n        re|')).toContain('required');
    expect(at('label: Are you working?', 'label: Are you working?\n        o|')).toContain('other');
    expect(at('label: "Full name" }', 'label: "Full name", m| }')).toContain('max_length');
    expect(at('label: "Full name" }', 'label: "Full name", m| }')).not.toContain('label');
  });

  it('of an entry that begins are those that every field has, with its type', () => {
    const keys = at('      - id: status\n', '      - t|\n      - id: status\n');
    expect(keys).toEqual(expect.arrayContaining(['type', 'id']));
    expect(keys).not.toContain('max_length');
  });

  it('of a screen, an ending, a brand, a widget, an option and a rule are their own', () => {
    expect(at('    next:', '    t|\n    next:')).toContain('text');
    expect(at('title: Done }', 'title: Done, o| }')).toContain('outcome');
    expect(at('name: Padyak }', 'name: Padyak, c| }')).toEqual(['color', 'logo']);
    expect(at('require: none }', 'require: none, r| }')).toContain('retrieve');
    expect(at('label: Employed }', 'label: Employed, h| }')).toEqual(['help']);
    expect(at('{ when: { status: none }, go', '{ w|, go')).toEqual(['when']);
  });

  it('are without those that the map has behind the caret, also near the end of a long text', () => {
    const long = FORM.replace('screens:', `description: ${'A line of words. '.repeat(500)}\nscreens:`);
    expect(at('{ when: { status: none }, go', '{ w|, go', false, long)).toEqual(['when']);
    expect(at('    title: Connect\n', '    ti|\n    title: Connect\n', false, long)).not.toContain('title');
  });

  it('of a condition are the ids of questions and widgets', () => {
    expect(at('{ status: none }', '{ s| }')).toEqual(expect.arrayContaining(['full_name', 'status', 'connect', 'any']));
  });

  it('of a map that begins below its key are its own', () => {
    expect(at('brand: { name: Padyak }', 'brand:\n  c|')).toContain('color');
  });

  it('wait for a letter, or for the keys that ask for them', () => {
    expect(at('    next:', '    |\n    next:')).toEqual([]);
    expect(at('    next:', '    |\n    next:', true)).toContain('text');
  });

  it('are none in a comment and in a text of several languages', () => {
    expect(at('    next:', '    # t|\n    next:')).toEqual([]);
    expect(at('ar: عنك }', 'ar: عنك, t| }')).toEqual([]);
  });
});

describe('the suggested values', () => {
  it('of a type are the types of fields, with their names', () => {
    expect(at('type: radio', 'type: |')).toEqual(expect.arrayContaining(['radio', 'money', 'file']));
    expect(at('type: text,', 'type: t|,')).toContain('textarea');
  });

  it('of a rule are the screens and endings, and of a condition the options', () => {
    expect(at('go: not_yet', 'go: n|')).toEqual(['about', 'connect', 'done', 'not_yet']);
    expect(at('status: none }', 'status: | }')).toEqual(['employed', 'none']);
    expect(at('status: none }', 'connect: | }')).toContain('failed');
  });

  it('of a key with a few are those', () => {
    expect(at('require: none', 'require: |')).toEqual(expect.arrayContaining(['connected', 'uploaded', 'any', 'none']));
    expect(at('label: "Full name" }', 'label: "Full name", required: | }')).toEqual(['true', 'false']);
    expect(at('require: none }', 'require: none, retrieve: [identities, i| }')).toContain('incomes');
  });
});

it('a long text is read to its end before it opens, and stays so with a key', async () => {
  const doc = formOf(200);
  const opened = EditorState.create({ doc, extensions: [formLanguage] });
  expect(syntaxTree(opened).length).toBeLessThan(doc.length);
  const read = await readWhole(opened);
  expect(syntaxTree(read).length).toBe(doc.length);
  const typed = read.update({ changes: { from: doc.indexOf('title: Screen 100'), insert: '#' } }).state;
  expect(syntaxTree(typed).length).toBe(doc.length + 1);
});

it('a key in a long text reads only lines near it again', async () => {
  let steps = 0;
  const counted = formLanguage.configure({
    wrap(reading) {
      const advance = reading.advance.bind(reading);
      reading.advance = () => (steps++, advance());
      return reading;
    },
  });
  const doc = formOf(200, ['required: true', 'max_length: 80', 'help: A line of help that says what to write']);
  const read = await readWhole(EditorState.create({ doc, extensions: [counted] }));
  const stepsOfAll = steps;
  steps = 0;
  const typed = read.update({ changes: { from: doc.indexOf('Screen 100'), insert: 'a' } }).state;
  expect(syntaxTree(typed).length).toBe(doc.length + 1);
  expect(steps / stepsOfAll).toBeLessThan(0.01);
});

describe('the place of the caret', () => {
  it('is the same part that the reader of YAML finds', () => {
    const state = EditorState.create({ doc: FORM, extensions: [formLanguage] });
    for (const words of [
      'full_name',
      'About you',
      'employed',
      'Not working',
      'not_yet }',
      'require',
      'id: done',
      'Padyak',
    ])
      expect(pathAt(state, FORM.indexOf(words) + 2), words).toEqual(locate(FORM, FORM.indexOf(words) + 2));
  });

  it('has the help of the key under the pointer', () => {
    const state = EditorState.create({ doc: FORM, extensions: [formLanguage] });
    const place = keyPlaceAt(state, FORM.indexOf('type: radio') + 1);
    expect(place && helpAt(guide, place.path, place.type)).toMatch(/^Choice of one option: /);
    expect(keyPlaceAt(state, FORM.indexOf('radio') + 1)).toBeUndefined();
  });
});
