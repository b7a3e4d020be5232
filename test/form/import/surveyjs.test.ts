/** Definitions of SurveyJS: questions, conditions, pages, languages and triggers. */
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/form/import/surveyjs/expression.ts';
import { definition, imported } from './imported.ts';

describe('each type of question', () => {
  const { field, data, sentences, faults } = imported(definition('surveyjs/own-every-type.json'));

  it('becomes the field that asks the same', () => {
    expect(faults).toEqual([]);
    expect(field('full_name')).toEqual({ id: 'full_name', type: 'text', label: { en: 'Full name', es: 'Nombre completo' }, required: true, max_length: 80, placeholder: 'Ana Reyes', autocomplete: 'name' }); // prettier-ignore
    expect(field('mail')).toMatchObject({ type: 'email', help: 'We reply here' });
    expect(field('born')).toMatchObject({ type: 'date', max: '2008-01-01' });
    expect(field('years')).toMatchObject({ type: 'number', min: 0, max: 60, step: 0.5 });
    expect(field('plate')).toMatchObject({ pattern: '[A-Z]{3}[0-9]{3,4}', pattern_hint: 'Enter a plate like ABC123' });
    expect(field('why')).toMatchObject({ type: 'textarea', max_length: 500 });
    expect(field('has_car')).toMatchObject({ type: 'yes_no', required: true });
    expect(field('shift')).toMatchObject({ type: 'radio', options: [{ value: 'true', label: 'Day' }, { value: 'false', label: 'Night' }] }); // prettier-ignore
    expect(field('apps')).toMatchObject({ type: 'checkboxes', max: 2, other: true, none_of_these: true });
    expect(field('city')).toMatchObject({ type: 'select', options: ['Manila', 'Cebu'], default: 'Cebu', other: true });
    expect(field('likely')).toMatchObject({ type: 'scale', min: 0, max: 10, min_label: 'Not', max_label: 'Very' });
    expect(field('stars')).toMatchObject({ type: 'rating', max: 5 });
    expect(field('papers')).toMatchObject({ type: 'file', accept: ['image', 'pdf'], max_size: '2 MB', max_files: 10 });
    expect(field('sign')).toMatchObject({ type: 'signature' });
    expect(field('note')).toMatchObject({ type: 'statement', text: 'Nearly there, {full_name}.' });
  });

  it('is left out with its reason where Flipsite has no such field', () => {
    expect(sentences).toContain('“Rate each app” was left out. Flipsite has no table of questions. Ask each row as a question of its own. Its rows: “a”, “b”.'); // prettier-ignore
    expect(sentences).toContain('“Earlier jobs” was left out. Flipsite has no questions that people can repeat.');
    expect(sentences).toContain('“Color” was left out. Flipsite has no question of the type “color”.');
    expect(sentences).toContain('“Your Grab number”: its condition for when it is required was left out.');
    expect(sentences).toContain('“Guardian”: its condition age({born}) < 18 was left out. It uses the function age. It is always shown.'); // prettier-ignore
  });

  it('is shown under the conditions of its panel and its own', () => {
    expect(field('apps')?.show_when).toEqual({ shift: 'true' });
    expect(field('grab_id')?.show_when).toEqual({ shift: 'true', any: [{ apps: { contains: 'grab' } }, { apps: { contains: ['joyride', 'angkas'] } }] }); // prettier-ignore
    expect(field('pay')?.show_when).toEqual({ none: [{ city: 'Manila' }], mail: { answered: true } });
  });

  it('comes in the languages that Flipsite has, and the others have a sentence', () => {
    expect(data.languages).toEqual(['en', 'es']);
    expect(data.title).toEqual({ en: 'Rider check', es: 'Revisión de conductores' });
    expect(sentences).toContain('The texts in French were left out. Flipsite’s pages have no such language.');
  });

  it('leads past a page that is not shown, and to the page at the end whose condition is true', () => {
    expect(data.screens[0]?.next).toEqual([
      { when: { has_car: true, years: { at_least: 1 } }, go: 'work' },
      { when: { has_car: false }, go: 'done_1' },
      { go: 'done' },
    ]);
    expect(data.endings).toMatchObject([{ title: 'Thank you, {full_name}', redirect: 'https://acme.example/done' }, { title: 'Not yet' }]); // prettier-ignore
  });
});

