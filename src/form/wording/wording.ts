/** The built-in words of the respondent's page, one module per language. Authors write everything else. */
import { en } from './en.ts';
import { es } from './es.ts';

export interface Wording {
  /** The language's own name. */
  name: string;
  /** How an empty field is told, given its label. */
  missing: { enter(label: string): string; choose(label: string): string; tick(label: string): string };
  /** Sentences of the page. `{n}` and the like are filled in where they are shown. */
  page: typeof en.page;
  /** Sentences of a Wink screen; they load with it. */
  wink: typeof en.wink;
  /** Sentences that only the server says. */
  server: typeof en.server;
  /** What is read from a work account, by Smile's name for it, to stand in a list. */
  dataPoints: typeof en.dataPoints;
}

export const wordings: Record<Language, Wording> = { en, es };

/** A language that the page's own words exist in. */
export type Language = 'en' | 'es';

export const languageNames: Language[] = ['en', 'es'];

/** How numbers and dates are written: in Spanish as in Latin America, 14,500.50. */
export const localeOf = (language: Language): string => ({ en: 'en', es: 'es-419' })[language];
