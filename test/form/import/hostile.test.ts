/** Definitions that were written to harm: each is refused with a sentence, or becomes a form within its limits. */
import { describe, expect, it } from 'vitest';
import { importForm, recognize } from '../../../src/form/import/import.ts';
import { MAX_SENTENCES, reportInWords } from '../../../src/form/import/report.ts';
import { LONG, someOf } from '../../helpers/run/long.ts';
import { NOW } from '../../helpers/compile.ts';
import { imported } from './imported.ts';

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index)); // prettier-ignore
const nested = (open: string, close: string, count: number) => open.repeat(count) + close.repeat(count);

const REFUSED: [name: string, text: string, reason: RegExp][] = [
  ['of 5 MB', JSON.stringify({ elements: [{ type: 'html', html: 'x'.repeat(5_000_000) }] }), /more than 1,000,000 characters/], // prettier-ignore
  ['of open brackets', '['.repeat(900_000), /does not know this kind/],
  ['of open braces', '{a:'.repeat(300_000), /begins like JSON/],
  ['with aliases that multiply', `name: x\nbody:\n - &a [x,x,x,x,x,x,x,x,x]\n${many(8, (at) => ` - &${'bcdefghi'[at]} [${many(9, () => `*${'abcdefgh'[at]}`).join(',')}]`).join('\n')}\n`, /does not know this kind/], // prettier-ignore
  ['of deep lists', `name: x\nbody:\n ${'- '.repeat(100_000)}a`, /does not know this kind/],
  ['without its end', '{ "pages": [{ "elements": [{ "type": "text", "name": "a" }', /from the first \{ to the last \}/],
  ['that is empty', '', /does not know this kind/],
  ['that is null', 'null', /does not know this kind/],
];

describe('a text is refused with a sentence', () => {
  // Open braces take a second, as open brackets do.
  it.each(REFUSED.filter(([name]) => LONG || name !== 'of open braces'))('%s', (_name, text, reason) => {
    const result = importForm(text, { now: NOW });

    expect(result.ok ? result.text : result.message).toMatch(reason);
    expect(recognize(text)).toBeUndefined();
  });
});

describe('the import is bounded', () => {
  it('for 10,000 questions: 1,000 are kept, and the others are counted', () => {
    const sources = [
      { elements: many(10_000, () => ({ type: 'text', name: 'q' })) },
      { pages: many(10_000, (at) => ({ elements: [{ type: 'text', name: `q${at}` }] })) },
      { fields: many(10_000, (at) => ({ type: 'yes_no', ref: `q${at}`, title: `Q${at}` })) },
    ];
    for (const source of someOf<object>(sources, 1)) {
      const { report, faults } = imported(source);

      expect(faults).toEqual([]);
      expect(report.carried.questions).toBeLessThanOrEqual(1_000);
      expect(report.carried.questions + report.lostQuestions).toBe(10_000);
    }
  });

  it('for 10,000 sentences: the last one counts the others', () => {
    const { sentences, report } = imported({ elements: many(10_000, (at) => ({ type: 'matrix', name: `q${at}` })) });

    expect(sentences).toHaveLength(MAX_SENTENCES + 1);
    expect(sentences.at(-1)).toBe('9,800 more things were left out or changed.');
    expect(reportInWords(report)).toBe('0 questions were carried over. 10,000 questions were left out.');
  });

  it.each([
    ['panels', `{"elements":[${nested('{"type":"panel","elements":[', ']}', 20_000)}]}`],
    ['groups', `{"fields":[${nested('{"type":"group","properties":{"fields":[', ']}}', 15_000)}]}`],
    ['conditions', `{"fields":[{"type":"yes_no","ref":"a","title":"A"},{"type":"yes_no","ref":"b","title":"B"},{"type":"yes_no","ref":"c","title":"C"}],"logic":[{"ref":"a","actions":[{"action":"jump","details":{"to":{"type":"field","value":"c"}},"condition":${nested('{"op":"and","vars":[', ']}', 20_000)}}]}]}`], // prettier-ignore
  ])('for deep %s', (_name, text) => {
    const { faults, sentences } = imported(text);

    expect(faults).toEqual([]);
    expect(sentences.join('\n')).toMatch(/more than 10|too many levels/);
  });

  it('for patterns that take long on some answers, which are left out', () => {
    const { faults, sentences, fields } = imported({ elements: many(20, (at) => ({ type: 'text', name: `a${at}`, validators: [{ type: 'regex', regex: '^(a+)+$', text: 'x' }] })) }); // prettier-ignore

    expect(faults).toEqual([]);
    expect(fields.some(({ pattern }) => pattern)).toBe(false);
    expect(sentences[0]).toBe('“a0”: “pattern” was left out, because it takes too long on some answers.');
  });

  it('for jumps that go round', () => {
    const refs = ['a', 'b', 'c'];
    const jump = (to: string) => [{ action: 'jump', details: { to: { type: 'field', value: to } }, condition: { op: 'always' } }]; // prettier-ignore
    const fields = refs.map((ref) => ({ type: 'yes_no', ref, title: ref.toUpperCase() }));
    const { faults, sentences } = imported({ fields, logic: refs.map((ref, at) => ({ ref, actions: jump(refs[(at + 2) % 3]!) })) }); // prettier-ignore

    expect(faults).toEqual([]);
    expect(sentences).toContain('“C”: the jump back to “B” was left out. People can go back with the Back link.');
    expect(sentences).toContain('“B” was left out. No path leads to it.');
  });
});