describe('the answer at the start', () => {
  const start = (question: object) => {
    const { field, sentences } = imported({ elements: [{ name: 'q', title: 'Q', ...question }] });
    return [field('q')?.default, sentences.filter((one) => one.includes('first answer'))];
  };
  const lost = (value: string) => [`“Q”: its first answer “${value}” was left out.`];

  it.each<[question: object, value: unknown]>([
    [{ type: 'boolean', defaultValue: 'indeterminate' }, undefined],
    [{ type: 'boolean', defaultValue: 'indeterminate', labelTrue: 'Day', labelFalse: 'Night' }, undefined],
    [{ type: 'boolean', defaultValue: 'true' }, true],
    [{ type: 'boolean', defaultValue: false }, false],
    [{ type: 'boolean', defaultValue: 'ja', valueTrue: 'ja', valueFalse: 'nein' }, true],
    [{ type: 'boolean', defaultValue: 'nein', valueTrue: 'ja', valueFalse: 'nein' }, false],
    [{ type: 'boolean', defaultValue: 'true', valueTrue: 'ja', valueFalse: 'nein' }, true],
    [{ type: 'boolean', defaultValue: false, valueTrue: 1, valueFalse: 0 }, false],
    [{ type: 'text', defaultValue: 'indeterminate' }, 'indeterminate'],
    [{ type: 'text', inputType: 'time', defaultValue: '09:00' }, '09:00'],
    [{ type: 'checkbox', choices: ['a', 'b'], defaultValue: ['b', 'a'] }, ['b', 'a']],
  ])('of %j is %j', (question, value) => {
    expect(start(question)).toEqual([value, []]);
  });

  it.each<[question: object, value: unknown, sentences: string[]]>([
    [{ type: 'boolean', defaultValue: 'maybe' }, undefined, lost('maybe')],
    [{ type: 'dropdown', choices: ['a', 'b'], defaultValue: 'c' }, undefined, lost('c')],
    [{ type: 'checkbox', choices: ['a', 'b'], defaultValue: ['a', 'c'] }, ['a'], lost('c')],
    [{ type: 'checkbox', choices: ['a', 'b'], defaultValue: ['c'] }, undefined, lost('c')],
    [{ type: 'text', defaultValue: { a: 1 } }, undefined, lost('{"a":1}')],
  ])('of %j has a sentence where it is lost', (question, value, sentences) => {
    expect(start(question)).toEqual([value, sentences]);
  });

  it('leaves the values of yes and no to the report', () => {
    const { sentences } = imported({ elements: [{ type: 'boolean', name: 'q', title: 'Q', valueTrue: 'ja', defaultValue: 'ja' }] }); // prettier-ignore
    expect(sentences).toContain('“Q”: its own value for yes was left out.');
  });
});

describe('a pattern', () => {
  const asked = (regex: string, more: object = {}) => {
    const validators = [{ type: 'regex', regex, text: 'Like this', ...more }];
    return imported({ elements: [{ type: 'text', name: 'q', title: 'Q', validators }] });
  };

  it.each<[regex: string, good: string[], bad: string[]]>([
    ['^[0-9]{4}$', ['1234'], ['12345', 'a1234']],
    ['[0-9]{4}', ['1234', 'ab 12345'], ['123']],
    ['@acme\\.com$', ['ana@acme.com'], ['ana@acme.com.ph', 'ana@acmexcom']],
    ['^\\+63', ['+63917'], ['0917', 'x+63']],
    ['^a|b$', ['ax', 'xb'], ['xa', 'bx']],
    ['^(a|b)$', ['a', 'b'], ['ab']],
    ['^[a\\|b]$', ['a', '|'], ['ab']],
    ['^5\\$', ['5$', '5$ more'], ['5', '6$']],
  ])('%s takes the same answers', (regex, good, bad) => {
    const { field, faults } = asked(regex);
    expect(faults).toEqual([]);
    const pattern = new RegExp(`^(?:${String(field('q')?.['pattern'])})$`, 'v');
    expect(good.filter((one) => pattern.test(one) && new RegExp(regex).test(one))).toEqual(good);
    expect(bad.filter((one) => pattern.test(one) || new RegExp(regex).test(one))).toEqual([]);
  });

  it('has a sentence where it took capital and small letters alike, and other rules where they lose their words', () => {
    expect(asked('^[a-z]+$', { caseInsensitive: true }).sentences).toEqual([
      '“Q”: its pattern takes only the letters as they are written now, small or capital.',
    ]);
    const validators = [{ type: 'text', minLength: 3, text: 'Too short' }];
    const { sentences } = imported({ elements: [{ type: 'text', name: 'q', title: 'Q', validators }] });
    expect(sentences).toEqual(['“Q”: its error message “Too short” was left out.']);
  });
});

