/** Finds the sensitive answers of a form. */
import { formulaOf } from '../fields/fields.ts';
import { reads } from '../runtime/expression.ts';
import { fieldsOf, type Form } from '../schema.ts';

/** The ids of the fields with sensitive answers: those marked so, and those computed from one. */
export function sensitiveFields(form: Form): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const field of fieldsOf(form)) {
    const marked = 'sensitive' in field && field.sensitive === true;
    const formula = formulaOf(field);
    if (marked || (formula && reads(formula).some((id) => ids.has(id)))) ids.add(field.id);
  }
  return ids;
}
