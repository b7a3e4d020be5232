/** The built-in words of the respondent's page, one module per language. Authors write everything else. */
import { ar } from './ar.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fil } from './fil.ts';
import { id } from './id.ts';
import type { Language } from './language-names.ts';
import { zh } from './zh.ts';

export type { Language } from './language-names.ts';

export type Wording = typeof en;

export const wordings: Record<Language, Wording> = { en, es, fil, id, zh, ar };

export const languageCodes = Object.keys(wordings) as Language[];

/** The tag for `Intl`: Spanish as in Latin America (14,500.50), Arabic with the digits that keyboards have. */
export const localeOf = (language: Language): string =>
  ({ en: 'en', es: 'es-419', fil: 'fil-PH', id: 'id-ID', zh: 'zh-Hans-CN', ar: 'ar-u-nu-latn' })[language];

/** The tag for `lang` in a page. */
export const tagOf = (language: Language): string => (language === 'zh' ? 'zh-Hans' : language);

export const directionOf = (language: Language): 'ltr' | 'rtl' => (language === 'ar' ? 'rtl' : 'ltr');

/** The sentences as one text. Chinese has no space between them. */
export const joinSentences = (language: Language, ...sentences: string[]): string =>
  sentences.join(language === 'zh' ? '' : ' ');

/** The text between the parts of a list. */
export const commaIn = (language: Language): string => COMMAS[language] ?? ', ';

const COMMAS: Partial<Record<Language, string>> = { zh: '、', ar: '، ' };

/** The text that joins a sentence without a full stop to the next one. */
export const betweenSentences = (language: Language): string => (language === 'zh' ? '。' : '. ');
