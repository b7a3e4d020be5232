/** Broken percent-encoding: it is read like browsers read it. Parsers are slow only for text that can't be decoded. */
import { expect, it } from 'vitest';
import { canDecode, repairEncoding } from '../../src/site-limits/repair-encoding.ts';

it.each([
  ['', ''],
  ['/a?b=c%20d%C3%A9', '/a?b=c%20d%C3%A9'],
  ['utm_campaign=oto%F1o', 'utm_campaign=oto%EF%BF%BDo'],
  ['100%&a=%zz', '100%25&a=%25zz'],
  ['%C3', '%EF%BF%BD'],
  ['%C3%A9%C3&%e2%82%ac%26', '%C3%A9%EF%BF%BD&%e2%82%ac%26'],
  ['%C0%80', '%EF%BF%BD%EF%BF%BD'],
  ['%ED%A0%80', '%EF%BF%BD%EF%BF%BD%EF%BF%BD'],
  ['%F0%9F%98%80%F5', '%F0%9F%98%80%EF%BF%BD'],
])('makes %j to %j', (sent, repaired) => {
  expect(repairEncoding(sent)).toBe(repaired);
});

it('makes everything decodable, and parsers of forms read the same from it', () => {
  const pieces = [
    'a',
    '&',
    '=',
    '+',
    '%',
    '%4',
    '%26',
    '%C3',
    '%A9',
    '%E2',
    '%82',
    '%AC',
    '%ED',
    '%F0',
    '%9F',
    '%80',
    '%FF',
  ];
  // One broken character may stand for some bytes.
  const read = (text: string) => JSON.stringify([...new URLSearchParams(text)]).replace(/\ufffd+/g, '?');
  let seed = 1;
  const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let run = 0; run < 20_000; run++) {
    const text = Array.from({ length: 8 }, () => pieces[next(pieces.length)]).join('');
    const repaired = repairEncoding(text);
    expect([text, canDecode(repaired), read(repaired)]).toEqual([text, true, read(text)]);
  }
});
