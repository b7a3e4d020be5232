/** The languages of the page's own words, each by its own name. */
const NAMES = {
  en: 'English',
  es: 'Español',
  fil: 'Filipino',
  id: 'Bahasa Indonesia',
  zh: '简体中文',
  ar: 'العربية',
};

/** A language of the page's own words, by its code in forms and addresses. */
export type Language = keyof typeof NAMES;

/** The name of a language in itself, such as Español. A code that forms cannot have stays as it is. */
export const nameOfLanguage = (code: string): string => (Object.hasOwn(NAMES, code) ? NAMES[code as Language] : code);
