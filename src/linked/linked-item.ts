/**
 * Reads Smile's data of an account. Any attribute may be null or missing (Smile, Understanding the API), and some of
 * Smile's examples break its schemas, so only valid values are read.
 */

import { typeable } from '../form/typeable.ts';

/** One item of a data point, as Smile sent it. */
export type LinkedItem = Record<string, unknown>;

const isItem = (value: unknown): value is LinkedItem =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Cleaning takes long for a long text. Only 500 of these characters stay. */
const MAX_CLEANED_CHARACTERS = 2_000;

/** The text at `key` without invisible characters, cut at 500 characters; undefined if there is none. */
export function textAt(item: LinkedItem, key: string): string | undefined {
  const value = Object.hasOwn(item, key) ? item[key] : undefined;
  if (typeof value !== 'string') return undefined;
  return typeable(value.trimStart().slice(0, MAX_CLEANED_CHARACTERS)).trim().slice(0, 500) || undefined;
}

/** The number at `key`, also if it is written as text. */
export function numberAt(item: LinkedItem, key: string): number | undefined {
  const value = Object.hasOwn(item, key) ? item[key] : undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The objects in the list at `key`. */
export function itemsAt(item: LinkedItem, key: string): LinkedItem[] {
  const value = Object.hasOwn(item, key) ? item[key] : undefined;
  return Array.isArray(value) ? value.filter(isItem) : [];
}

/** The object at `key`. */
export function partAt(item: LinkedItem, key: string): LinkedItem | undefined {
  const value = Object.hasOwn(item, key) ? item[key] : undefined;
  return isItem(value) ? value : undefined;
}
