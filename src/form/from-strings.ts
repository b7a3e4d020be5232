/** Typed text of a form control → the JSON value of an answer. The browser and the native route read alike. */
import type { Answer } from './condition.ts';

/**
 * @param kind how the field's answer is written in JSON
 * @param strings the values under the field's name, as `FormData.getAll` gives them
 * @returns the value, or `undefined` when nothing was entered. What fits no kind stays text, for the server to refuse.
 */
export function fromStrings(kind: string, strings: string[]): Answer | undefined {
  if (kind === 'list') return strings.length ? strings : undefined;
  const typed = strings[0]?.trim();
  if (!typed) return undefined;
  if (kind === 'number' && Number.isFinite(Number(typed))) return Number(typed);
  if (kind === 'boolean' && /^(true|false)$/.test(typed)) return typed === 'true';
  return typed;
}
