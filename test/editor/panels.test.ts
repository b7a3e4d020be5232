/** The panels' own logic: options as lines, types of field, texts by language. */
import { describe, expect, it } from 'vitest';
import { nameOfLanguage } from '../../src/form/wording/language-names.ts';
import { addLanguage, changeText, isOldIn, missingIn, missingInWords, removeLanguage, sameInWords, textsOf } from '../../src/editor/languages/texts.ts'; // prettier-ignore
import { contrastInWords, contrastOnPage } from '../../src/editor/panels/contrast.ts';
import { hasName, helpOf, nameOfChoice } from '../../src/editor/panels/words.ts';
import { readTypedNumber } from '../../src/editor/panels/read-typed-number.ts';
import { panelPathOf } from '../../src/editor/panels/panel-path.ts';
import { readWebsite } from '../../src/form/settings/website.ts';
import { brandColors } from '../../src/form/settings/brand.ts';
import type { Path, Value } from '../../src/form/edit/edit.ts';
import type { KeyGuide } from '../../src/form/docs/guide.ts';
import { changeType } from '../../src/editor/panels/change-type.ts';
import { failureRuleOf } from '../../src/editor/panels/failure-rule.ts';
import { linesOfOptions, newOption, pasteOptions, renameOption } from '../../src/editor/panels/options.ts';
import { publishedTranslations } from '../../src/form/changes/published-translations.ts';
import { compile, messages } from '../helpers/compile.ts';
import { after, allForms, dataOf, difference, driver, guide } from './forms.ts';

const data = dataOf(driver);
const LICENCE = ['screens', 0, 'fields', 1] as const;
const CITY = ['screens', 0, 'fields', 2] as const;

describe('a number', () => {
  it('has a decimal point or comma', () => {
    expect(['1500', ' 0,5 ', '0.125', '-2', '1.5'].map(readTypedNumber)).toEqual([1500, 0.5, 0.125, -2, 1.5]);
  });

  it('is not read where it can mean two numbers, or none', () => {
    expect(['1,000', '15.000', '-1.500', '1,000,000', '1 000', 'many'].map(readTypedNumber)).toEqual(
      Array(6).fill(NaN),
    );
  });
});