it('labels of a rating that Flipsite does not show have a sentence', () => {
  const labels = { name: 'q', title: 'Q', minRateDescription: 'Bad', maxRateDescription: 'Good' };
  const told = (more: object) => imported({ elements: [{ type: 'rating', ...labels, ...more }] }).sentences.filter((one) => one.includes('label')); // prettier-ignore
  const lost = ['“Q”: its label “Bad” was left out.', '“Q”: its label “Good” was left out.'];

  expect(told({ rateType: 'stars' })).toEqual(lost);
  expect(told({ rateMax: 100 })).toEqual(lost);
  expect(told({ rateValues: ['a', 'b'] })).toEqual(lost);
  expect(told({})).toEqual([]);
});

it('an example in an email field, and the title of an empty page, have a sentence', () => {
  const { sentences } = imported({
    pages: [
      { name: 'one', title: 'One', elements: [{ type: 'text', inputType: 'email', name: 'mail', title: 'Mail', placeholder: 'name@acme.example' }] },
      { name: 'two', title: 'Two', elements: [] },
    ],
  }); // prettier-ignore
  expect(sentences.toSorted()).toEqual([
    'The page “Two” was left out, because it has no questions and no text.',
    '“Mail”: its setting “placeholder” was left out.',
  ]);
});

describe('a part that only a program can show', () => {
  const lost = ['“Credit score” was left out. It is never shown, or only by a program.'];
  const score = { type: 'text', name: 'score', title: 'Credit score' };
  const name = { type: 'text', name: 'full_name' };

  it.each([
    ['a question', { elements: [name, { ...score, visible: false }] }],
    ['a panel', { elements: [name, { type: 'panel', name: 'office', visible: false, elements: [score] }] }],
    [
      'a page',
      {
        pages: [
          { title: 'You', elements: [name] },
          { title: 'Office', visible: false, elements: [score] },
        ],
      },
    ],
    ['a question in a panel with a condition', { elements: [name, { type: 'panel', visibleIf: '{full_name} notempty', elements: [{ ...score, visible: false }] }] }], // prettier-ignore
  ])('is left out, and has a sentence for each question: %s', (_part, survey) => {
    const { fields, report } = imported(survey);
    expect([fields.map(({ id }) => id), report.leftOut, report.lostQuestions]).toEqual([['full_name'], lost, 1]);
  });
});

it('says that numbers are whole now, where any decimals were possible', () => {
  const sentences = (number: object) => imported({ elements: [{ type: 'text', inputType: 'number', name: 'q', ...number }] }).sentences; // prettier-ignore
  expect(sentences({})).toEqual([expect.stringMatching(/whole numbers only/)]);
  expect(sentences({ step: 0.5 })).toEqual([]);
  expect(sentences({ inputType: 'range' })).toEqual([]);
});

it('keeps the description of a question with several inputs, and says that one of them was required', () => {
  const items = [{ name: 'phone' }, { name: 'email' }];
  const { fields, sentences } = imported({ elements: [{ type: 'multipletext', name: 'q', title: 'Contact', description: 'One is enough', isRequired: true, items }] }); // prettier-ignore
  expect(fields.map(({ text, label }) => text ?? label)).toEqual(['Contact', 'One is enough', 'phone', 'email']);
  expect(sentences).toEqual([
    '“Contact”: at least one of its inputs was required. Choose which ones are required now.',
  ]);
});

