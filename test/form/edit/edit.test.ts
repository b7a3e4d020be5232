/** Changes of a form in its text: each is as small as it can be, and looks like the lines around it. */
import { expect, it, describe } from 'vitest';
import { parse } from 'yaml';
import { edit, editAll, type Path, type Value } from '../../../src/form/edit/edit.ts';
import { changedLines, edited, refusal } from './edited.ts';

const FORM = `# The form of Acme.
title: Work for us   # shown in the tab
screens:
  # First come easy questions.
  - id: about
    title: 'About you'
    fields:
      - { id: full_name, type: text, label: Name, required: true }
      # Only for people with a job.
      - id: employer
        type: text
        label: "Employer"

  - id: last
    title: 'Last'
    fields: []
    next: done
endings:
- id: done
  title: Thank you
`;

describe('setting a value', () => {
  it('changes one line, and keeps spaces and the comment behind it', () => {
    expect(changedLines(FORM, edited(FORM, ['title'], { do: 'set', value: 'Drive for us' }))).toEqual([
      '-title: Work for us   # shown in the tab',
      '+title: Drive for us   # shown in the tab',
    ]);
  });

  it('keeps the quotes of the text before', () => {
    expect(edited(FORM, ['screens', 0, 'title'], { do: 'set', value: "It's you" })).toContain(`title: 'It''s you'\n`);
    expect(edited(FORM, ['screens', 0, 'fields', 1, 'label'], { do: 'set', value: 'The "boss"' })).toContain('label: "The \\"boss\\""\n');
  }); // prettier-ignore

  it('changes a value in a map on one line, and nothing else of it', () => {
    expect(edited(FORM, ['screens', 0, 'fields', 0, 'label'], { do: 'set', value: 'Full name' })).toContain(
      '- { id: full_name, type: text, label: Full name, required: true }\n',
    );
  });

  it.each([
    'yes', '007', '1e3', '~', '', ' ', 'null', 'true', '2026-01-01', '08:00', 'a: b', 'a #b', '# a', '- a', '? a', ': a', 'a:', '[a', '{a', '@a', '`a', '!a',
    '&a', '*a', '|', '>', '%a', "'", '"', '\\', 'a\tb', ' a', 'a ', 'a\nb', 'a\n', '\n', 'a\r\nb', '---', '...', '\u0007', '\u2028', '\uFEFF', '\uD800', '😀', 'a, b', 'a]', '0x1F', '.inf', '+1', 'No', 'off', '<<', '=',
  ])('writes the text %j so that it is read as that text', (text) => {
    for (const path of [['title'], ['screens', 0, 'title'], ['screens', 0, 'fields', 0, 'label'], ['screens', 0, 'fields', 1, 'label']]) {
      expect(valueAt(parse(edited(FORM, path, { do: 'set', value: text })), path)).toBe(text);
    }
  }); // prettier-ignore

  it.each([true, false, null, 0, -1.5, 1e21, 100000])('writes the value %j', (value) => {
    expect(valueAt(parse(edited(FORM, ['screens', 0, 'fields', 0, 'required'], { do: 'set', value })), ['screens', 0, 'fields', 0, 'required'])).toBe(value);
  }); // prettier-ignore

  it('puts a text that looks like a number or like yes in quotes', () => {
    const texts = ['007', 'yes', '2026-01-01'].map((value) => edited('a: b\n', ['a'], { do: 'set', value }));
    expect(texts).toEqual(['a: "007"\n', 'a: "yes"\n', 'a: "2026-01-01"\n']);
  });

  it('leaves a date without quotes where one was', () => {
    expect(edited('limits: { closes: 2026-12-31 }\n', ['limits', 'closes'], { do: 'set', value: '2027-01-15' })).toBe(
      'limits: { closes: 2027-01-15 }\n',
    );
  });

  it('fills a key that has no value yet', () => {
    expect(edited('title:\nscreens: []\n', ['title'], { do: 'set', value: 'A' })).toBe('title: A\nscreens: []\n');
    expect(edited('title: # later\n', ['title'], { do: 'set', value: 'A' })).toBe('title: A # later\n');
    expect(edited('a: { b: , c }\n', ['a', 'b'], { do: 'set', value: 1 })).toBe('a: { b: 1 , c }\n');
    expect(edited('a: { b: , c }\n', ['a', 'c'], { do: 'set', value: 1 })).toBe('a: { b: , c: 1 }\n');
  });

  it('adds the key where the map does not have it, in its usual place', () => {
    expect(edited(FORM, ['screens', 1, 'text'], { do: 'set', value: 'Nearly there' })).toContain(
      `    title: 'Last'\n    text: Nearly there\n    fields: []\n`,
    );
    expect(edited(FORM, ['screens', 0, 'fields', 0, 'help'], { do: 'set', value: 'As in your passport' })).toContain(
      '{ id: full_name, type: text, label: Name, help: As in your passport, required: true }',
    );
  });

  it('changes only the keys that differ where a map is set', () => {
    const rule = '- { when: { pay: { at_least: 3 } }, go: done } # enough\n';
    const value = { when: { pay: { at_least: 5, at_most: 9 } }, go: 'done' };
    expect(edited(rule, [0], { do: 'set', value })).toBe('- { when: { pay: { at_least: 5, at_most: 9 } }, go: done } # enough\n');
  }); // prettier-ignore

  it('changes only the entries that differ where a list is set', () => {
    const text = 'options:\n  # best\n  - a # one\n  - b\n  - c # three\n';
    expect(edited(text, ['options'], { do: 'set', value: ['a', 'x', 'y', 'c'] })).toBe(
      'options:\n  # best\n  - a # one\n  - x\n  - y\n  - c # three\n',
    );
    expect(edited(text, ['options'], { do: 'set', value: ['c'] })).toBe('options:\n  - c # three\n');
  });

  it('says nothing changed where the value is the same', () => {
    expect(edit(FORM, ['title'], { do: 'set', value: 'Work for us' })).toEqual({ ok: true, text: FORM, splices: [] });
  });
});

