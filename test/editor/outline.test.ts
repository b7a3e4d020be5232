/** The acts of the outline change the text as their author means, and no other line. */
import { describe, expect, it } from 'vitest';
import { copyOf, paste } from '../../src/editor/outline/clipboard.ts';
import { dependentsInWords, dependentsOf, placesInWords, removalOf } from '../../src/editor/outline/dependents.ts';
import { freeId, idFor, valueFor } from '../../src/editor/outline/ids.ts';
import { addEnding, addField, addScreen, addWinkScreen, duplicate, moveBy, moveTo } from '../../src/editor/outline/operations.ts'; // prettier-ignore
import type { TypeGuide } from '../../src/form/docs/guide.ts';
import { editAll } from '../../src/form/edit/edit.ts';
import { valueIn } from '../../src/form/edit/value.ts';
import { messages } from '../helpers/compile.ts';
import { someOf } from '../helpers/run/long.ts';
import { after, allForms, dataOf, difference, driver, guide } from './forms.ts';

/** Without errors of examples: a question that is new and required stops them, and their author sees it. */
const faultsOf = (text: string): string[] => messages(text).filter((one) => !one.startsWith('example "'));

const none = new Set<string>();
const data = dataOf(driver);

function typeOf(name: string): TypeGuide {
  const found = guide.types.find(({ type }) => type === name);
  if (!found) throw new Error(`There is no type ${name}`);
  return found;
}

describe('ids', () => {
  it.each([
    ['Full name', 'full_name'],
    ['¿Dónde vives?', 'donde_vives'],
    ['What is your {salary} now?', 'what_is_your_now'],
    ["Driver's license", 'drivers_license'],
    ['2 jobs', 'jobs'],
    ['你的名字', 'question'],
    ['اسمك الكامل', 'question'],
    ['!!!', 'question'],
    ['A very long question about the place where you live now', 'a_very_long_question_about_the'],
    ['None', 'none_2'],
    ['constructor', 'constructor_2'],
    ['Review', 'review_2'],
  ])('are made from titles: %s', (title, id) => {
    expect(idFor(title, 'question', none)).toBe(id);
  });
  it('are unique', () => {
    expect(idFor('City', 'question', new Set(['city', 'city_2']))).toBe('city_3');
    expect(freeId('city_2', new Set(['city', 'city_2']))).toBe('city_3');
  });
  it('of options keep the letters of their language', () => {
    expect(valueFor('Non-professional', none)).toBe('non_professional');
    expect(valueFor('2 to 5', none)).toBe('2_to_5');
    expect(valueFor('مانيلا', none)).toBe('مانيلا');
    expect(valueFor('Manila', new Set(['manila']))).toBe('manila_2');
  });
});

describe('adding', () => {
  it('writes a screen, a question and an ending in the style of the others', () => {
    const screen = addScreen(data, 'Your car', 0);
    expect(difference(driver, after(driver, screen.changes))).toEqual([
      '+   - id: your_car',
      '+     title: Your car',
      '+ ',
    ]);
    expect(screen.select).toEqual(['screens', 1]);
    const field = addField(data, 1, typeOf('email'), 'Email', 0);
    expect(difference(driver, after(driver, field.changes))).toEqual([
      '+       - id: email',
      '+         type: email',
      '+         label: Email',
    ]);
    const ending = addEnding(data, 'Too far away');
    expect(difference(driver, after(driver, ending.changes)).join()).toContain('too_far_away');
  });

  it.each(guide.types)('a question of each type gives a form without errors: $type', (type) => {
    const text = 'title: A form\nscreens:\n  - id: one\n    title: One\nendings:\n  - { id: done, title: Done }\n';
    const { changes } = addField(dataOf(text), 0, type, 'A label');
    expect(messages(after(text, changes))).toEqual([]);
  });

  it.each([
    ['of another phone question', '{ id: a, type: phone, label: A, country: MX }', 'MX'],
    ['of an address', '{ id: a, type: address, label: A, country: PH }', 'PH'],
    ['of a Filipino form', '{ id: a, type: text, label: A }', 'PH', 'fil'],
    ['that an amount does not name', '{ id: a, type: money, label: A, currency: PHP }', undefined],
    ['that an English form does not name', '{ id: a, type: text, label: A }', undefined],
  ])('a phone question takes the country %s', (_name, field, country, language = 'en') => {
    const text = `title: A form\nlanguages: [${language}]\nscreens:\n  - id: one\n    title: One\n    fields:\n      - ${field}\nendings:\n  - { id: done, title: Done }\n`;
    const added = after(text, addField(dataOf(text), 0, typeOf('phone'), 'Mobile').changes);
    expect(valueIn(dataOf(added), ['screens', 0, 'fields', 1, 'country'])).toBe(country);
    expect(messages(added)).toEqual([]);
  });

  it('a Wink screen gives a form without errors', () => {
    const text = 'title: A form\nscreens:\n  - id: one\n    title: One\nendings:\n  - { id: done, title: Done }\n';
    expect(messages(after(text, addWinkScreen(dataOf(text), 'Connect your account').changes))).toEqual([]);
  });

  it('to a list that was emptied writes the first question as a block, as the others are', () => {
    const path = ['screens', 0, 'fields', 0];
    let text = driver;
    for (let left = 3; left > 0; left--) text = after(text, [[path, { do: 'remove' }]]);
    const { changes } = addField(dataOf(text), 0, typeOf('text'), 'Name');
    expect(after(text, changes)).toContain('    fields:\n      - id: name\n        type: text\n        label: Name\n');
  });
});

