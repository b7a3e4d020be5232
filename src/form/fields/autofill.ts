/** Values that the browser may fill in by itself: autofill names of the HTML Standard. */

/** Ids that show the question. */
const BY_ID: Record<string, string> = {
  full_name: 'name', name: 'name', first_name: 'given-name', given_name: 'given-name', middle_name: 'additional-name',
  last_name: 'family-name', surname: 'family-name', family_name: 'family-name', nickname: 'nickname',
  employer: 'organization', company: 'organization', organization: 'organization', job_title: 'organization-title',
  street: 'address-line1', address: 'address-line1', address_line1: 'address-line1', address_line2: 'address-line2',
  barangay: 'address-level3', city: 'address-level2', town: 'address-level2', province: 'address-level1',
  state: 'address-level1', region: 'address-level1', postal_code: 'postal-code', postcode: 'postal-code',
  zip: 'postal-code', zip_code: 'postal-code', country: 'country-name',
  birth_date: 'bday', birthdate: 'bday', birthday: 'bday', date_of_birth: 'bday', dob: 'bday',
}; // prettier-ignore

interface AutofillField {
  id: string;
  sensitive?: boolean | undefined;
  autocomplete?: string | undefined;
}

/**
 * The value of `autocomplete`: the author's, or else "off" for a sensitive answer, or else the one of the type or of
 * the id.
 */
export function autofill({ id, sensitive, autocomplete }: AutofillField, ofType?: string): string | undefined {
  return autocomplete ?? (sensitive ? 'off' : (ofType ?? (Object.hasOwn(BY_ID, id) ? BY_ID[id] : undefined)));
}

/**
 * The value of `autocomplete` for a control that browsers fill in only where the author says so. "off" also keeps a
 * sensitive answer out of the file with which a browser restores its tabs.
 */
export const authorsAutofill = ({ sensitive, autocomplete }: Omit<AutofillField, 'id'>): string | undefined =>
  autocomplete ?? (sensitive ? 'off' : undefined);