describe('a text of several lines', () => {
  const TEXT = `title: A
text: |
    Dear people,

    we need your number.
    Thank you # no comment
next: x
folded: >-
  This long text is written over
  several lines, for people
  who read it in the file.
plain: some words
  and more words
quoted: "some words
  and more words"
`;

  it('keeps its other lines where one word changes', () => {
    const set = (key: string, from: string, to: string) => {
      const before = String((parse(TEXT) as Record<string, string>)[key]);
      return changedLines(TEXT, edited(TEXT, [key], { do: 'set', value: before.replace(from, to) }));
    };
    expect(set('text', 'number', 'address')).toEqual(['-    we need your number.', '+    we need your address.']);
    expect(set('folded', 'several', 'some')).toEqual(['-  several lines, for people', '+  some lines, for people']);
    expect(set('plain', 'more', 'other')).toEqual(['-  and more words', '+  and other words']);
    expect(set('quoted', 'more', 'other')).toEqual(['-  and more words"', '+  and other words"']);
  });

  it('keeps its other lines where a line is added', () => {
    const value = 'Dear people,\n\nwe need your number.\nAnd your name.\nThank you # no comment\n';
    expect(changedLines(TEXT, edited(TEXT, ['text'], { do: 'set', value }))).toEqual(['+    And your name.']);
  });

  it.each(['x', 'a\nb', 'a\nb\n', '  a\nb', 'a\n\n\nb\n\n', '\ta\nb', 'a\n  \nb', '# a\n- b: c\n', 'a\n\tb'])(
    'can become %j',
    (value) => {
      for (const key of ['text', 'folded', 'plain', 'quoted', 'title'])
        expect((parse(edited(TEXT, [key], { do: 'set', value })) as Record<string, string>)[key]).toBe(value);
    },
  );

  it('keeps the comment behind its `|`', () => {
    const text = 'a: | # note\n  One\n  Two\nb: 1\n';
    expect(edited(text, ['a'], { do: 'set', value: 'One' })).toBe('a: |- # note\n  One\nb: 1\n');
    expect(edited(text, ['a'], { do: 'set', value: '\tx' })).toBe('a: "\\tx" # note\nb: 1\n');
    expect(edited(text, ['a'], { do: 'translate', language: 'es', text: 'Uno' })).toBe('a: # note\n  en: |\n    One\n    Two\n  es: Uno\nb: 1\n');
  }); // prettier-ignore

  it('is written below its key where it is new', () => {
    expect(edited('- id: a\n', [0, 'text'], { do: 'add', value: 'One\nTwo' })).toBe('- id: a\n  text: |-\n    One\n    Two\n');
  }); // prettier-ignore
});

