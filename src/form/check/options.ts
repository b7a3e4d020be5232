/** The options of all questions together: the page has each of them. */
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { formatCount } from '../format-count.ts';
import { typeOf, type Field } from '../fields/fields.ts';
import { fieldsOf, type Form } from '../schema.ts';
import type { Finding } from './finding.ts';

const MAX_OPTIONS = SITE_LIMITS.formOptions.value;

export function optionFaults(form: Form): Finding[] {
  const count = fieldsOf(form).reduce((sum, field) => sum + optionsOf(field, form), 0);
  if (count <= MAX_OPTIONS) return [];
  return [
    {
      place: { path: ['screens'] },
      message: `the questions have ${formatCount(count, 'option')} together, and a form can have ${MAX_OPTIONS.toLocaleString('en')}`,
      remedy: 'Split the form into several forms, or use `type: text` for long lists.',
    },
  ];
}

/** The options of a question as the page has them, also of a built-in list such as that of countries. */
function optionsOf(field: Field, { languages }: Form): number {
  const control = typeOf(field).control(field, languages[0]);
  const parts = control.kind === 'parts' ? control.parts : [control];
  return parts.reduce((sum, part) => sum + ('choices' in part ? (part.choices?.length ?? 0) : 0), 0);
}