describe('moving', () => {
  it('takes the comment above a question along', () => {
    const text =
      'title: A\nscreens:\n  - id: one\n    title: One\n    fields:\n      # The name\n      - { id: a, type: text, label: A }\n      - { id: b, type: text, label: B }\nendings: [{ id: done, title: Done }]\n';
    const act = moveBy(dataOf(text), ['screens', 0, 'fields', 0], 1);
    expect(act?.select).toEqual(['screens', 0, 'fields', 1]);
    expect(after(text, act?.changes ?? [])).toContain('      - { id: b, type: text, label: B }\n      # The name\n      - { id: a'); // prettier-ignore
  });

  it('goes over the edge of a screen, and passes Wink screens', () => {
    const last = moveBy(data, ['screens', 2, 'fields', 3], 1);
    expect(last?.select).toEqual(['screens', 4, 'fields', 0]);
    expect(moveBy(data, ['screens', 0, 'fields', 0], -1)).toBeUndefined();
    expect(moveBy(data, ['screens', 0], -1)).toBeUndefined();
  });

  it('to a screen without questions gives it its list', () => {
    const text =
      'title: A\nscreens:\n  - id: one\n    title: One\n    fields:\n      - { id: a, type: text, label: A }\n      - { id: b, type: text, label: B }\n  - id: two\n    title: Two\nendings:\n  - { id: done, title: Done }\n';
    const act = moveTo(dataOf(text), ['screens', 0, 'fields', 1], ['screens', 1, 'fields', 0]);
    expect(messages(after(text, act.changes))).toEqual([]);
    expect(dataOf(after(text, act.changes))).toMatchObject({ screens: [{ fields: [{ id: 'a' }] }, { fields: [{ id: 'b' }] }] }); // prettier-ignore
  });
});