describe('adding', () => {
  it('writes an entry as the entries beside it are written', () => {
    const field = { id: 'email', type: 'email', label: 'Email' };
    expect(changedLines(FORM, edited(FORM, ['screens', 0, 'fields', 1], { do: 'add', value: field }))).toEqual([
      '+      - { id: email, type: email, label: Email }',
    ]);
    const ending = { id: 'bye', title: 'Bye' };
    expect(edited(FORM, ['endings', 1], { do: 'add', value: ending })).toBe(`${FORM}- id: bye\n  title: Bye\n`);
  });

  it('writes short fields on one line and others on several, where the form does so', () => {
    const short = { id: 'a', type: 'text', label: 'A' };
    const long = { id: 'b', type: 'radio', options: [{ value: 'c', label: 'C' }] };
    const lines = ['- { id: a, type: text, label: A }', '- id: b', '  type: radio', '  options:', '    - { value: c, label: C }'];
    const [one, two] = [lines.map((line) => `+      ${line}`), lines.map((line) => `+      ${line}`)];
    expect(changedLines(FORM, editAllOf(FORM, [[['screens', 0, 'fields', 2], short], [['screens', 0, 'fields', 3], long]]))).toEqual(one);
    const screen = { id: 'new', title: 'New', fields: [short, long] };
    expect(changedLines(FORM, edited(FORM, ['screens', 0], { do: 'add', value: screen }))).toEqual(expect.arrayContaining(two));
  }); // prettier-ignore

  it('keeps blank lines between screens', () => {
    const value = { id: 'car', title: 'Your car', fields: [{ id: 'plate', type: 'text', label: 'Plate' }] };
    const lines = ['+  - id: car', `+    title: 'Your car'`, '+    fields:', '+      - { id: plate, type: text, label: "Plate" }', '+'];
    expect(changedLines(FORM, edited(FORM, ['screens', 1], { do: 'add', value })).sort()).toEqual(lines.map((line) => line.replace('"Plate"', 'Plate')).sort());
  }); // prettier-ignore

  it('puts a new entry above the comment of the entry behind it', () => {
    const text = 'params:\n  - a\n  # about b\n  - b\n';
    expect(edited(text, ['params', 1], { do: 'add', value: 'x' })).toBe('params:\n  - a\n  - x\n  # about b\n  - b\n');
    expect(edited(text, ['params', 2], { do: 'add', value: 'x' })).toBe('params:\n  - a\n  # about b\n  - b\n  - x\n');
  });

  it('adds to lists on one line and on several lines', () => {
    expect(edited('a: [x, y]\n', ['a', 2], { do: 'add', value: 'z' })).toBe('a: [x, y, z]\n');
    expect(edited('a: [x, y]\n', ['a', 0], { do: 'add', value: 'z' })).toBe('a: [z, x, y]\n');
    expect(edited('a: []\n', ['a', 0], { do: 'add', value: 'z' })).toBe('a: [z]\n');
    const lines = 'a: [\n  x, # one\n  # about y\n  y # two\n]\n';
    expect(edited(lines, ['a', 2], { do: 'add', value: 'z' })).toBe('a: [\n  x, # one\n  # about y\n  y, # two\n  z\n]\n');
    expect(edited(lines, ['a', 1], { do: 'add', value: 'z' })).toBe('a: [\n  x, # one\n  z,\n  # about y\n  y # two\n]\n');
    expect(edited('a: [\n  x,\n]\n', ['a', 1], { do: 'add', value: 'z' })).toBe('a: [\n  x,\n  z,\n]\n');
  }); // prettier-ignore

  it('begins a list that is not there yet, or has no entry', () => {
    const value = { id: 'a', type: 'text', label: 'A' };
    const added = '      - { id: a, type: text, label: A }\n';
    expect(edited(FORM, ['screens', 1, 'fields', 0], { do: 'add', value })).toContain(`    fields:\n${added}    next: done\n`);
    expect(edited('- id: a\n  fields: # none yet\n  next: b\n', [0, 'fields', 0], { do: 'add', value: { id: 'x' } })).toBe('- id: a\n  fields: # none yet\n    - { id: x }\n  next: b\n');
    expect(edited('- id: a\n  next: b\n', [0, 'fields', 0], { do: 'add', value: { id: 'x', options: [{ a: 1 }] } })).toBe('- id: a\n  fields:\n    - id: x\n      options:\n        - { a: 1 }\n  next: b\n');
  }); // prettier-ignore

  it('adds to a map in flow style that stays empty so far', () => {
    expect(edited('brand: {}\n', ['brand', 'name'], { do: 'add', value: 'Acme' })).toBe('brand: { name: Acme }\n');
    expect(edited('brand:\n', ['brand', 'name'], { do: 'add', value: 'Acme' })).toBe('brand:\n  name: Acme\n');
  });

  it('writes the first keys of an empty file', () => {
    expect(edited('', ['title'], { do: 'add', value: 'A' })).toBe('title: A\n');
    expect(edited('# Mine\n', ['title'], { do: 'add', value: 'A' })).toBe('# Mine\ntitle: A\n');
    expect(edited('---', ['title'], { do: 'add', value: 'A' })).toBe('---\ntitle: A\n');
  });

  it('makes `next: done` a rule in the list where another rule is added', () => {
    const value = { when: { status: 'none' }, go: 'bye' };
    expect(changedLines(FORM, edited(FORM, ['screens', 1, 'next', 0], { do: 'add', value }))).toEqual([
      '-    next: done',
      '+    next:',
      '+      - { when: { status: none }, go: bye }',
      '+      - { go: done }',
    ]);
    expect(refusal(FORM, ['title', 0], { do: 'add', value })).toBe('the form has no title.0');
  });

  it('refuses a key that is there already', () => {
    expect(refusal(FORM, ['title'], { do: 'add', value: 'A' })).toBe('`title` exists already');
  });
});

