/** The controls of a field, and what the browser's own constraint validation finds wrong with one. */
import { UNTYPABLE } from '../form/runtime/untypable.ts';

export type PageControl = (HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement) & { minLength?: number };

/** The controls of a field, those of its parts included. */
export const controlsOf = (form: HTMLFormElement, id: string): PageControl[] => [
  ...form.querySelectorAll<PageControl>(`[name="${id}"],[name^="${id}."]`),
];

/** What is wrong with one control, by the browser's name for it. Text that cannot be read comes before text that is missing. */
export function flagOf({ type, validity, required, value, minLength = 0 }: PageControl): string | undefined {
  if (validity.badInput) return 'badInput';
  const typed = value.normalize().trim();
  // White space is no answer, whatever the browser thinks of it.
  if (!typed) return required ? 'valueMissing' : undefined;
  // Nobody can correct what nobody sees; the server leaves it out.
  if (type === 'hidden') return undefined;
  if (UNTYPABLE.test(typed)) return 'typeMismatch';
  if (!validity.valid) for (const flag in validity) if (validity[flag as keyof ValidityState]) return flag;
  // Browsers look at the length of what was typed, not of what was filled in or put back.
  return typed.length < minLength ? 'tooShort' : undefined;
}
