/** Typed text of form controls → the JSON value of an answer. The browser and the native route read alike. */
import type { Answer } from './condition.ts';
import { compositeOf, type Entries } from './composite.ts';

export type { Entries };

/**
 * @param kind the kind of JSON value of the field's answer
 * @param id the field, which is also the name of its controls. Controls of an answer in parts are called `id.part`
 * @returns the value; undefined if nothing was entered. A text that does not fit the kind stays text, and the server
 * refuses it
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
