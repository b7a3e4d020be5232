import { describe, expect, it } from 'vitest';
import { describeChanges, type Area, type Change } from '../../../src/form/changes/changes.ts';
import type { Form } from '../../../src/form/schema.ts';
import { compile } from '../../helpers/compile.ts';

const DRIVER = `
title: Drive with us
languages: [en, es]
brand: { name: Acme, color: "#0b6e4f" }
params: [agent]
screens:
  - id: start
    title: Can you drive?
    fields:
      - { id: old_enough, type: yes_no, label: { en: Are you 21 or older?, es: ¿Tienes 21 años? }, required: true }
      - id: city
        type: select
        label: City
        options: [{ value: manila, label: Manila }, { value: cebu, label: Cebu }, { value: pampanga, label: Pampanga }]
    next:
      - { when: { old_enough: false }, go: not_yet }
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name, help: As on your license }
      - { id: plate, type: text, label: Plate number, show_when: { city: manila } }
  - id: connect
    title: Connect your account
    wink: { require: any, retrieve: [identities, incomes] }
    next: [{ when: { connect: [failed, skipped] }, go: done }]
endings:
  - { id: done, title: Thank you }
  - { id: not_yet, title: Not yet, outcome: disqualified }
`;

const before = compile(DRIVER);

/** The changes after `edits`, each of which replaces one part of the text. */
function after(...edits: [part: string, by: string][]): Change[] {
  const text = edits.reduce((all, [part, by]) => {
    if (!all.includes(part)) throw new Error(`The form has no ${part}`);
    return all.replace(part, () => by);
  }, DRIVER);
  return describeChanges(before, compile(text));
}

const inArea = (changes: Change[], area: Area): string[] =>
  changes.filter((one) => one.area === area).map(({ sentence }) => sentence);
const people = (...edits: [string, string][]): string[] => inArea(after(...edits), 'people');
const lost = (changes: Change[]): string[] => changes.filter(({ loses }) => loses).map(({ sentence }) => sentence);