describe('removing', () => {
  it('removes an entry with its comment, and keeps the others', () => {
    expect(changedLines(FORM, edited(FORM, ['screens', 0, 'fields', 1], { do: 'remove' }))).toEqual([
      '-      # Only for people with a job.',
      '-      - id: employer',
      '-        type: text',
      '-        label: "Employer"',
    ]);
  });

  it('removes one blank line with a screen that has one above and one below', () => {
    const text = 'screens:\n  - a\n\n  - b\n\n  - c\n';
    expect(edited(text, ['screens', 0], { do: 'remove' })).toBe('screens:\n  - b\n\n  - c\n');
    expect(edited(text, ['screens', 1], { do: 'remove' })).toBe('screens:\n  - a\n\n  - c\n');
    expect(edited(text, ['screens', 2], { do: 'remove' })).toBe('screens:\n  - a\n\n  - b\n');
  });

  it('leaves an empty list where the last entry goes', () => {
    expect(edited('a:\n  # about x\n  - x # one\nb: 1\n', ['a', 0], { do: 'remove' })).toBe('a: []\nb: 1\n');
    expect(edited('a: # note\n  - x\nb: 1\n', ['a', 0], { do: 'remove' })).toBe('a: [] # note\nb: 1\n');
    expect(edited('a: [x]\n', ['a', 0], { do: 'remove' })).toBe('a: []\n');
    expect(edited('- { a: 1 }\n', [0, 'a'], { do: 'remove' })).toBe('- {}\n');
    expect(edited('- a: 1\n- b\n', [0, 'a'], { do: 'remove' })).toBe('- {}\n- b\n');
  });

  it('removes the key on the line of a dash', () => {
    expect(edited('- id: a\n  # why\n  title: B\n', [0, 'id'], { do: 'remove' })).toBe('- # why\n  title: B\n');
    expect(edited('- id: a\n  title: B\n', [0, 'id'], { do: 'remove' })).toBe('- title: B\n');
  });

  it('removes from lists and maps on one line and on several lines', () => {
    expect(edited('a: { b: 1, c: 2, d: 3 }\n', ['a', 'c'], { do: 'remove' })).toBe('a: { b: 1, d: 3 }\n');
    expect(edited('a: { b: 1, c: 2 }\n', ['a', 'c'], { do: 'remove' })).toBe('a: { b: 1 }\n');
    expect(edited('a: [x, y, z]\n', ['a', 0], { do: 'remove' })).toBe('a: [y, z]\n');
    const lines = 'a: [\n  x, # one\n  # about y\n  y, # two\n  # about z\n  z\n]\n';
    expect(edited(lines, ['a', 1], { do: 'remove' })).toBe('a: [\n  x, # one\n  # about z\n  z\n]\n');
  });

  it('keeps the comment at the head of the file where the first key goes', () => {
    expect(edited('# Head\ntitle: A\nb: 1\n', ['title'], { do: 'remove' })).toBe('# Head\nb: 1\n');
  });
});

