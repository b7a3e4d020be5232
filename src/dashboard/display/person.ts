/** Guesses the name and the contact of a person from the answers, and knows the address of their page. */
import type { Answers } from '../../form/runtime/condition.ts';
import { canHold, isFullName, typeOf, type Field } from '../../form/fields/fields.ts';
import { fieldsOf, type Form } from '../../form/schema.ts';
import { nameFields } from '../../form/settings/match.ts';
import { sensitiveFields } from '../../form/inspect/sensitive.ts';
import { formatReference } from '../../record/ids.ts';

/** `contact` is an email or a phone number, when `name` is not that already. */
export type PersonLabel = { name: string; contact: string | undefined };

type Subject = { answers: Answers; reference: string | null; erasedAt?: string | null };

/**
 * The name, otherwise the email, the phone number or the reference. The name is in the field that the form names for
 * invitations or for comparisons, otherwise in the first one that looks so. Never a sensitive answer.
 */
export function personOf(form: Form | undefined, { answers, reference, erasedAt }: Subject): PersonLabel {
  const sensitive = form ? sensitiveFields(form) : new Set<string>();
  const fields = (form ? fieldsOf(form) : []).filter(({ id }) => !sensitive.has(id));
  const first = (fits: (field: Field) => boolean): string | undefined => {
    const field = fields.find((one) => fits(one) && answers[one.id] !== undefined);
    return field && typeOf(field).show(field, answers[field.id] ?? '', 'en');
  };
  const parts = form?.match ? nameFields(form.match) : [];
  const declared = parts.flatMap((part) => first(({ id }) => id === part) ?? []).join(' ') || undefined;
  const name = first(({ id }) => id === form?.invite?.name) ?? declared ?? first(isFullName) ?? first(isCalledName);
  const contact = first((field) => canHold(field, 'email')) ?? first((field) => canHold(field, 'phone'));
  if (name !== undefined) return { name, contact };
  return {
    name: contact ?? (reference ? formatReference(reference) : erasedAt ? 'Deleted' : 'No name yet'),
    contact: undefined,
  };
}

/** The page of a person, as a path of the site. */
export const pathOfPerson = (form: string, submission: string): string => `/admin/forms/${form}/people/${submission}`;

const isCalledName = (field: Field): boolean => canHold(field, 'name') && field.id.includes('name');