it('names that every object has are names like others', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const { faults, fields } = imported(`{"elements":[${names.map((name) => `{"type":"text","name":"${name}","visibleIf":"{__proto__} = 'x'"}`).join(',')}],"__proto__":{"polluted":true}}`); // prettier-ignore

  expect(faults).toEqual([]);
  expect(fields.map(({ id }) => id)).toEqual(['proto', 'constructor_2', 'to_string', 'has_own_property']);
  expect(fields[1]?.show_when).toEqual({ proto: 'x' });
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

it('markup becomes text, and addresses of programs are gone', () => {
  const html = '<p>1 < 2 &lt;b&gt;</p><script>alert(1)</script><a href="javascript:alert(1)">x</a> <a href="https://a.example">y</a><img src=x onerror=alert(1)>'; // prettier-ignore
  const { field, sentences } = imported({ elements: [{ type: 'html', name: 'note', html }] });

  expect(field('note')?.text).toBe('1 < 2 <b>\n\nx y (https://a.example)');
  expect(sentences).toEqual(['A picture in “1 < 2 <b> x y (https://a.example)” was left out.']);
});

it('characters that no keyboard types are taken away, and open brackets are closed', () => {
  const { faults, data } = imported({ title: '\u0001A\u202e[', elements: [{ type: 'text', name: 'x', title: `${'['.repeat(200)} \ud800` }] }); // prettier-ignore

  expect(faults).toEqual([]);
  expect(data.title).toBe('A(');
});

it.each([
  '{"fields":[null,1,"x",[],{}]}',
  '{"pages":[null,1,{"elements":[null,5,{"type":{}},{"type":"radiogroup","name":{},"choices":[null,{},{"value":{}}]}]}]}',
  'name: x\nbody: [null, 1, {type: input}, {type: dropdown, attributes: {options: [null]}}, {type: checkboxes}]',
  '{"fields":[{"type":"rating","title":"A","properties":{"steps":1e9}},{"type":"number","title":"B","validations":{"min_value":9,"max_value":1}}]}',
  '{"elements":[{"type":"dropdown","name":"a","choicesMin":0,"choicesMax":1e9},{"type":"rating","name":"b","rateMax":1e9},{"type":"file","name":"c","maxSize":-1,"acceptedTypes":"x/y"}]}',
])('values of the wrong kind do no harm: %s', (text) => {
  expect(imported(text).faults).toEqual([]);
});