describe('moving', () => {
  it('takes the comments above an entry along', () => {
    const moved = edited(FORM, ['screens', 0, 'fields', 1], { do: 'move', to: ['screens', 0, 'fields', 0] });
    expect(moved).toContain(`    fields:
      # Only for people with a job.
      - id: employer
        type: text
        label: "Employer"
      - { id: full_name, type: text, label: Name, required: true }

  - id: last`);
  });

  it('keeps the blank lines between screens where they are', () => {
    const text = 'screens:\n  # one\n  - a\n\n  - b\n\n  # three\n  - c\nendings: []\n';
    expect(edited(text, ['screens', 2], { do: 'move', to: ['screens', 0] })).toBe(
      'screens:\n  # three\n  - c\n\n  # one\n  - a\n\n  - b\nendings: []\n',
    );
    expect(edited(text, ['screens', 0], { do: 'move', to: ['screens', 1] })).toBe(
      'screens:\n  - b\n\n  # one\n  - a\n\n  # three\n  - c\nendings: []\n',
    );
  });

  it('moves a field to another screen, with its style, comment and the indent of its new place', () => {
    const moved = edited(FORM, ['screens', 0, 'fields', 1], { do: 'move', to: ['screens', 1, 'fields', 0] });
    expect(moved).toContain(`    title: 'Last'
    fields:
      # Only for people with a job.
      - id: employer
        type: text
        label: "Employer"
    next: done`);
    const deeper = 'a:\n    - k: |\n        text\n      # why\n      l: 1\n    - x\nb:\n- y\n';
    expect(edited(deeper, ['a', 0], { do: 'move', to: ['b', 1] })).toBe(
      'a:\n    - x\nb:\n- y\n- k: |\n    text\n  # why\n  l: 1\n',
    );
  });

  it('moves between lists in block and in flow style', () => {
    const text = 'a:\n  - { k: 1,  l: "2" } # note\n  - x\nb: [y]\n';
    expect(edited(text, ['a', 1], { do: 'move', to: ['b', 0] })).toBe('a:\n  - { k: 1,  l: "2" } # note\nb: [x, y]\n');
    expect(edited(text, ['b', 0], { do: 'move', to: ['a', 0] })).toBe('a:\n  - y\n  - { k: 1,  l: "2" } # note\n  - x\nb: []\n');
    expect(refusal(text, ['a', 0], { do: 'move', to: ['b', 0] })).toBe('this change would lose a comment');
  }); // prettier-ignore

  it('moves an option on one line and on several lines, with the comments of the latter', () => {
    expect(edited('a: [x, y,  z]\n', ['a', 2], { do: 'move', to: ['a', 0] })).toBe('a: [z, x,  y]\n');
    const lines = 'a: [\n  x, # one\n  # about y\n  y, # two\n  z # three\n]\n';
    expect(edited(lines, ['a', 1], { do: 'move', to: ['a', 2] })).toBe('a: [\n  x, # one\n  z, # three\n  # about y\n  y # two\n]\n');
  }); // prettier-ignore

  it('moves the last entry of a file without a line break at its end', () => {
    expect(edited('a:\n  - x\n  - y', ['a', 1], { do: 'move', to: ['a', 0] })).toBe('a:\n  - y\n  - x');
    expect(edited('a:\n  - x\n  - y', ['a', 0], { do: 'move', to: ['a', 1] })).toBe('a:\n  - y\n  - x');
  });

  it('moves a field to a screen that has no fields yet', () => {
    const text = 'screens:\n- id: a\n  fields:\n  # why\n  - { id: x }\n  - { id: y }\n- id: b\n  title: B\n- { id: c }\n- id: d\n  fields:\n';
    const to = (screen: number, index: number) => edited(text, ['screens', 0, 'fields', index], { do: 'move', to: ['screens', screen, 'fields', 0] });
    expect(to(1, 0)).toBe('screens:\n- id: a\n  fields:\n  - { id: y }\n- id: b\n  title: B\n  fields:\n  # why\n  - { id: x }\n- { id: c }\n- id: d\n  fields:\n');
    expect(to(2, 1)).toBe('screens:\n- id: a\n  fields:\n  # why\n  - { id: x }\n- id: b\n  title: B\n- { id: c, fields: [{ id: y }] }\n- id: d\n  fields:\n');
    expect(to(3, 1)).toBe('screens:\n- id: a\n  fields:\n  # why\n  - { id: x }\n- id: b\n  title: B\n- { id: c }\n- id: d\n  fields:\n  - { id: y }\n');
  }); // prettier-ignore

  it('refuses to move a part into itself', () => {
    expect(refusal(FORM, ['screens', 0], { do: 'move', to: ['screens', 0, 'fields', 0] })).toBe('a part cannot move into itself'); // prettier-ignore
  });
});

