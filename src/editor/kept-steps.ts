/** The steps of undo, in the tab, while a member looks at another page. The sign-in page removes them. */
import type { HistoryStep } from './model/history.ts';

/** Of a form. Browsers have room for five such texts in a tab. */
const MAX_CHARACTERS = 1_000_000;

/**
 * Keeps the steps. Where they are too large, it leaves out the older half.
 * @param key the place in the store
 * @param text the text that the steps lead to
 */
export function keepSteps(key: string, text: string, steps: readonly HistoryStep[]): void {
  try {
    sessionStorage.removeItem(key);
    for (let kept = steps; kept.length; kept = kept.slice((kept.length + 1) / 2)) {
      const value = JSON.stringify([text, kept]);
      if (value.length <= MAX_CHARACTERS) return sessionStorage.setItem(key, value);
    }
  } catch {
    // The storage is full or closed, so undo begins with the next change.
  }
}

/** @returns the steps that lead to `text`. None if the stored steps lead to another text */
export function findSteps(key: string, text: string): HistoryStep[] {
  try {
    const [kept, steps] = JSON.parse(sessionStorage.getItem(key) ?? '[]') as [string, HistoryStep[]];
    return kept === text ? steps : [];
  } catch {
    return [];
  }
}
