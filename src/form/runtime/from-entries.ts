/** Typed text of form controls → the JSON value of an answer. The browser and the native route read alike. */
import type { Answer } from './condition.ts';
import { compositeOf, type Entries } from './composite.ts';

export type { Entries };

/**
 * @param kind how the field's answer is written in JSON
 * @param id the field, which is also the name of its controls; those of an answer in parts are called `id.part`
 * @returns the value, or `undefined` when nothing was entered. What fits no kind stays text, for the server to refuse.
 */
export function fromEntries(kind: string, id: string, entries: Entries): Answer | undefined {
  if (kind === 'parts') return compositeOf(id, entries);
  const strings = entries.filter(([name, value]) => name === id && value !== '').map(([, value]) => value);
  if (kind === 'list' || kind === 'files') return strings[0] ? strings : undefined;
  const typed = strings[0]?.trim();
  if (!typed) return undefined;
  if (kind === 'number' && Number.isFinite(+typed)) return +typed;
  if (kind === 'boolean') return typed === 'true' || (typed !== 'false' && typed);
  return typed;
}
