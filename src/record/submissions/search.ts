/** Whether a submission has all words of a search. */
import type { Selectable } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { hasAll, type Search } from '../text-search.ts';

/** A row with the columns that a search reads. Sealed answers in it stay closed. */
type Row = Pick<Selectable<Tables['submissions']>, 'answers' | 'params' | 'link' | 'reference'>;

/**
 * Whether the values of a submission have each word, in any order. Names of fields are not looked at.
 * @param sensitive the fields whose answers are not looked at
 */
export function isMatch(search: Search, row: Row, sensitive: ReadonlySet<string>): boolean {
  const texts = [...valuesIn(row.answers, sensitive), ...valuesIn(row.params, NO_FIELDS), row.link ?? ''];
  return hasAll(search, texts, row.reference);
}

/** Ids of files are in answers too, each in a list, and no page shows them. */
const FILE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const NO_FIELDS: ReadonlySet<string> = new Set();

function valuesIn(json: string, without: ReadonlySet<string>): string[] {
  if (json === '{}') return [];
  const values = JSON.parse(json) as Record<string, unknown>;
  return Object.entries(values).flatMap(([id, value]) => (without.has(id) ? [] : valuesOf(value)));
}

function valuesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((one) => (FILE_ID.test(String(one)) ? [] : valuesOf(one)));
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null || '$sealed' in value) return [];
  return Object.values(value).flatMap(valuesOf);
}
