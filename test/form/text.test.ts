import { describe, expect, it } from 'vitest';
import { fillPipes, pieces, pipes, localize } from '../../src/form/runtime/text.ts';

describe('a text', () => {
  it('is in the requested language, or in its first one', () => {
    expect(localize('Hello', 'es')).toBe('Hello');
    expect(localize({ en: 'Hello', es: 'Hola' }, 'es')).toBe('Hola');
    expect(localize({ en: 'Hello', es: 'Hola' }, 'ar')).toBe('Hello');
    expect(localize({ en: 'Hello' }, 'constructor')).toBe('Hello');
    expect(localize({}, 'en')).toBe('');
  });

  it('names each answer in it once, in any language', () => {
    expect(pipes('Thank you, {full_name}. {reference} {full_name}')).toEqual(['full_name', 'reference']);
    expect(pipes({ en: 'Hi {a}', es: 'Hola {b}, {a}' })).toEqual(['a', 'b']);
    expect(pipes('{ } {} {Name} {1a} { a } {a-b} {{a}}')).toEqual(['a']);
  });

  it('comes apart into plain pieces and pipes', () => {
    expect(pieces('Hi {a}{b}!')).toEqual(['Hi ', { pipe: 'a' }, '', { pipe: 'b' }, '!']);
    expect(pieces('plain')).toEqual(['plain']);
  });
});

describe('piping', () => {
  it.each<[string, Record<string, string>, string]>([
    ['Thank you, {name}', { name: 'Ana' }, 'Thank you, Ana'],
    ['{a}{b}{a}', { a: '1', b: '2' }, '121'],
    ['Thank you, {name}.', {}, 'Thank you, .'],
    ['{constructor}{valueof}', {}, ''],
    ['{a}', { a: '{b}', b: 'x' }, '{b}'],
    ['{a}', { a: '$& $1 $$' }, '$& $1 $$'],
    ['{a}', { a: '<b>' }, '<b>'],
    ['{Not a pipe} {}', {}, '{Not a pipe} {}'],
  ])('%j with %j gives %j', (text, values, filled) => {
    expect(fillPipes(text, values)).toBe(filled);
  });
});
