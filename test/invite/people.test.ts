import { describe, expect, it, vi } from 'vitest';
import { expiryFrom, lastDayOf } from '../../src/invite/invite.ts';
import { readPeople, type People } from '../../src/invite/people.ts';
import { compiled } from '../dashboard/forms.ts';
import { countTurns } from '../helpers/turns.ts';
import { NOW } from '../helpers/database.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { INVITING } from './forms.ts';

const form = compiled(INVITING);

describe('the last day of an invitation', () => {
  it('has ended everywhere on earth when the invitation ends', () => {
    const ends = expiryFrom(form, new Date('2026-11-20T23:59:00Z'));
    expect(ends.toLocaleString('en-GB', { timeZone: 'Etc/GMT+12' })).toBe('28/11/2026, 00:00:00');
    expect(lastDayOf(ends.toISOString()).toISOString().slice(0, 10)).toBe('2026-11-27');
    // Invitations of an earlier Flipsite end at midnight in UTC.
    expect(lastDayOf('2026-11-28T00:00:00.000Z').toISOString().slice(0, 10)).toBe('2026-11-27');
  });
});

const wide = compiled(`
title: Ride
languages: [en, es]
invite: {}
screens:
  - id: only
    title: { en: Only, es: Único }
    fields:
      - { id: works, type: yes_no, label: Works? }
      - id: city
        type: select
        label: City
        options: [{ value: manila, label: { en: Metro Manila, es: Gran Manila } }, { value: cebu, label: Cebu }]
      - { id: apps, type: checkboxes, label: Apps, options: [{ value: a, label: A }, { value: b, label: B }] }
      - { id: pay, type: money, label: Pay, currency: PHP }
      - { id: born, type: date, label: Born }
      - { id: from, type: country, label: From }
      - { id: home, type: address, label: Home }
      - { id: call, type: time, label: Call }
      - { id: stars, type: rating, label: Stars }
      - { id: grams, type: number, step: 0.001, label: Grams }
endings:
  - { id: done, title: { en: Thanks, es: Gracias } }
`);
const bytes = (text: string) => new TextEncoder().encode(text);
async function peopleOf(of: typeof wide, text: string) {
  const people = await readPeople(of, bytes(text), NOW);
  if (!people.ok) throw new Error(JSON.stringify(people.faults));
  return people.people;
}

const read = (text: string | Uint8Array): Promise<People> =>
  readPeople(form, typeof text === 'string' ? new TextEncoder().encode(text) : text, NOW);
const peopleIn = async (text: string) => {
  const people = await read(text);
  if (!people.ok) throw new Error(JSON.stringify(people.faults));
  return people.people;
};
const faultsIn = async (text: string | Uint8Array) => {
  const people = await read(text);
  return people.ok ? [] : people.faults.map(({ line, message }) => `${line}: ${message}`);
};

/** A form with as many options as forms may have. */
const withOptions = compiled(`
title: Ride
invite: {}
screens:
  - id: only
    title: Only
    fields:
${Array.from({ length: 10 }, (_, n) => `      - { id: f${n}, type: select, label: F, options: [${Array.from({ length: 500 }, (_, at) => `{ value: v${at}, label: Á ${at} }`).join(', ')}] }`).join('\n')}
endings:
  - { id: done, title: Thanks }
`);

