import { describe, expect, it, vi } from 'vitest';
import { matchesPattern, withSharedTime } from '../../../src/form/fields/text/pattern.ts';
import { parseForm } from '../../../src/form/parse.ts';
import { messages, NOW, withRule } from '../../helpers/compile.ts';

const yamlOf = (pattern: string, more = '') =>
  withRule([`{ id: n, type: text, label: N, pattern: '${pattern}', pattern_hint: Like this${more} }`], '{ n: { answered: true } }'); // prettier-ignore

const field = (pattern: string, more = '') => messages(yamlOf(pattern, more));

const TOO_LONG = expect.stringContaining('takes too long on some answers');

describe('a pattern', () => {
  it.each([
    ['(a*)*', ''],
    ['([A-Z]+ ?)+', ''],
    ['(\\w+\\s?)*', ''],
    ['\\d*\\d*\\d*\\d*\\d*x', ''],
    ['\\d?'.repeat(26), ''],
    ['(\\d?){26}', ''],
    ['[A-Z]{1,50}[A-Z]{0,50}[A-Z]{0,50}[A-Z]{0,50}', ''],
    ['(A|AA)'.repeat(30), ''],
    ['[\\q{A}\\q{AA}]+', ''],
    ['id:\\d*\\d*\\d*\\d*\\d*x', ''],
    ['\\+(\\d+ ?)+', ''],
    ['(\\+63 ?)(\\d+ ?)+', ''],
    ['[#]\\d{2}(\\d+-?)+', ''],
    ['\\d*\\d*\\d*x', ', max_length: 5000'],
    ['\\d*\\d*x', ', max_length: 20000'],
    ['\\d*\\d{5000}x', ', max_length: 20000'],
    ['(\\d*)\\1\\d*x', ', max_length: 20000'],
    [`.*${'a{99}'.repeat(200)}b`, ', max_length: 20000'],
  ])('that takes long on an answer of the greatest length is refused: %s%s', (pattern, more) => {
    expect(field(pattern, more)).toEqual([TOO_LONG]);
  });

  it.each([
    ['[A-Z]{3}|[A-Z]{5}', ''],
    ['[A-Z]{4}[0-9]{6}[A-Z0-9]{2,3}', ''],
    ['(\\+63|0)? ?9\\d{2}[ \\-]?\\d{3}[ \\-]?\\d{4}', ''],
    ['[A-Za-z]+( [A-Za-z]+){0,3}', ', max_length: 20000'],
    ['\\p{L}+( \\p{L}+)*', ', max_length: 20000'],
    ['[A-Z]+ [A-Z]+ [A-Z]+ [A-Z]+', ', max_length: 20000'],
    ['\\d+(-\\d+)*', ', max_length: 20000'],
    ['.*\\d.*', ''],
    ['\\d*\\d*x', ''],
  ])('that no answer takes long on is taken: %s%s', (pattern, more) => {
    expect(field(pattern, more)).toEqual([]);
  });

  it.each(['\\p{RGI_Emoji}', '[\\p{L}\\p{Basic_Emoji}]{1,3}', '\\p{Emoji_Keycap_Sequence}'.repeat(20)])(
    'with a property of texts, which takes long to compile, is refused: %s',
    (pattern) => {
      expect(field(pattern)).toEqual([
        expect.stringMatching(/^`pattern` of field `n` has `\\p\{\w+\}`, which takes too long$/),
      ]);
    },
  );

  it.each([
    ['[0-9 ()+-]+', 'Invalid character in character class', 'Write \\ before each of ( ) { } / | - inside [ ]'],
    ['[A-Z-]+', 'Invalid character class', 'Write \\ before each of ( ) { } / | - inside [ ]'],
    ['\\d{3}\\-\\d', 'Invalid escape', 'Remove the \\ before a sign that needs none, such as - outside [ ]'],
    ['[abc', 'Unterminated character class', 'Write ] after the signs of each ['],
    ['[z-a]', 'Range out of order in character class', 'Write the earlier sign of a range first, such as [a-z]'],
    ['[\\p{Foo}]', 'Invalid property name in character class', 'Write a property that Unicode has'],
    ['\\p{Foo}', 'Invalid property name', 'Write a property that Unicode has'],
    ['[!!]', 'Invalid set operation in character class', 'Write a sign such as ! or # only once inside [ ]'],
    ['\\A\\d+\\Z', 'Invalid escape', 'Remove \\A and \\Z, because the complete answer has to match anyway'],
    ['\\1', 'Invalid escape', 'Check each \\ before a letter or a digit'],
    ['\\d\\x1', 'Invalid escape', 'Check each \\ before a letter or a digit'],
    ['(abc', 'Unterminated group', 'Check its brackets, and the signs before * + ? and {'],
    ['x)|(a+b', "Unmatched ')'", 'Check its brackets, and the signs before * + ? and {'],
  ])('that is no regular expression has the fault and a remedy for it: %s', (pattern, fault, remedy) => {
    const parsed = parseForm('form.yaml', yamlOf(pattern), NOW);
    const message = `\`pattern\` of field \`n\` is not a regular expression (${fault})`;
    expect(parsed.ok ? [] : parsed.faults).toMatchObject([{ message, remedy: expect.stringContaining(remedy) }]);
  });

  it('that is slow all the same, as of an older version of a form, matches nothing that it is slow on', () => {
    expect(matchesPattern('(a*)*', `${'a'.repeat(200)}b`)).toBe(false);
    expect(matchesPattern('(a*)*', 'aaa')).toBe(true);
  });

  it.each([
    ['[A-Z]{2}7-?[0-9]+', `AB7-${'1'.repeat(196)}`],
    ['[A-Za-z]+ [A-Za-z]+', 'Maria Magdalena Fernandez'],
    ['(\\+63|0)? ?9\\d{2}[ \\-]?\\d{3}[ \\-]?\\d{4}', '+63 917 123 4567'],
  ])('that is quick on an answer needs no timeout, which takes longer than the match: %s', (pattern, answer) => {
    const timed = vi.spyOn(process, 'threadCpuUsage');
    matchesPattern(pattern, answer);
    expect(timed).not.toHaveBeenCalled();
    timed.mockRestore();
  });

  it.each([
    ['[A-Za-z]+ [A-Za-z]+', 'a'.repeat(200)],
    ['\\d*\\d*\\d{40}x', '0'.repeat(98)],
    ['(\\d?){26}', '0'],
    ['(a+)+', 'a'],
  ])('that can take longer has a timeout: %s', (pattern, answer) => {
    const timed = vi.spyOn(process, 'threadCpuUsage');
    matchesPattern(pattern, answer);
    expect(timed).toHaveBeenCalled();
    timed.mockRestore();
  });

  it('that takes long for each of many answers, but not too long for one, matches only the first ones', () => {
    const pattern = '(a*)*b|a*c';
    const longAnswer = (length = 10): string => {
      const text = `${'a'.repeat(length)}c`;
      const before = process.threadCpuUsage();
      matchesPattern(pattern, text);
      return process.threadCpuUsage(before).user > 4_000 ? text : longAnswer(length + 1);
    };
    const text = longAnswer();
    const matched = withSharedTime(() => Array.from({ length: 200 }, () => matchesPattern(pattern, text)));
    expect([matched[0], matched.at(-1)]).toEqual([true, false]);
  });
});
