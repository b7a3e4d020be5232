import { describe, expect, it } from 'vitest';
import { pipes } from '../../src/form/runtime/text.ts';
import { languageCodeOf } from '../../src/form/wording/language-code.ts';
import {
  directionOf,
  languageCodes,
  localeOf,
  tagOf,
  wordings,
  type Language,
} from '../../src/form/wording/wording.ts';

/** Every sentence of a language by its path, such as `page.next`. */
function sentencesOf(language: Language): Map<string, string> {
  const groups = Object.entries(wordings[language]);
  return new Map(
    groups.flatMap(([group, words]) => {
      const told: [string, unknown][] = typeof words === 'string' ? [['', words]] : Object.entries(words);
      return told.flatMap(([key, value]) => (typeof value === 'string' ? [[`${group}.${key}`, value]] : []));
    }),
  );
}

const english = sentencesOf('en');
const others = languageCodes.filter((language) => language !== 'en');

/** Words that a language says as English does. */
const SAME: Partial<Record<Language, string[]>> = { es: ['page.error'], fil: ['server.passwordLabel'] };

const LABELS = ['Full name', 'Your employer', 'SSS number', '姓名', 'الاسم الكامل', 'Sahod kada buwan (₱)'];
const QUESTIONS = ['Are you working now?', '¿Trabajas ahora?', '您现在有工作吗？', 'هل تعمل الآن؟'];

describe.each(languageCodes)('the words in %s', (language) => {
  const told = sentencesOf(language);

  it('are there for everything that English says, and for nothing else', () => {
    expect([...told.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...told])('%s has the meaning and the placeholders of the English text', (path, sentence) => {
    expect(pipes(sentence).sort()).toEqual(pipes(english.get(path) ?? '').sort());
    expect(sentence.replaceAll(/\{[a-z]+\}/g, '')).not.toMatch(/[{}]/);
  });

  it.each([...told])('%s is calm and tidy', (path, sentence) => {
    expect(sentence).toMatch(/\S/);
    expect(sentence).not.toMatch(/[!¡！]|\s\s|^\s/);
    if (path !== 'page.error') expect(sentence).not.toMatch(/\s$/);
  });

  it.each([...LABELS, ...QUESTIONS])('ask for “%s” by its label', (label) => {
    const { missing } = wordings[language];
    const asked = [missing.enter(label), missing.choose(label)];

    for (const sentence of asked) expect(sentence.toLowerCase()).toContain(label.toLowerCase());
  });

  it('ask for an answer to a question in any script', () => {
    const ask = (label: string) => wordings[language].missing.enter(label).replace(label, '');

    expect(new Set(QUESTIONS.map(ask)).size).toBe(1);
    expect(ask('您现在有工作吗？')).not.toBe(ask('姓名'));
  });
});

describe.each(others)('the words in %s', (language) => {
  it.each([...sentencesOf(language)].filter(([path]) => !SAME[language]?.includes(path)))(
    '%s is not English',
    (path, sentence) => {
      expect(sentence).not.toBe(english.get(path));
    },
  );
});

describe.each(['zh', 'ar'] as const)('the words in %s', (language) => {
  it.each([...sentencesOf(language)])('%s has no Latin word but the names Smile and JavaScript', (_path, sentence) => {
    expect(sentence.replaceAll(/\{[a-z]+\}|Smile|JavaScript/g, '')).not.toMatch(/[a-z]/i);
  });
});

describe('a language', () => {
  it('has a tag that browsers and Intl know', () => {
    for (const language of languageCodes) {
      expect(Intl.getCanonicalLocales(tagOf(language))).toEqual([tagOf(language)]);
      expect(Intl.DateTimeFormat.supportedLocalesOf(localeOf(language))).toHaveLength(1);
    }
  });

  it('counts with the digits that keyboards have', () => {
    for (const language of languageCodes) {
      expect(new Intl.NumberFormat(localeOf(language)).format(123)).toBe('123');
    }
  });

  it('is Arabic where it runs from right to left', () => {
    expect(languageCodes.filter((language) => directionOf(language) === 'rtl')).toEqual(['ar']);
  });

  it.each([
    ['tl', 'fil'],
    ['Tagalog', 'fil'],
    ['fil-PH', 'fil'],
    ['in', 'id'],
    ['Bahasa Indonesia', 'id'],
    ['zh-CN', 'zh'],
    ['zh-Hans', 'zh'],
    ['zh_TW', 'zh'],
    ['es-MX', 'es'],
    ['ar-EG', 'ar'],
    ['pt', 'pt'],
  ])('written as %s is understood as %s', (written, meant) => {
    expect(languageCodeOf(written)).toBe(meant);
  });
});
