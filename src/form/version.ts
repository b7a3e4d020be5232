import { createHash } from 'node:crypto';
import type { Form } from './schema.ts';

/** The name of a published state of a form: the hash of its compiled definition. Its examples change nothing for anyone. */
export function versionOf({ examples: _examples, ...definition }: Form): string {
  return createHash('sha256').update(canonical(definition)).digest('hex').slice(0, 16);
}

/** JSON that does not depend on the order of keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}
