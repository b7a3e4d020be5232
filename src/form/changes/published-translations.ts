/** The translations of a published form, by which the editor finds those that are older than their text. */
import type { Form } from '../schema.ts';

/** A translation, and the texts in the first language that it was published for. */
export type PublishedTranslation = [key: string, texts: string[]];

/** The name of a translation among others. */
export const translationKey = (first: string, language: string, text: string): string => `${first} ${language} ${text}`;

/** The translations of `form`, each once. */
export function publishedTranslations(form: Form): PublishedTranslation[] {
  const found = new Map<string, string[]>();
  const [first, ...others] = form.languages;
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const texts = value as Record<string, unknown>;
    const text = texts[first];
    // A part with the key `id` is no text in Indonesian.
    if (typeof text !== 'string' || !Object.keys(texts).every((key) => (form.languages as string[]).includes(key)))
      return Object.values(texts).forEach(look);
    for (const language of others) {
      const translation = texts[language];
      if (typeof translation !== 'string') continue;
      const key = translationKey(first, language, translation);
      found.set(key, [...(found.get(key) ?? []), text]);
    }
  };
  look(form);
  return [...found];
}
