/** The controls of a field, and the problems that the browser's constraint validation finds. */
import { UNTYPABLE } from '../form/runtime/untypable.ts';

export type PageControl = (HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement) & { minLength?: number };

/** The controls of a field, including the inputs of a composite one. */
export const controlsOf = (form: HTMLFormElement, id: string): PageControl[] => [
  ...form.querySelectorAll<PageControl>(`[name="${id}"],[name^="${id}."]`),
];

/** The problem of one control, by the browser's name. Unreadable text comes before missing text. */
export function flagOf({ type, validity, required, value, minLength = 0 }: PageControl): string | undefined {
  if (validity.badInput) return 'badInput';
  const typed = value.normalize().trim();
  // White space is no answer, whatever the browser says.
  if (!typed) return required ? 'valueMissing' : undefined;
  // The person cannot correct a hidden field. The server leaves it out.
  if (type === 'hidden') return undefined;
  if (UNTYPABLE.test(typed)) return 'typeMismatch';
  if (!validity.valid) for (const flag in validity) if (validity[flag as keyof ValidityState]) return flag;
  // Browsers check the length of typed text only, not of restored or prefilled text.
  return typed.length < minLength ? 'tooShort' : undefined;
}