it.each([
  [{ type: 'text', inputType: 'time', min: '09:00', max: '17:00' }, { min: '09:00', max: '17:00' }, undefined],
  [{ type: 'text', inputType: 'time', min: '{other}' }, {}, 'its setting “min” was left out.'],
  [{ type: 'text', inputType: 'date', max: 'today()' }, {}, 'its setting “max” was left out.'],
  [{ type: 'text', inputType: 'email', maxLength: 30 }, {}, 'its setting “maxLength” was left out.'],
  [{ type: 'text', inputType: 'number', step: 2, validators: [{ type: 'regex', regex: '[0-9]{4}' }] }, { step: 2 }, 'its pattern was left out. Only short texts have one.'], // prettier-ignore
  [{ type: 'text', inputType: 'url', validators: [{ type: 'text', maxLength: 90 }] }, {}, 'its limits of length were left out. Only texts have them.'], // prettier-ignore
  [{ type: 'checkbox', choices: ['a'], validators: [{ type: 'regex', regex: 'a' }] }, {}, 'its pattern was left out. Only short texts have one.'], // prettier-ignore
  [{ type: 'file', acceptedTypes: '.pdf,.zip' }, { accept: ['pdf'] }, 'Flipsite can’t take all its types of file. It does not take “.zip”.'], // prettier-ignore
  [{ type: 'file', acceptedTypes: '.zip' }, {}, 'Flipsite can’t take all its types of file. It does not take “.zip”. It takes images and PDF files instead.'], // prettier-ignore
  [{ type: 'file', acceptedTypes: 'image/*,.docx', maxSize: 1_572_864 }, { accept: ['image', 'document'], max_size: '1536 kB' }, undefined], // prettier-ignore
  [{ type: 'file', maxSize: 104_857_600 }, { max_size: '25 MB' }, 'its files can have up to 25 MB now. Flipsite takes no larger ones.'], // prettier-ignore
  [{ type: 'checkbox', choices: ['a', { value: 'b', text: 'Not sure', isExclusive: true }] }, {}, 'its answer “Not sure” can be combined with others now.'], // prettier-ignore
])('a limit is carried over, or has a sentence: %j', (question, keys, sentence) => {
  const { field, sentences, faults } = imported({ elements: [{ name: 'q', ...question }] });
  const { id: _id, type: _type, label: _label, options: _options, ...carried } = field('q') ?? { id: '', type: '' };
  expect([faults, carried, sentences]).toEqual([[], keys, sentence ? [`“q”: ${sentence}`] : []]);
});

it('a question that shares its answer with an earlier one has a sentence', () => {
  const asked = (name: string) => ({ type: 'text', name, valueName: 'phone' });
  expect(imported({ elements: [asked('home'), asked('work')] }).sentences).toEqual(['“work”: it shared its answer with another question. Now people answer both.']); // prettier-ignore
});

it('has dots in place of answers in options, and leaves the other options as they are', () => {
  const { field, sentences, faults } = imported({
    pages: [
      { title: 'One', elements: [{ type: 'text', name: 'full_name', isRequired: true }] },
      {
        title: 'Two',
        elements: [
          {
            type: 'checkbox',
            name: 'owner',
            choices: [{ value: 'own', text: 'Only {full_name}' }, 'Others'],
            showOtherItem: true,
            otherText: 'Not {full_name}',
            showNoneItem: true,
            noneText: 'None of {full_name}',
          },
        ],
      },
    ],
  });
  expect(faults).toEqual([]);
  expect(field('owner')).toMatchObject({
    options: [{ value: 'own', label: 'Only …' }, 'Others'],
    other: 'Not …',
    none_of_these: 'None of …',
  });
  expect(sentences).toEqual(
    ['Only', 'Not', 'None of'].map((words) => `“${words} {full_name}” has “…” in place of an answer that cannot be filled in there.`), // prettier-ignore
  );
});

describe('a trigger', () => {
  it('that shows a question becomes its condition', () => {
    expect(imported(definition('surveyjs/real-productfeedback.json')).field('recommend_friends')?.show_when).toEqual({ satisfaction: { more_than: 3 } }); // prettier-ignore
  });

  it('that ends the survey becomes a rule', () => {
    expect(imported(definition('surveyjs/trigger-complete.json')).data.screens[0]?.next).toEqual([{ when: { exit1: 'Yes' }, go: 'done' }]); // prettier-ignore
  });

  it('that sets an answer has a sentence', () => {
    expect(imported(definition('surveyjs/trigger-setvalue.json')).sentences).toContain("A trigger that sets an answer was left out: {copy} equal 'Yes'."); // prettier-ignore
  });
});

it('asks yes or no where the labels say no more, and keeps other labels', () => {
  const boolean = (name: string, labels: object) => ({ type: 'boolean', name, ...labels });
  const { field } = imported({
    elements: [
      boolean('car', { labelTrue: 'Yes', labelFalse: 'No' }),
      boolean('gate', { labelTrue: 'Open', labelFalse: 'Closed' }),
      boolean('own', { labelTrue: 'Yes', labelFalse: 'No', valueTrue: 'Y' }),
    ],
  });
  expect(['car', 'gate', 'own'].map((id) => field(id)?.type)).toEqual(['yes_no', 'radio', 'radio']);
});

