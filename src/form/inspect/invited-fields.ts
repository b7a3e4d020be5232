/** The fields that an invitation fills in with the name and the email address of its person. */
import { canHold, isFullName } from '../fields/fields.ts';
import { fieldsOf, type Form } from '../schema.ts';

/** The ids of the fields that the form names, or of the first that fit. */
export function invitedFields(form: Form): { name?: string | undefined; email?: string | undefined } {
  const fields = fieldsOf(form);
  return {
    name: form.invite?.name ?? fields.find(isFullName)?.id,
    email: form.invite?.email ?? fields.find((one) => canHold(one, 'email'))?.id,
  };
}
