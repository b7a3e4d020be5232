/** Which answers of a form are sensitive. */
import { reads } from './runtime/expression.ts';
import { fieldsOf, type Form } from './schema.ts';

/** The ids of the fields whose answers are sensitive: those marked so, and what is worked out from one. */
export function sensitiveFields(form: Form): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const field of fieldsOf(form)) {
    const marked = 'sensitive' in field && field.sensitive === true;
    const from = field.type === 'computed' && reads(field.value).some((id) => ids.has(id));
    if (marked || from) ids.add(field.id);
  }
  return ids;
}