describe('translating', () => {
  const text = 'languages: [es, en]\ntitle: Hola # greets\nhelp: { es: "Sí", en: Yes }\nlabel:\n  es: Uno\n';

  it('makes a text one per language, and keeps the first one', () => {
    expect(edited(text, ['title'], { do: 'translate', language: 'en', text: 'Hello' })).toBe(text.replace('Hola', '{ es: Hola, en: Hello }')); // prettier-ignore
    expect(edited('title: A\n', ['title'], { do: 'translate', language: 'fil', text: 'B' })).toBe('title: { en: A, fil: B }\n'); // prettier-ignore
    const inThree = 'title: A\nlanguages: [en, fil, es]\n';
    expect(edited(inThree, ['title'], { do: 'translate', language: 'es', text: 'B' })).toBe(inThree.replace('A', '{ en: A, fil: A, es: B }')); // prettier-ignore
  });

  it('changes or adds one language of a text that has several', () => {
    expect(edited(text, ['help'], { do: 'translate', language: 'es', text: 'Claro' })).toBe(text.replace('"Sí"', '"Claro"')); // prettier-ignore
    expect(edited(text, ['help'], { do: 'translate', language: 'fil', text: 'Oo' })).toBe(text.replace('Yes }', 'Yes, fil: Oo }')); // prettier-ignore
    expect(edited(text, ['label'], { do: 'translate', language: 'en', text: 'One' })).toBe(`${text}  en: One\n`);
  });

  it('leaves a text without languages as one where its own language is set', () => {
    expect(edited(text, ['title'], { do: 'translate', language: 'es', text: 'Buenas' })).toBe(text.replace('Hola', 'Buenas')); // prettier-ignore
  });

  it('keeps the value of an option that is a text alone', () => {
    const field = '- { id: city, options: [Manila, Cebu], other: true }\n';
    expect(edited(field, [0, 'options', 0], { do: 'translate', language: 'fil', text: 'Maynila' })).toBe(field.replace('Manila', '{ value: Manila, label: { en: Manila, fil: Maynila } }')); // prettier-ignore
    expect(edited(field, [0, 'options', 1], { do: 'translate', language: 'en', text: 'Cebu City' })).toBe(field.replace('Cebu', '{ value: Cebu, label: Cebu City }')); // prettier-ignore
    expect(edited(field, [0, 'other'], { do: 'translate', language: 'en', text: 'Elsewhere' })).toBe(field.replace('true', 'Elsewhere')); // prettier-ignore
    expect(refusal('a: 3\n', ['a'], { do: 'translate', language: 'en', text: 'x' })).toBe('this part is not a text');
  });

  it('adds a text that is not there yet', () => {
    expect(edited('- id: a\n', [0, 'label'], { do: 'translate', language: 'en', text: 'A' })).toBe('- id: a\n  label: A\n'); // prettier-ignore
  });

  it('keeps paragraphs as lines', () => {
    expect(edited('text: |\n  One\n  Two\n', ['text'], { do: 'translate', language: 'es', text: 'Uno\nDos' })).toBe(
      'text:\n  en: |\n    One\n    Two\n  es: |-\n    Uno\n    Dos\n',
    );
  });
});