describe('options as lines', () => {
  it('are the same options again', () => {
    const lines = linesOfOptions(
      [{ value: 'manila', label: 'Metro Manila' }, 'Cebu', { value: 'a|b', label: 'A' }],
      'en',
    );
    expect(lines).toBe('manila | Metro Manila\nCebu\na|b | A');
    const { options } = pasteOptions(data, LICENCE, linesOfOptions((data as never as { screens: { fields: { options: never }[] }[] }).screens[0]?.fields[1]?.options, 'en'), 'en'); // prettier-ignore
    expect(after(driver, [[[...LICENCE, 'options'], { do: 'set', value: options }]])).toBe(driver);
  });

  it('are the same options again with signs that divide or begin lines, and with several lines', () => {
    const options = ['Part | full time', '- none', { value: 'a|b', label: 'A' }, { value: 't', label: 'Two\nlines' }, { value: 's', label: ' S ' }]; // prettier-ignore
    const field = { id: 'f', type: 'radio', label: 'F', options };
    const form = { screens: [{ id: 's', title: 'S', fields: [field] }] };
    const pasted = pasteOptions(form, ['screens', 0, 'fields', 0], `${linesOfOptions(options, 'en')}\nNew`, 'en');
    expect(pasted).toEqual({ options: [...options, { value: 'new', label: 'New' }], doubles: [], inUse: [] });
  });

  it('keep the value, the hint and the other languages of an option with the same label', () => {
    const pasted = pasteOptions(data, LICENCE, 'none yet\nProfessional\nStudent permit', 'en');
    expect(pasted.options).toEqual([
      { value: 'none', label: 'none yet', help: 'A student permit counts as none.' },
      { value: 'professional', label: 'Professional' },
      { value: 'student_permit', label: 'Student permit' },
    ]);
    expect(pasted.inUse.map(({ label }) => label)).toEqual(['Non-professional']);
  });

  it('drop doubles and empty lines, and read sheets, lists and Windows', () => {
    const pasted = pasteOptions(data, CITY, 'cebu\tCebu City\r\n\r\n- Davao\r\n* Iloilo\r\nIloilo\r\nilo | Iloilo\r\n|\r\n', 'en'); // prettier-ignore
    expect(pasted.options).toEqual([
      { value: 'cebu', label: 'Cebu City' },
      { value: 'davao', label: 'Davao' },
      { value: 'iloilo', label: 'Iloilo' },
      { value: 'ilo', label: 'Iloilo' },
    ]);
    expect(pasted.doubles).toEqual(['Iloilo']);
  });

  it('name the options that rules and examples use before they are gone', () => {
    const { inUse } = pasteOptions(data, LICENCE, 'Professional', 'en');
    expect(inUse).toContainEqual({ label: 'None yet', uses: '1 rule and 1 example use it' });
  });

  it('change only the lines of the options that differ', () => {
    const { options } = pasteOptions(data, CITY, `${linesOfOptions((data as never as { screens: { fields: { options: never }[] }[] }).screens[0]?.fields[2]?.options, 'en')}\nIloilo`, 'en'); // prettier-ignore
    expect(difference(driver, after(driver, [[[...CITY, 'options'], { do: 'set', value: options }]]))).toEqual([
      '+           - { value: iloilo, label: Iloilo }',
    ]);
  });

  it('are never [object Object], and the first one of an empty list is no map in brackets', () => {
    const text =
      'title: A\nscreens:\n  - id: one\n    title: One\n    fields:\n      - id: a\n        type: radio\n        label: A\n        options: []\nendings:\n  - { id: done, title: Done }\n';
    const { options } = pasteOptions(dataOf(text), ['screens', 0, 'fields', 0], 'x | One\ny | Two', 'en');
    const changed = after(text, [[['screens', 0, 'fields', 0, 'options'], { do: 'set', value: options }]]);
    expect(changed).toContain('        options:\n          - ');
    expect(changed).not.toMatch(/object|\[ ?\{/);
    expect(messages(changed)).toEqual([]);
  });

  it('have no value that ends with a space where a long text is cut', () => {
    const form = {
      screens: [{ id: 's', title: 'S', fields: [{ id: 'f', type: 'radio', label: 'F', options: ['A'] }] }],
    };
    const start = 'x'.repeat(199);
    const paste = (line: string) => pasteOptions(form, ['screens', 0, 'fields', 0], line, 'en').options;
    expect(paste(`${start} y`)).toEqual([{ value: start, label: `${start} y` }]);
    expect(paste(`${start} y | Y`)).toEqual([{ value: start, label: 'Y' }]);
  });

  it('that are added have a value of their own, as the others are written', () => {
    expect(newOption(['A', 'B'], 'C')).toBe('C');
    expect(newOption([{ value: 'a', label: 'A' }], 'A')).toEqual({ value: 'a_2', label: 'A' });
  });

  it('keep their value when they are renamed, except one of Flipsite that nothing uses', () => {
    const form = (rule = '') =>
      dataOf(`title: A\nscreens:\n  - id: one\n    title: One\n    fields:\n      - { id: a, type: radio, label: A, options: [Option 1, Grab] }\n${rule}endings:\n  - { id: done, title: Done }\n`); // prettier-ignore
    const renamed = (data: ReturnType<typeof form>, at: number, option: string) =>
      renameOption(data, ['screens', 0, 'fields', 0, 'options', at], option, 'Morning ');
    expect(renamed(form(), 0, 'Option 1')).toBe('Morning');
    expect(renamed(form(), 1, 'Grab')).toEqual({ value: 'Grab', label: 'Morning ' });
    const rule = '    next:\n      - { when: { a: Option 1 }, go: done }\n';
    expect(renamed(form(rule), 0, 'Option 1')).toEqual({ value: 'Option 1', label: 'Morning ' });
  });
});

describe('another type of field', () => {
  it('keeps the keys that both types have, and names the keys that it removes', () => {
    const { changes, lost } = changeType(data, LICENCE, 'select', guide);
    expect(lost).toEqual([]);
    expect(difference(driver, after(driver, changes))).toEqual(['-         type: radio', '+         type: select']);
    expect(changeType(data, LICENCE, 'text', guide).lost).toEqual(['options']);
    expect(messages(after(driver, changeType(data, ['screens', 1, 'fields', 0], 'radio', guide).changes)).filter((one) => !/example|stops/.test(one))).toEqual([]); // prettier-ignore
  });

  it('gives a question that becomes one for a phone number the country of the form', () => {
    expect(after(driver, changeType(data, CITY, 'phone', guide).changes)).toContain(
      'type: phone\n        country: PH\n',
    );
  });

  it.each(guide.types)('keeps the title of $type', ({ type }) => {
    const text = after(driver, changeType(data, CITY, type, guide).changes);
    // People don't see a hidden value, so it has no label.
    expect(text.includes('Where do you want to drive?')).toBe(type !== 'hidden');
  });
});

describe('texts by language', () => {
  const two = after(driver, [...addLanguage(data, 'es'), [['screens', 0, 'title'], { do: 'translate', language: 'es', text: '¿Puedes?' }]]); // prettier-ignore
  const rowOf = (text: string, path: string) => textsOf(dataOf(text)).find((row) => row.path.join('.') === path)!;

  it.each(allForms)('are all found, as the check finds them: $file', ({ text }) => {
    const form = dataOf(text);
    const rows = textsOf(form);
    expect(rows.every(({ same, texts }) => same !== undefined || Object.keys(texts).length > 0)).toBe(true);
    // Without a language that all have, the check counts the same texts as missing.
    const languages = (form as { languages?: string[] }).languages ?? ['en'];
    const other = ['zh', 'ar', 'id'].find((one) => !languages.includes(one)) ?? 'zh';
    const missing = missingIn(rows, other).length;
    const [fault] = messages(after(text, addLanguage(form, other))).filter((one) => one.includes(`no translation for ${other}`)); // prettier-ignore
    expect(Number(/^\d+/.exec(fault ?? '0')?.[0])).toBe(missing);
  });

  it('are counted where they are missing', () => {
    const form = after(two, [[['screens', 1, 'title'], { do: 'set', value: { en: 'About you' } }]]);
    expect(missingInWords(textsOf(dataOf(form)), 'es')).toBe('1 text missing in Español');
    expect(missingInWords(textsOf(dataOf(two)), 'es')).toBe('');
    expect(['en', 'fil', 'id', 'zh', 'ar'].map(nameOfLanguage)).toEqual(['English', 'Filipino', 'Bahasa Indonesia', '简体中文', 'العربية']); // prettier-ignore
  });

  it('are old where only the text in the first language is not the published one', () => {
    const inThree = after(two, addLanguage(dataOf(two), 'ar'));
    const published = new Map(publishedTranslations(compile(after(inThree, [[['screens', 0, 'title', 'ar'], { do: 'add', value: 'هل' }]])))); // prettier-ignore
    const oldIn = (texts: Record<string, string>) =>
      ['es', 'ar'].filter((one) => isOldIn({ path: [], key: 'title', owner: [], same: undefined, texts }, 'en', one, published)); // prettier-ignore
    const en = 'Can you drive with us?';
    expect(oldIn({ en, es: '¿Puedes?', ar: 'هل' })).toEqual([]);
    expect(oldIn({ en: 'Can you ride?', es: '¿Puedes?', ar: 'هل' })).toEqual(['es', 'ar']);
    expect(oldIn({ en: 'Can you ride?', es: '¿Puedes andar?', ar: 'هل' })).toEqual(['ar']);
    expect(oldIn({ en: 'Can you ride?' })).toEqual([]);
  });

  it('that others keep when one language gets its own are named as the same', () => {
    const inThree = after(two, addLanguage(dataOf(two), 'ar'));
    const changes = (language: string) => changeText(dataOf(inThree), rowOf(inThree, 'screens.1.title'), language, 'Sobre ti'); // prettier-ignore
    const { texts } = rowOf(after(inThree, changes('es')), 'screens.1.title');
    expect(['en', 'es', 'ar'].map((one) => sameInWords(texts, 'en', one))).toEqual(['', '', 'The same as in English.']);
  });

  it('change one line, and give a removed translation back', () => {
    const row = rowOf(two, 'screens.0.title');
    expect(difference(two, after(two, changeText(dataOf(two), row, 'es', '¿Puedes manejar?')))).toHaveLength(2);
    expect(changeText(dataOf(two), row, 'es', '¿Puedes?')).toEqual([]);
    expect(after(two, changeText(dataOf(two), row, 'es', ''))).toContain('title: { en: Can you drive with us? }');
  });

  it('go with a removed language, and stay in the others', () => {
    const text = after(two, removeLanguage(dataOf(two), 'es'));
    expect(messages(text)).toEqual([]);
    expect(text).not.toContain('¿Puedes?');
    expect(text).toContain('Can you drive with us?');
  });

  it('stay in the next language when the first one is removed, which is English in a form that names none', () => {
    const text = after(two, removeLanguage(dataOf(two), 'en'));
    expect(text).toContain('languages: [es]');
    expect(text).toContain('¿Puedes?');
    expect(text).not.toContain('Can you drive with us?');
    expect(messages(text)).toEqual([]);
  });
});

describe('the words of panels', () => {
  it('start at the choice that holds without the key, if there is one', () => {
    const usualOf = (keys: readonly KeyGuide[], wanted: string) => keys.find(({ key }) => key === wanted)?.control;
    expect(usualOf(guide.notification, 'when')).toMatchObject({ kind: 'choice', usual: 'submitted' });
    expect(usualOf(guide.wink, 'require')).toMatchObject({ kind: 'choice', usual: 'any' });
    expect(usualOf(guide.types[0]?.keys ?? [], 'format')).not.toHaveProperty('usual');
  });

  it('exist for each key of the form language', () => {
    const names = (keys: readonly KeyGuide[]): string[] =>
      keys.flatMap(({ key, control }) => [key, ...(control.kind === 'map' ? names(control.keys) : [])]);
    const all = [...guide.types.map(({ keys }) => keys), guide.form, guide.screen, guide.ending, guide.wink, guide.notification]; // prettier-ignore
    expect([...new Set(all.flatMap(names))].filter((key) => !hasName(key))).toEqual([]);
  });

  it('name the groups of files, and no media type', () => {
    const accept = guide.types.find(({ type }) => type === 'file')?.keys.find(({ key }) => key === 'accept')?.control;
    const choices = accept?.kind === 'choices' ? accept.choices : [];
    expect(choices.map((one) => nameOfChoice('accept', one))).toEqual(['Pictures', 'PDF', 'Word and ODT', 'Excel and ODS']); // prettier-ignore
  });

  it('explain the control of a key, and not its YAML', () => {
    const all = [...guide.types.flatMap(({ keys }) => keys), ...guide.screen, ...guide.ending];
    const helps = all.filter(({ control }) => !['other', 'condition', 'options'].includes(control.kind)).map((key) => helpOf(key)); // prettier-ignore
    expect(helps.filter((help) => /^true:|\{ ?\w+:|\[\w+,/i.test(help))).toEqual([]);
  });

  it.each(['#0b6e4f', '#ffd400', '#ffffff', '#000000', '#777777', '#3366CC'])(
    'have the contrast of %s that the page has',
    (color) => {
      expect(contrastOnPage(color)).toBeCloseTo(brandColors(color).contrast, 5);
      expect(contrastInWords(color)).toMatch(brandColors(color).adjusted ? /too pale/ : /easy to read/);
    },
  );
});

describe('the part whose panel is open', () => {
  it.each<[Path, Path]>([
    [
      ['screens', 0, 'fields', 1, 'options', 2, 'label'],
      ['screens', 0, 'fields', 1],
    ],
    [
      ['screens', 0, 'next', 1, 'when'],
      ['screens', 0],
    ],
    [
      ['screens', 0, 'fields'],
      ['screens', 0],
    ],
    [
      ['endings', 1, 'title'],
      ['endings', 1],
    ],
    [['languages', 0], ['languages']],
    [['limits', 'closes'], []],
    [['screens'], []],
    [[], []],
  ])('has the place %j', (place, part) => {
    expect(panelPathOf(place)).toEqual(part);
  });
});

describe('a website that may show the form', () => {
  it.each([
    ['ACME.example/', 'https://acme.example'],
    [' http://localhost:8080 ', 'http://localhost:8080'],
    ['https://*.acme.example', 'https://*.acme.example'],
  ])('is read from %s', (typed, website) => expect(readWebsite(typed)).toEqual({ website }));

  it.each(['', 'acme', 'ops@acme.example', 'javascript:alert(1)', 'https://a.example; script-src *'])('is not %s', (typed) => {
    expect(readWebsite(typed)).toEqual({ problem: 'This is not the address of a website. Write one like https://acme.example.' });
  }); // prettier-ignore

  it('has no page of its own, which the sentence says', () => {
    expect(readWebsite('acme.example/jobs')).toEqual({
      problem: 'You allow all pages of a website at once. Write only https://acme.example.',
    });
  });
});

describe('the rule for people who could not connect', () => {
  const rule = (account: unknown, more: object = {}) => ({ when: { account, ...more }, go: 'x' }) as Value;

  it.each<[what: string, rules: Value[], at: number]>([
    ['is the one about both states', [rule('connected'), rule(['failed', 'skipped'])], 1],
    ['is none without rules', [], -1],
    ['is none if rules read other answers too', [rule(['failed', 'skipped'], { car: true })], -1],
    ['is no single one if it names only one of the states', [rule('failed')], -2],
    ['is no single one if two rules divide the states', [rule('failed'), rule('skipped')], -2],
    ['is no single one if one of them is named before', [rule('skipped'), rule(['failed', 'skipped'])], -2],
  ])('%s', (_what, rules, at) => {
    expect(failureRuleOf(rules, 'account')).toBe(at);
  });
});
