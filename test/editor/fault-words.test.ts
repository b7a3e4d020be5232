/** Errors in the words of the outline: a person who never sees the text finds no id, key or piece of YAML in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { expect, it } from 'vitest';
import { faultInWords, faultPlace, inEditorWords } from '../../src/editor/faults/fault-words.ts';
import type { Value } from '../../src/form/edit/edit.ts';
import { outline } from '../../src/form/edit/outline.ts';
import { formGuide } from '../../src/form/docs/guide.ts';
import { describePrivacy } from '../../src/form/inspect/privacy.ts';
import { parseForm } from '../../src/form/parse.ts';
import { compile, fixture, NOW } from '../helpers/compile.ts';

const form = (rest: string, fields = '', settings = '') => `title: Drive
${settings}
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name }
      - { id: status, type: radio, label: Are you working?, options: [{ value: employed, label: Employed }, { value: none, label: Not working }] }
${fields}
    next:
${rest}
  - { id: later, title: Your car }
endings: [{ id: done, title: Thank you }, { id: not_yet, title: Come back }]
`;
const TYPES = formGuide().types;
const RULE = '      - { when: { status: none }, go: not_yet }';

function wordsOf(text: string): string[] {
  const parsed = parseForm('drive.yaml', text, NOW);
  const data = parse(text) as Value;
  return (parsed.ok ? [] : parsed.faults).map((fault) => {
    const { message, remedy } = faultInWords(fault, data, TYPES);
    return `${message} | ${remedy}`;
  });
}

it.each([
  ['an answer that is not among the options', form('      - { when: { status: retired }, go: not_yet }'), '“Are you working?” can never be "retired" | Choose a possible answer: Employed, Not working.'],
  ['a kind of file that Flipsite does not take', form(RULE, '      - { id: cv, type: file, label: CV, accept: [exe] }'), 'of these values: Pictures, PDF, Word and ODT, Excel and ODS.'],
  ['an answer that is neither yes nor no', form('      - { when: { car: maybe }, go: not_yet }', '      - { id: car, type: yes_no, label: Do you have a car? }'), 'Choose Yes or No.'],
  ['a state that no screen for the work account has', form('      - { go: later }').replace('title: Your car }', 'title: Your account, wink: { require: none }, next: [{ when: { later: done }, go: not_yet }] }'), 'Choose a possible answer: connected, answered with a document, unsuccessful, skipped.'],
  ['a comparison that the kind of answer does not have', form(`${RULE}\n      - { when: { full_name: { at_least: 3 } }, go: not_yet }`), '“is at least” works with numbers only, and “Full name” is a text question | Change the rule to: “Full name is answered”.'],
  ['an ending without a way to it', form('      - { when: { status: none }, go: done }'), 'no path leads to ending “Come back” | Choose it under “After this screen” of an earlier screen, or delete it.'],
  ['a rule that is never used', form(`      - { go: later }\n${RULE}`), 'this rule is never used, because the rule before it always applies | Move the rule that always applies to the end, or delete it.'],
  ['a limit by an answer that people can leave out', form(RULE, '', 'limits: { one_per: full_name }'), '“Each person once, by” cannot be question “Full name”, because people can leave it empty | Tick “People must answer this” at question “Full name”.'],
  ['limits that exclude each other', form(RULE, '      - { id: age, type: number, label: Age, min: 9, max: 3 }'), '“At least” of question “Age” is more than “At most” | Swap “At least” and “At most”, or delete one of them.'],
  ['a largest number of submissions that is too small', form(RULE, '', 'limits: { max: 0 }'), '“Largest number of submissions” is less than 1, so the form would never be open | Write 1 or more.'],
  ['dates that exclude each other', form(RULE, '      - { id: start, type: date, label: First day, min: 2026-12-31, max: 2026-01-01 }'), '“Earliest” of question “First day” is after “Latest” | Swap “Earliest” and “Latest”, or delete one of them.'],
  ['a name that two parts have', form(RULE, '      - { id: about, type: text, label: More }'), 'the name “about” in rules and exports is already used by a screen | Write another name, like about_2. Each screen, question, ending and value from the link has its own.'],
  ['a website with a password', form(RULE, '', 'password: secret-word\nembed: { allow: [https://acme.example] }'), 'a form with a password cannot be shown on other websites | Delete “Password” or “Other websites that can show the form”. Browsers keep no password for a frame.'],
  ['a number with a comma in a rule', form(`${RULE}\n      - { when: { age: { more_than: "15,000" } }, go: not_yet }`, '      - { id: age, type: number, label: Age }'), 'is "15,000", not a number | Write a number in digits, like 1500.'],
  ['a word for a color', form(RULE, '', 'brand: { name: Acme, color: yellow }'), '“Color” is not a color | Write # and six digits, like #0b6e4f.'],
  ['an invitation to an answer that is no email address', form(RULE, '', 'invite: { email: full_name }'), 'question “Full name” has the type text, but “Question for the email address” needs a question of type email | Add a question of type email, or delete “Question for the email address”.'],
  ['an unknown type', form(RULE, '      - { id: why, type: paragraph, label: Why }'), 'question “Why” has the unknown type "paragraph" | Choose another kind of answer.'],
  ['a type with a wrong letter', form(RULE, '      - { id: car, type: yes_nox, label: Do you have a car? }'), 'question “Do you have a car?” has the unknown type "yes_nox" | Choose “Yes or no” as the kind of answer.'],
  ['the missing translation of a hint', form(RULE, '      - { id: car, type: yes_no, label: Your car?, help: { en: Or a van } }', 'languages: [en, es]'), '1 text has no translation in Español: hint of question “Your car?” | Write it'],
  ['the missing translation of a question', form(RULE, '      - { id: car, type: yes_no, label: { en: Your car? } }', 'languages: [en, es]'), '1 text has no translation in Español: question “Your car?” | Write it under “Languages”.'],
  ['the missing translation of an option', form(RULE, '      - { id: car, type: radio, label: Your car?, options: [{ value: none, label: { es: Ninguno, en: No car } }] }\n      - { id: bike, type: radio, label: Your bike?, options: [{ value: none, label: { en: No bike } }] }', 'languages: [en, es]'), '1 text has no translation in Español: option “No bike” | Write it'],
  ['the missing translation of the hint of an option', form(RULE, '      - { id: car, type: radio, label: Your car?, options: [{ value: own, label: My own, help: { en: With papers } }] }', 'languages: [en, es]'), '1 text has no translation in Español: hint of option “My own” | Write it'],
  ['a missing translation', form(RULE, '', 'languages: [en, es]\ndescription: { en: Five minutes }'), '1 text has no translation in Español: description | Write it under “Languages”.'],
  ['several missing translations', form(RULE, '', 'languages: [en, ar]\ndescription: { en: Five minutes }\nshare: { title: { en: Drive } }'), '2 texts have no translation in العربية | Write them under “Languages”. To see them, tick “Show only missing and old texts” there.'],
])('for %s', (_, text, words) => expect(wordsOf(text).join('\n')).toContain(words)); // prettier-ignore

it.each([
  ['one text', 'languages: [en, es]\ndescription: { en: Five minutes }', ['untranslated']],
  [
    'several texts',
    'languages: [en, es]\ndescription: { en: Five minutes }\nshare: { title: { en: Drive } }',
    ['untranslated'],
  ],
  ['nothing, but has another error', 'languages: [en, es]\nretention: ever', [undefined]],
])('say that %s lacks a translation', (_, settings, expected) => {
  const parsed = parseForm('drive.yaml', form(RULE, '', settings), NOW);
  expect(parsed.ok ? [] : parsed.faults.map(({ kind }) => kind)).toEqual(expected);
});

it('name the values that Flipsite has put there, in the words of the outline too', () => {
  const text = form(
    RULE,
    '      - { id: color, type: select, label: Favorite color, options: [{ value: option_1, label: Option 1 }, Blue, Option 2] }',
    'brand: { name: Your company }\nnotify: [{ webhook: https://example.com/hooks/flipsite, secret_env: ACME }]',
  );
  const parsed = parseForm('drive.yaml', text, NOW);
  const doubts = parsed.ok ? parsed.doubts : [];
  const words = doubts.map((doubt) => faultInWords(doubt, parse(text) as Value, TYPES).message);
  // Their inputs in the editor have these values.
  expect(doubts.map((doubt) => doubt.text)).toEqual(['Your company', 'https://example.com/hooks/flipsite', 'Option 1']);
  expect(words).toEqual([
    'the company name is still “Your company”',
    'a webhook still has the address https://example.com/hooks/flipsite',
    'question “Favorite color” still offers “Option 1” and “Option 2”',
  ]);
});

it('say that the closing date has passed, from the end of that day', () => {
  const words = (closes: string) => {
    const text = form(RULE, '', `limits: { closes: ${closes}, timezone: Asia/Manila }`);
    const parsed = parseForm('drive.yaml', text, new Date('2026-11-24T16:30Z'));
    return parsed.ok && parsed.doubts.map((doubt) => [doubt.text, ...Object.values(faultInWords(doubt, parse(text) as Value, TYPES))]); // prettier-ignore
  };
  expect(words('2026-11-25')).toEqual([]);
  expect(words('2026-11-24')).toEqual([
    [
      '2026-11-24',
      'the closing date has passed, so the form is closed',
      'Choose a later date in “Closes on”, or delete it.',
    ],
  ]);
});

it('lead from a missing translation to the languages, and from another setting to the form', () => {
  const text = form(RULE, '', 'languages: [en, ar]\nretention: 30 days\nnotify:\n  - { email: ops@acme.example }');
  const at = (line: number) => faultPlace(outline(text), parse(text) as Value, line);
  expect(at(2)).toEqual({ path: ['languages'], title: 'Languages' });
  expect([at(3), at(5)]).toEqual([3, 5].map(() => ({ path: [], title: 'The form' })));
});

it('keep an error in the writing of the text as it is, with the titles of its parts', () => {
  expect(wordsOf(form(RULE, '      - { id: age, type: number, lable: Age, label: Age }'))).toContain(
    'question “Age” has an unknown key `lable` | Delete it. `label` is there already.',
  );
});

it('leave no id of a screen, a question or an ending in the errors of any form', () => {
  for (const file of readdirSync(fixture('invalid')).filter(
    (name) => /^(unreach|later|match|limits|loop|dead|pipe|rule-never|impossible)/.test(name) && name.endsWith('.yaml'),
  )) {
    const text = readFileSync(fixture(`invalid/${file}`), 'utf8');
    const parsed = parseForm(file, text, NOW);
    for (const fault of parsed.ok ? [] : parsed.faults) {
      const { message } = faultInWords(fault, parse(text) as Value, TYPES);
      expect([file, message]).toEqual([
        file,
        expect.not.stringMatching(/(?<!there is no )(screen|ending|question) `|^`\w+` (can|of)/),
      ]);
    }
  }
});

it('say the privacy list in the same words, without the ids of questions', () => {
  const text = form(RULE);
  const lines = describePrivacy(compile(text), 60, false).flatMap((one) => one.lines);
  expect(lines).toContain('Full name');
  expect(lines.map((line) => inEditorWords(line, parse(text) as Value))).toContain(
    'Submissions stay until a member deletes them, because the form has no “Keep answers for”',
  );
});