describe('a condition', () => {
  const shown = (visibleIf: string) => {
    const elements = [
      { type: 'radiogroup', name: 'city', choices: ['Manila', 'Cebu'] },
      { type: 'checkbox', name: 'apps', choices: ['grab', 'joyride'] },
      { type: 'dropdown', name: 'kids', choices: [1, 2, 3] },
      { type: 'text', inputType: 'number', name: 'age' },
      { type: 'text', inputType: 'date', name: 'day' },
      { type: 'boolean', name: 'ok' },
      { type: 'text', name: 'asked', visibleIf },
    ];
    const { faults, field, sentences } = imported({ elements });
    expect(faults).toEqual([]);
    return field('asked')?.show_when ?? sentences.at(-1);
  };

  it.each([
    ["{city} = 'Manila'", { city: 'Manila' }],
    ["{city} == 'Manila' or {city} = 'Cebu'", { city: ['Manila', 'Cebu'] }],
    ["{city} <> 'Manila' && {ok} = true", { none: [{ city: 'Manila' }], ok: true }],
    ["'Manila' = {city}", { city: 'Manila' }],
    ["{apps} contains 'grab'", { apps: { contains: 'grab' } }],
    ["{apps} notcontains 'grab'", { none: [{ apps: { contains: 'grab' } }] }],
    ['{kids} >= 2', { kids: ['2', '3'] }],
    ['18 <= {age}', { age: { at_least: 18 } }],
    ['{age} > 17 and ({age} < 66 or {ok})', { age: { more_than: 17 }, any: [{ age: { less_than: 66 } }, { ok: true }] }], // prettier-ignore
    ["{day} > '2026-01-31'", { day: { after: '2026-01-31' } }],
    ['{city} empty', { city: { answered: false } }],
    ['!({ok} = true)', { none: [{ ok: true }] }],
  ])('%s is carried over', (expression, condition) => {
    expect(shown(expression)).toEqual(condition);
  });

  it.each([
    ["{city} = 'Davao'", /“Davao”, which is not one of the answers/],
    ['{nothing} = 1', /"nothing", which is no question of this form/],
    ["{city} = 'Manila", /not a comparison of one answer with a value/],
    ['iif({ok}, 1, 2) = 1', /the function iif/],
    ['{age} > 3 ; drop', /not a comparison/],
  ])('%s has a sentence with the reason', (expression, reason) => {
    expect(shown(expression)).toMatch(reason);
  });

  it('that reads a later question is left out, and the reason names that question', () => {
    const elements = [
      { type: 'text', name: 'first', visibleIf: "{last} = 'x'" },
      { type: 'text', name: 'last', title: 'Last name' },
    ];

    expect(imported({ elements }).sentences).toEqual(['“first”: its condition was left out, because this rule uses “Last name” before it is asked. It is always shown.']); // prettier-ignore
  });

  it.each(['(', '!', "{a} = 'x' and ", '['])('of 5,000 × %s is refused at once', (piece) => {
    expect(() => parseExpression(piece.repeat(5_000 / piece.length))).toThrow(/brackets|comparison/);
  });
});

it('JavaScript as documents of SurveyJS have it can be pasted', () => {
  const { fields } = imported(
    "const json = { // Mine\n questions: [{ type:'radiogroup', name:'a', choices:['It\\'s','b: c'], },] };",
  );

  expect(fields).toEqual([{ id: 'a', type: 'radio', label: 'a', options: ["It's", 'b: c'] }]);
});

it('a survey without a title gets the one that it is given', () => {
  expect(imported({ elements: [{ type: 'text', name: 'a' }] }, { title: 'Riders' }).data.title).toBe('Riders');
});

it('an answer beside the options, and a second pattern, have a sentence where they are lost', () => {
  const { sentences, data } = imported({
    elements: [
      { type: 'checkbox', name: 'apps', title: 'Apps', choices: ['a', 'other'], showOtherItem: true, otherText: 'Something else' },
      { type: 'radiogroup', name: 'car', title: 'Car', choices: ['a', 'none'], showNoneItem: true },
      { type: 'text', name: 'code', title: 'Code', validators: [{ type: 'regex', regex: '^a' }, { type: 'regex', regex: 'b$' }] },
    ],
  }); // prettier-ignore
  expect(sentences).toEqual([
    '“Apps”: its answer “Something else” was left out, because another answer has the same value.',
    '“Car”: its answer “None” was left out, because another answer has the same value.',
    '“Code”: its pattern “b$” was left out. A question has one.',
  ]);
  expect(data.screens[0]?.fields?.[2]?.['pattern']).toBe('.*(?:^a).*');
});