describe('a duplicate', () => {
  it('of a screen has new ids, and its rules and texts use them', () => {
    const act = duplicate(data, ['screens', 2]);
    const text = after(driver, act?.changes ?? []);
    expect(faultsOf(text)).toEqual([]);
    expect(difference(driver, text).filter((line) => line.startsWith('-'))).toEqual([]);
    expect(text).toContain('id: vehicle_2');
    expect(text).toContain('drives_now_2: true');
    expect(act?.select).toEqual(['screens', 3]);
  });

  it('has a title of its own, in each language', () => {
    const text = `title: A
languages: [en, es]
screens:
  - id: one
    title: { en: One, es: Uno }
    fields:
      - { id: city, type: text, label: { en: City, es: Ciudad } }
      - { id: note, type: textarea, label: "Note: why?" }
endings:
  - { id: done, title: Done }
`;
    const twice = (path: (string | number)[]) => {
      const once = after(text, duplicate(dataOf(text), path)?.changes ?? []);
      return after(once, duplicate(dataOf(once), path)?.changes ?? []);
    };
    expect(twice(['screens', 0, 'fields', 0])).toContain('- { id: city_3, type: text, label: { en: City (3), es: Ciudad (3) } }\n      - { id: city_2, type: text, label: { en: City (2), es: Ciudad (2) } }'); // prettier-ignore
    expect(twice(['screens', 0, 'fields', 1])).toContain('label: "Note: why? (3)"');
    expect(twice(['endings', 0])).toContain('{ id: done_3, title: Done (3) }');
    const screens = twice(['screens', 0]);
    expect(screens).toContain('title: { en: One (3), es: Uno (3) }');
    // The questions of a copied screen belong to its title.
    expect(screens).toContain('id: city_3, type: text, label: { en: City, es: Ciudad }');
    const copied = after(text, duplicate(dataOf(text), ['screens', 0, 'fields', 0])?.changes ?? []);
    expect(after(copied, duplicate(dataOf(copied), ['screens', 0, 'fields', 1])?.changes ?? [])).toContain('City (3)');
    // A text that is no text, which the editor shows as an error, stays as it is.
    const wrong = text.replace('title: Done', 'title: 5');
    expect(after(wrong, duplicate(dataOf(wrong), ['endings', 0])?.changes ?? [])).toContain('{ id: done_2, title: 5 }');
  });

  it.each(someOf(allForms, 8))('of any screen or question leaves no error: $file', ({ text }) => {
    const before = faultsOf(text);
    const form = dataOf(text) as { screens: { fields?: unknown[] }[] };
    const paths = form.screens.flatMap((screen, at) => [['screens', at], ...(screen.fields ?? []).slice(0, 4).map((_, index) => ['screens', at, 'fields', index])]); // prettier-ignore
    for (const path of someOf(paths.slice(0, 6), 2)) {
      const act = duplicate(form as never, path);
      const faults = faultsOf(after(text, act?.changes ?? []));
      // A copy that no rule leads to is unreachable. Its author sees that.
      expect(faults.filter((one) => !before.includes(one) && !/reach|never used|already used/.test(one))).toEqual([]);
    }
  });
});

describe('the parts that depend on a part', () => {
  it('are counted by kind', () => {
    const words = (path: (string | number)[]) => dependentsInWords(dependentsOf(data, path));
    expect(words(['screens', 0, 'fields', 0])).toBe('1 rule and 5 examples use it');
    expect(words(['screens', 1, 'fields', 0])).toMatch(/texts/);
    expect(words(['screens', 0, 'fields', 1, 'options', 2])).toMatch(/^1 rule and 1 example use it$/);
    expect(words(['endings', 0])).toMatch(/example/);
    expect(words(['screens', 2])).not.toMatch(/condition/);
  });

  it('are named by the screens and questions that have them, each once', () => {
    const places = (path: (string | number)[]) => placesInWords(data, dependentsOf(data, path));
    expect(places(['screens', 0, 'fields', 0])).toBe(': “Can you drive with us?”');
    expect(places(['screens', 1, 'fields', 0])).toMatch(/^(: |, )“.*”$/);
  });

  it('go with a question, and nothing else does', () => {
    const path = ['screens', 2, 'fields', 2];
    const changes = removalOf(data, path, dependentsOf(data, path));
    const text = after(driver, changes);
    expect(faultsOf(text)).toEqual([]);
    expect(text).not.toContain('drives_now');
    expect(difference(driver, text).every((line) => line.startsWith('-') || /answers|platforms/.test(line))).toBe(true);
  });

  it('go with the only screen for the work account: nothing is left to compare answers with', () => {
    const text = 'title: Drive\nmatch: { name: full_name }\nscreens:\n  - { id: about, title: About }\n  - { id: connect, title: Connect, wink: {} }\n'; // prettier-ignore
    const removed = (at: number) => {
      const path = ['screens', at];
      return after(text, removalOf(dataOf(text), path, dependentsOf(dataOf(text), path)));
    };
    expect(removed(0)).toMatch(/^match:/m);
    expect(removed(1)).not.toMatch(/^match:/m);
  });

  it.each(someOf(allForms, 8))(
    'are all found: without them the form has no error about a part that is gone: $file',
    ({ text }) => {
      const form = dataOf(text) as { screens: { fields?: unknown[] }[]; endings: unknown[] };
      const paths = [
        ...form.screens.flatMap((screen, at) =>
          (screen.fields ?? []).map((_, index) => ['screens', at, 'fields', index]),
        ),
        ...form.endings.slice(1).map((_, at) => ['endings', at + 1]),
      ];
      for (const path of someOf(paths.slice(0, 8), 2)) {
        const dependents = dependentsOf(form as never, path);
        if (dependents.some(({ removes }) => !removes.length)) continue;
        const removed = editAll(text, removalOf(form as never, path, dependents));
        // A part that is written once and used in several places is for the text.
        if (!removed.ok && /several places/.test(removed.refusal.message)) continue;
        expect(removed.ok).toBe(true);
        const faults = removed.ok ? messages(removed.text) : [];
        expect(faults.filter((one) => /there is no (field|screen|ending)|unknown/.test(one))).toEqual([]);
      }
    },
  );
});

