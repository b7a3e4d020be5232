import { describe, expect, it } from 'vitest';
import { todayAround } from '../../../src/form/fields/dates/date.ts';
import { fileLimits, typeOf } from '../../../src/form/fields/fields.ts';
import { parseAnswer } from '../../../src/form/fields/parse-answer.ts';
import { sentence } from '../../../src/form/fields/problem-sentences.ts';
import { sizeInWords } from '../../../src/form/fields/files/files.ts';
import { sensitiveFields } from '../../../src/form/inspect/sensitive.ts';
import { compile, fieldOf, messages, NOW } from '../../helpers/compile.ts';

const form = (...fields: string[]): string => `
title: Files
languages: [en, es]
screens: [{ id: one, title: One, fields: [${fields.join(', ')}] }]
endings: [{ id: done, title: Done }]
`;

const cv = (keys = '') => fieldOf(compile(form(`{ id: cv, type: file, label: CV${keys} }`)), 'cv');
const KB = 1024;

describe('the files that a field accepts', () => {
  it('is pictures and PDF, one of up to 10 MB, unless it says otherwise', () => {
    expect(fileLimits(cv())).toEqual({
      types: ['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'application/pdf'],
      maxBytes: 10 * KB * KB,
      maxFiles: 1,
    });
    expect(fileLimits(cv(', accept: [spreadsheet, image/png], max_size: 1.5 MB, max_files: 3'))).toEqual({
      types: [
        'image/png',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'application/vnd.oasis.opendocument.spreadsheet',
      ],
      maxBytes: 1.5 * KB * KB,
      maxFiles: 3,
    });
  });

  it('are one picture for a signature, and an empty list for another type', () => {
    const signed = fieldOf(compile(form('{ id: s, type: signature, label: Sign }')), 's');
    expect(fileLimits(signed)).toEqual({ types: ['image/png', 'image/jpeg'], maxBytes: 5 * 1024 * KB, maxFiles: 1 });
    expect(fileLimits(fieldOf(compile(form('{ id: t, type: text, label: Text }')), 't'))).toBeUndefined();
  });

  it('reach the browser as media types and endings, without HEIC, so that phones turn it into JPEG', () => {
    const { accept, ...rest } = typeOf(cv()).control(cv(), 'en') as { accept: string };
    expect(accept.split(',')).toEqual(expect.arrayContaining(['image/jpeg', 'application/pdf', '.jpg', '.pdf']));
    expect(accept).not.toMatch(/heic|svg|html|\*/);
    expect(rest).toEqual({ kind: 'files', maxFiles: 1, maxBytes: 10 * KB * KB, signature: false });
  });

  it.each([
    ['max_size: 26 MB', 'is more than 25 MB'],
    ['max_size: 25.001 MB', 'is more than 25 MB'],
    ['max_size: 10', ''],
    ['max_size: 10 GB', 'is not a size'],
    ['max_size: 0 MB', 'is not a size'],
    ['max_files: 11', ''],
    ['max_files: 0', ''],
    ['accept: []', 'is empty'],
    ['accept: [svg]', ''],
    ['accept: [image/svg+xml]', ''],
    ['accept: [text/html]', ''],
    ['accept: ["*/*"]', ''],
    ['default: []', ''],
  ])('is not %s', (key, said) => {
    const found = messages(form(`{ id: cv, type: file, label: CV, ${key} }`));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(said);
  });

  it.each(['25 MB', '25MB', '500 kB', '500KB', '1 mb'])('may be written %s', (size) => {
    expect(messages(form(`{ id: cv, type: file, label: CV, max_size: ${size} }`))).toEqual([]);
  });
});

describe('an answer of files', () => {
  const id = () => crypto.randomUUID();
  const read = (raw: unknown, keys = ', max_files: 2') => parseAnswer(cv(keys), raw, todayAround(NOW));

  it('is a list of ids, none twice, no more than the field takes', () => {
    const [one, two] = [id(), id()];
    expect(read([one, two])).toEqual({ answer: [one, two] });
    expect(read([one, one])).toEqual({ problem: 'choice' });
    expect(read([one, two, id()])).toEqual({ problem: 'many' });
    expect(read([])).toEqual({ answer: undefined });
    expect(read([], ', required: true')).toEqual({ problem: 'missing' });
  });

  it.each([['x'], [['x']], [[1]], [{}], [true], [['../../etc/passwd']], [[null]], [[[crypto.randomUUID()]]]])(
    'is not %j',
    (raw) => expect(read(raw)).toEqual({ problem: 'choice' }),
  );

  it('is shown by number', () => {
    const show = (answer: string[], language: 'en' | 'es' | 'zh') => typeOf(cv()).show(cv(), answer, language);
    expect([show(['a'], 'en'), show(['a', 'b'], 'en'), show(['a'], 'es'), show(['a', 'b'], 'zh')]).toEqual(['1 file', '2 files', '1 archivo', '2 个文件']); // prettier-ignore
  });

  it('gets an error that has the remedy', () => {
    const field = cv(', accept: [pdf, image/png], max_size: 2 MB, max_files: 3, required: true');
    expect((['missing', 'type', 'size', 'short', 'many', 'choice'] as const).map((one) => sentence(field, one, 'en'))).toEqual([
      'Choose a file for “CV”',
      'Choose a file of one of these kinds: PNG, PDF',
      'Choose a file of 2 MB or less',
      'Choose another file, because this one is empty',
      'Choose 3 files at most',
      'Choose the file again',
    ]); // prettier-ignore
    expect(sentence(field, 'size', 'es')).toBe('Elige un archivo de 2 MB o menos');
  });

  it.each(['1.26 MB', '2.25 MB', '1.234 MB', '500.5 kB'])('has a size of %s as it is written', (size) => {
    expect(sentence(cv(`, max_size: ${size}`), 'size', 'en')).toBe(`Choose a file of ${size} or less`);
  });

  it('names the signature that is missing, because a screen can have two', () => {
    const field = fieldOf(compile(form('{ id: s, type: signature, label: Witness, required: true }')), 's');
    expect([sentence(field, 'missing', 'en'), sentence(field, 'missing', 'ar')]).toEqual([
      'Add your signature at “Witness”',
      'أضف توقيعك في خانة «Witness»',
    ]);
  });
});

describe('a size', () => {
  it.each([
    [1, '1 kB'],
    [1_536, '2 kB'],
    [100 * KB, '100 kB'],
    [KB * KB, '1 MB'],
    [1.25 * KB * KB, '1.3 MB'],
    [25 * KB * KB, '25 MB'],
  ])('of %i bytes is %s', (bytes, words) => expect(sizeInWords(bytes, 'en')).toBe(words));
});

describe('the sensitive answers', () => {
  it('are those with the mark, those beside them, and those computed from them', () => {
    const made = compile(
      form(
        '{ id: name, type: text, label: Name }',
        '{ id: pay, type: number, label: Pay, sensitive: true }',
        '{ id: hours, type: number, label: Hours }',
        '{ id: yearly, type: computed, label: Yearly, value: pay * 12 }',
        '{ id: more, type: computed, label: More, value: yearly + 1 }',
        '{ id: double, type: computed, label: Double, value: hours * 2 }',
        '{ id: how, type: radio, label: How, sensitive: true, other: true, options: [{ value: a, label: A }] }',
      ),
    );
    expect([...sensitiveFields(made)].toSorted()).toEqual(['how', 'how_other', 'more', 'pay', 'yearly']);
  });

  it('are also those computed on a screen that is before the marked one in the file', () => {
    const made = compile(`
title: Loan
screens:
  - { id: start, title: Start, fields: [{ id: name, type: text, label: Name }], next: pay }
  - id: result
    title: Result
    fields:
      - { id: yearly, type: computed, label: A year, value: monthly * 12 }
      - { id: more, type: computed, label: More, value: yearly + 1 }
    next: done
  - id: pay
    title: Pay
    fields: [{ id: monthly, type: number, label: Pay, sensitive: true }]
    next: result
endings: [{ id: done, title: Done }]
`);
    expect([...sensitiveFields(made)].toSorted()).toEqual(['monthly', 'more', 'yearly']);
  });
});
