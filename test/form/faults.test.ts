import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { printFault } from '../../src/form/faults/faults.ts';
import { parseForm } from '../../src/form/parse.ts';
import { fixture, messages, NOW, withRule } from '../helpers/compile.ts';

const broken = readdirSync(fixture('invalid')).filter((name) => name.endsWith('.yaml'));

describe('the faults of a broken form', () => {
  it('are its only output: the reader of YAML prints no warning with a part of the text', async () => {
    const warnings: string[] = [];
    const listen = ({ message }: Error) => warnings.push(message);
    process.on('warning', listen);
    expect(messages('title: { {full_name}: secret }')).not.toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it.each(broken)('are as in the text beside %s', async (name) => {
    const parsed = parseForm(name, readFileSync(fixture(`invalid/${name}`), 'utf8'), NOW);

    const told = parsed.ok ? '' : parsed.faults.map(printFault).join('\n\n');

    await expect(`${told}\n`).toMatchFileSnapshot(fixture(`invalid/${path.parse(name).name}.txt`));
  });

  it.each(broken)('in %s have the order of the file', (name) => {
    const parsed = parseForm(name, readFileSync(fixture(`invalid/${name}`), 'utf8'), NOW);

    const lines = parsed.ok ? [] : parsed.faults.map(({ line }) => line);

    expect(lines.length).toBeGreaterThan(0);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });

  it.each(broken)('in %s have no leftovers of the machine', (name) => {
    const parsed = parseForm(name, readFileSync(fixture(`invalid/${name}`), 'utf8'), NOW);

    for (const { message, remedy } of parsed.ok ? [] : parsed.faults) {
      expect(`${message} ${remedy ?? ''}`).not.toMatch(/Invalid input|undefined|\[object|Infinity|NaN|``/);
    }
  });
});

const MINIMAL = 'title: T\nscreens:\n  - { id: one, title: One }\nendings:\n  - { id: done, title: Done }\n';

describe('a file that is hardly a form', () => {
  it.each([
    ['is empty', ''],
    ['holds only a comment', '# Later\n'],
    ['is a sentence', 'Become a driver\n'],
    ['is a list', '- title: Become a driver\n'],
    ['names an anchor that does not exist', 'title: *later\n'],
    ['multiplies itself through anchors', bomb()],
    ['holds two documents', 'title: One\n---\ntitle: Two\n'],
    ['has a tag of another program', 'title: !!js/function "x"\n'],
    ['is beyond the largest size', 'title: ' + 'x'.repeat(1_000_001)],
    [
      'has a name of JavaScript for a type',
      MINIMAL.replace('title: One', 'title: One, fields: [{ id: n, label: N, type: { toString: x } }]'),
    ],
    ['is nested without end', withRule(['{ id: n, type: yes_no, label: N }'], nested(2_000))],
    ['holds signs that are no text', '\u0000\uFFFD\u202E'],
    ['compares a date with a word', withRule(['{ id: day, type: date, label: Day }'], '{ day: soon }')],
  ])('that %s gets an error about that', (_what, yaml) => {
    const told = messages(yaml);

    expect(told.length).toBeGreaterThan(0);
    for (const message of told) expect(message).not.toMatch(/``|undefined|node_modules/);
  });

  it.each([
    ['today + 9999 years', true],
    ['today - 99999 months', true],
    ['today - 1000 years', false],
    ['today + 99999 days', false],
  ])('that has the limit %s gets an error where the date is too far away', (max, isFar) => {
    const fields = `fields: [{ id: day, type: date, label: Day, max: ${max} }]`;

    expect(messages(MINIMAL.replace('title: One', `title: One, ${fields}`))).toEqual(isFar ? [expect.stringContaining('is more than 1,000 years from today')] : []); // prettier-ignore
  });

  it.each([
    ['braces', `title: ${'{a} '.repeat(5_000)}\n`],
    ['tags', `title: ${'!'.repeat(200_000)}\n`],
    ['levels', `title: T\n${'\t'.repeat(800_000)}x\n`],
    [
      'keys',
      `title: { ${Array.from({ length: 20_000 }, (_, at) => `l${at}: x`).join(', ')} }\nscreens: [{ id: a, title: A }]\nendings: [{ id: d, title: D }]\n`,
    ],
    ['commas', `title: T\nscreens: [{ id: a, title: ${'b, '.repeat(5_000)}c }]\n`],
    [
      'rests',
      `title: T\nscreens: [{ id: a, title: A, ${Array.from({ length: 20_000 }, (_, at) => `k${at}`).join(', ')} }]\nendings: [{ id: d, title: D }]\n`,
    ],
  ])('with thousands of %s gets a few errors', (_what, yaml) => {
    const told = messages(yaml);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(60);
    expect(told.join('').length).toBeLessThan(60_000);
  });

  it.each([
    ['holds a colon', 'password: open: sesame\n'],
    ['holds a brace', 'password: {open} sesame\n'],
    [
      'holds a comma',
      '{ title: T, password: open, sesame, screens: [{ id: a, title: A }], endings: [{ id: b, title: B }] }\n',
    ],
    ['begins with a star', 'password: *sesame\n'],
    ['has a line of its own', 'password:\n  open sesame\nbogus: 1\n'],
    ['is a block', 'password: |\n  open\n\n    sesame\nbogus: 1\n'],
    ['is in quotes over two lines', 'password: "open\n  sesame"\nbogus: 1\n'],
    ['is the next line of a map', '{\n  title: T,\n  password:\n    sesame,\n  bogus: 1 }\n'],
    ['is in quotes over two lines without indentation', 'password: "open\nsesame"\nbogus: 1\n'],
    ['has a line of its own with a colon', 'password:\n  a: open: sesame\nbogus: 1\n'],
    ['has a line of its own with quotes', "password:\n  'open's sesame'\nbogus: 1\n"],
    ['begins with a line', 'password: |opensesame\nbogus: 1\n'],
    ['begins with an exclamation mark', 'password: !sesame! open\nbogus: 1\n'],
    ['has a key in capital letters', 'Password: open sesame\nbogus: 1\n'],
    ['has a key with a question mark', '? password\n: open sesame\nbogus: 1\n'],
    ['has such a key with a comment, and a value below', 'title: T\n? password # secret\n:\n  open sesame\nbogus: 1\n'],
    ['has such a key and a colon', 'bogus: 1\n? password\n: open: sesame\n'],
    ['has such a key and an error', 'title: T\n? password\n: "open" sesame\n'],
    ['has such a key and braces that are never closed', 'title: T\n? password\n: {open sesame\n'],
    ['has such a key with an error far below', 'bogus: 1\n? password\n: open sesame\ntitle: "T\n'],
    ['has such a key in quotes', '? "password"\n: open sesame\nbogus: 1\n'],
    ['has an escaped key', '"pass\\u0077ord": open sesame\nbogus: 1\n'],
    ['has a name elsewhere', 'bogus: &p open sesame\npassword: *p\n'],
    ['has a name elsewhere, with a colon', 'bogus: &p open: sesame\npassword: *p\n'],
    ['has a name elsewhere, in quotes', 'bogus: &p "open sesame"\npassword: *p\n'],
    ['has a name elsewhere, in rows', 'bogus: &p\n  open\n  sesame\npassword: *p\n'],
    ['has a name elsewhere, in a block', 'bogus: &p |\n  open\n  sesame\npassword: *p\n'],
    ['has a name elsewhere, in a list', 'bogus: [a, &p open sesame]\npassword: *p\n'],
    ['is a list with a name elsewhere', 'bogus: &p [open, sesame]\npassword: *p\n'],
    ['has two names', 'bogus: [&p open, &q sesame]\npassword: [*q, *p]\n'],
    ['has a name elsewhere, which has another one', 'bogus: [&q open sesame]\ntitle: &p [*q]\npassword: *p\n'],
    ['has a name that contains itself', 'bogus: &p [open sesame, *p]\npassword: *p\n'],
    ['has a key with a name', 'title: &k password\nbogus: 1\n*k : open sesame\n'],
    ['is a name that nothing has', '? password\n: *sesame\nbogus: 1\n'],
  ])('keeps a password that %s out of its errors', (_what, yaml) => {
    const parsed = parseForm('one.yaml', yaml, NOW);
    const told = parsed.ok ? '' : parsed.faults.map(printFault).join();
    expect(told).not.toBe('');
    expect(told).not.toMatch(/open|sesame/);
  });

  it('has no control characters in its errors, which a terminal would obey', () => {
    const parsed = parseForm('one.yaml', 'title: T\nbogus: 1 # \u001b[2J\n"\\e[2Jk": 1\n', NOW);
    const told = parsed.ok ? '' : parsed.faults.map(printFault).join('\n');
    expect(told).toContain('# \ufffd[2J');
    expect(told).toContain('`\ufffd[2Jk`');
    expect(told).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('is good with one screen and one ending', () => {
    expect(messages(MINIMAL)).toEqual([]);
  });

  it('may begin with a byte order mark and end its lines as Windows does', () => {
    expect(messages(`\uFEFF${MINIMAL.replaceAll('\n', '\r\n')}`)).toEqual([]);
  });
});

describe('ids that JavaScript knows', () => {
  it('constructor, which every object has, is the id of nothing', () => {
    const taken = 'the id `constructor` is reserved';
    expect(messages(withRule(['{ id: constructor, type: yes_no, label: N }'], '{ constructor: true }'))).toEqual([
      taken,
    ]);
    expect(messages(MINIMAL.replace('id: done', 'id: constructor'))).toEqual([taken]);
    expect(messages(`${MINIMAL}params: [constructor]\n`)).toEqual([taken]);
  });

  it.each(['valueof', 'prototype'])('%s can be the id of a field', (id) => {
    expect(messages(withRule([`{ id: ${id}, type: yes_no, label: N }`], `{ ${id}: true }`))).toEqual([]);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('%s is no field unless it is declared', (id) => {
    const told = messages(withRule(['{ id: n, type: yes_no, label: N }'], `{ n: true, ${id}: true }`));

    expect(told).toContain(`there is no field \`${id}\``);
  });

  it.each(['constructor', 'toString', '__proto__'])('%s is no key of a field', (key) => {
    const told = messages(withRule([`{ id: n, type: yes_no, label: N, ${key}: 3 }`], '{ n: true }'));

    expect(told).toEqual([`field \`n\` has an unknown key \`${key}\``]);
  });
});

describe('an unknown key', () => {
  it.each([
    ['titel: Hello\n', 'Write `title`.'],
    ['titel: Hello\ntitle: Plain\n', 'Delete it. `title` is there already.'],
  ])('is a mistyped one only if the form does not have that key already: %j', (start, remedy) => {
    const parsed = parseForm('a.yaml', MINIMAL.trimStart().replace(/^title: .*\n/m, start), NOW);
    const fault = parsed.ok ? undefined : parsed.faults.find(({ message }) => /unknown key `titel`/.test(message));
    expect(fault?.remedy).toContain(remedy);
  });
});

describe('a screen called review', () => {
  const named = MINIMAL.replace('id: one', 'id: review');

  it('is an error only where the form has a review', () => {
    expect(messages(named)).toEqual([]);
    expect(messages(`${named}review: true\n`)).toEqual(['the id `review` is reserved']);
  });
});

describe('a redirect', () => {
  it.each<[string, boolean]>([
    ['https://acme.example/done?ref={reference}', true],
    ['https://acme.example:8443/{reference}', true],
    ['https://acme.example:99999/', false],
    ['https://[::1/', false],
    ['https://%00.example/', false],
  ])('to %s is an address that browsers can go to: %s', (redirect, good) => {
    const told = messages(MINIMAL.replace('title: Done', `title: Done, redirect: "${redirect}"`));
    const fault = '`redirect` of ending `done` is not a full web address with a fixed host';
    expect(told).toEqual(good ? [] : [fault]);
  });
});

describe('a field that no person can answer', () => {
  it('is a fault when its earliest date is after its latest', () => {
    const field = '{ id: day, type: date, label: Day, required: true, min: 2026-12-31, max: 2026-01-01 }';

    expect(messages(MINIMAL.replace('title: One }', `title: One, fields: [${field}] }`))).not.toEqual([]);
  });

  it('is a fault when its smallest number is above its largest', () => {
    const field = '{ id: age, type: number, label: Age, min: 9, max: 8 }';

    expect(messages(MINIMAL.replace('title: One }', `title: One, fields: [${field}] }`))).toEqual([
      '`min` of field `age` is more than `max`',
    ]);
  });
});

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n},`.repeat(9)}]`);
  return ['l0: &l0 [x, x]', ...levels].join('\n');
}

function nested(depth: number): string {
  return `${'{ any: [ '.repeat(depth)}{ n: true }${' ] }'.repeat(depth)}`;
}