it('a removed screen is not said to take along a question that another screen asks now', () => {
  const about = DRIVER.slice(DRIVER.indexOf('  - id: about'), DRIVER.indexOf('  - id: connect'));
  const [, name = ''] = /( {6}- \{ id: full_name.*\n)/.exec(about) ?? [];
  expect(people([about, ''], ['    next:\n', `${name}    next:\n`])).toEqual([
    'The screen “About you” is removed with 1 question.',
    '“Full name” is now on the screen “Can you drive?”.',
  ]);
});

describe('the translations to check', () => {
  const check = (...edits: [string, string][]): string[] => inArea(after(...edits), 'translations');
  const english: [string, string] = ['en: Are you 21 or older?', 'en: Are you 18 or older?'];

  it('are those that are as before, though the text in the first language changed', () => {
    const says = 'The translation of “Are you 18 or older?” was not changed in Spanish.';
    expect(check(english)).toEqual([says]);
    expect(check(english, ['¿Tienes 21 años?', '¿Tienes 18 años?'])).toEqual([]);
    expect(check(['¿Tienes 21 años?', '¿Tienes 21 años o más?'])).toEqual([]);
    // One text for all languages has no translation.
    expect(check(['label: City', 'label: Town'])).toEqual([]);
    expect(check(['label: City', 'label: { en: Town, es: City }'])).toEqual(['The translation of “Town” was not changed in Spanish.']); // prettier-ignore
    // A new text is translated by the time it is written.
    expect(check(['label: Plate number', 'label: Plate number, help: { en: Old, es: Viejo }'])).toEqual([]);
  });

  it('are new titles and questions with one text for all languages', () => {
    const license: [string, string] = ['label: Plate number', 'label: Plate number }\n      - { id: license, type: text, label: License']; // prettier-ignore
    expect(check(license)).toEqual(['“License” is the same in English and Spanish.']);
    expect(check(license, ['endings:', 'endings:\n  - { id: other, title: { en: Other, es: Otro } }'])).toHaveLength(1);
    const [first] = inArea(describeChanges(undefined, before), 'translations');
    expect(first).toBe('8 titles and questions are the same in English and Spanish, such as “Can you drive?”.');
    const english = compile(DRIVER.replace('[en, es]', '[en]').replace(', es: ¿Tienes 21 años?', ''));
    expect(inArea(describeChanges(english, before), 'translations')).toContain(first);
    expect(inArea(describeChanges(undefined, english), 'translations')).toEqual([]);
  });

  it('are titles, hints and options too', () => {
    const [was, is] = [
      { title: 'About you', help: 'On your license', option: 'Cebu' },
      { title: 'Who are you?', help: 'On your passport', option: 'Cebu City' },
    ].map(({ title, help, option }) =>
      compile(
        DRIVER.replace('title: About you', `title: { en: ${title}, es: Sobre ti }`)
          .replace('help: As on your license', `help: { en: ${help}, es: En tu documento }`)
          .replace('label: Cebu', `label: { en: ${option}, es: Cebú }`),
      ),
    );
    expect(inArea(describeChanges(was, is as Form), 'translations').map((one) => /“.*”/.exec(one)?.[0])).toEqual([
      '“Who are you?”',
      '“Cebu City”',
      '“On your passport”',
    ]);
  });
});

describe('the changes for people', () => {
  it('quote a text as it was and as it is', () => {
    expect(people(['Are you 21 or older?', '"Are you 21 years old, or older?"'])).toEqual([
      'In English, “Are you 21 or older?” is now “Are you 21 years old, or older?”.',
    ]);
    expect(people(['label: City', 'label: Town'])).toEqual(['“City” is now “Town”.']);
    expect(people(['¿Tienes 21 años?', '¿Tienes 21 años o más?'])).toEqual([
      'In Spanish, “¿Tienes 21 años?” is now “¿Tienes 21 años o más?”.',
    ]);
  });

  it('show the difference of two long texts that begin alike', () => {
    const long = 'Please write the name of the street and the number of the house in which you have lived for the last';
    const one = compile(DRIVER.replace('label: City', `label: ${long} three years`));
    const other = compile(DRIVER.replace('label: City', `label: ${long} five years`));
    expect(describeChanges(one, other)[0]?.sentence).toBe('“…last three years” is now “…last five years”.');
  });

  it('name new, removed and moved questions with their screens', () => {
    expect(
      people(['      - { id: plate', '      - { id: color, type: text, label: Color }\n      - { id: plate']),
    ).toEqual(['There is a new question on the screen “About you”: “Color”.']);
    expect(
      people(['      - { id: plate, type: text, label: Plate number, show_when: { city: manila } }\n', '']),
    ).toEqual(['“Plate number” is removed from the screen “About you”.']);
    expect(
      people(
        ['      - { id: full_name, type: text, label: Full name, help: As on your license }\n', ''],
        ['      - id: city', '      - { id: full_name, type: text, label: Full name, help: As on your license }\n      - id: city'], // prettier-ignore
      ),
    ).toEqual(['“Full name” is now on the screen “Can you drive?”.']);
    expect(
      people(
        ['      - { id: full_name, type: text, label: Full name, help: As on your license }\n', ''],
        ['show_when: { city: manila } }', 'show_when: { city: manila } }\n      - { id: full_name, type: text, label: Full name, help: As on your license }'], // prettier-ignore
      ),
    ).toEqual(['“Plate number” now comes first on its screen.']);
  });

  it('name new, removed and moved screens and endings', () => {
    expect(people(['  - id: connect', '  - { id: more, title: More, text: Nearly there }\n  - id: connect'])).toEqual([
      'There is a new screen, “More”.',
    ]);
    expect(people(['endings:\n', 'endings:\n  - { id: soon, title: Soon }\n'])).toEqual([
      'There is a new ending: “Soon”.',
      'Journeys without another rule now end at “Soon”.',
    ]);
  });

  it('say the title that a screen, an ending and the form had, and the title that they have', () => {
    expect(people(['title: About you', 'title: Who are you?'])).toEqual([
      'The title of a screen was “About you”. It is now “Who are you?”.',
    ]);
    expect(people(['title: Thank you', 'title: Thanks'])).toEqual([
      'The title of an ending was “Thank you”. It is now “Thanks”.',
    ]);
    expect(people(['title: Drive with us', 'title: Ride with us'])).toEqual([
      'The title of the form was “Drive with us”. It is now “Ride with us”.',
    ]);
  });

  it('name new, removed, relabeled and moved options', () => {
    expect(people(['{ value: cebu, label: Cebu }', '{ value: cebu, label: Cebu City }'])).toEqual([
      'The option “Cebu” of “City” is now “Cebu City”.',
    ]);
    expect(people([', { value: pampanga, label: Pampanga }', ', { value: iloilo, label: Iloilo }'])).toEqual([
      '“City” has a new option: “Iloilo”.',
      '“City” no longer offers “Pampanga”.',
    ]);
    expect(
      people([
        '{ value: manila, label: Manila }, { value: cebu, label: Cebu }',
        '{ value: cebu, label: Cebu }, { value: manila, label: Manila }',
      ]),
    ).toEqual([
      // prettier-ignore
      'The options of “City” are in another order.',
    ]);
  });

  it('say if an answer is required, its hint, and the condition of a question', () => {
    expect(people(['label: Full name', 'label: Full name, required: true'])).toEqual(['“Full name” is now required.']);
    expect(people(['As on your license', 'As on your passport'])).toEqual([
      'The hint of “Full name” was “As on your license”. It is now “As on your passport”.',
    ]);
    expect(people(['show_when: { city: manila }', 'show_when: { city: [manila, cebu], old_enough: true }'])).toEqual([
      '“Plate number” now appears only if “City” is “Manila” or “Cebu” and “Are you 21 or older?” is “Yes”.',
    ]);
    expect(people([', show_when: { city: manila }', ''])).toEqual(['“Plate number” now always appears.']);
  });

  it('describe a rule by the texts of questions, answers and endings', () => {
    expect(
      people([
        '{ when: { old_enough: false }, go: not_yet }',
        '{ when: { old_enough: false }, go: done }\n      - { when: { city: pampanga }, go: not_yet }',
      ]),
    ).toEqual([
      'If “City” is “Pampanga”, people now go to “Not yet”.',
      'If “Are you 21 or older?” is “No”, people now go to “Thank you” instead of “Not yet”.',
    ]);
    expect(people(['{ when: { old_enough: false }, go', '{ when: { old_enough: false, city: cebu }, go'])).toEqual([
      'People now go from the screen “Can you drive?” to “Not yet” only if “Are you 21 or older?” is “No” and “City” is “Cebu”.',
    ]);
    const connect = '{ when: { connect: [failed, skipped] }, go: done }';
    expect(people([connect, connect.replace('done', 'not_yet')])).toEqual([
      'If “Connect your account” is unsuccessful or skipped, people now go to “Not yet” instead of “Thank you”.',
    ]);
    expect(people([connect, '{ when: { connect: uploaded }, go: done }'])).toEqual([
      'People now go from the screen “Connect your account” to “Thank you” only if “Connect your account” is answered with a document.',
    ]);
  });

  it('describe a logo that is a picture in the text without its text', () => {
    const withLogo = (logo: string) => ({ ...before, brand: { ...before.brand, logo } }) as Form;
    const [none, one, other, file] = [before, withLogo('data:image/png;base64,iVBOR'), withLogo('data:image/png;base64,aGVsbG8='), withLogo('acme.svg')]; // prettier-ignore
    const changes = (from: Form, to: Form) => inArea(describeChanges(from, to), 'people');
    expect(changes(none, one)).toEqual(['The brand now has a logo.']);
    expect(changes(one, other)).toEqual(['The logo of the brand changed.']);
    expect(changes(file, one)).toEqual(['The logo of the brand changed.']);
    expect(changes(one, none)).toEqual(['The brand no longer has a logo.']);
    expect(changes(none, file)).toEqual(['The brand now has a logo: acme.svg.']);
  });

  it('describe languages, the brand, the password and limits', () => {
    const settings = people(
      ['"#0b6e4f"', '"#0b6e50"'],
      ['params:', 'password: hello\nlimits: { closes: 2026-12-31, max: 500 }\nreview: true\nparams:'],
    );
    expect(settings).toEqual([
      'The color of the brand is now #0b6e50 instead of #0b6e4f.',
      'People now check all their answers before they send them.',
      'The form now closes on December 31, 2026.',
      'The form now closes after 500 submissions.',
      'People now need a password to see the form.',
    ]);
    const spanish = { ...before, languages: ['en'] } as Form;
    expect(inArea(describeChanges(spanish, before), 'people')).toEqual(['People can now read the form in Spanish.']);
    expect(inArea(describeChanges(before, spanish), 'people')).toEqual([
      'People can no longer read the form in Spanish.',
    ]);
  });

  it('say that a limit on equal answers does not count forms that were sent before', () => {
    const limited = { ...before, limits: { one_per: 'full_name' } } as Form;
    expect(inArea(describeChanges(before, limited), 'people')).toEqual([
      'Only one person can now send the same answer to “Full name”. Forms that were sent before do not count.',
    ]);
  });

  it('are none if only examples or comments differ, and a sentence says so', () => {
    const examples = [{ name: 'one', answers: {}, ends: 'done' }];
    expect(describeChanges(before, { ...before, examples })).toEqual([
      { area: 'people', sentence: 'Nothing changes for people who fill in the form.', path: [] },
    ]);
    expect(describeChanges(before, compile(`# A comment\n${DRIVER}`)).map(({ sentence }) => sentence)).toEqual([
      'Nothing changes for people who fill in the form.',
    ]);
  });

  it('name the size of a form that is published for the first time', () => {
    expect(describeChanges(undefined, before)[0]).toEqual({
      area: 'people',
      sentence: 'The form is published for the first time, with 3 screens, 4 questions, and 2 endings.',
      path: [],
    });
  });

  it('have the path of the changed part', () => {
    expect(after(['label: City', 'label: Town'])[0]?.path).toEqual(['screens', 0, 'fields', 1, 'label']);
    expect(after(['"#0b6e4f"', '"#0b6e50"'])[0]?.path).toEqual(['brand', 'color']);
  });
});

describe('the changes for people who have started', () => {
  it('finish the version that they started, with its questions', () => {
    expect(inArea(after(['label: City', 'label: Town']), 'started')).toEqual([
      'People who have started finish the form as it was when they started. Their answers stay.',
    ]);
  });

  it('keep their answers as they are stored, if these become sensitive or no longer are', () => {
    const sensitive = compile(DRIVER.replace('label: Full name', 'label: Full name, sensitive: true'));
    expect(inArea(describeChanges(before, sensitive), 'started')).toContain(
      'Answers to “Full name” stay unencrypted if people started before.',
    );
    expect(inArea(describeChanges(sensitive, before), 'started')).toContain(
      'Answers to “Full name” stay encrypted if people started before.',
    );
  });

  it('are held to new limits and a new password at once', () => {
    expect(inArea(after(['params:', 'password: hello\nlimits: { max: 5 }\nparams:']), 'started')).toEqual([
      'The new limits count for people who have started, too.',
      'People who come back to an unfinished form need the new password.',
    ]);
  });
});

describe('a change that loses data', () => {
  it.each<[string, [string, string], string[]]>([
    [
      'a removed question',
      ['      - { id: plate, type: text, label: Plate number, show_when: { city: manila } }\n', ''],
      ['“Plate number” is no longer asked. Earlier answers stay.'],
    ],
    [
      'a removed option',
      [', { value: pampanga, label: Pampanga }', ''],
      ['New people cannot choose “Pampanga” for “City”. Earlier answers stay.'],
    ],
    [
      'another type',
      ['id: full_name, type: text, label: Full name,', 'id: full_name, type: number, label: Full name,'],
      ['Earlier answers to “Full name” stay, but they are not a number.'],
    ],
    [
      'another id',
      ['id: plate, type', 'id: plate_no, type'],
      ['“Plate number” has another id, so Flipsite treats it as a new question without earlier answers.'],
    ],
    [
      'another value of an option',
      ['value: pampanga', 'value: pam'],
      ['The option “Pampanga” of “City” has another value, so Flipsite treats it as a new option.'],
    ],
    [
      'less data from an account',
      ['retrieve: [identities, incomes]', 'retrieve: [identities]'],
      ['Flipsite no longer reads this data in the Wink widget on the screen “Connect your account”: income.'],
    ],
    [
      'a shorter retention',
      ['params:', 'retention: 30 days\nparams:'],
      ['Flipsite now deletes submissions 30 days after their last change, also earlier ones.'],
    ],
    ['a removed parameter', ['params: [agent]\n', ''], ['Flipsite no longer keeps “agent” from links.']],
  ])('is marked: %s', (_what, edit, sentences) => {
    expect(lost(after(edit))).toEqual(sentences);
  });

  it('is not one if a list of options opens instead, or a text has more lines', () => {
    expect(lost(after(['type: select', 'type: radio'], ['id: full_name, type: text', 'id: full_name, type: textarea']))).toEqual([]); // prettier-ignore
  });
});

describe('exports and links', () => {
  it('have new columns and parameters, and keep the columns of removed questions', () => {
    const changes = after(['id: plate, type', 'id: plate_no, type'], ['params: [agent]', 'params: [agent, store]']);
    expect(inArea(changes, 'exports')).toEqual([
      'Downloads have new columns: “plate_no” and “store”.',
      'The column “plate” stays for earlier answers to “Plate number”, and is empty for new ones.',
    ]);
    expect(inArea(changes, 'links')).toEqual([
      'Flipsite now keeps “store” from links.',
      'Links can now fill in “Plate number” with “?plate_no=”.',
      'Links with “?plate=” no longer fill in “Plate number”.',
    ]);
  });

  it('describe columns with other values, and columns of invitation files', () => {
    expect(inArea(after(['{ value: cebu, label: Cebu }', '{ value: cebu, label: Cebu City }']), 'exports')).toEqual([
      'Earlier answers to “City” keep the old names of the options.',
    ]);
    const invited = compile(DRIVER.replace('params:', 'invite: {}\nparams:'));
    const more = compile(
      DRIVER.replace('params:', 'invite: {}\nparams:').replace('id: plate, type', 'id: plate_no, type'),
    );
    expect(inArea(describeChanges(invited, more), 'links').slice(-2)).toEqual([
      'An invitation file can now have the column “plate_no”.',
      'An invitation file can no longer have the column “plate”.',
    ]);
  });

  it('have the columns of earlier versions too, so that a question that comes back adds none', () => {
    const without = compile(DRIVER.replace(/ {6}- \{ id: plate.*\n/, ''));
    expect(inArea(describeChanges(without, before), 'exports')).toEqual(['Downloads have a new column: “plate”.']);
    expect(inArea(describeChanges(without, before, [before]), 'exports')).toEqual([]);
  });
});

describe('a sentence', () => {
  const rule = '- { when: { old_enough: false }, go: not_yet }';

  it('says “only if” of the one rule that leads to a place', () => {
    const only = 'People now go from the screen “Can you drive?” to “Not yet” only if “City” is “Cebu”.';
    expect(people([rule, '- { when: { city: cebu }, go: not_yet }'])).toContain(only);
    const several = people([rule, '- { when: { city: cebu }, go: not_yet }\n      - { when: { city: manila }, go: not_yet }']); // prettier-ignore
    expect(several.filter((one) => one.includes('only if'))).toEqual([]);
    expect(several).toEqual(expect.arrayContaining(['If “City” is “Cebu”, people now go to “Not yet”.', 'If “City” is “Manila”, people now go to “Not yet”.', 'If “Are you 21 or older?” is “No”, people no longer go straight to “Not yet”.'])); // prettier-ignore
  });

  it('says where links to a removed language lead', () => {
    const changes = inArea(after(['languages: [en, es]', 'languages: [en]'], ['{ en: Are you 21 or older?, es: ¿Tienes 21 años? }', 'Are you 21 or older?']), 'links'); // prettier-ignore
    expect(changes).toEqual(['Links to the form in Spanish now open it in English.']);
  });

  it('names the column of a removed param', () => {
    const form = compile(DRIVER.replace('params: [agent]', 'params: [link]'));
    const sentences = describeChanges(form, compile(DRIVER)).map((one) => one.sentence);
    expect(sentences).toContain('The column “param_link” stays for earlier submissions, and is empty for new ones.');
  });

  it('never has a picture of the card in it', () => {
    const withCard = (data: string) => ({ ...before, share: { image: `data:image/png;base64,${data}` } });
    const between = (one: Form, other: Form) => inArea(describeChanges(one, other), 'links');
    expect(between(withCard('AAAA'), withCard('BBBB'))).toEqual(['The picture of the card of the form changed.']);
    expect(between(before, withCard('AAAA'))).toEqual(['The card of the form now has a picture of its own.']);
    expect(between(withCard('AAAA'), before)).toEqual(['The card of the form no longer has a picture of its own.']);
  });
});