describe('any text', () => {
  it('keeps Windows line breaks, also in new lines', () => {
    const text = FORM.replaceAll('\n', '\r\n');
    const added = edited(text, ['screens', 0, 'fields', 2], { do: 'add', value: { id: 'a', options: [{ value: 'b', label: 'B' }], text: 'One\nTwo' } }); // prettier-ignore
    expect(added.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(edited(text, ['screens', 0], { do: 'remove' }).replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('keeps a missing line break at the end', () => {
    expect(edited('title: A', ['b'], { do: 'add', value: 1 })).toBe('title: A\nb: 1');
    expect(edited('a:\n  - x', ['a', 1], { do: 'add', value: 'y' })).toBe('a:\n  - x\n  - y');
    expect(edited('title: A', ['title'], { do: 'set', value: 'B' })).toBe('title: B');
  });

  it('keeps a byte order mark, `---`, a directive, tabs in texts and characters of two units', () => {
    const text = '\uFEFF%YAML 1.2\n---\ntitle: "😀\t😀" # 😀\nb: "a\tb"\n...\n';
    const result = edit(text, ['title'], { do: 'set', value: '😀\t😁' });
    expect(result).toMatchObject({ ok: true, text: '\uFEFF%YAML 1.2\n---\ntitle: "😀\\t😁" # 😀\nb: "a\tb"\n...\n' });
    if (result.ok) expect(result.splices.every(({ insert }) => insert.isWellFormed())).toBe(true);
  });

  it('never cuts a character or a line break in two', () => {
    const faces = edit('a: x😀y\n', ['a'], { do: 'set', value: 'x😁y' });
    expect(faces).toMatchObject({ splices: [{ from: 4, to: 6, insert: '😁' }] });
    const lines = edit('a: |\r\n  x\r\n  y\r\n', ['a'], { do: 'set', value: 'x\n\ny\n' });
    expect(lines).toMatchObject({ ok: true, text: 'a: |\r\n  x\r\n\r\n  y\r\n' });
    if (lines.ok) expect(lines.splices.map(({ insert }) => insert)).toEqual(['\r\n']);
  });

  it('finds keys in quotes, and keeps them', () => {
    expect(edited('"title": A\n\'b\': 1\n', ['title'], { do: 'set', value: 'B' })).toBe('"title": B\n\'b\': 1\n');
  });

  it('makes several changes as one, or none of them', () => {
    const both = editAll('a: 1\nb: 2\nc: 3\n', [[['a'], { do: 'set', value: 5 }], [['b'], { do: 'remove' }]]); // prettier-ignore
    expect(both).toMatchObject({ ok: true, text: 'a: 5\nc: 3\n', splices: [{ from: 3, to: 9, insert: '5' }] });
    expect(editAll('a: 1\n', [[['a'], { do: 'set', value: 5 }], [['b'], { do: 'remove' }]]).ok).toBe(false); // prettier-ignore
  });

  it('is refused where it cannot be read', () => {
    const message = 'the text of the form has an error that keeps it from being read';
    for (const text of ['title: "A\nb: 1\n', 'a: 1\na: 2\n', 'a: *b\n', '\ta: 1\n', 'a: 1\n---\nb: 1\n'])
      expect(refusal(text, ['a'], { do: 'set', value: 1 })).toBe(message);
  });

  it('is refused for a part that is not there', () => {
    expect(refusal(FORM, ['screens', 7, 'title'], { do: 'set', value: 'A' })).toBe('the form has no screens.7.title');
    expect(refusal(FORM, ['title', 'en'], { do: 'set', value: 'A' })).toBe('the form has no title.en');
  });
});

describe('anchors', () => {
  const text = 'a: &list\n  - x\n  - y\nb: *list\nc: &alone z\nd: { <<: *list }\n';
  const shared = 'this part is written once, at &list, and used in several places with *list';

  it('refuses to change a part that is used elsewhere, there and here', () => {
    expect(refusal(text, ['a', 0], { do: 'set', value: 'z' })).toBe(shared);
    expect(refusal(text, ['a', 0], { do: 'remove' })).toBe(shared);
    expect(refusal(text, ['a'], { do: 'remove' })).toBe(shared);
    expect(refusal(text, ['b', 0], { do: 'set', value: 'z' })).toBe('this part is written elsewhere, at &list, and only used here'); // prettier-ignore
  });

  it('puts a value in the place of an alias, and changes a value that has an anchor', () => {
    expect(edited(text, ['b'], { do: 'set', value: 'z' })).toBe(text.replace('b: *list', 'b: z'));
    expect(edited(text, ['b'], { do: 'remove' })).toBe(text.replace('b: *list\n', ''));
    expect(edited(text, ['c'], { do: 'set', value: 'y' })).toBe(text.replace('&alone z', '&alone y'));
  });

  it('renames once where a part is written once', () => {
    const form = 'screens:\n  - id: a\n    fields:\n      - { id: x, type: text, label: X, show_when: &when { y: b } }\n      - { id: y, type: text, label: Y, show_when: *when }\n'; // prettier-ignore
    expect(edited(form, ['screens', 0, 'fields', 1], { do: 'rename', to: 'why' })).toBe(form.replace('id: y', 'id: why').replace('{ y: b }', '{ why: b }')); // prettier-ignore
  });
});

const valueAt = (data: unknown, path: (string | number)[]): unknown =>
  path.reduce<unknown>((value, step) => (value as Record<string | number, Value>)[step], data);

function editAllOf(text: string, added: [Path, Value][]): string {
  return added.reduce((now, [path, value]) => edited(now, path, { do: 'add', value }), text);
}

it('does not rename to an id that means something else, because its references would too', () => {
  const form =
    'title: T\nscreens:\n  - id: a\n    title: A\n    fields: [{ id: x, type: yes_no, label: X }]\n    next: [{ when: { x: true }, go: z }]\nendings: [{ id: z, title: "{x}" }]\n';
  for (const to of ['any', 'all', 'none', 'reference', 'constructor']) {
    const refused = edit(form, ['screens', 0, 'fields', 0], { do: 'rename', to });
    expect(refused).toEqual({ ok: false, refusal: { message: `the id \`${to}\` is reserved`, remedy: 'Write another id.' } }); // prettier-ignore
  }
});