describe('the clipboard', () => {
  it('has a part as it is written, with its comments', () => {
    const text =
      'screens:\n  - id: one\n    fields:\n      # The name\n      - id: a\n        type: text # short\n        label: A\n      - { id: b, type: text, label: B }\n';
    expect(copyOf(text, dataOf(text), ['screens', 0, 'fields', 0])).toBe('# The name\n- id: a\n  type: text # short\n  label: A\n'); // prettier-ignore
    expect(copyOf(text, dataOf(text), ['screens', 0, 'fields', 1])).toBe('- { id: b, type: text, label: B }\n');
  });

  it.each(someOf(allForms, 8))('brings every screen to another form: $file', ({ text }) => {
    const form = dataOf(text) as { screens: unknown[] };
    for (const at of form.screens.keys()) {
      const pasted = paste(data, undefined, copyOf(text, form as never, ['screens', at]));
      expect(pasted.ok).toBe(true);
      if (!pasted.ok) continue;
      expect(pasted.select).toEqual(['screens', 6]);
      expect(difference(driver, after(driver, pasted.changes)).filter((line) => line.startsWith('-'))).toEqual([]);
    }
  });

  it('gives pasted questions ids that are free', () => {
    const copied = copyOf(driver, data, ['screens', 0, 'fields', 0]);
    const pasted = paste(data, ['screens', 1, 'fields', 1], copied);
    expect(pasted).toMatchObject({ ok: true, select: ['screens', 1, 'fields', 2] });
    const two = paste(data, ['screens', 1], copied + copied);
    const text = after(driver, two.ok ? two.changes : []);
    expect(text).toContain('old_enough_2');
    expect(text).toContain('old_enough_3');
    expect(faultsOf(text)).toEqual([]);
  });

  it.each(['- { type: text, label: A }', '- { id: 5, type: text, label: A }'])(
    'gives a pasted question an id where it has none: %s',
    (copied) => {
      const pasted = paste(data, ['screens', 1], copied + '\n' + copied);
      const text = after(driver, pasted.ok ? pasted.changes : []);
      expect(text).toMatch(/question\b[^]*question_2\b/);
      expect(faultsOf(text)).toEqual([]);
    },
  );

  it.each([
    ['', /is empty/],
    ['title: [', /can't be read: line 1/],
    ['- id: a\n  type: text\n  label: [', /can't be read: line 3/],
    ['- &a { id: a, type: text, label: *a }', /can't be read/],
    ['- a\n- b', /no part of a form/],
    ['Hello, how are you?', /no part of a form/],
    ['title: A\nscreens: []', /complete form/],
    ['- { id: a, type: text, label: A }\n- { id: b, title: B, fields: [] }', /several kinds/],
    ['x'.repeat(300_000), /too long/],
    [
      'a: &a [1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]',
      /can't be read/,
    ],
  ])('says why a text cannot be pasted: %#', (text, reason) => {
    expect(paste(data, undefined, text)).toMatchObject({ ok: false, message: expect.stringMatching(reason) as string });
  });

  it('puts no question on a Wink screen', () => {
    expect(paste(data, ['screens', 3], '- { id: a, type: text, label: A }')).toMatchObject({ ok: false });
  });
});
