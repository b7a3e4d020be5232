/** Finds the sensitive answers of a form. */
import { formulaOf } from '../fields/fields.ts';
import { reads } from '../runtime/expression.ts';
import { fieldsOf, type Form } from '../schema.ts';

/** The ids of the fields with sensitive answers: those marked so, and those computed from one. */
export function sensitiveFields(form: Form): ReadonlySet<string> {
  const ids = new Set<string>();
  /** By field, the computed fields that read it. */
  const readers = new Map<string, Set<string>>();
  for (const field of fieldsOf(form)) {
    if ('sensitive' in field && field.sensitive === true) ids.add(field.id);
    const formula = formulaOf(field);
    for (const id of formula ? reads(formula) : []) readers.set(id, (readers.get(id) ?? new Set()).add(field.id));
  }
  // In the file, a screen may be before the one whose answers it reads. The loop also meets the ids that it adds.
  for (const id of ids) for (const reader of readers.get(id) ?? []) ids.add(reader);
  return ids;
}