describe('a CSV file of people', () => {
  it('lets others be answered while labels of many options are read', async () => {
    const head = `name,email,${Array.from({ length: 10 }, (_, n) => `f${n}`).join(',')}`;
    const lines = Array.from({ length: 500 }, (_, n) => `A,a${n}@mail.example${',a 499'.repeat(10)}`);
    let clock = 0;
    // As on a slow machine: 3 ms for each line.
    const now = vi.spyOn(performance, 'now').mockImplementation(() => (clock += 3));
    const { result, turns } = await countTurns(() => peopleOf(withOptions, [head, ...lines].join('\n')));
    now.mockRestore();
    expect(result[499]?.prefill.answers).toMatchObject({ f0: 'v499', f9: 'v499' });
    expect(turns).toBeGreaterThanOrEqual(150);
  });

  it('gives a name, an address, a language, answers and params', async () => {
    const [ana] = await peopleIn('name,email,language,age,city,customer_id\nAna Ruiz,Ana@Mail.example,es,31,cebu,42\n');
    expect(ana).toEqual({
      name: 'Ana Ruiz',
      email: 'ana@mail.example',
      language: 'es',
      prefill: {
        answers: { full_name: 'Ana Ruiz', email: 'Ana@Mail.example', age: 31, city: 'cebu' },
        params: { customer_id: '42' },
      },
    });
  });

  it('takes each option by its own value, also where another one has it as a label, or in capitals', async () => {
    const grades = compiled('title: Grades\nparams: [customer_id]\nscreens: [{ id: one, title: One, fields: [{ id: full_name, type: text, label: Name }, { id: email, type: email, label: Email }, { id: grade, type: select, label: Grade, options: [{ value: a, label: b }, { value: b, label: B }, { value: B, label: b }] }] }]\nendings: [{ id: done, title: Thanks }]\ninvite: {}\n'); // prettier-ignore
    const people = await peopleOf(grades, `name,email,grade\n${['a', 'b', 'B'].map((grade, n) => `Ana,ana-${n}@mail.example,${grade}\n`).join('')}`); // prettier-ignore
    expect(people.map(({ prefill }) => prefill.answers['grade'])).toEqual(['a', 'b', 'B']);
  });

  it('takes a country by its code, and by its name in English or a language of the form', async () => {
    const names = ['PH', 'philippines', 'Filipinas', 'Corea del Sur', 'South Korea', 'mexico'];
    const people = await peopleOf(wide, `name,email,from\n${names.map((name, n) => `Ana,ana-${n}@mail.example,${name}\n`).join('')}`); // prettier-ignore
    expect(people.map(({ prefill }) => prefill.answers['from'])).toEqual(['PH', 'PH', 'PH', 'KR', 'KR', 'MX']);
  });

  it('fills in the name and the address where the cells of their fields are empty', async () => {
    const people = await peopleIn('name,email,full_name\nAna,ana@mail.example,\nBen,ben@mail.example,Benjamin\n');
    expect(people.map(({ prefill }) => prefill.answers)).toEqual([
      { full_name: 'Ana', email: 'ana@mail.example' },
      { full_name: 'Benjamin', email: 'ben@mail.example' },
    ]);
  });

  it.each([
    ['a byte order mark', '\uFEFFname,email\nAna,ana@mail.example\n'],
    ['semicolons', 'name;email\r\nAna;ana@mail.example\r\n'],
    ['tabs', 'name\temail\nAna\tana@mail.example'],
    ['capital letters and spaces in its head', ' Name , EMAIL \nAna , ana@mail.example \n'],
    [
      'empty lines and empty cells at its end',
      'name,email,,\nAna,ana@mail.example\n\n,,\n'.replace(',,\nAna', '\nAna'),
    ],
    ['quotation marks', '"name","email"\n"Ana","ana@mail.example"\n'],
  ])('may have %s', async (_what, text) => {
    expect(await peopleIn(text)).toMatchObject([{ name: 'Ana', email: 'ana@mail.example', language: 'en' }]);
  });

  it('may hold the separator, a quotation mark and a line break in quotation marks', async () => {
    const [ana, ben] = await peopleIn('name,email\n"Ruiz, ""Ana""",ana@mail.example\nBen,ben@mail.example\n');
    expect(ana?.name).toBe('Ruiz, "Ana"');
    expect(ben?.name).toBe('Ben');
  });

  itLong('is taken with 5,000 people', async () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => `Person ${n},p${n}@mail.example`);
    expect(await peopleIn(`name,email\n${lines.join('\n')}`)).toHaveLength(5_000);
  });

  it('gets all its errors at once, line by line', async () => {
    const text = `name,email,age,city,language
Ana,ana@mail.example,17,cebu,en
,nobody,,,
Ben,ben@mail.example,thirty,davao,fr
Ana again,ANA@mail.example,,,
Cora,cora@mail.example,1,2,3,4
`;
    expect(await faultsIn(text)).toEqual([
      '2: age: Enter 18 or more.',
      '3: The name is missing.',
      '3: “nobody” is not an email address like name@example.com.',
      expect.stringMatching(/^4: The form is not in “fr”\. It is in: en, es\.$/),
      expect.stringMatching(/^4: age: /),
      expect.stringMatching(/^4: city: /),
      '6: This line has 6 cells, and there are 5 columns. Put a cell that contains the separator in quotation marks.',
    ]);
  });

  it('gets an error for a param that is too long, or that no person can type', async () => {
    const text = `name,email,customer_id\nAna,ana@mail.example,${'x'.repeat(501)}\nBen,ben@mail.example,4\u00012\n`;
    expect(await faultsIn(text)).toEqual([
      '2: customer_id: Shorten this to 500 characters or fewer.',
      '3: customer_id: Use letters, numbers and signs only.',
    ]);
  });

  it('has the language of the page in its column language, also if a field has this id', async () => {
    const asking = compiled(INVITING.replace('id: why', 'id: language'));
    const [ana] = await peopleOf(asking, 'name,email,language\nAna,ana@mail.example,es\n');
    expect([ana?.language, ana?.prefill.answers]).toEqual(['es', { full_name: 'Ana', email: 'ana@mail.example' }]);
  });

  it('may have the words of the page: yes and no, and the labels of options, in the form’s languages', async () => {
    const given = async (works: string, city: string) =>
      (await peopleOf(wide, `name,email,works,city\nAna,ana@mail.example,${works},${city}\n`))[0]?.prefill.answers;
    for (const yes of ['yes', 'Yes', 'YES', 'true', 'Sí', 'si'])
      expect(await given(yes, 'manila')).toMatchObject({ works: true, city: 'manila' });
    for (const [no, city] of [
      ['no', 'Metro Manila'],
      ['No', 'gran manila'],
      ['false', 'MANILA'],
    ] as const)
      expect(await given(no, city)).toMatchObject({ works: false, city: 'manila' });
    // A cell that is longer than any label is not folded, which takes long for some texts.
    const long = `manila${'\u0301'.repeat(1_000)}`;
    expect(await readPeople(wide, bytes(`name,email,city\nAna,ana@mail.example,${long}\n`), NOW)).toMatchObject({ ok: false }); // prettier-ignore
  });

  it('gets errors with the right value', async () => {
    const people = await readPeople(wide, bytes('name,email,works,city,pay,born\nAna,ana@mail.example,oui,davao,"12,000",12/31/1990\nBen,ben@mail.example,,,a lot,\n'), NOW); // prettier-ignore
    expect(people.ok ? [] : people.faults.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '2: works: Choose yes or no.',
      '2: city: Choose one of the answers that are offered. Write manila or cebu.',
      '2: born: Enter a date, with day, month and year. Write it like 1990-12-31.',
      expect.stringMatching(/^3: pay: .* Write it like 12000 or 12000\.50\.$/),
    ]);
    const others = await readPeople(wide, bytes('name,email,call,stars\nAna,ana@mail.example,9 am,6\n'), NOW);
    expect(others.ok ? [] : others.faults.map(({ message }) => message)).toEqual([
      'call: Enter a time, with hours and minutes. Write it like 18:30.',
      'stars: Choose one of the answers that are offered. Write 1, 2, 3, 4 or 5.',
    ]);
    // It can be two numbers for a person who reads Spanish, and is one in English.
    const unclear = await readPeople(wide, bytes('name,email,language,grams\nAna,ana@mail.example,es,1.234\n'), NOW);
    expect(unclear.ok ? [] : unclear.faults.map(({ message }) => message)).toEqual([
      'grams: Do you mean 1234 or 1.2340? Write one of the two. Write it like 12000 or 12000.50.',
    ]);
  });

  it('writes amounts as people write them', async () => {
    const people = await readPeople(wide, bytes('name,email,pay\nAna,ana@mail.example,"12,000"\nBen,ben@mail.example,PHP 12 000'), NOW);
    expect(people.ok && people.people.map(({ prefill: { answers } }) => answers)).toMatchObject([{ pay: 12_000 }, { pay: 12_000 }]);
  }); // prettier-ignore

  it('writes times as spreadsheets write them', async () => {
    const people = await peopleOf(wide, 'name,email,call\nAna,ana@mail.example,9:00\nBen,ben@mail.example,18:30:00\n');
    expect(people.map(({ prefill: { answers } }) => answers)).toMatchObject([{ call: '09:00' }, { call: '18:30' }]);
  });

  it('gets an error for columns that a file cannot fill in', async () => {
    const people = await readPeople(wide, bytes('name,email,apps,home\nAna,ana@mail.example,a,b\n'), NOW);
    expect(people.ok ? [] : people.faults.map(({ message }) => message)).toEqual([
      'apps takes several answers, so a file cannot fill it in.',
      'home can only be answered by the person, so a file cannot fill it in.',
    ]);
  });

  it('gets an error for an address that is there twice, with both lines', async () => {
    expect(await faultsIn('name,email\nAna,ana@mail.example\nBen,ben@mail.example\nAna,ANA@mail.example\n')).toEqual([
      '4: ana@mail.example is already in line 2.',
    ]);
  });

  it.each([
    ['', '1: The file is empty. Its first line names the columns: name, email.'],
    ['\n\n', '1: The file is empty. Its first line names the columns: name, email.'],
    ['name,email\n', '1: There are no people below the line of column names.'],
    ['Ana,ana@mail.example\n', '1: There is no column “name”. The first line names the columns: name, email, language, full_name, sss, age, city, why, customer_id.'], // prettier-ignore
    ['name,mail\nAna,ana@mail.example\n', '1: The form has nothing called “mail”. Did you mean email?'],
    ['name,email,name\nAna,ana@mail.example,B\n', '1: The column name is there twice.'],
    ['name,email\n"Ana,ana@mail.example\n', /^\d+: A quotation mark is in the wrong place/],
  ])('%j gets an error with that reason', async (text, told) => {
    const faults = await faultsIn(text);
    if (typeof told === 'string') expect(faults).toContain(told);
    else expect(faults.join('\n')).toMatch(told);
  });

  it('in another encoding gets an error with that reason', async () => {
    expect(await faultsIn(Uint8Array.of(...new TextEncoder().encode('name,email\n'), 0xc1, 0x6e, 0x61))).toEqual([
      '1: The file is not in UTF-8. In Excel, save it as “CSV UTF-8”.',
    ]);
  });

  it('gets an error when it has too many people', async () => {
    const lines = Array.from({ length: 10_001 }, (_, n) => `P,p${n}@mail.example`);
    expect(await faultsIn(`name,email\n${lines.join('\n')}`)).toEqual(['1: There are more than 10000 people. Split the file.']); // prettier-ignore
  });

  itLong('gets an error when its first line has far more columns than the form', async () => {
    const columns = Array.from({ length: 400_000 }, (_, n) => n.toString(36));
    expect(await faultsIn(`name,email,${columns.join(',')}\nAna,ana@mail.example\n`)).toEqual([
      '1: The first line has more than 109 columns. Keep only the columns of the form.',
    ]);
  });

  it('is read only as far as a thousand errors', async () => {
    expect(await faultsIn(`name,email\n${'nobody,\n'.repeat(9_000)}`)).toHaveLength(1_000);
  });

  it('lets others be answered while it is read', async () => {
    const empty = await countTurns(() => faultsIn(`name,email\n${',\n'.repeat(100_000)}`));
    expect(empty.result).toEqual(['1: There are no people below the line of column names.']);
    expect(empty.turns).toBeGreaterThan(10);
  });

  it('keeps names and addresses out of the headers of an email', async () => {
    expect(await faultsIn('name,email\n"Ana\nBcc: all@mail.example",ana@mail.example\n')).toHaveLength(1);
    expect(await faultsIn('name,email\nAna,"ana@mail.example\nBcc: all@mail.example"\n')).toHaveLength(1);
  });
});
