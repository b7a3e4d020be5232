import { createHash } from 'node:crypto';
import type { Form } from './schema.ts';

/**
 * The stored definition of a form, as JSON that does not depend on the order of keys. Examples are left out, because
 * they change nothing for people.
 */
export function definitionOf(form: Form): string {
  return canonicalJson({ ...form, examples: [] });
}

/** The name of a published state of a form: 16 hexadecimal digits made from its compiled definition. */
export function versionOf(form: Form): string {
  return createHash('sha256').update(definitionOf(form)).digest('hex').slice(0, 16);
}

/** JSON text of `value` that does not depend on the order of keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
