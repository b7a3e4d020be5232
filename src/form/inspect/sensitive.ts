/** Which answers of a form are sensitive. */
import { formulaOf } from '../fields/fields.ts';
import { reads } from '../runtime/expression.ts';
import { fieldsOf, type Form } from '../schema.ts';

/** The ids of the fields whose answers are sensitive: those marked so, and what is worked out from one. */
export function sensitiveFields(form: Form): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const field of fieldsOf(form)) {
    const marked = 'sensitive' in field && field.sensitive === true;
    const formula = formulaOf(field);
    if (marked || (formula && reads(formula).some((id) => ids.has(id)))) ids.add(field.id);
  }
  return ids;
}
